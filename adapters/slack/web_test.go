package slack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dogear/adapters/webhook"
)

const (
	webSecret = "signing-secret-canary"
	aForm     = "application/x-www-form-urlencoded"
	anObject  = "application/json"
	eventBody = `{"type":"event_callback","event_id":"Ev1","event":{"text":"` + canary + `"}}`
)

// signedAt is a request as Slack sends it, at a time.
func signedAt(at time.Time, contentType, body string) *http.Request {
	req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	stamp := strconv.FormatInt(at.Unix(), 10)
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", "v0="+hash("v0:"+stamp+":"+body))
	return req
}

func hash(what string) string {
	mac := hmac.New(sha256.New, []byte(webSecret))
	io.WriteString(mac, what)
	return hex.EncodeToString(mac.Sum(nil))
}

// ask returns what is answered to a request.
func ask(h http.Handler, req *http.Request) *httptest.ResponseRecorder {
	rw := httptest.NewRecorder()
	h.ServeHTTP(rw, req)
	return rw
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestWebRefuses(t *testing.T) {
	ok := func() *http.Request { return signedAt(time.Now(), anObject, eventBody) }
	with := func(name, value string) *http.Request {
		req := ok()
		req.Header.Set(name, value)
		return req
	}
	without := func(name string) *http.Request {
		req := ok()
		req.Header.Del(name)
		return req
	}
	body := func(body io.Reader) *http.Request {
		req := ok()
		req.Body = io.NopCloser(body)
		return req
	}
	method := func(method string) *http.Request {
		req := ok()
		req.Method = method
		return req
	}
	const stamp, sign = "X-Slack-Request-Timestamp", "X-Slack-Signature"
	good := ok().Header.Get(sign)
	for name, tt := range map[string]struct {
		req  *http.Request
		want int
	}{
		"GET":                   {method(http.MethodGet), 405},
		"PUT":                   {method(http.MethodPut), 405},
		"another body":          {body(strings.NewReader(strings.Replace(eventBody, "Ev1", "Ev2", 1))), 401},
		"no body":               {body(strings.NewReader("")), 401},
		"a longer body":         {body(strings.NewReader(eventBody + " ")), 401},
		"a body cut off":        {body(io.MultiReader(strings.NewReader(eventBody), failing{})), 401},
		"too long a body":       {signedAt(time.Now(), anObject, eventBody+strings.Repeat(" ", longestRequest)), 401},
		"another time":          {with(stamp, strconv.FormatInt(time.Now().Unix()-1, 10)), 401},
		"a moved colon":         {with(stamp, ok().Header.Get(stamp)+":"), 401},
		"no time":               {without(stamp), 401},
		"a time in words":       {with(stamp, "now"), 401},
		"the largest number":    {with(stamp, "9223372036854775807"), 401},
		"the smallest number":   {with(stamp, "-9223372036854775808"), 401},
		"old":                   {signedAt(time.Now().Add(-webhook.StaleAfter-2*time.Second), anObject, eventBody), 401},
		"of the future":         {signedAt(time.Now().Add(webhook.StaleAfter+2*time.Second), anObject, eventBody), 401},
		"no signature":          {without(sign), 401},
		"another signature":     {with(sign, "v0="+hash("another")), 401},
		"no version":            {with(sign, strings.TrimPrefix(good, "v0=")), 401},
		"another version":       {with(sign, strings.Replace(good, "v0=", "v1=", 1)), 401},
		"a version signed over": {with(sign, "v1="+hash("v1:"+ok().Header.Get(stamp)+":"+eventBody)), 401},
		"a short signature":     {with(sign, good[:len(good)-2]), 401},
		"a long signature":      {with(sign, good+"00"), 401},
		"only a version":        {with(sign, "v0="), 401},
		"no hexadecimal digits": {with(sign, "v0="+strings.Repeat("x", 64)), 401},
		"no object":             {signedAt(time.Now(), anObject, "7"), 400},
		"a broken object":       {signedAt(time.Now(), anObject, `{"type":"event_callback","`+canary), 400},
		"an unknown object":     {signedAt(time.Now(), anObject, `{"type":"`+canary+`"}`), 400},
		"nothing, signed":       {signedAt(time.Now(), anObject, ""), 400},
		"an unknown form":       {signedAt(time.Now(), aForm, "a="+canary), 400},
		"a broken form":         {signedAt(time.Now(), aForm, "command=%zz"+canary), 400},
		"a payload in words":    {signedAt(time.Now(), aForm, "payload="+canary), 400},
		"no payload":            {signedAt(time.Now(), aForm, "payload="), 400},
		"a form for an object":  {signedAt(time.Now(), anObject, "command=/dogear"), 400},
		"an object for a form":  {signedAt(time.Now(), aForm, `{"text":"&command=/dogear&text=`+canary+`"}`), 400},
		"another type":          {signedAt(time.Now(), "text/plain", eventBody), 400},
		"no type":               {signedAt(time.Now(), "", eventBody), 400},
	} {
		t.Run(name, func(t *testing.T) {
			var said diary
			rw := ask(newWeb(webSecret, said.logger(), nobody(t)), tt.req)
			if rw.Code != tt.want {
				t.Errorf("answered %d, want %d", rw.Code, tt.want)
			}
			for _, told := range []string{rw.Body.String(), said.String()} {
				if strings.Contains(told, "canary") {
					t.Errorf("it tells %s", told)
				}
			}
		})
	}
	t.Run("no secret", func(t *testing.T) {
		req := ok()
		mac := hmac.New(sha256.New, nil)
		io.WriteString(mac, "v0:"+req.Header.Get(stamp)+":"+eventBody)
		req.Header.Set(sign, "v0="+hex.EncodeToString(mac.Sum(nil)))
		if rw := ask(newWeb("", slog.New(slog.DiscardHandler), nobody(t)), req); rw.Code != 401 {
			t.Errorf("answered %d", rw.Code)
		}
	})
}

// Nothing is done twice: a request is refused as long as its time is fresh, while
// others come in between.
func TestWebReplays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		taken := 0
		h := newWeb(webSecret, slog.New(slog.DiscardHandler), func(d delivery) bool {
			taken++
			if err := d.ack(t.Context(), nil); err != nil {
				t.Error(err)
			}
			return true
		})
		// What is remembered is turned over while the request is fresh, and that as
		// long as one can be.
		ask(h, signedAt(time.Now(), anObject, eventBody))
		time.Sleep(webhook.StaleAfter)
		at := time.Now().Add(webhook.StaleAfter)
		for i := range int(2*webhook.StaleAfter/time.Minute) + 1 {
			want := 401
			if i == 0 {
				want = 200
			}
			req := signedAt(at, anObject, eventBody)
			if i%2 == 1 { // the same in other letters
				sign := strings.TrimPrefix(req.Header.Get("X-Slack-Signature"), "v0=")
				req.Header.Set("X-Slack-Signature", "v0="+strings.ToUpper(sign))
			}
			if rw := ask(h, req); rw.Code != want {
				t.Errorf("after %d minutes: answered %d, want %d", i, rw.Code, want)
			}
			// The same event again, as Slack repeats it, is something else.
			if rw := ask(h, signedAt(time.Now(), anObject, eventBody)); rw.Code != 200 && i != 5 {
				t.Errorf("another one after %d minutes: answered %d", i, rw.Code)
			}
			time.Sleep(time.Minute)
		}
		if want := 2 + int(2*webhook.StaleAfter/time.Minute); taken != want {
			t.Errorf("%d were taken, want %d", taken, want)
		}
	})
}

