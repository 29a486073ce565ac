package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
)

func TestWire(t *testing.T) {
	_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, `{"id":"9"}`) })
	row := discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.Button{Label: "b", CustomID: "c"}}}
	for _, tt := range []struct {
		name string
		send func(*rest) error
		want string // JSON; nonce is cut out
	}{
		{"nothing to choose", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionApplicationCommandAutocompleteResult})
		}, `{"type":8,"data":{"choices":[]}}`},
		{"choices", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionApplicationCommandAutocompleteResult, choices: []choice{{"n", "v"}}})
		}, `{"type":8,"data":{"choices":[{"name":"n","value":"v"}]}}`},
		{"a private message", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponseChannelMessageWithSource, private: true, message: message{content: "x"}})
		}, `{"type":4,"data":{"content":"x","components":[],"allowed_mentions":{"parse":[],"replied_user":false},"flags":68}}`},
		{"a private deferral", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponseDeferredChannelMessageWithSource, private: true, message: message{content: "x"}})
		}, `{"type":5,"data":{"flags":64}}`},
		{"a deferred update", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponseDeferredMessageUpdate, private: true})
		}, `{"type":6}`},
		{"an update", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponseUpdateMessage, private: true, message: message{content: "x"}})
		}, `{"type":7,"data":{"content":"x","components":[],"allowed_mentions":{"parse":[],"replied_user":false},"flags":4,"attachments":[]}}`},
		{"a modal", func(r *rest) error {
			return r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponseModal, modal: &modal{"c", "t", []field{{"f", "l", "p", "v", true, false}}}})
		}, `{"type":9,"data":{"custom_id":"c","title":"t","components":[{"type":18,"label":"l","component":{"type":4,"custom_id":"f","style":2,"placeholder":"p","value":"v","required":false,"max_length":4000}}]}}`},
		{"a follow-up", func(r *rest) error {
			_, err := r.follow(t.Context(), testInteraction, message{content: "x", components: []discordgo.MessageComponent{row}}, true)
			return err
		}, `{"content":"x","components":[{"type":1,"components":[{"type":2,"label":"b","style":1,"disabled":false,"custom_id":"c"}]}],"allowed_mentions":{"parse":[],"replied_user":false},"flags":68}`},
		{"an edit", func(r *rest) error { return r.edit(t.Context(), "c", "m", message{}) },
			`{"content":"","components":[],"allowed_mentions":{"parse":[],"replied_user":false},"flags":4,"attachments":[]}`},
		{"a reply in a channel", func(r *rest) error {
			_, err := r.send(t.Context(), "c", "m", "n", message{content: "x"})
			return err
		}, `{"content":"x","components":[],"allowed_mentions":{"parse":[],"replied_user":false},"flags":4,"message_reference":{"message_id":"m","fail_if_not_exists":false},"enforce_nonce":true}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, `{"id":"9"}`) })
			if err := tt.send(r); err != nil {
				t.Fatal(err)
			}
			var got, want any
			if err := errors.Join(json.Unmarshal([]byte(a.requests()[0].body), &got), json.Unmarshal([]byte(tt.want), &want)); err != nil {
				t.Fatal(err)
			}
			if m, ok := got.(map[string]any); ok {
				if nonce, ok := m["nonce"].(string); ok && (len(nonce) == 0 || len(nonce) > 25) {
					t.Errorf("nonce %q", nonce)
				}
				delete(m, "nonce")
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("sent %s", a.requests()[0].body)
			}
		})
	}
	long := &modal{fields: []field{{value: strings.Repeat("😀", longestValue/2) + "x"}}}
	if err := r.callback(t.Context(), testInteraction, response{kind: discordgo.InteractionResponseModal, modal: long}); err == nil {
		t.Error("a value that Discord would refuse was sent")
	}
}

func TestFiles(t *testing.T) {
	got := map[string]string{}
	_, r, _ := newAPI(t, func(int, http.ResponseWriter, *http.Request) {})
	r.session.Client.Transport = roundTrip(func(req *http.Request) (*http.Response, error) {
		if err := req.ParseMultipartForm(1 << 20); err != nil {
			return nil, err
		}
		got["json"] = req.FormValue("payload_json")
		for name, files := range req.MultipartForm.File {
			f, err := files[0].Open()
			if err != nil {
				return nil, err
			}
			data, _ := io.ReadAll(f)
			f.Close()
			got[name+" "+files[0].Filename] = string(data)
		}
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"id":"9"}`))}, nil
	})
	if err := r.editReply(t.Context(), testInteraction, firstReply, message{content: "x", files: []file{{"a.md", []byte("text")}}}); err != nil {
		t.Fatal(err)
	}
	if got["files[0] a.md"] != "text" || !strings.Contains(got["json"], `"attachments":[{"id":0,"filename":"a.md"}]`) {
		t.Errorf("sent %q", got)
	}
}
