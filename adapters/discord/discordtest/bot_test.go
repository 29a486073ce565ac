package discordtest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"go.uber.org/goleak"

	"dogear/adapters/discord/discordtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rewrite sends what is meant for Discord to the fake.
type rewrite struct{ to *url.URL }

func (r rewrite) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host = r.to.Scheme, r.to.Host
	return http.DefaultTransport.RoundTrip(req)
}

// session returns a session that is not open and ends with the test.
func session(t *testing.T, d *discordtest.Discord) *discordgo.Session {
	t.Helper()
	s, err := discordgo.New("Bot " + d.Token)
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(d.URL())
	if err != nil {
		t.Fatal(err)
	}
	s.Client = &http.Client{Transport: rewrite{to}, Timeout: 5 * time.Second}
	s.MaxRestRetries = 0
	s.ShouldRetryOnRateLimit = false
	s.ShouldReconnectOnError = false
	s.Identify.Intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	return s
}

// open opens a session, and closes it with the test.
func open(t *testing.T, d *discordtest.Discord) *discordgo.Session {
	t.Helper()
	s := session(t, d)
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	d.AwaitReady(1)
	return s
}

// none mentions nobody.
var none = &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}

// say is a message that breaks no rule.
func say(content string, flags discordgo.MessageFlags, components ...discordgo.MessageComponent) *discordgo.InteractionResponseData {
	return &discordgo.InteractionResponseData{
		Content: content, Flags: flags | discordgo.MessageFlagsSuppressEmbeds, AllowedMentions: none, Components: components,
	}
}

func row(of ...discordgo.MessageComponent) discordgo.MessageComponent {
	return discordgo.ActionsRow{Components: of}
}

func button(label, id string) discordgo.MessageComponent {
	return discordgo.Button{Label: label, CustomID: id, Style: discordgo.SecondaryButton}
}

// answering lets a session answer all interactions the same way.
func answering(s *discordgo.Session, kind discordgo.InteractionResponseType, data *discordgo.InteractionResponseData, errs chan<- error) {
	s.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		errs <- s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: kind, Data: data})
	})
}
