package bot

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"dogear/bot/library"
	"dogear/bot/reply"
)

// standing returns what whoever asks may do.
func (t *turn) standing() Standing {
	switch {
	case t.req.Moderator:
		return Moderator
	case slices.ContainsFunc(t.req.Roles, func(role string) bool { return slices.Contains(t.club.settings.Trusted, role) }):
		return Trusted
	}
	return Member
}

// maySteer refuses those who may not change a channel.
func (t *turn) maySteer() error {
	if set := t.club.settings; !t.standing().AtLeast(set.steer()) {
		return Refusal{reply.Words("In this club that is for {1} to decide.", set.steerers())}
	}
	return nil
}

// steer returns from which standing on somebody may change a channel.
func (s Settings) steer() Standing { return cmp.Or(s.Steer, Moderator) }

// steerers says who that is.
func (s Settings) steerers() reply.Arg {
	switch s.steer() {
	case Member:
		return reply.Say(reply.Words("everyone"))
	case Trusted:
		return reply.Say(reply.Words("moderators and trusted members"))
	}
	return reply.Say(reply.Words("moderators"))
}

var overtaken = Refusal{reply.Words("Somebody else has just changed this channel. “/book current” says how it stands; then say it again.")}

// setChannel stores what a channel is set to, and says so. What was not saved
// is said to be not saved; what somebody else has changed meanwhile stands, so
// that no pace that was taken back returns.
func (t *turn) setChannel(set Channel, said reply.Phrase) (reply.Doc, error) {
	if t.blind != nil {
		return t.notSaved(), nil
	}
	set.Of = t.paced(set.Book)
	switch err := t.bot.store.SetChannel(t.ctx, t.req.Club, t.req.Channel, t.stored, set); {
	case errors.Is(err, ErrStale):
		return nil, overtaken
	case err != nil:
		t.bot.log.ErrorContext(t.ctx, "a channel was not saved", "club", t.req.Club, "cause", err)
		return t.notSaved(), nil
	}
	if old := t.view.Channel; set.Pace < old.Pace || set.Book != old.Book || set.tags() < old.tags() {
		t.bot.editChannel(t.ctx, t.req.Club, t.req.Channel) // it may show too much now
	}
	w := plain(t.req)
	w.Write(reply.Plain, said)
	return w.doc(), nil
}

// tags returns what stands here in the place of what lies past the pace.
func (c Channel) tags() reply.Tags {
	switch {
	case !c.TagsOff:
		return reply.Tagged
	case c.Buttons:
		return reply.Buttons
	}
	return reply.NoTags
}

// readsNone reports whether words take a channel's book away: those that do may
// also be the name of a book, which is then meant.
func (t *turn) readsNone(words string) bool {
	_, titled := t.club.bookCalled(words)
	word := strings.ToLower(strings.TrimSpace(words))
	return !titled && (word == "none" || word == "off")
}

// runClubBook chooses the book that a channel reads, or takes it away.
func runClubBook(t *turn) (reply.Doc, error) {
	if t.option("book") == "" {
		return nil, Refusal{reply.Words("Say which: “/club book” and a title. “/book list” lists the ones I know.")}
	}
	set := t.view.Channel
	if t.readsNone(t.option("book")) {
		return t.setChannel(Channel{TagsOff: set.TagsOff, Buttons: set.Buttons}, reply.Words("This channel has no current book now. “/club book” and a title choose one."))
	}
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	if set.Book != book.ID {
		set = Channel{Book: book.ID, TagsOff: set.TagsOff, Buttons: set.Buttons} // a pace counts for one book
	}
	return t.setChannel(set, reply.Words("This channel now reads {1}.", reply.Name(book.Title)))
}

