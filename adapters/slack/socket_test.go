package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func nobody(t *testing.T) func(delivery) bool {
	return func(delivery) bool { t.Error("something was taken"); return false }
}

// Where Slack does not answer, or the connection breaks, however that is,
// another is made.
func TestSocketConnectsAgain(t *testing.T) {
	nothingLeft(t)
	impatient := quick
	impatient.ping = time.Second
	for name, tt := range map[string]struct {
		pace pacing
		open func(rw http.ResponseWriter, req *http.Request) // the first time
		talk func(p peer)                                    // the first time
	}{
		"stalled":          {open: func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() }},
		"out of order":     {open: func(rw http.ResponseWriter, _ *http.Request) { http.Error(rw, canary, 500) }},
		"no JSON":          {open: func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, canary) }},
		"an error to pass": {open: func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, `{"ok":false,"error":"fatal_error"}`) }},
		"no address":       {open: func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, `{"ok":true}`) }},
		"a broken address": {open: func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprintf(rw, `{"ok":true,"url":"ws://[%s"}`, canary) }},
		"nobody there":     {open: func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, `{"ok":true,"url":"ws://127.0.0.1:1/"}`) }},
		"no WebSocket": {open: func(rw http.ResponseWriter, req *http.Request) {
			fmt.Fprintf(rw, `{"ok":true,"url":"ws://%s/%s"}`, req.Host, canary)
		}},
		"cut before hello": {talk: func(p peer) {}},
		"cut":              {talk: func(p peer) { p.hello(1) }},
		"closed": {talk: func(p peer) {
			p.hello(1)
			p.WriteControl(8, []byte("\x0f\xa0"+canary), time.Now().Add(time.Second))
			p.stay()
		}},
		"deaf before hello":  {pace: impatient, talk: func(p peer) { p.stay() }},
		"deaf":               {pace: impatient, talk: func(p peer) { p.hello(1); p.stay() }},
		"too large a frame":  {talk: func(p peer) { p.hello(1); p.say(`"` + strings.Repeat("x", longestFrame) + `"`); p.stay() }},
		"another is wanted":  {talk: func(p peer) { p.hello(1); p.say(`{"type":"disconnect","reason":"warning"}`); p.stay() }},
		"too many":           {talk: func(p peer) { p.say(`{"type":"disconnect","reason":"too_many_websockets"}`) }},
		"it is switched off": {talk: func(p peer) { p.say(`{"type":"disconnect","reason":"link_disabled"}`) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			back := make(chan struct{})
			known := sync.OnceFunc(func() { close(back) })
			p := newPeers(t, func(p peer) {
				if tt.talk != nil && p.n == 0 {
					tt.talk(p)
					return
				}
				p.hello(1)
				known()
				p.say(`{"type":"slash_commands","envelope_id":"E1","payload":{}}`)
				p.stay()
			})
			if tt.open != nil {
				p.open = func(n int, rw http.ResponseWriter, req *http.Request) bool {
					if n == 0 {
						tt.open(rw, req)
					}
					return n == 0
				}
			}
			if tt.pace == (pacing{}) {
				tt.pace = quick
			}
			came := make(chan delivery, 100)
			r := p.run(t, tt.pace, func(d delivery) bool { came <- d; return true })
			receive(t, "the next connection", back)
			receive(t, "what is delivered then", came)
			eventually(t, "to be ready", func() bool { return r.ready() == nil }) // one that hears no pings ends again
			if n := r.said.count("level=WARN", "a connection to Slack ended", "again_in", "cause"); n != 1 && tt.pace == quick {
				t.Errorf("it says so %d times:\n%s", n, r.said.String())
			}
			if n := r.said.count("level=ERROR", "Socket Mode is switched off"); (n == 1) != (name == "it is switched off") {
				t.Errorf("that it is switched off is said %d times", n)
			}
		})
	}
}

// Each connection that does not last makes the next one wait longer.
func TestSocketIsPaced(t *testing.T) {
	nothingLeft(t)
	p := newPeers(t, func(p peer) {
		p.hello(1)
		p.say(`{"type":"disconnect","reason":"refresh_requested"}`)
	})
	// Whatever takes longer than the most counts as one that has lasted.
	pace := pacing{ping: 10 * time.Second, again: 40 * time.Millisecond, most: 20 * time.Second}
	r := p.run(t, pace, nobody(t))
	eventually(t, "to connect six times", func() bool { return len(p.opened()) >= 6 })
	r.end()
	opens := p.opened()
	for i, least := range []time.Duration{20, 40, 80, 160, 320} {
		if gap := opens[i+1].Sub(opens[i]); gap < least*time.Millisecond {
			t.Errorf("connection %d came after %v, want no less than %dms", i+2, gap, least)
		}
	}
}

