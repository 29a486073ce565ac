package slack_test

import (
	"strings"
	"testing"

	"dogear/adapters/slack/slacktest"
)

// TestOverheard: an app that is told of all messages of a channel answers none of
// them as it answers a direct message, for all to see.
func TestOverheard(t *testing.T) {
	c := serve(t, "socket")
	c.has(c.ann.Slash(c.books, "progress 22"), "Saved")
	for _, kind := range []string{"channel", "group", "mpim", ""} {
		c.Event("message", map[string]any{
			"user": c.ann.ID, "team": c.TeamID, "channel": c.books.ID, "channel_type": kind, "text": "is the prose good?", "ts": "1700000000.0001" + kind,
		})
	}
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	for _, m := range c.books.Messages() {
		if m.User == "" && m.Author == "" {
			t.Errorf("the channel is told: %s", m.Reads())
		}
	}
}

// TestOtherWorkspace: where an app is in several workspaces, dogear hears of all of
// them. That another one removes it is none of its business.
func TestOtherWorkspace(t *testing.T) {
	c := serve(t, "socket")
	for _, event := range []string{"app_uninstalled", "tokens_revoked"} {
		c.Deliver("events_api", map[string]any{
			"type": "event_callback", "team_id": "T0ELSEWHERE", "event_id": "Ev0ELSEWHERE",
			"event": map[string]any{"type": event, "tokens": map[string]any{"bot": []any{c.BotUser}}},
		})
	}
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(c.log.String(), "has removed dogear") {
		t.Error("dogear takes it for removed")
	}
}

// TestEdited: whoever corrects what they asked is not answered once more.
func TestEdited(t *testing.T) {
	c := serve(t, "socket")
	answer := c.has(c.ann.Mention(c.books, "is the prose good?"), safe)
	told := c.Delivered("events_api")
	edited := told[len(told)-1]
	edited["event_id"] = "Ev0EDITED"
	edited["event"].(map[string]any)["edited"] = map[string]any{"user": c.ann.ID, "ts": "1700000000.000100"}
	c.Deliver("events_api", edited)
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range c.books.Messages() {
		if m.Author == "" && m.Reads() == answer.Message().Reads() {
			n++
		}
	}
	if n != 1 {
		t.Errorf("there are %d answers", n)
	}
}

// TestNoView: a submission of nothing is acknowledged, and breaks nothing.
func TestNoView(t *testing.T) {
	c := serve(t, "socket")
	for _, kind := range []string{"view_submission", "block_suggestion", "block_actions", "shortcut"} {
		if !c.Deliver("interactive", map[string]any{"type": kind, "user": map[string]any{"id": c.ann.ID}}) {
			t.Errorf("%s: not acknowledged", kind)
		}
	}
}

// TestOrganisation: who is in several workspaces of an organisation is one of this
// workspace, wherever else Slack says that they are.
func TestOrganisation(t *testing.T) {
	c := serve(t, "socket")
	dan := c.User("dan").Organised()
	home := c.has(dan.Slash(c.books, ""), "Your books")
	c.has(dan.Choose(home.View(), "Set my place", "chapter 9"), "chapter 9 of 23")
	c.has(dan.DM("progress 3"), "Saved.")
	c.has(c.User("eve").Organised().Admin().Slash(c.books, "club settings"), "moderators")
}

// TestHomeOfGuests: somebody of another workspace has no home here, whichever
// workspace the event is of.
func TestHomeOfGuests(t *testing.T) {
	c := serve(t, "socket")
	zoe := c.Guest("zoe").Unanswered()
	if home := zoe.OpenHome(); len(home.Home().Blocks) > 0 {
		t.Errorf("it shows: %s", home.Text())
	}
}

// TestFormShowsWhatWasTyped: the words behind a command may be another option's
// than they are taken for. Whoever sent the form finds all of them in it.
func TestFormShowsWhatWasTyped(t *testing.T) {
	c := serve(t, "socket")
	form := c.has(c.ann.Slash(c.books, "spoiler Kathy remembers all of them."), "Text")
	refused := c.ann.Submit(form.View(), nil)
	if len(refused.Errors) == 0 {
		t.Errorf("a name for a chapter: %s", refused.Text())
	}
	c.has(c.ann.Submit(form.View(), map[string]string{"place": "chapter 12", "text": "Kathy remembers all of them."}), "ann has a spoiler")

	long := strings.Repeat("is this the question? ", 15)
	form = c.has(c.mo.Slash(c.books, "faq add "+long), "Text")
	if v := form.View(); len(v.Callback) > 40 {
		t.Errorf("what was typed is in the form's name: %s", v.Callback)
	}
}

