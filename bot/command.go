package bot

import (
	"slices"
	"strings"

	"dogear/bot/reply"
)

// Command is one thing that a reader can ask for. The table of them feeds
// every platform: its menus, its help and the README.
type Command struct {
	Name    string // one word, or a group's and one of the group's
	Summary reply.Phrase
	Options []Option // in the order in which they are typed
	For     Standing // who may; empty: everybody
	Form    bool     // its options are best asked for one by one
	Hidden  bool     // a control does it: no menu and no help has it
	steers  bool     // it changes a channel: the club's settings say who may
	alone   bool     // it needs no club
	sight   sight
	run     func(*turn) (reply.Doc, error)
}

// OfReply reports whether the command is about a reply that was given before,
// whose controls stand for it.
func (c Command) OfReply() bool {
	return slices.ContainsFunc(c.Options, func(o Option) bool { return o.Name == "ticket" })
}

// TakesFile reports whether the command is about a file that is handed over.
func (c Command) TakesFile() bool {
	return slices.ContainsFunc(c.Options, func(o Option) bool { return o.File && o.Required })
}

// Missing reports whether something is not given without which the command says
// no more than that, so that a platform can ask for it in a form instead. What no
// form asks for counts for nothing: a file, and the reply that a command is about.
func (c Command) Missing(options map[string]string) bool {
	return slices.ContainsFunc(c.Options, func(o Option) bool {
		return o.Required && !o.File && o.Name != "ticket" && strings.TrimSpace(options[o.Name]) == ""
	})
}

// Restricted reports whether the command is not everybody's, unless the club's
// settings say so.
func (c Command) Restricted() bool { return c.For == Moderator || c.steers }

// sight says who sees the reply to a command.
type sight int

const (
	private sight = iota // the reader alone, wherever they asked
	asAsked              // whoever sees where they asked
	public               // the channel
)

// Option is a value that a command takes.
type Option struct {
	Name     string
	Summary  reply.Phrase
	Choices  []string // the only values; nil: any
	Rest     bool     // typed, it takes all words that are left
	Long     bool     // of several lines
	Optional bool     // of a form: it may be left empty
	Required bool     // without it the command says no more than that it is missing
	File     bool     // a file of the reader's; it comes in Request.Files
	Role     bool     // a role, by the name that the platform has for it
	Suggests bool     // Suggest knows values for it
	suggest  func(suggestion)
}

// suggested returns the option with what suggests values for it.
func (o Option) suggested(by func(suggestion)) Option {
	o.Suggests, o.suggest = true, by
	return o
}

