package discord

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"

	"dogear/bot"
	"dogear/bot/reply"
	"dogear/store"
)

// asks is what a reader of the sample club does before a reply is looked at.
type asks struct {
	command string
	options map[string]string
}

// sent are the commonest replies, with what leads up to each.
var sent = map[string][]asks{
	"answer":  {{"progress", opt("place", "7")}, {"ask", opt("question", "who is Madame?")}},
	"nothing": {{"progress", opt("place", "7")}, {"ask", opt("question", "is there a film?")}},
	"yes-no":  {{"progress", opt("place", "7")}, {"ask", opt("question", "does Tommy die?")}},
	"new":     {{"ask", opt("question", "is it worth reading?")}},
	"saved":   {{"progress", opt("place", "7")}},
	"public":  {{"club pace", opt("place", "7")}, {"ask", opt("question", "who is Madame?", "share", "yes")}},
	"buttons": {{"club pace", opt("place", "7")}, {"club tags", opt("tags", "button")}, {"ask", opt("question", "who is Madame?", "share", "yes")}},
	"review":  {{"progress", opt("place", "7")}, {"reviews read", opt("review", "1")}},
}

func opt(pairs ...string) map[string]string {
	out := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

var ticketInID = regexp.MustCompile(`("custom_id": "[a-z]+:)[^.:"]+`)

// TestSent keeps the commonest replies as Discord gets them.
func TestSent(t *testing.T) {
	for name, all := range sent {
		t.Run(name, func(t *testing.T) {
			s, err := store.Open(t.Context(), "mem:")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			b := bot.New(s, nil)
			var doc reply.Doc
			for _, a := range all {
				doc = b.Handle(t.Context(), bot.Request{
					Seat:    bot.Seat{Club: bot.SampleClub, Reader: "discord:1", Channel: "2"},
					Command: a.command, Options: a.options, Moderator: true,
				})
			}
			_, public := doc.(reply.PublicDoc)
			var got bytes.Buffer
			out := json.NewEncoder(&got)
			out.SetEscapeHTML(false)
			out.SetIndent("", "  ")
			for _, m := range render(doc) {
				r := response{kind: discordgo.InteractionResponseChannelMessageWithSource, private: !public, message: m}
				body, _, err := r.wire()
				if err != nil {
					t.Fatal(err)
				}
				if err := out.Encode(body); err != nil {
					t.Fatal(err)
				}
			}
			said := ticketInID.ReplaceAllString(got.String(), "${1}TICKET")
			golden := filepath.Join("testdata", "sent", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(said), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), said); diff != "" {
				t.Error(diff)
			}
		})
	}
}
