package discordtest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"dogear/adapters/discord/discordtest"
)

// script is a bot of every kind of answer.
func script(s *discordgo.Session, i *discordgo.InteractionCreate) {
	respond := func(kind discordgo.InteractionResponseType, data *discordgo.InteractionResponseData) {
		_ = s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: kind, Data: data})
	}
	switch i.Type {
	case discordgo.InteractionApplicationCommandAutocomplete:
		respond(discordgo.InteractionApplicationCommandAutocompleteResult, &discordgo.InteractionResponseData{
			Choices: []*discordgo.ApplicationCommandOptionChoice{{Name: "Emma", Value: "emma"}},
		})
	case discordgo.InteractionMessageComponent:
		switch data := i.MessageComponentData(); data.CustomID {
		case "share":
			respond(discordgo.InteractionResponseDeferredMessageUpdate, nil)
			_, _ = s.ChannelMessageSendComplex(i.ChannelID, &discordgo.MessageSend{
				Content: "shared", Flags: discordgo.MessageFlagsSuppressEmbeds, AllowedMentions: none,
			})
		case "form":
			respond(discordgo.InteractionResponseModal, &discordgo.InteractionResponseData{
				CustomID: "place", Title: "Your place", Components: []discordgo.MessageComponent{
					row(discordgo.TextInput{CustomID: "chapter", Label: "Chapter", Style: discordgo.TextInputShort, Value: "7"}),
				},
			})
		case "pick":
			respond(discordgo.InteractionResponseUpdateMessage, say("picked "+data.Values[0], 0))
		}
	case discordgo.InteractionModalSubmit:
		typed := i.ModalSubmitData().Components[0].(*discordgo.ActionsRow).Components[0].(*discordgo.TextInput).Value
		respond(discordgo.InteractionResponseChannelMessageWithSource, say("chapter "+typed, discordgo.MessageFlagsEphemeral))
	case discordgo.InteractionApplicationCommand:
		if i.ApplicationCommandData().Name == "slow" {
			respond(discordgo.InteractionResponseDeferredChannelMessageWithSource, &discordgo.InteractionResponseData{Flags: discordgo.MessageFlagsEphemeral})
			_, _ = s.InteractionResponseEdit(i.Interaction, &discordgo.WebhookEdit{
				Content: ptr("at last"), AllowedMentions: none, Flags: discordgo.MessageFlagsSuppressEmbeds,
			})
			for _, more := range []string{"two", "three"} {
				_, _ = s.FollowupMessageCreate(i.Interaction, true, &discordgo.WebhookParams{
					Content: more, AllowedMentions: none, Flags: discordgo.MessageFlagsSuppressEmbeds | discordgo.MessageFlagsEphemeral,
				})
			}
			return
		}
		respond(discordgo.InteractionResponseChannelMessageWithSource, say("hello", discordgo.MessageFlagsEphemeral,
			row(button("Share", "share"), button("Form", "form")),
			row(discordgo.SelectMenu{CustomID: "pick", Placeholder: "Which", Options: []discordgo.SelectMenuOption{{Label: "Emma", Value: "e"}}}),
		))
	}
}

func ptr[T any](v T) *T { return &v }

func TestScript(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	club := d.Guild("club")
	ann, bob, books := club.Member("ann").May(discordtest.ManageGuild), club.Member("bob"), club.Channel("books")
	s := open(t, d)
	s.AddHandler(script)

	seen := ann.Slash(books, "ask", discordtest.Opt{"question": "is it sad?"})
	hello := seen.Message()
	if hello.Content != "hello" || !hello.Ephemeral || len(seen.Messages) != 1 || !slices.Equal(hello.Labels(), []string{"Share", "Form"}) {
		t.Fatalf("ann sees %+v", seen)
	}
	if got := bob.Sees(books); len(got) != 0 {
		t.Errorf("bob sees %+v", got)
	}

	if got := ann.Press(hello, "Share"); got.Text() != "shared" || got.Message().Ephemeral {
		t.Errorf("shared: %+v", got)
	}
	if got := bob.Sees(books); len(got) != 1 || got[0].Content != "shared" {
		t.Errorf("bob sees %+v", got)
	}

	form := ann.Press(hello, "Form").Modal
	if form == nil || form.Title != "Your place" || form.Fields[0].Label != "Chapter" || form.Fields[0].Value != "7" {
		t.Fatalf("modal: %+v", form)
	}
	if got := ann.Submit(form, map[string]string{"Chapter": "9"}); got.Text() != "chapter 9" {
		t.Errorf("submitted: %+v", got)
	}
	if got := ann.Submit(form, nil); got.Text() != "chapter 7" {
		t.Errorf("submitted as it was: %+v", got)
	}

	picked := ann.Select(hello, "Which", "Emma")
	if got := picked.Message(); got.Content != "picked e" || got.ID != hello.ID || got.Edits != 1 {
		t.Errorf("picked: %+v", got)
	}
	if got := ann.Autocomplete(books, "ask", "book", "em"); len(got) != 1 || got[0] != (discordtest.Choice{Name: "Emma", Value: "emma"}) {
		t.Errorf("choices: %+v", got)
	}

	slow := ann.Slash(books, "slow")
	if got := slow.Text(); got != "at last\ntwo\nthree" || slow.Thinking {
		t.Errorf("deferred: %+v", slow)
	}
	if sent := strings.Join(d.Sent(), "\n"); !strings.Contains(sent, "at last") || strings.Contains(sent, d.Token) {
		t.Errorf("sent: %s", sent)
	}
	if !strings.Contains(strings.Join(d.Everything(), "\n"), "/messages/@original") {
		t.Error("paths are not recorded")
	}
	if got := d.Requests(discordtest.To("POST", "/callback")); len(got) != 8 || got[0].Object()["type"] != 4.0 || got[0].Status != 204 {
		t.Errorf("callbacks: %d, %+v", len(got), got[0])
	}
}

func TestMention(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	club := d.Guild("club")
	ann, books := club.Member("ann"), club.Channel("books").Thread("Emma")
	s := open(t, d)
	heard := make(chan *discordgo.Message, 8)
	s.AddHandler(func(s *discordgo.Session, m *discordgo.MessageCreate) {
		if m.Author.ID == d.AppID {
			return
		}
		heard <- m.Message
		if len(m.Mentions) == 0 && m.GuildID != "" {
			return
		}
		_, _ = s.ChannelMessageSendComplex(m.ChannelID, &discordgo.MessageSend{
			Content: "yes", Flags: discordgo.MessageFlagsSuppressEmbeds, AllowedMentions: none, Reference: m.Reference(),
		})
	})

	ann.Say(books, "a secret", discordtest.File{Name: "a.txt", Data: []byte("x")})
	if m := <-heard; m.Content != "" || len(m.Attachments) != 0 {
		t.Errorf("without a mention the bot reads %q", m.Content)
	}
	if got := ann.Mention(books, "hello"); got.Text() != "yes" || got.Failed {
		t.Errorf("mention: %+v", got)
	}
	if m := <-heard; m.Content != d.Mention()+" hello" || m.Member == nil {
		t.Errorf("mention: %+v", m)
	}
	if got := ann.DM("hello", discordtest.File{Name: "a.txt", Data: []byte("file")}); got.Text() != "yes" {
		t.Errorf("direct message: %+v", got)
	}
	m := <-heard
	resp, err := s.Client.Get(m.Attachments[0].URL)
	if err != nil || m.Content != "hello" || m.Attachments[0].Size != 4 {
		t.Fatalf("direct message: %+v, %v", m, err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != 200 {
		t.Errorf("attachment: %s", resp.Status)
	}
}