// Commands returns the command table.
func Commands() []Command {
	book := Option{Name: "book", Optional: true, Summary: reply.Words("which book; the channel's if left out")}.suggested(suggestion.books)
	about := book // where no other words follow it
	about.Rest = true
	review := Option{Name: "review", Rest: true, Summary: reply.Words("its number in the list, or its reviewer")}.suggested(suggestion.reviews)
	ticket := Option{Name: "ticket", Required: true, Summary: reply.Words("the reply")}
	page := Option{Name: "page", Summary: reply.Words("which page; the first if left out")}
	which := Option{Name: "which", Rest: true, Required: true, Summary: reply.Words("its number in the list")}
	mine, entry, entryHere := which.suggested(suggestion.own), which.suggested(suggestion.questions), which.suggested(suggestion.questionsHere)
	source, sourceHere, proposal := which.suggested(suggestion.sources), which.suggested(suggestion.sourcesHere), which.suggested(suggestion.proposals)
	role := Option{Name: "role", Rest: true, Required: true, Role: true, Summary: reply.Words("the role")}
	text := Option{Name: "text", Long: true, Required: true, Summary: reply.Words("the review, as you would write it anywhere")}
	return []Command{
		{Name: "ask", run: runAsk, sight: asAsked, Summary: reply.Words("ask about the book; answers are quotations, as far as you have read"),
			Options: []Option{{Name: "question", Rest: true, Required: true, Summary: reply.Words("your question")}, book,
				{Name: "share", Optional: true, Choices: []string{"yes", "no"}, Summary: reply.Words("show the answer to the channel, as far as the channel has read")}}},
		{Name: "progress", run: runProgress, Summary: reply.Words("see or set how far you have read"),
			Options: []Option{Option{Name: "place", Rest: true, Summary: reply.Words("a chapter you have finished (7), 35%, a page (p120), finished, start, undo, clear or show")}.suggested(suggestion.places), book}},
		{Name: "spoilers", run: runSpoilers, Summary: reply.Words("choose what happens to what lies past your place"),
			Options: []Option{{Name: "veil", Choices: []string{"hide", "tag", "show"}, Summary: reply.Words("hide it, tag it (covered until you open it), or show it to you alone")},
				{Name: "where", Choices: []string{"here", "everywhere"}, Summary: reply.Words("here: this book only; everywhere is the default")}, book}},

		{Name: spoilerCommand, run: runSpoiler, Form: true, sight: public, Summary: reply.Words("post a spoiler behind a cover"),
			Options: []Option{Option{Name: "place", Optional: true, Summary: reply.Words("the chapter after which it spoils nothing; the end of the book if left out")}.suggested(suggestion.safeFrom),
				{Name: "text", Rest: true, Long: true, Required: true, Summary: reply.Words("what is to stand behind the cover")}, book}},

		{Name: "reviews list", run: runReviews, sight: asAsked, Summary: reply.Words("list the reviews that you can read from where you are"), Options: []Option{about, page}},
		{Name: "reviews read", run: runRead, sight: asAsked, Summary: reply.Words("read a review, as far as you have read the book"), Options: []Option{review, book, page}},
		{Name: "reviews by", run: runReviewer, sight: asAsked, Summary: reply.Words("what one reviewer has written"),
			Options: []Option{Option{Name: "reviewer", Rest: true, Required: true, Summary: reply.Words("the reviewer's name")}.suggested(suggestion.reviewers)}},
		{Name: "reviews verdict", run: runVerdict, sight: asAsked, Summary: reply.Words("how many reviewers liked the book, and where they disagree"), Options: []Option{about}},
		{Name: "reviews related", run: runRelated, sight: asAsked, Summary: reply.Words("what its reviewers also read"), Options: []Option{about, page}},
		{Name: "reviews add", run: runAddReview, Form: true, Summary: reply.Words("write a review for the club"),
			Options: []Option{{Name: "title", Optional: true, Summary: reply.Words("its title")},
				{Name: "rating", Optional: true, Summary: reply.Words("your rating, such as 4/5")}, text, book}},
		{Name: "reviews mine", run: runMine, Summary: reply.Words("list the reviews that you wrote here")},
		{Name: "reviews edit", run: runEditReview, Form: true, Summary: reply.Words("change a review that you wrote here"), Options: []Option{mine, text}},
		{Name: "reviews delete", run: runDeleteReview, Summary: reply.Words("delete a review that you wrote here"), Options: []Option{mine}},

		{Name: "faq list", run: runFAQ, sight: asAsked, Summary: reply.Words("list the questions that the FAQ answers, as far as they spoil nothing for you"), Options: []Option{about, page}},
		{Name: "faq read", run: runEntry, sight: asAsked, Summary: reply.Words("read one of them with its answer"), Options: []Option{entry, book}},
		{Name: "faq add", run: runAddEntry, For: Moderator, Form: true, Summary: reply.Words("add a question with its answer"),
			Options: []Option{{Name: "question", Required: true, Summary: reply.Words("the question, with its question mark")}, {Name: "text", Long: true, Required: true, Summary: reply.Words("the answer")}, book}},
		{Name: "faq edit", run: runEditEntry, For: Moderator, Form: true, Summary: reply.Words("change an answer that was added here"),
			Options: []Option{entryHere, {Name: "text", Long: true, Required: true, Summary: reply.Words("the new answer")}, book}},
		{Name: "faq delete", run: runDeleteEntry, For: Moderator, Summary: reply.Words("delete a question that was added here"), Options: []Option{entryHere, book}},

		{Name: "book list", run: runBooks, sight: asAsked, Summary: reply.Words("see the books")},
		{Name: "book current", run: runCurrent, sight: asAsked, Summary: reply.Words("which book this channel reads, and how far it is")},
		{Name: "book about", run: runAbout, sight: asAsked, Summary: reply.Words("what a book is about, and what there is to read on it"),
			Options: []Option{about}},

		{Name: "club book", run: runClubBook, steers: true, Summary: reply.Words("choose the book that this channel reads, or none"),
			Options: []Option{Option{Name: "book", Rest: true, Required: true, Summary: reply.Words("a title, or none")}.suggested(suggestion.choices)}},
		{Name: "club pace", run: runPace, steers: true, Summary: reply.Words("say how far this channel has read, for all to see"),
			Options: []Option{Option{Name: "place", Rest: true, Required: true, Summary: reply.Words("a chapter that all have finished (7), start, finished or undo")}.suggested(suggestion.paces)}},
		{Name: "club tags", run: runTags, steers: true, Summary: reply.Words("say what this channel sees of what lies past its place"),
			Options: []Option{{Name: "tags", Required: true, Choices: []string{"on", "button", "off"}, Summary: reply.Words("on: covered quotations; button: what opens them for one reader alone; off: no trace of them")}}},
		{Name: "club settings", run: runSettings, For: Moderator, Summary: reply.Words("see who may do what in this club")},
		{Name: "club channels", run: runSteer, For: Moderator, Summary: reply.Words("say who may choose a channel's book, pace and tags"),
			Options: []Option{{Name: "who", Required: true, Choices: []string{"moderators", "trusted", "everyone"}, Summary: reply.Words("moderators are the default")}}},
		{Name: "club trust", run: runTrust, For: Moderator, Summary: reply.Words("let the members of a role post reviews at once"), Options: []Option{role}},
		{Name: "club distrust", run: runDistrust, For: Moderator, Summary: reply.Words("have their reviews approved again"), Options: []Option{role}},
		{Name: "club proposals", run: runProposals, For: Moderator, Summary: reply.Words("read the reviews that wait for approval"), Options: []Option{page}},
		{Name: "club approve", run: runApprove, For: Moderator, Summary: reply.Words("take a proposed review into the library"), Options: []Option{proposal}},
		{Name: "club decline", run: runDecline, For: Moderator, Summary: reply.Words("decline a proposed review"), Options: []Option{proposal}},
		{Name: "club queue", run: runQueue, For: Moderator, Summary: reply.Words("decide the sentences that nothing vouches for, one by one"), Options: []Option{about}},
		{Name: "club decide", run: runDecide, For: Moderator, Summary: reply.Words("say from which chapter the last sentence of the queue is safe"),
			Options: []Option{{Name: "place", Required: true, Summary: reply.Words("a chapter (7), 0, end, never, labels (leave it to the labels) or skip")}, ticket}},
		{Name: "club undo", run: runUndecide, For: Moderator, Summary: reply.Words("take your last decision back"), Options: []Option{{Name: "ticket", Summary: reply.Words("the reply")}}},
		{Name: "club preview", run: runPreview, For: Moderator, Summary: reply.Words("see a review as a reader at some place sees it"),
			Options: []Option{Option{Name: "place", Required: true, Summary: reply.Words("the place of that reader")}.suggested(suggestion.previews), review.suggested(suggestion.previewed), book, page}},
		{Name: "club import", run: runImport, For: Moderator, Summary: reply.Words("take a file of reviews or of an FAQ into the library"),
			Options: []Option{{Name: "file", File: true, Required: true, Summary: reply.Words("a .txt, .md, .html, .csv, .json or .jsonl file")}, about}},
		{Name: "club sources", run: runSources, For: Moderator, Summary: reply.Words("list everything in the library, by number"), Options: []Option{about, page}},
		{Name: "club edit", run: runEditSource, For: Moderator, Form: true, Summary: reply.Words("change a review that a member wrote here"), Options: []Option{sourceHere, text, book}},
		{Name: "club remove", run: runRemove, For: Moderator, Summary: reply.Words("remove a review or a page of the FAQ from the library"), Options: []Option{source, book}},
		{Name: "club reports", run: runReports, For: Moderator, Summary: reply.Words("who reported how much")},
		{Name: "club restore", run: runRestore, For: Moderator, Summary: reply.Words("lift everything that one reader has reported"),
			Options: []Option{{Name: "reader", Rest: true, Required: true, Summary: reply.Words("whose reports")}}},
		{Name: "club log", run: runLog, For: Moderator, Summary: reply.Words("who did what to the library")},

		{Name: "privacy show", run: runPrivacy, alone: true, Summary: reply.Words("see what I keep about you")},
		{Name: "privacy export", run: runPrivacyExport, alone: true, Summary: reply.Words("get it as data")},
		{Name: "privacy forget", run: runForget, alone: true, Summary: reply.Words("have it forgotten"),
			Options: []Option{{Name: "reviews", Choices: []string{"remove", "keep"}, Summary: reply.Words("what becomes of reviews that you wrote here; remove is the default")}}},

		{Name: "report", run: runReport, Summary: reply.Words("report a spoiler: it is covered for everybody until a moderator has looked"),
			Options: []Option{{Name: "ticket", Required: true, Summary: reply.Words("which quotation of the last reply, counted from 1; titles come last")},
				{Name: "what", Choices: []string{"quotation", "title"}, Summary: reply.Words("whether the quotation spoils, or the title of the review that it is from")}}},
		{Name: "past", run: runPast, Summary: reply.Words("look past your place for the last answer"), Options: []Option{ticket}},
		{Name: "reveal", run: runReveal, Summary: reply.Words("open a covered quotation"),
			Options: []Option{{Name: "ticket", Required: true, Summary: reply.Words("its number")}}},
		{Name: "more", run: runMore, sight: asAsked, Summary: reply.Words("see the next page of the last reply"), Options: []Option{ticket}},
		{Name: "share", run: runShare, sight: public, Summary: reply.Words("show the last reply to the channel, as far as the channel has read"), Options: []Option{ticket}},
		{Name: "yes", run: runYes, alone: true, Hidden: true, Summary: reply.Words("say yes to what a reply asked"), Options: []Option{ticket}},
		{Name: "home", run: runHome, alone: true, Hidden: true, Summary: reply.Words("see your books, and what you can set")},
		{Name: "manage", run: runManage, Hidden: true, Summary: reply.Words("see what you can do with a posted spoiler"), Options: []Option{ticket}},
		{Name: "rewrite", run: runRewrite, Form: true, Hidden: true, Summary: reply.Words("write another text in its place"),
			Options: []Option{{Name: "text", Rest: true, Long: true, Required: true, Summary: reply.Words("the new text")}, ticket}},
		{Name: "cover", run: runCover, For: Moderator, Hidden: true, Summary: reply.Words("cover it until the end of the book"), Options: []Option{ticket}},
		{Name: "retract", run: runRetract, Hidden: true, Summary: reply.Words("take it away"), Options: []Option{ticket}},
		{Name: "help", run: runHelp, alone: true, sight: asAsked, Summary: reply.Words("what I can do")},
	}
}