// What a menu has to offer is asked for in the same bytes by who types the same
// twice within a second: it is told again then, and not later.
func TestWebSuggestsTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newWeb(webSecret, slog.New(slog.DiscardHandler), func(d delivery) bool {
			if err := d.ack(t.Context(), nil); err != nil {
				t.Error(err)
			}
			return true
		})
		at := time.Now()
		typed := func(kind string) *http.Request {
			return signedAt(at, aForm, url.Values{"payload": {`{"type":"` + kind + `","value":"a"}`}}.Encode())
		}
		for _, c := range []struct {
			kind  string
			after time.Duration
			want  int
		}{{"block_suggestion", 0, 200}, {"block_suggestion", time.Second, 200}, {"block_actions", 0, 200}, {"block_actions", 0, 401}, {"block_suggestion", 5 * time.Second, 401}} {
			time.Sleep(c.after)
			if rw := ask(h, typed(c.kind)); rw.Code != c.want {
				t.Errorf("%s after %s: answered %d, want %d", c.kind, c.after, rw.Code, c.want)
			}
		}
	})
}

// Slack tries the address before it uses it.
func TestWebIsTried(t *testing.T) {
	for _, tt := range []struct{ contentType, body, want string }{
		{anObject, `{"token":"t","challenge":"<b>3eZbrw1a","type":"url_verification"}`, "<b>3eZbrw1a"},
		{aForm, "ssl_check=1&token=t", ""},
	} {
		rw := ask(newWeb(webSecret, slog.New(slog.DiscardHandler), nobody(t)), signedAt(time.Now(), tt.contentType, tt.body))
		if rw.Code != 200 || rw.Body.String() != tt.want || !strings.HasPrefix(rw.Header().Get("Content-Type"), "text/plain") {
			t.Errorf("%s: answered %d %q %v", tt.body, rw.Code, rw.Body, rw.Header())
		}
	}
}