// runPace sets how far a channel has read, or takes the last change of it back.
func runPace(t *turn) (reply.Doc, error) {
	if t.blind != nil {
		return t.notSaved(), nil // else it would say that no book is chosen
	}
	set := t.view.Channel
	book, ok := t.club.book(set.Book)
	if !ok {
		return nil, Refusal{reply.Words("First choose the book that this channel reads: “/club book” and a title.")}
	}
	now := t.bot.now()
	word := strings.ToLower(strings.TrimSpace(t.option("place")))
	if word == "undo" {
		if set.Paced == 0 || now.Sub(time.Unix(set.Paced, 0)) > UndoFor {
			return nil, Refusal{reply.Words("There is no change of the last day to undo.")}
		}
		set.Pace, set.Before, set.Paced = set.Before, 0, 0
		return t.setChannel(set, reply.Words("Taken back. This channel's place in {1}: {2}.", reply.Name(book.Title), reply.Place(set.Pace, book.Chapters())))
	}
	if word == "" {
		return nil, Refusal{reply.Words("Say how far: a chapter that everybody here has finished (“/club pace 7”), “finished” or “undo”.")}
	}
	at, err := ParsePlace(book, word)
	if err != nil {
		return nil, err
	}
	if asked := t.option("book"); asked != "" && asked != string(book.ID) {
		return nil, overtaken // the yes was for another book
	}
	if at == book.End() && set.Pace != at && !t.req.Confirmed {
		w := t.askFirst(book.ID)
		w.Say("Has everybody here finished {1}? That opens every spoiler in it to the channel.", reply.Name(book.Title))
		w.Offer(reply.Confirm, "Yes, all have finished it")
		return w.doc(), nil
	}
	if at != set.Pace {
		set.Pace, set.Before, set.Paced = at, set.Pace, now.Unix()
	}
	return t.setChannel(set, reply.Words("Saved. This channel's place in {1}: {2}. “/club pace undo” takes it back, for a day.", reply.Name(book.Title), reply.Place(at, book.Chapters())))
}

// runTags says what a channel sees of what lies past its place.
func runTags(t *turn) (reply.Doc, error) {
	set := t.view.Channel
	switch strings.ToLower(t.option("tags")) {
	case "on":
		set.TagsOff, set.Buttons = false, false
		return t.setChannel(set, reply.Words("Saved. What lies past this channel's place is covered until somebody opens it."))
	case "button":
		set.TagsOff, set.Buttons = true, true
		return t.setChannel(set, reply.Words("Saved. What lies past this channel's place is in no message here: a button opens it, for whoever presses it alone."))
	case "off":
		set.TagsOff, set.Buttons = true, false
		return t.setChannel(set, reply.Words("Saved. What lies past this channel's place is hidden here: nobody sees a trace of it."))
	}
	return nil, Refusal{reply.Words("Say “/club tags on”, “/club tags button” or “/club tags off”.")}
}

// runCurrent says what the channel reads and how far it is.
func runCurrent(t *turn) (reply.Doc, error) {
	w := plain(t.req)
	t.warn(w)
	book, ok := t.club.book(t.view.Channel.Book)
	switch {
	case t.blind != nil:
	case !ok:
		w.Say("This channel has no current book. “/club book” and a title choose one.")
	default:
		t.sayCurrent(w, book)
	}
	return w.doc(), nil
}

// sayCurrent says that the channel reads a book, how far it is, and what becomes
// of the rest.
func (t *turn) sayCurrent(w draft, book library.Book) {
	w.Say("This channel reads {1}. Its place: {2}.", reply.Name(book.Title), reply.Place(t.view.Channel.Pace, book.Chapters()))
	switch t.view.Channel.tags() {
	case reply.NoTags:
		w.Say("What lies past that is hidden here.")
	case reply.Buttons:
		w.Say("What lies past that is behind a button here, and opens for whoever presses it alone.")
	default:
		w.Say("What lies past that is covered here.")
	}
}

// runSettings says who may do what.
func runSettings(t *turn) (reply.Doc, error) {
	set := t.club.settings
	w := plain(t.req)
	w.Say("A channel's book, pace and tags are for {1} to change.", set.steerers())
	if len(set.Trusted) == 0 {
		w.Say("Only moderators' reviews are in the library at once; “/club trust” and a role let its members do the same.")
	} else {
		w.Head("Reviews by members of these roles are in the library at once:")
		for _, role := range set.Trusted {
			w.List("{1}", reply.Name(role))
		}
	}
	return w.doc(), nil
}

