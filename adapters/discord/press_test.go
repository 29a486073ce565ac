package discord

import (
	"slices"
	"testing"

	"github.com/bwmarrin/discordgo"

	"dogear/bot"
)

// TestPressNothing presses what dogear does not know: no command comes of it, be
// it called like one.
func TestPressNothing(t *testing.T) {
	for _, id := range []string{"", "::", "ask", "ask::", "help::", "privacy forget::", "form::help", "a:b:c:d"} {
		p, _ := parseCustomID(id)
		name, _ := p.request()
		if name == "" || slices.ContainsFunc(bot.Commands(), func(c bot.Command) bool { return c.Name == name }) {
			t.Errorf("pressing %q is the command %q", id, name)
		}
	}
}

// TestTo shows which messages say something to dogear.
func TestTo(t *testing.T) {
	const self = "1"
	ann, me := user{ID: "2"}, user{ID: self}
	tests := []struct {
		name  string
		said  posting
		words string
		ok    bool
	}{
		{"a direct message", posting{Author: ann, Content: " hi "}, "hi", true},
		{"an answer in one", posting{Author: ann, Content: "hi", Type: discordgo.MessageTypeReply}, "hi", true},
		{"something pinned in one", posting{Author: ann, Type: discordgo.MessageTypeChannelPinnedMessage}, "", false},
		{"a mention", posting{Guild: "g", Author: ann, Content: "<@1> hi", Mentions: []user{me}}, "hi", true},
		{"a reply that mentions it unseen", posting{Guild: "g", Author: ann, Content: "hi", Mentions: []user{me}}, "hi", false},
		{"a mention that is only text", posting{Guild: "g", Author: ann, Content: "<@1> hi"}, "hi", false},
		{"another bot", posting{Author: user{ID: "3", Bot: true}, Content: "hi"}, "", false},
		{"a webhook", posting{Author: ann, Webhook: "w", Content: "hi"}, "", false},
		{"its own", posting{Author: user{ID: self, Bot: true}, Content: "hi"}, "", false},
	}
	for _, test := range tests {
		if words, ok := test.said.to(self); ok != test.ok || ok && words != test.words {
			t.Errorf("%s: got %q, %t; want %q, %t", test.name, words, ok, test.words, test.ok)
		}
	}
}
