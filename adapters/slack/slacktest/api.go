package slacktest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// method is one of the Web API's.
type method struct {
	do    func(*Slack, *Request, object) (object, string) // the answer beside ok, or an error
	scope string                                          // empty: none
	app   bool                                            // it takes the app's token, not the bot's
	needs []string                                        // arguments
}

var methods map[string]method

func init() { // some look at others
	methods = map[string]method{
		"auth.test":             {do: (*Slack).authTest},
		"apps.connections.open": {do: (*Slack).connectionsOpen, app: true, scope: "connections:write"},
		"chat.postMessage":      {do: (*Slack).postMessage, scope: "chat:write", needs: []string{"channel"}},
		"chat.postEphemeral":    {do: (*Slack).postEphemeral, scope: "chat:write", needs: []string{"channel", "user"}},
		"chat.update":           {do: (*Slack).update, scope: "chat:write", needs: []string{"channel", "ts"}},
		"chat.delete":           {do: (*Slack).delete, scope: "chat:write", needs: []string{"channel", "ts"}},
		"views.open":            {do: (*Slack).viewsOpen, needs: []string{"trigger_id", "view"}},
		"views.push":            {do: (*Slack).viewsPush, needs: []string{"trigger_id", "view"}},
		"views.update":          {do: (*Slack).viewsUpdate, needs: []string{"view"}},
		"views.publish":         {do: (*Slack).viewsPublish, needs: []string{"user_id", "view"}},
		"users.info":            {do: (*Slack).usersInfo, scope: "users:read", needs: []string{"user"}},
		"conversations.open":    {do: (*Slack).conversationsOpen, scope: "im:write", needs: []string{"users"}},
	}
}

// ServeHTTP serves the Web API, response_urls and Socket Mode.
func (s *Slack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, api := strings.CutPrefix(r.URL.Path, "/api/")
	switch {
	case r.URL.Path == "/link/":
		s.connect(w, r)
		return
	case strings.HasPrefix(r.URL.Path, "/hook/"):
		name = "response_url"
	case !api:
		s.Fail(Protocol, "there is nothing at %s", r.URL.Path)
		http.NotFound(w, r)
		return
	}
	req := &Request{Method: name, sizes: map[string]int{}}
	broken := req.read(r)
	s.mu.Lock()
	s.record(req)
	req.keys = s.concerns(r.URL.Path, req)
	s.begin(req.keys)
	f := s.fault(req)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.end(req.keys, f)
	}()
	if f != nil && f.Slow > 0 {
		select {
		case <-time.After(f.Slow):
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		}
	}
	if f != nil && f.fails() && !f.After {
		s.fail(w, r, req, f)
		return
	}
	s.mu.Lock()
	var answer object
	status, why := http.StatusOK, ""
	switch {
	case broken != nil:
		s.violate(Protocol, "%s: the body can't be read: %v", name, broken)
		why = "invalid_arguments"
	case api:
		answer, why = s.call(r, req)
	default:
		status, why = s.respond(r.URL.Path, req)
	}
	if answer == nil {
		answer = object{}
	}
	if answer["ok"] = why == ""; why != "" {
		answer["error"] = why
	}
	scopes := strings.Join(s.scopes, ",")
	if f == nil || !f.fails() {
		req.Status, req.Response = status, clone(answer)
	}
	s.broadcast()
	s.mu.Unlock()
	switch {
	case f != nil && f.fails():
		s.fail(w, r, req, f)
	case api:
		w.Header().Set("X-OAuth-Scopes", scopes)
		reply(w, status, answer)
	case why == "":
		_, _ = io.WriteString(w, "ok")
	default:
		w.WriteHeader(status)
		_, _ = io.WriteString(w, why)
	}
}

// call checks token, scopes and arguments, and does what a method does. The lock
// is held.
func (s *Slack) call(r *http.Request, req *Request) (object, string) {
	m, ok := methods[req.Method]
	if !ok {
		s.violate(Protocol, "%s is none of the methods that dogear needs", req.Method)
		return nil, "unknown_method"
	}
	if r.Method != http.MethodPost {
		s.violate(Protocol, "%s with %s", req.Method, r.Method)
	}
	if why := s.authorize(m, req); why != "" {
		s.violate(Tokens, "%s: %s", req.Method, why)
		return object{"needed": m.scope, "provided": strings.Join(s.scopes, ",")}, why
	}
	body := req.Object()
	if body == nil {
		body = object{}
	}
	for _, key := range m.needs {
		if body[key] == nil || body[key] == "" {
			s.violate(Protocol, "%s without %s", req.Method, key)
			return object{"response_metadata": object{"messages": []any{"[ERROR] missing required field: " + key}}}, "invalid_arguments"
		}
	}
	return m.do(s, req, body)
}

// authorize returns why a token may not call a method; empty: it may.
func (s *Slack) authorize(m method, req *Request) string {
	want, other := s.BotToken, s.AppToken
	if m.app {
		want, other = other, want
	}
	switch {
	case req.Token == "":
		return "not_authed"
	case req.Token == other:
		return "not_allowed_token_type"
	case req.Token != want:
		return "invalid_auth"
	case !m.app && m.scope != "" && !slices.Contains(s.scopes, m.scope):
		return "missing_scope"
	}
	return ""
}

// concerns are the keys of what a request is about. The lock is held.
func (s *Slack) concerns(path string, req *Request) []string {
	body := req.Object()
	var out []string
	for _, key := range []string{"channel", "user", "user_id"} {
		if id := text(body, key); id != "" {
			out = append(out, id)
		}
	}
	if t := s.triggers[text(body, "trigger_id")]; t != nil {
		out = append(out, t.owner.id)
	}
	if v := s.views[text(body, "view_id")]; v != nil {
		out = append(out, v.owner.id)
	}
	if h := s.hooks[path]; h != nil {
		out = append(out, h.owner.id)
	}
	return out
}

// read decodes what came.
func (req *Request) read(r *http.Request) error {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return errors.New("it ends too early")
	}
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	req.Token = bearer
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case kind == "application/json" && len(raw) > 0:
		if err := json.Unmarshal(raw, &req.Body); err != nil {
			return errors.New("it is no JSON")
		}
		if o := req.Object(); o != nil {
			for key, v := range o {
				req.sizes[key] = len([]rune(string(compact(v))))
			}
		}
	case kind == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(raw))
		if err != nil {
			return errors.New("it is no form")
		}
		return req.form(form)
	case len(raw) > 0:
		return errors.New("neither JSON nor a form")
	}
	return nil
}

// form decodes a form, with the JSON in it.
func (req *Request) form(form url.Values) error {
	body := object{}
	req.Body = body
	for key, values := range form {
		switch {
		case len(values) > 1:
			return errors.New("two values of one argument: " + key)
		case key == "token":
			req.Token = values[0]
		case slices.Contains([]string{"blocks", "attachments", "metadata", "view"}, key):
			var v any
			if err := json.Unmarshal([]byte(values[0]), &v); err != nil {
				return errors.New("no JSON: " + key)
			}
			body[key], req.sizes[key] = v, len([]rune(values[0]))
		default:
			body[key] = values[0]
		}
	}
	return nil
}

// yes reports whether an argument of a form or of JSON is true.
func yes(o object, key string) bool {
	return o[key] == true || o[key] == "true" || o[key] == "1" || o[key] == float64(1)
}

// no reports whether an argument is false, and there.
func no(o object, key string) bool {
	return o[key] == false || o[key] == "false" || o[key] == "0" || o[key] == float64(0)
}