// setClub changes the club's settings.
func (t *turn) setClub(what string, f func(*Settings)) (reply.Doc, error) {
	err := t.bot.change(t.ctx, t.req.Club, func(c *club) (Change, error) {
		set := c.settings
		set.Trusted = slices.Clone(set.Trusted)
		f(&set)
		return Change{Settings: &set, Entry: Entry{By: t.req.Reader, What: what}}, nil
	})
	if err != nil {
		return nil, err
	}
	w := plain(t.req)
	w.Say("Saved.")
	return w.doc(), nil
}

// runSteer says who may change channels.
func runSteer(t *turn) (reply.Doc, error) {
	who, ok := map[string]Standing{"moderators": Moderator, "trusted": Trusted, "everyone": Member}[strings.ToLower(t.option("who"))]
	if !ok {
		return nil, Refusal{reply.Words("Say who: moderators, trusted or everyone.")}
	}
	return t.setClub("settings", func(s *Settings) { s.Steer = who })
}

func runTrust(t *turn) (reply.Doc, error) {
	role := strings.TrimSpace(t.option("role"))
	if role == "" {
		return nil, Refusal{reply.Words("Say which role: “/club trust” and its name.")}
	}
	return t.setClub("settings", func(s *Settings) {
		if !slices.Contains(s.Trusted, role) {
			s.Trusted = append(s.Trusted, role)
		}
	})
}

func runDistrust(t *turn) (reply.Doc, error) {
	role := strings.TrimSpace(t.option("role"))
	if !slices.Contains(t.club.settings.Trusted, role) {
		return nil, Refusal{reply.Words("That role is not among the trusted ones. “/club settings” lists them.")}
	}
	return t.setClub("settings", func(s *Settings) {
		s.Trusted = slices.DeleteFunc(s.Trusted, func(r string) bool { return r == role })
	})
}

// logLines is how many entries of the log are shown.
const logLines = 30

// runLog shows a moderator who did what to the library.
func runLog(t *turn) (reply.Doc, error) {
	entries, err := t.bot.store.Log(t.ctx, t.req.Club, logLines)
	if err != nil {
		return nil, err
	}
	w := plain(t.req)
	if len(entries) == 0 {
		w.Say("Nothing has been done to the library yet.")
		return w.doc(), nil
	}
	w.Head("The latest first:")
	for _, e := range entries {
		by := reply.Name(string(e.By))
		if e.By == "" {
			by = reply.Say(reply.Words("operator"))
		}
		w.List("{1} {2}: {3} {4}", reply.Name(e.When.UTC().Format("2006-01-02 15:04")), by, e.what(), reply.Name(t.on(e)))
	}
	return w.doc(), nil
}

// deeds are what entries say was done, by Entry.What.
var deeds = map[string]reply.Phrase{
	"add book": reply.Words("add book"), "add faq": reply.Words("add faq"), "add overlay": reply.Words("add overlay"), "approve": reply.Words("approve"),
	"decided": reply.Words("decided"), "decline": reply.Words("decline"), "delete": reply.Words("delete"),
	"dismissed": reply.Words("dismissed"), "edit faq": reply.Words("edit faq"), "import": reply.Words("import"), "propose": reply.Words("propose"),
	"remove book": reply.Words("remove book"), "report": reply.Words("report"), "restore": reply.Words("restore"),
	"settings": reply.Words("settings"), "undo": reply.Words("undo"), "write": reply.Words("write"),
	"spoiler": reply.Words("post a spoiler"), "edit spoiler": reply.Words("edit a spoiler"), "cover spoiler": reply.Words("cover a spoiler"),
	"take back spoiler": reply.Words("take back a spoiler"), "remove spoiler": reply.Words("remove a spoiler"),
}

// what says what was done, in whatever words an entry has that is none of these.
func (e Entry) what() reply.Arg {
	if said, ok := deeds[e.What]; ok {
		return reply.Say(said)
	}
	return reply.Name(e.What)
}

// on says in words what an entry is about: of a source that the club still has,
// its reviewer and its ID.
func (t *turn) on(e Entry) string {
	id := library.SourceID(e.On)
	if of := library.SentenceID(e.On).Source(); of != "" {
		id = of
	}
	src, ok := t.club.source(id)
	if !ok {
		src, ok = t.club.proposals[id].Source, t.club.proposals[id].Source.ID != ""
	}
	if !ok || src.Reviewer == "" {
		return e.On
	}
	return src.Reviewer + " (" + string(id) + ")"
}
