package discordtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"dogear/adapters/discord/discordtest"
)

func TestAccount(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Shards(3), discordtest.Concurrency(16))
	s := session(t, d)
	if got, err := s.GatewayBot(); err != nil || got.Shards != 3 || got.SessionStartLimit.MaxConcurrency != 16 || !strings.HasPrefix(got.URL, "ws://127.0.0.1") {
		t.Errorf("gateway: %+v, %v", got, err)
	}
	if got, err := s.Application("@me"); err != nil || got.ID != d.AppID || got.VerifyKey != d.PublicKey() {
		t.Errorf("application: %+v, %v", got, err)
	}
	for i := range 201 {
		d.Guild(fmt.Sprint(i))
	}
	d.Guild("7").Remove()
	first, err := s.UserGuilds(200, "", "", false)
	if err != nil || len(first) != 200 {
		t.Fatalf("%d guilds, %v", len(first), err)
	}
	if rest, err := s.UserGuilds(200, "", first[198].ID, false); err != nil || len(rest) != 1 || rest[0].ID != d.Guild("200").ID {
		t.Errorf("the last guild: %v, %v", rest, err)
	}
	if _, err := s.Guild(d.Guild("7").ID); code(err) != 50001 {
		t.Errorf("removed: %v", err)
	}
	ann := d.Guild("1").Member("ann").Role("mods").Nick("Annie")
	got, err := s.GuildMember(d.Guild("1").ID, ann.ID)
	if err != nil || got.Nick != "Annie" || !slices.Equal(got.Roles, []string{d.Guild("1").Role("mods")}) {
		t.Errorf("member: %+v, %v", got, err)
	}
	direct, err := s.UserChannelCreate(ann.ID)
	if err != nil || direct.ID != ann.Direct().ID || direct.Type != discordgo.ChannelTypeDM {
		t.Errorf("direct: %+v, %v", direct, err)
	}
	thread := d.Guild("1").Channel("books").Thread("Emma")
	if got, err := s.Channel(thread.ID); err != nil || got.ParentID != d.Guild("1").Channel("books").ID || !got.IsThread() {
		t.Errorf("thread: %+v, %v", got, err)
	}
	thread.Delete()
	if _, err := s.Channel(thread.ID); code(err) != 10003 {
		t.Errorf("deleted: %v", err)
	}
}

// TestFiles come in with a form, are served, and go with an edit.
func TestFiles(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	s := session(t, d)
	books := d.Guild("club").Channel("books")
	send := &discordgo.MessageSend{Content: "a", Flags: discordgo.MessageFlagsSuppressEmbeds, AllowedMentions: none}
	for _, name := range []string{"a.txt", "b.txt"} {
		send.Files = append(send.Files, &discordgo.File{Name: name, ContentType: "text/plain", Reader: strings.NewReader("in " + name)})
	}
	m, err := s.ChannelMessageSendComplex(books.ID, send)
	if err != nil {
		t.Fatal(err)
	}
	files := books.Messages()[0].Files
	if len(files) != 2 || files[1].Name != "b.txt" || string(files[1].Data) != "in b.txt" || m.Attachments[1].URL != files[1].URL {
		t.Fatalf("files: %+v", files)
	}
	if !slices.Contains(d.Sent(), "in a.txt") || slices.Contains(d.Sent(), "a.txt") || !slices.Contains(d.Everything(), "a.txt") {
		t.Error("files are not recorded")
	}
	edit := &discordgo.MessageEdit{Channel: books.ID, ID: m.ID, Content: ptr("b"), AllowedMentions: none, Attachments: ptr(m.Attachments[1:])}
	if _, err := s.ChannelMessageEditComplex(edit); err != nil {
		t.Fatal(err)
	}
	if got := books.Messages()[0]; got.Content != "b" || len(got.Files) != 1 || got.Files[0].Name != "b.txt" || got.Edits != 1 {
		t.Errorf("edited: %+v", got)
	}
}