// A connection that has lasted is followed by another one at once.
func TestSocketPacingStartsAnew(t *testing.T) {
	nothingLeft(t)
	p := newPeers(t, func(p peer) {
		p.hello(1)
		if p.n >= 3 {
			p.stay() // until it is thought dead
		}
	})
	r := p.run(t, pacing{ping: 300 * time.Millisecond, again: 20 * time.Millisecond, most: 100 * time.Millisecond}, nobody(t))
	eventually(t, "a connection that lasted", func() bool { return r.said.count("level=INFO", "again_in=0s") > 0 })
	if n := r.said.count("level=WARN", "again_in=0s"); n > 0 {
		t.Errorf("%d connections that did not last were followed at once", n)
	}
}

// Slack says how long it does not want to be asked.
func TestSocketIsLimited(t *testing.T) {
	nothingLeft(t)
	p := newPeers(t, func(p peer) { p.hello(1); p.stay() })
	p.open = func(n int, rw http.ResponseWriter, _ *http.Request) bool {
		if n == 0 {
			rw.Header().Set("Retry-After", "1")
			rw.WriteHeader(http.StatusTooManyRequests)
		}
		return n == 0
	}
	r := p.run(t, quick, nobody(t))
	eventually(t, "to be ready", func() bool { return r.ready() == nil })
	if opens := p.opened(); opens[1].Sub(opens[0]) < time.Second {
		t.Errorf("it asked again after %v", opens[1].Sub(opens[0]))
	}
}

// What only the settings can mend ends it, at the start or later.
func TestSocketEndsForASetting(t *testing.T) {
	nothingLeft(t)
	for _, code := range []string{"invalid_auth", "not_authed", "not_allowed_token_type", "missing_scope", "token_expired", "token_revoked", "account_inactive"} {
		for before := range 2 {
			t.Run(fmt.Sprint(code, " after ", before), func(t *testing.T) {
				t.Parallel()
				p := newPeers(t, func(p peer) { p.hello(1); p.say(`{"type":"disconnect"}`); p.stay() })
				p.open = func(n int, rw http.ResponseWriter, _ *http.Request) bool {
					if n >= before {
						fmt.Fprintf(rw, `{"ok":false,"error":%q}`, code)
					}
					return n >= before
				}
				r := p.run(t, quick, nobody(t))
				err := receive(t, "the end", r.why)
				if err == nil || !strings.HasPrefix(err.Error(), "slack.app_token: ") || !errors.As(err, new(*settingError)) {
					t.Errorf("run: %v", err)
				}
				if err != nil && strings.Contains(err.Error(), canaryToken) {
					t.Errorf("the error holds the token: %v", err)
				}
				if n := len(p.opened()); n != before+1 {
					t.Errorf("it asked %d times", n)
				}
			})
		}
	}
}

// Whenever it is to end, it does so soon and without an error.
func TestSocketEnds(t *testing.T) {
	nothingLeft(t)
	for name, tt := range map[string]struct {
		open func(t *testing.T, req *http.Request, at func()) string // the address; empty: an error
		talk func(p peer, at func(), over <-chan struct{})
	}{
		"while it asks where": {open: func(_ *testing.T, req *http.Request, at func()) string {
			at()
			<-req.Context().Done()
			return ""
		}},
		"while it waits":             {open: func(_ *testing.T, _ *http.Request, at func()) string { at(); return "" }},
		"while it shakes hands":      {open: func(t *testing.T, _ *http.Request, at func()) string { return "ws://" + silent(t, at) }},
		"before hello":               {talk: func(p peer, at func(), _ <-chan struct{}) { at(); p.stay() }},
		"while connected":            {talk: func(p peer, at func(), _ <-chan struct{}) { p.hello(1); at(); p.stay() }},
		"while Slack does not hear":  {talk: func(p peer, at func(), over <-chan struct{}) { p.hello(1); at(); <-over }},
		"while one relieves another": {talk: func(p peer, at func(), _ <-chan struct{}) { p.say(`{"type":"disconnect"}`); at(); p.stay() }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			moment, over := make(chan struct{}, 1), make(chan struct{})
			at := func() { moment <- struct{}{} }
			p := newPeers(t, func(p peer) { tt.talk(p, at, over) })
			p.open = func(_ int, rw http.ResponseWriter, req *http.Request) bool {
				if tt.open != nil {
					address := tt.open(t, req, at)
					json.NewEncoder(rw).Encode(map[string]any{"ok": address != "", "url": address, "error": "later"})
				}
				return tt.open != nil
			}
			pace := quick
			pace.again = 10 * time.Second
			r := p.run(t, pace, nobody(t))
			receive(t, "the moment", moment)
			began := time.Now()
			r.end()
			if err := receive(t, "the end", r.why); err != nil {
				t.Errorf("run: %v", err)
			}
			if took := time.Since(began); took > 8*time.Second { // less than again
				t.Errorf("the end took %v", took)
			}
			close(over)
		})
	}
}
