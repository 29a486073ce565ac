package discordtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"dogear/adapters/discord/discordtest"
)

// TestLate shows that a first response that comes too late is refused.
func TestLate(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, all)
	s := open(t, d)
	came, late := make(chan *discordgo.Interaction), make(chan struct{})
	errs := make(chan error, 1)
	s.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		came <- i.Interaction
		<-late
		errs <- s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: 4, Data: say("a", 0)})
	})
	ann, books := d.Guild("club").Member("ann"), d.Guild("club").Channel("books")
	seen := make(chan discordtest.Seen)
	go func() { seen <- ann.Slash(books, "ask") }()
	<-came
	d.Advance(4 * time.Second)
	if got := <-seen; !got.Failed {
		t.Errorf("seen: %+v", got)
	}
	close(late)
	if err := <-errs; code(err) != 10062 {
		t.Errorf("late: %v", err)
	}
}

// TestSilentBot shows that three seconds pass without being put forward, too.
func TestSilentBot(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, all)
	open(t, d)
	began := time.Now()
	if got := d.Guild("club").Member("ann").Slash(d.Guild("club").Channel("books"), "ask"); !got.Failed {
		t.Errorf("seen: %+v", got)
	}
	if took := time.Since(began); took < 3*time.Second {
		t.Errorf("ann gave up after %v", took)
	}
}

// TestSecondResponses and what comes after fifteen minutes are refused.
func TestSecondResponses(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	s := open(t, d)
	errs := make(chan error, 1)
	var last *discordgo.Interaction
	s.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		last = i.Interaction
		errs <- s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: 4, Data: say("a", 0)})
	})
	ann, books := d.Guild("club").Member("ann"), d.Guild("club").Channel("books")
	ann.Slash(books, "ask")
	if err := <-errs; err != nil {
		t.Fatal(err)
	}
	d.Tolerate(discordtest.Protocol)
	if err := s.InteractionRespond(last, &discordgo.InteractionResponse{Type: 4, Data: say("a", 0)}); code(err) != 40060 {
		t.Errorf("twice: %v", err)
	}
	edit := &discordgo.WebhookEdit{Content: ptr("b"), AllowedMentions: none}
	if _, err := s.InteractionResponseEdit(last, edit); err != nil {
		t.Errorf("edit: %v", err)
	}
	if _, err := s.InteractionResponseEdit(last, &discordgo.WebhookEdit{Content: ptr("b"), AllowedMentions: none, Flags: discordgo.MessageFlagsEphemeral | discordgo.MessageFlagsSuppressEmbeds}); code(err) != 50035 {
		t.Errorf("made private: %v", err)
	}
	d.Advance(16 * time.Minute)
	if _, err := s.InteractionResponseEdit(last, edit); code(err) != 50027 {
		t.Errorf("expired: %v", err)
	}
}

// TestFixedAudience shows that a follow-up cannot open what was deferred as
// private.
func TestFixedAudience(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Tolerate(discordtest.Protocol))
	s := open(t, d)
	errs := make(chan error, 2)
	s.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		_ = s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: 5, Data: &discordgo.InteractionResponseData{Flags: discordgo.MessageFlagsEphemeral}})
		for _, flags := range []discordgo.MessageFlags{0, discordgo.MessageFlagsEphemeral} {
			_, err := s.FollowupMessageCreate(i.Interaction, true, &discordgo.WebhookParams{Content: "a", AllowedMentions: none, Flags: flags | discordgo.MessageFlagsSuppressEmbeds})
			errs <- err
		}
	})
	seen := d.Guild("club").Member("ann").Slash(d.Guild("club").Channel("books"), "ask")
	if err := <-errs; code(err) != 50035 {
		t.Errorf("public after private: %v", err)
	}
	if err := <-errs; err != nil || len(seen.Messages) != 1 || !seen.Message().Ephemeral {
		t.Errorf("%v: %+v", err, seen)
	}
}

// TestReplyFaults shows what a reader sees where Discord loses an answer.
func TestReplyFaults(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Tolerate(discordtest.Answers))
	s := open(t, d)
	errs := make(chan error, 8)
	answering(s, 4, say("a", 0, row(button("b", "c"))), errs)
	ann, books := d.Guild("club").Member("ann"), d.Guild("club").Channel("books")

	d.Fault(discordtest.Lost)
	if got := ann.Slash(books, "ask"); !got.Failed || len(got.Messages) != 0 {
		t.Errorf("lost: %+v", got)
	}
	if err := <-errs; code(err) != 10062 {
		t.Errorf("lost: %v", err)
	}
	d.Fault(discordtest.Fault{Path: "/callback", Status: 502, After: true})
	got := ann.Slash(books, "ask")
	if got.Failed || got.Text() != "a" {
		t.Errorf("hidden: %+v", got)
	}
	if err := <-errs; err == nil {
		t.Error("the bot knows of a hidden effect")
	}
	d.Repeat(1)
	ann.Slash(books, "ask")
	first, again := <-errs, <-errs
	if codes := code(first) + code(again); codes != 40060 {
		t.Errorf("repeated: %v, %v", first, again)
	}
	if got := d.Violations(); len(got) != 1 {
		t.Errorf("violations: %q", got)
	}
}

// TestStrange shows that a component of an unknown type reaches the bot, where
// the SDK makes an interaction of it that holds nothing.
func TestStrange(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Tolerate(discordtest.Answers))
	s := open(t, d)
	s.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		if i.Data == nil {
			d.Advance(4 * time.Second)
			return
		}
		_ = s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: 4, Data: say("a", 0, row(button("b", "c")))})
	})
	raw := make(chan string, 2)
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		if e.Type == "INTERACTION_CREATE" {
			raw <- string(e.RawData)
		}
	})
	ann, books := d.Guild("club").Member("ann"), d.Guild("club").Channel("books")
	seen := ann.Slash(books, "ask")
	<-raw
	d.Strange(true)
	if got := ann.Press(seen.Message(), "b"); !got.Failed {
		t.Errorf("seen: %+v", got)
	}
	if got := <-raw; !strings.Contains(got, `"type":99`) || !strings.Contains(got, `"custom_id":"c"`) {
		t.Errorf("event: %s", got)
	}
}
