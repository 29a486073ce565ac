package discordtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// call is a request to the API that is being answered.
type call struct {
	*Request
	http *http.Request
}

// body is the payload; empty where it is no object.
func (c *call) body() object {
	if o := c.Object(); o != nil {
		return o
	}
	return object{}
}

func (c *call) value(name string) string { return c.http.PathValue(name) }

// handler answers a call with a value to encode, or an error; nil and nil stand
// for 204. The lock is held.
type handler func(*Discord, *call) (any, *apiError)

// routes are what the API has, by method and path.
var routes = map[string]handler{
	"GET /gateway":                                      (*Discord).getGateway,
	"GET /gateway/bot":                                  (*Discord).getGateway,
	"GET /applications/@me":                             (*Discord).getApplication,
	"GET /oauth2/applications/@me":                      (*Discord).getApplication,
	"GET /users/@me":                                    func(d *Discord, _ *call) (any, *apiError) { return d.self(), nil },
	"GET /users/@me/guilds":                             (*Discord).getGuilds,
	"POST /users/@me/channels":                          (*Discord).openDirect,
	"GET /guilds/{guild}":                               (*Discord).getGuild,
	"GET /guilds/{guild}/members/{user}":                (*Discord).getMember,
	"GET /applications/{app}/commands":                  (*Discord).getCommands,
	"PUT /applications/{app}/commands":                  (*Discord).putCommands,
	"GET /applications/{app}/guilds/{guild}/commands":   (*Discord).getCommands,
	"PUT /applications/{app}/guilds/{guild}/commands":   (*Discord).putCommands,
	"POST /interactions/{id}/{token}/callback":          (*Discord).callback,
	"POST /webhooks/{app}/{token}":                      (*Discord).followUp,
	"GET /webhooks/{app}/{token}/messages/{message}":    (*Discord).getReply,
	"PATCH /webhooks/{app}/{token}/messages/{message}":  (*Discord).editReply,
	"DELETE /webhooks/{app}/{token}/messages/{message}": (*Discord).deleteReply,
	"GET /channels/{channel}":                           (*Discord).getChannel,
	"POST /channels/{channel}/typing":                   (*Discord).typing,
	"POST /channels/{channel}/messages":                 (*Discord).postMessage,
	"GET /channels/{channel}/messages/{message}":        (*Discord).getMessage,
	"PATCH /channels/{channel}":                         (*Discord).editThread,
	"PATCH /channels/{channel}/messages/{message}":      (*Discord).editMessage,
	"DELETE /channels/{channel}/messages/{message}":     (*Discord).deleteMessage,
}

var prefix = regexp.MustCompile(`^/api(/v[0-9]+)?`)

// router finds the handler of a request with the values of its path.
var router = func() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, h := range routes {
		mux.Handle(pattern, route(h))
	}
	return mux
}()

// route is a handler as the router keeps it. It serves nothing itself.
type route handler

// ServeHTTP hands the handler to the one who asked, and serves nothing itself.
func (h route) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if to, ok := w.(*found); ok {
		to.handle, to.http = handler(h), r
	}
}

// found is what the router found for a request: nil is nothing. What the router
// itself would write is dropped.
type found struct {
	handle handler
	http   *http.Request // with the values of its path
}

func (*found) Header() http.Header         { return http.Header{} }
func (*found) Write(b []byte) (int, error) { return len(b), nil }
func (*found) WriteHeader(int)             {}

// ServeHTTP serves the API, the gateway and the CDN.
func (d *Discord) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case websocket.IsWebSocketUpgrade(r):
		d.serveGateway(w, r)
	case strings.HasPrefix(r.URL.Path, "/attachments/"):
		d.mu.Lock()
		f, ok := d.attachments[d.server.URL+r.URL.EscapedPath()]
		d.mu.Unlock()
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(f.Data)
	case prefix.MatchString(r.URL.Path):
		d.serveAPI(w, r)
	default:
		http.NotFound(w, r)
	}
}

// serveAPI records a request, lets faults have their way, and answers it.
func (d *Discord) serveAPI(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, prefix.FindString(r.URL.Path))
	req := &Request{Method: r.Method, Path: path, Query: r.URL.RawQuery}
	badBody := req.read(r)

	key := activityKey(path)
	d.mu.Lock()
	d.record(req)
	fault := d.fault(req)
	d.begin(key)
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.end(key, fault)
		d.mu.Unlock()
	}()

	if fault != nil && !d.pause(r, fault.Slow) {
		return
	}
	if fault != nil && fault.fails() && !fault.After {
		d.fail(w, req, fault)
		return
	}
	d.mu.Lock()
	answer, err := d.answer(req, r, path, badBody)
	status, body := http.StatusOK, answer
	switch {
	case err != nil:
		status, body = err.status, err.object()
	case answer == nil:
		status = http.StatusNoContent
	}
	req.Status, req.Response = status, body
	d.mu.Unlock()
	if fault != nil && fault.fails() {
		d.fail(w, req, fault)
		return
	}
	reply(w, status, body)
}

// answer finds the handler of a request and calls it. The lock is held.
func (d *Discord) answer(req *Request, r *http.Request, path string, badBody error) (any, *apiError) {
	if badBody != nil {
		d.violate(Protocol, "%s %s: %v", r.Method, path, badBody)
		return nil, malformed
	}
	u := *r.URL
	u.Path, u.RawPath = path, ""
	var to found
	probe := r.Clone(d.ctx)
	probe.URL = &u
	router.ServeHTTP(&to, probe)
	if to.handle == nil {
		d.violate(Protocol, "%s %s: no such route", r.Method, path)
		return nil, notFound
	}
	tokenInPath := strings.HasPrefix(path, "/webhooks/") || strings.HasPrefix(path, "/interactions/") || path == "/gateway"
	if !tokenInPath && r.Header.Get("Authorization") != "Bot "+d.Token {
		return nil, unauthorized
	}
	return to.handle(d, &call{req, to.http})
}

// read takes the body of a request.
func (r *Request) read(from *http.Request) error {
	raw, err := io.ReadAll(from.Body)
	if err != nil || len(raw) == 0 {
		return err
	}
	kind, params, _ := mime.ParseMediaType(from.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return json.Unmarshal(raw, &r.Body)
	}
	for form := multipart.NewReader(bytes.NewReader(raw), params["boundary"]); ; {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if part.FormName() != "payload_json" {
			r.Files = append(r.Files, File{Name: part.FileName(), Data: data})
		} else if err := json.Unmarshal(data, &r.Body); err != nil {
			return err
		}
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	if status == http.StatusNoContent || body == nil {
		w.WriteHeader(status)
		return
	}
	raw, _ := json.Marshal(body)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(raw)))
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}

// pause waits as a slow Discord does; false where nobody waits any more.
func (d *Discord) pause(r *http.Request, span time.Duration) bool {
	if span == 0 {
		return true
	}
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	case <-d.ctx.Done():
		return false
	}
}
