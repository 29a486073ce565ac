package discordtest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"dogear/adapters/discord/discordtest"
)

// code is Discord's code of a refusal; 0: none.
func code(err error) int {
	var rest *discordgo.RESTError
	if errors.As(err, &rest) && rest.Message != nil {
		return rest.Message.Code
	}
	return 0
}

// all tolerates every breach: these tests want them.
var all = discordtest.Tolerate(discordtest.Limits, discordtest.Mentions, discordtest.Embeds, discordtest.Protocol, discordtest.Answers, discordtest.Commands)

// TestFirstResponses are refused for one thing each.
func TestFirstResponses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 101)
	var options []discordgo.SelectMenuOption
	for i := range 26 {
		options = append(options, discordgo.SelectMenuOption{Label: fmt.Sprint(i), Value: fmt.Sprint(i)})
	}
	input := func(label, value string) discordgo.MessageComponent {
		return row(discordgo.TextInput{CustomID: "in" + label, Label: label, Style: discordgo.TextInputShort, Value: value})
	}
	modal := func(title string, of ...discordgo.MessageComponent) *discordgo.InteractionResponseData {
		return &discordgo.InteractionResponseData{CustomID: "m", Title: title, Components: of}
	}
	with := func(change func(*discordgo.InteractionResponseData)) *discordgo.InteractionResponseData {
		data := say("a", 0)
		change(data)
		return data
	}
	const (
		message  = discordgo.InteractionResponseChannelMessageWithSource
		deferred = discordgo.InteractionResponseDeferredChannelMessageWithSource
		form     = discordgo.InteractionResponseModal
	)
	for name, c := range map[string]struct {
		kind discordgo.InteractionResponseType
		data *discordgo.InteractionResponseData
		want int    // 0: taken
		path string // of the field in the errors
	}{
		"good":              {message, say("a", 0, row(button("b", "c"))), 0, ""},
		"longest":           {message, say(strings.Repeat("👍", 1000), 0), 0, ""},
		"too long":          {message, say(strings.Repeat("👍", 1000)+"a", 0), 50035, "content"},
		"empty":             {message, say("", 0), 50006, ""},
		"label":             {message, say("a", 0, row(button(long[:81], "c"))), 50035, "label"},
		"no label":          {message, say("a", 0, row(button("", "c"))), 50035, "components"},
		"custom_id":         {message, say("a", 0, row(button("b", long))), 50035, "custom_id"},
		"no custom_id":      {message, say("a", 0, row(button("b", ""))), 50035, "custom_id"},
		"same custom_id":    {message, say("a", 0, row(button("b", "c")), row(button("d", "c"))), 50035, "custom_id"},
		"six buttons":       {message, say("a", 0, row(button("b", "1"), button("b", "2"), button("b", "3"), button("b", "4"), button("b", "5"), button("b", "6"))), 50035, "components"},
		"six rows":          {message, say("a", 0, row(button("b", "1")), row(button("b", "2")), row(button("b", "3")), row(button("b", "4")), row(button("b", "5")), row(button("b", "6"))), 50035, "components"},
		"empty row":         {message, say("a", 0, row()), 50035, "components"},
		"26 options":        {message, say("a", 0, row(discordgo.SelectMenu{CustomID: "s", Options: options})), 50035, "options"},
		"25 options":        {message, say("a", 0, row(discordgo.SelectMenu{CustomID: "s", Options: options[1:]})), 0, ""},
		"mentions":          {message, with(func(d *discordgo.InteractionResponseData) { d.AllowedMentions = nil }), 50035, "allowed_mentions"},
		"null mentions":     {message, with(func(d *discordgo.InteractionResponseData) { d.AllowedMentions = &discordgo.MessageAllowedMentions{} }), 50035, "allowed_mentions"},
		"embeds":            {message, with(func(d *discordgo.InteractionResponseData) { d.Flags = 0 }), 50035, "flags"},
		"deferred":          {deferred, &discordgo.InteractionResponseData{Flags: discordgo.MessageFlagsEphemeral}, 0, ""},
		"deferred flags":    {deferred, &discordgo.InteractionResponseData{Flags: discordgo.MessageFlagsSuppressEmbeds}, 50035, "flags"},
		"deferred content":  {deferred, &discordgo.InteractionResponseData{Content: "a"}, 50035, "content"},
		"modal":             {form, modal("t", input("l", "v")), 0, ""},
		"modal title":       {form, modal(long[:46], input("l", "")), 50035, "title"},
		"modal label":       {form, modal("t", input(long[:46], "")), 50035, "label"},
		"modal value":       {form, modal("t", input("l", strings.Repeat("a", 4001))), 50035, "value"},
		"modal of none":     {form, modal("t"), 50035, "components"},
		"modal of six":      {form, modal("t", input("1", ""), input("2", ""), input("3", ""), input("4", ""), input("5", ""), input("6", "")), 50035, "components"},
		"choices":           {discordgo.InteractionApplicationCommandAutocompleteResult, &discordgo.InteractionResponseData{}, 50035, "type"},
		"update of nothing": {discordgo.InteractionResponseUpdateMessage, say("a", 0), 50035, "type"},
	} {
		t.Run(name, func(t *testing.T) {
			d := discordtest.New(t)
			if c.kind == deferred {
				d = discordtest.New(t, discordtest.Patience(time.Second/2), discordtest.Tolerate(discordtest.Answers))
			}
			if c.want != 0 {
				d.Tolerate(discordtest.Limits, discordtest.Protocol, discordtest.Answers)
			}
			house := c.path == "allowed_mentions" || name == "embeds"
			if house {
				// Refused only where the rule holds, and that fails the test.
				d.Tolerate(discordtest.Mentions, discordtest.Embeds)
			}
			body, err := json.Marshal(discordgo.InteractionResponse{Type: c.kind, Data: c.data})
			if err != nil {
				t.Fatal(err)
			}
			endpoint(t, d, func(http.ResponseWriter, *http.Request) []byte { return body })
			seen := d.Guild("club").Member("ann").Slash(d.Guild("club").Channel("books"), "ask")
			violations := strings.Join(d.Violations(), "\n")
			switch taken := !seen.Failed; {
			case house && (!taken || !strings.Contains(violations, c.path)):
				t.Errorf("taken: %v, violations: %s", taken, violations)
			case !house && taken != (c.want == 0):
				t.Errorf("taken: %v, violations: %s", taken, violations)
			case c.want == 50006 && !strings.Contains(violations, "empty"), c.want != 0 && !strings.Contains(violations, c.path):
				t.Errorf("violations: %s", violations)
			}
		})
	}
}