// commandNamed returns a command of the table; ask for the empty name, and the
// first of a group for the group's.
func commandNamed(name string) (Command, bool) {
	if name == "" {
		name = "ask"
	}
	all := Commands()
	i := slices.IndexFunc(all, func(c Command) bool { return c.Name == name })
	if i < 0 {
		i = slices.IndexFunc(all, func(c Command) bool { return strings.HasPrefix(c.Name, name+" ") })
	}
	if i < 0 {
		return Command{}, false
	}
	return all[i], true
}

// check refuses a value that is none of an option's choices.
func (c Command) check(options map[string]string) *Refusal {
	for _, o := range c.Options {
		if v := strings.ToLower(options[o.Name]); v != "" && o.Choices != nil && !slices.Contains(o.Choices, v) {
			return &Refusal{reply.Words("“{1}” is none of the choices: {2}.", reply.Own(v), reply.Name(strings.Join(o.Choices, ", ")))}
		}
	}
	return nil
}

func runHelp(t *turn) (reply.Doc, error) {
	w := plain(t.req)
	w.Say("I answer questions about your book by quoting the club's reviews and FAQ, and I never show you what lies past your place.")
	var typed, ofReply []Command
	for _, c := range Commands() {
		switch {
		case c.Hidden, !t.may(c), t.req.Lacks != nil && t.req.Lacks(c):
		case c.OfReply():
			ofReply = append(ofReply, c)
		default:
			typed = append(typed, c)
		}
	}
	list := func(all []Command) {
		for _, c := range all {
			w.List("/{1}: {2}", reply.Name(c.Name), reply.Say(c.Summary))
		}
	}
	w.Head("Just ask, or type:")
	list(typed)
	if len(ofReply) > 0 {
		w.Head("And where a reply has no buttons for it:")
		list(ofReply)
	}
	return w.doc(), nil
}