// TestOptions shows what a command's options become.
func TestOptions(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Tolerate(discordtest.Answers))
	s := open(t, d)
	sub := func(kind discordgo.ApplicationCommandOptionType, name string, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommandOption {
		return &discordgo.ApplicationCommandOption{Type: kind, Name: name, Description: "d", Options: options}
	}
	_, err := s.ApplicationCommandBulkOverwrite(d.AppID, d.Guild("club").ID, []*discordgo.ApplicationCommand{
		{Name: "book", Description: "d", DescriptionLocalizations: &map[discordgo.Locale]string{"de": "d"}, Options: []*discordgo.ApplicationCommandOption{
			sub(2, "file", sub(1, "add", sub(3, "title"), sub(4, "chapters"), sub(11, "ledger"), sub(6, "by"))),
		}},
		{Name: "Ask dogear", Type: discordgo.MessageApplicationCommand},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.ApplicationCommands(d.AppID, d.Guild("club").ID); err != nil || len(got) != 2 || got[0].DescriptionLocalizations == nil {
		t.Errorf("commands: %+v, %v", got, err)
	}
	path := "/api/v9/applications/" + d.AppID + "/guilds/" + d.Guild("club").ID + "/commands"
	if status, body := do(t, d, "GET", path, ""); status != 200 || strings.Contains(body, "_localizations") {
		t.Errorf("commands without localizations: %s", body)
	}
	came := make(chan *discordgo.Interaction, 1)
	s.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		_ = s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: 4, Data: say("a", 0)})
		came <- i.Interaction
	})
	club := d.Guild("club").Locale("fr")
	ann, books := club.Member("ann").Locale("de").May(discordtest.ManageGuild), club.Channel("books")
	seen := ann.Slash(books, "book file add", discordtest.Opt{
		"ledger": discordtest.File{Name: "l.yaml", Data: []byte("x")}, "by": ann, "title": "Emma", "chapters": 55,
	})
	in := <-came
	data := in.ApplicationCommandData()
	options := data.Options[0].Options[0].Options
	var names []string
	for _, o := range options {
		names = append(names, o.Name)
	}
	if !slices.Equal(names, []string{"title", "chapters", "ledger", "by"}) || options[1].IntValue() != 55 {
		t.Errorf("options: %v", names)
	}
	if file := data.Resolved.Attachments[options[2].Value.(string)]; file == nil || file.Filename != "l.yaml" || file.Size != 1 {
		t.Errorf("file: %+v", file)
	}
	if in.Locale != "de" || *in.GuildLocale != "fr" || in.Member.Permissions&discordtest.ManageGuild == 0 || in.Member.User.ID != ann.ID || in.GuildID != club.ID {
		t.Errorf("interaction: %+v", in)
	}
	ann.Menu(seen.Message(), "Ask dogear")
	in = <-came
	if data := in.ApplicationCommandData(); data.Resolved.Messages[data.TargetID].Content != "a" {
		t.Errorf("menu: %+v", data)
	}

	d.Tolerate(discordtest.Commands)
	before := len(d.Violations())
	ann.Slash(books, "book file drop")
	ann.Slash(books, "book file add", discordtest.Opt{"author": "x"})
	if got := len(d.Violations()) - before; got != 2 {
		t.Errorf("%d violations: %q", got, d.Violations())
	}
}

// TestV2 sends components V2, and a modal with labels.
func TestV2(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	s := open(t, d)
	s.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		answer := &discordgo.InteractionResponse{Type: 4, Data: &discordgo.InteractionResponseData{
			Flags: discordgo.MessageFlagsIsComponentsV2 | discordgo.MessageFlagsEphemeral, AllowedMentions: none,
			Components: []discordgo.MessageComponent{
				discordgo.Container{Components: []discordgo.MessageComponent{discordgo.TextDisplay{Content: "words"}, row(button("b", "c"))}},
			},
		}}
		switch i.Type {
		case discordgo.InteractionMessageComponent:
			answer = &discordgo.InteractionResponse{Type: 9, Data: &discordgo.InteractionResponseData{
				CustomID: "m", Title: "t", Components: []discordgo.MessageComponent{
					discordgo.Label{Label: "Why", Component: discordgo.TextInput{CustomID: "why", Style: discordgo.TextInputParagraph}},
				},
			}}
		case discordgo.InteractionModalSubmit:
			typed := i.ModalSubmitData().Components[0].(*discordgo.Label).Component.(*discordgo.TextInput).Value
			answer.Data = say(typed, 0)
		}
		if err := s.InteractionRespond(i.Interaction, answer); err != nil {
			t.Error(err)
		}
	})
	ann, books := d.Guild("club").Member("ann"), d.Guild("club").Channel("books")
	seen := ann.Slash(books, "ask")
	if got := seen.Strings(); !slices.Contains(got, "words") {
		t.Errorf("strings: %q", got)
	}
	modal := ann.Press(seen.Message(), "b").Modal
	if got := ann.Submit(modal, map[string]string{"Why": "because"}); got.Text() != "because" {
		t.Errorf("submitted: %+v", got)
	}
}

// TestUntil waits for what comes long after the answer, or goes.
func TestUntil(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Quiet(time.Millisecond))
	s := open(t, d)
	more := make(chan struct{})
	s.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		_ = s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: 4, Data: say("a", 0)})
		<-more
		m, err := s.InteractionResponse(i.Interaction)
		if err != nil || m.Content != "a" {
			t.Errorf("original: %+v, %v", m, err)
		}
		_, _ = s.FollowupMessageCreate(i.Interaction, true, &discordgo.WebhookParams{Content: "b", AllowedMentions: none, Flags: discordgo.MessageFlagsSuppressEmbeds})
		_ = s.InteractionResponseDelete(i.Interaction)
	})
	seen := d.Guild("club").Member("ann").Slash(d.Guild("club").Channel("books"), "ask")
	if seen.Text() != "a" {
		t.Errorf("seen: %+v", seen)
	}
	close(more)
	seen = seen.Until("the first message to go", func(s discordtest.Seen) bool { return len(s.Gone) == 1 })
	if seen.Text() != "b" {
		t.Errorf("later: %+v", seen)
	}
}