// TestLongAnswerToAForm: what is too long to go with an acknowledgement goes
// another way.
func TestLongAnswerToAForm(t *testing.T) {
	c := serve(t, "socket")
	c.load(review + strings.Repeat("\nI loved it.\n\nTommy completes.\n", 60))
	c.has(c.mo.Slash(c.books, "progress 3"), "Saved.")
	form := c.has(c.mo.Slash(c.books, "club preview"), "Place")
	c.lacks(c.has(c.mo.Submit(form.View(), map[string]string{"place": "chapter 1"}), safe), spoils)
}

// TestFirstOfAThread: a message that was answered names its thread, and whoever
// presses something below it is answered where it stands.
func TestFirstOfAThread(t *testing.T) {
	c := serve(t, "socket")
	mine := c.has(c.ann.Slash(c.books, "is the prose good?"), safe)
	shared := c.has(c.ann.Press(mine.Message(), "Share with the channel"), safe).Message()
	pressed := c.bob.PressWith(shared, "Report a spoiler", func(payload map[string]any) {
		payload["container"].(map[string]any)["thread_ts"] = shared.TS
	})
	if m := c.has(pressed, "Which one is it?").Message(); m.Thread != "" {
		t.Errorf("the answer is in a thread: %s", m.Reads())
	}
}

// TestFormOfAnotherBook: a place can be chosen in a book, or a channel, that was
// chosen in the same form, of which Slack says nothing to what fills its menus.
func TestFormOfAnotherBook(t *testing.T) {
	c := serve(t, "socket")
	c.has(c.mo.Slash(c.books, "club book never-let-me-go"), "This channel now reads")
	form := c.has(c.ann.Slash(c.books, "spoiler"), "Place").View()
	if got := c.ann.Options(form, "place", "23"); len(got) != 1 || !strings.Contains(got[0].Text, "chapter 23") {
		t.Errorf("for the last chapter of the channel's book there is %+v", got)
	}
	got := c.ann.Options(form, "place", "38") // of Jane Eyre
	if len(got) != 1 || got[0].Value != "38" {
		t.Fatalf("for a chapter of another book there is %+v", got)
	}
	c.ann.Fill(form, map[string]string{"book": "jane-eyre", "place": "38", "text": "Reader, she marries him."})
	v, _ := c.ann.View()
	c.has(c.ann.Submit(v, nil), "has a spoiler for Jane Eyre:")
}

// TestFormOfAnotherChannel: the same of a channel.
func TestFormOfAnotherChannel(t *testing.T) {
	c := serve(t, "socket")
	other := c.Channel("other")
	c.has(c.mo.Slash(other, "club book jane-eyre"), "This channel now reads Jane Eyre.")
	form := c.has(c.ann.Shortcut("spoiler"), "Channel")
	c.ann.Fill(form.View(), map[string]string{"channel": "other"})
	v, _ := c.ann.View()
	if got := c.ann.Options(v, "place", "38"); len(got) == 0 {
		t.Error("no last chapter of Jane Eyre is suggested")
	}
}

// TestUnknownMembers: where Slack does not say who somebody is, what their doings name as
// their workspace counts.
func TestUnknownMembers(t *testing.T) {
	c := serve(t, "socket")
	c.books.Shared()
	c.Fault(slacktest.Fault{Method: "users.info", Error: "user_not_found", Times: -1})
	c.has(c.ann.Slash(c.books, "is the prose good?"), safe)
	public := c.has(c.ann.Mention(c.books, "what becomes of Tommy's donation?"), "Covered")
	c.has(c.lacks(c.Guest("zoe").Press(public.Message(), "Reveal"), spoils), "members of this workspace")
}

// TestChannelOfOthers: in a channel that another workspace shares, what is done is
// named as done there, and its members are who they are.
func TestChannelOfOthers(t *testing.T) {
	c := serve(t, "socket")
	public := c.has(c.ann.Mention(c.books, "what becomes of Tommy's donation?"), "Covered").Message()
	there := func(payload map[string]any) { payload["team"] = map[string]any{"id": "T0HOST", "domain": "host"} }
	c.has(c.lacks(c.bob.PressWith(public, "Reveal", there), spoils), "That lies past your place.")
}