func TestWebDeliveries(t *testing.T) {
	press := `{"type":"block_actions","actions":[{"value":"&command=x"}]}`
	for name, tt := range map[string]struct {
		contentType, body string
		kind              deliveryKind
		payload           string
	}{
		"an event":       {anObject + "; charset=utf-8", eventBody, events, eventBody},
		"a limit":        {anObject, `{"type":"app_rate_limited"}`, events, `{"type":"app_rate_limited"}`},
		"a press":        {aForm, url.Values{"payload": {press}}.Encode(), interactions, press},
		"a command":      {aForm, "command=%2Fdogear&text=a+%22b%22%3C&text=second&ssl_check=1&user_id=", commands, `{"command":"/dogear","text":"a \"b\"<","ssl_check":"1","user_id":""}`},
		"all in one":     {aForm, "command=%2Fdogear&payload=%7B%7D", interactions, `{}`},
		"another letter": {"Application/X-WWW-Form-Urlencoded", "command=x", commands, `{"command":"x"}`},
	} {
		t.Run(name, func(t *testing.T) {
			var got delivery
			h := newWeb(webSecret, slog.New(slog.DiscardHandler), func(d delivery) bool {
				got = d
				if err := d.ack(t.Context(), nil); err != nil {
					t.Error(err)
				}
				return true
			})
			rw := ask(h, signedAt(time.Now(), tt.contentType, tt.body))
			if rw.Code != 200 || rw.Body.Len() > 0 {
				t.Errorf("answered %d %s", rw.Code, rw.Body)
			}
			if got.kind != tt.kind || !sameJSON(t, string(got.payload), tt.payload) {
				t.Errorf("took %s %s", got.kind, got.payload)
			}
		})
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := errors.Join(json.Unmarshal([]byte(a), &x), json.Unmarshal([]byte(b), &y)); err != nil {
		t.Error(err)
	}
	p, _ := json.Marshal(x)
	q, _ := json.Marshal(y)
	return string(p) == string(q)
}

// The answer is on its way as soon as it is given, while take still runs or
// later, and only once.
func TestWebAnswers(t *testing.T) {
	nothingLeft(t)
	for name, later := range map[string]bool{"while it is taken": false, "later": true} {
		t.Run(name, func(t *testing.T) {
			errs, arrived := make(chan error, 3), make(chan struct{})
			server := httptest.NewServer(newWeb(webSecret, slog.New(slog.DiscardHandler), func(d delivery) bool {
				answer := func() {
					errs <- d.ack(context.Background(), func() {}) // which is no answer, and does not count
					errs <- d.ack(context.Background(), map[string]string{"response_action": "clear"})
					errs <- d.ack(context.Background(), nil)
				}
				if later {
					go answer()
					return true
				}
				answer()
				<-arrived
				return true
			}))
			defer server.Close()
			req := signedAt(time.Now(), aForm, "payload=%7B%7D")
			req.RequestURI = ""
			req.URL, _ = req.URL.Parse(server.URL)
			resp, err := server.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			close(arrived)
			if err != nil || resp.StatusCode != 200 || resp.Header.Get("Content-Type") != anObject || string(body) != `{"response_action":"clear"}` {
				t.Errorf("answered %d %s, %v", resp.StatusCode, body, err)
			}
			if err := <-errs; err == nil {
				t.Error("a function is an answer")
			}
			if err := <-errs; err != nil {
				t.Error(err)
			}
			if err := <-errs; !errors.Is(err, errGone) {
				t.Errorf("a second answer: %v", err)
			}
		})
	}
}

// What nobody acknowledges fails, so that Slack delivers it again or tells its
// reader.
func TestWebGivesUp(t *testing.T) {
	for name, tt := range map[string]struct {
		take  func() bool
		leave time.Duration
		took  time.Duration
		want  int
	}{
		"too much to do":  {func() bool { return false }, time.Hour, 0, 503},
		"it breaks":       {func() bool { panic(canary) }, time.Hour, 0, 503},
		"it is forgotten": {func() bool { return true }, time.Hour, answerWithin, 503},
		"Slack has left":  {func() bool { return true }, time.Second, time.Second, 200}, // of a recorder that nobody wrote to
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var said diary
				var got delivery
				h := newWeb(webSecret, said.logger(), func(d delivery) bool { got = d; return tt.take() })
				ctx, cancel := context.WithTimeout(t.Context(), tt.leave)
				defer cancel()
				began := time.Now()
				rw := ask(h, signedAt(began, anObject, eventBody).WithContext(ctx))
				if took := time.Since(began); took != tt.took {
					t.Errorf("it took %v", took)
				}
				if rw.Code != tt.want || rw.Body.Len() > 0 {
					t.Errorf("answered %d %q", rw.Code, rw.Body)
				}
				if err := got.ack(t.Context(), "late"); !errors.Is(err, errGone) {
					t.Errorf("an answer to nobody: %v", err)
				}
				if rw.Body.Len() > 0 || strings.Contains(said.String(), canary) {
					t.Errorf("it tells %s %s", rw.Body, said.String())
				}
			})
		})
	}
}