// TestRefusals have Discord's codes and the paths of the fields.
func TestRefusals(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, all)
	s := session(t, d)
	books := d.Guild("club").Channel("books")
	message := func(content string) *discordgo.MessageSend {
		return &discordgo.MessageSend{Content: content, AllowedMentions: none, Flags: discordgo.MessageFlagsSuppressEmbeds}
	}
	_, err := s.ChannelMessageSendComplex(books.ID, message(strings.Repeat("a", 2001)))
	var rest *discordgo.RESTError
	if code(err) != 50035 || !errors.As(err, &rest) || !strings.Contains(string(rest.ResponseBody), `"errors":{"content":{"_errors":[`) {
		t.Errorf("too long: %v", err)
	}
	posted, err := s.ChannelMessageSendComplex(books.ID, message("a"))
	if err != nil {
		t.Fatal(err)
	}
	for want, err := range map[int]error{
		10003: second(s.ChannelMessageSendComplex("1", message("a"))),
		10008: second(s.ChannelMessage(books.ID, "1")),
		50006: second(s.ChannelMessageSendComplex(books.ID, message(""))),
		10007: second(s.GuildMember(d.Guild("club").ID, "1")),
		10015: second(s.WebhookExecute(d.AppID, "none", true, &discordgo.WebhookParams{Content: "a"})),
		10062: s.InteractionRespond(&discordgo.Interaction{ID: "1", Token: "t"}, &discordgo.InteractionResponse{Type: 4}),
	} {
		if code(err) != want {
			t.Errorf("want %d: %v", want, err)
		}
	}
	if err := s.ChannelMessageDelete(books.ID, posted.ID); err != nil {
		t.Error(err)
	}
	if err := s.ChannelMessageDelete(books.ID, posted.ID); code(err) != 10008 {
		t.Errorf("deleted twice: %v", err)
	}
	books.Refuse(50001)
	if _, err := s.Channel(books.ID); code(err) != 50001 {
		t.Errorf("no access: %v", err)
	}
	s.Token = "Bot wrong"
	if _, err := s.User("@me"); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("wrong token: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestNonce shows that a message with the same nonce is posted once.
func TestNonce(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	books := d.Guild("club").Channel("books")
	body := `{"content":"a","nonce":"n","enforce_nonce":true,"flags":4,"allowed_mentions":{"parse":[]}}`
	for range 2 {
		post(t, d, "/api/v10/channels/"+books.ID+"/messages", body)
	}
	if got := books.Messages(); len(got) != 1 {
		t.Errorf("posted %d times", len(got))
	}
}

// post posts as the bot, and returns what was answered.
func post(t *testing.T, d *discordtest.Discord, path, body string) (int, string) {
	t.Helper()
	return do(t, d, http.MethodPost, path, body)
}

func do(t *testing.T, d *discordtest.Discord, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, d.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bot "+d.Token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, ""
	}
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw)
}

// TestCommands are registered whole or not at all.
func TestCommands(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, all)
	s := session(t, d)
	option := func(name string, required bool) *discordgo.ApplicationCommandOption {
		return &discordgo.ApplicationCommandOption{Type: discordgo.ApplicationCommandOptionString, Name: name, Description: "d", Required: required}
	}
	chat := func(name, description string, options ...*discordgo.ApplicationCommandOption) []*discordgo.ApplicationCommand {
		return []*discordgo.ApplicationCommand{{Name: name, Description: description, Options: options}}
	}
	var many []*discordgo.ApplicationCommandOption
	for i := range 26 {
		many = append(many, option(fmt.Sprint("o", i), false))
	}
	var choices []*discordgo.ApplicationCommandOptionChoice
	for i := range 25 {
		choices = append(choices, &discordgo.ApplicationCommandOptionChoice{Name: fmt.Sprint(i), Value: fmt.Sprint(i, strings.Repeat("v", 97))})
	}
	var heavy []*discordgo.ApplicationCommandOption
	for i := range 4 {
		o := option(fmt.Sprint("h", i), false)
		o.Choices = choices
		heavy = append(heavy, o)
	}
	for name, bad := range map[string][]*discordgo.ApplicationCommand{
		"name":               chat("Ask", "d"),
		"description":        chat("ask", strings.Repeat("d", 101)),
		"no description":     chat("ask", ""),
		"26 options":         chat("ask", "d", many...),
		"required last":      chat("ask", "d", option("a", false), option("b", true)),
		"8000":               chat("ask", "d", heavy...),
		"twice":              append(chat("ask", "d"), chat("ask", "d")...),
		"unknown language":   {{Name: "ask", Description: "d", NameLocalizations: &map[discordgo.Locale]string{"xx": "fragen"}}},
		"described for menu": {{Name: "Ask", Type: discordgo.MessageApplicationCommand, Description: "d"}},
	} {
		if _, err := s.ApplicationCommandBulkOverwrite(d.AppID, "", bad); code(err) != 50035 {
			t.Errorf("%s: %v", name, err)
		}
	}
	good := append(chat("ask", "d", many[:25]...), &discordgo.ApplicationCommand{Name: "Ask dogear", Type: discordgo.MessageApplicationCommand})
	registered, err := s.ApplicationCommandBulkOverwrite(d.AppID, "", good)
	if err != nil || len(registered) != 2 {
		t.Fatalf("%v, %v", registered, err)
	}
	again, err := s.ApplicationCommandBulkOverwrite(d.AppID, "", good)
	if err != nil || again[0].ID != registered[0].ID {
		t.Errorf("the id changes: %v", err)
	}
	if got := d.Guild("club").Member("ann").Slash(d.Guild("club").Channel("books"), "unknown"); !got.Failed {
		t.Error("an unknown command is used")
	}
}

// TestChoices are refused where a reader could not be shown them.
func TestChoices(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, all)
	var body string
	endpoint(t, d, func(http.ResponseWriter, *http.Request) []byte { return []byte(`{"type":8,"data":` + body + `}`) })
	one := `{"name":"n","value":"v"}`
	for data, want := range map[string]int{
		`{"choices":[` + one + `]}`: 1,
		`{"choices":[]}`:            0,
		`{}`:                        -1,
		`{"choices":null}`:          -1,
		`{"choices":[` + strings.Repeat(one+",", 25) + one + `]}`:               -1,
		`{"choices":[{"name":"` + strings.Repeat("a", 101) + `","value":"v"}]}`: -1,
		`{"choices":[{"name":"n","value":"` + strings.Repeat("a", 101) + `"}]}`: -1,
		`{"choices":[{"name":"","value":"v"}]}`:                                 -1,
	} {
		body = data
		before := len(d.Violations())
		got := d.User("ann").Autocomplete(d.User("ann").Direct(), "ask", "book", "e")
		if refused := len(d.Violations()) > before; refused != (want < 0) || len(got) != max(want, 0) {
			t.Errorf("%.40s: %v, refused: %v", data, got, refused)
		}
	}
}
