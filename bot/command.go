package bot

import (
	"slices"
	"strings"

	"dogear/bot/reply"
)

// Command is one thing that a reader can ask for. The table of them feeds
// every platform: its menus, its help and the README.
type Command struct {
	Name    string
	Summary reply.Phrase
	Options []Option // in the order in which they are typed
	sight   sight
	run     func(*turn) (reply.Doc, error)
}

// sight says who sees the reply to a command.
type sight int

const (
	private sight = iota // the reader alone, wherever they asked
	asAsked              // whoever sees where they asked
	public               // the channel
)

// Option is a value that a command takes.
type Option struct {
	Name    string
	Summary reply.Phrase
	Choices []string // the only values; nil: any
	Rest    bool     // typed, it takes all words that are left
}

// Commands returns the command table.
func Commands() []Command {
	book := Option{Name: "book", Summary: reply.Words("which book; the channel's if left out")}
	return []Command{
		{Name: "ask", run: runAsk, sight: asAsked, Summary: reply.Words("ask about the book; answers are quotations, as far as you have read"),
			Options: []Option{{Name: "question", Rest: true, Summary: reply.Words("your question")}, book}},
		{Name: "progress", run: runProgress, Summary: reply.Words("see or set how far you have read"),
			Options: []Option{{Name: "place", Rest: true, Summary: reply.Words("a chapter you have finished (7), 35%, a page (p120), finished, start, undo or clear; nothing shows it")}, book}},
		{Name: "spoilers", run: runSpoilers, Summary: reply.Words("choose what happens to what lies past your place"),
			Options: []Option{{Name: "veil", Choices: []string{"hide", "tag", "show"}, Summary: reply.Words("hide it, tag it (covered until you open it), or show it to you alone")},
				{Name: "where", Choices: []string{"here", "everywhere"}, Summary: reply.Words("here: this book only; everywhere is the default")}, book}},
		{Name: "book", run: runBook, sight: asAsked, Summary: reply.Words("see the books, or choose the one that this channel reads"),
			Options: []Option{{Name: "book", Rest: true, Summary: reply.Words("a title; nothing lists them")}}},
		{Name: "past", run: runPast, Summary: reply.Words("look past your place for the last answer"),
			Options: []Option{{Name: "ticket", Summary: reply.Words("the answer")}}},
		{Name: "reveal", run: runReveal, Summary: reply.Words("open a covered quotation"),
			Options: []Option{{Name: "ticket", Summary: reply.Words("its number")}}},
		{Name: "share", run: runShare, sight: public, Summary: reply.Words("answer the last question for the whole channel"),
			Options: []Option{{Name: "ticket", Summary: reply.Words("the answer")}}},
		{Name: "help", run: runHelp, sight: asAsked, Summary: reply.Words("what I can do")},
	}
}

// commandNamed returns a command of the table; ask for the empty name.
func commandNamed(name string) (Command, bool) {
	if name == "" {
		name = "ask"
	}
	for _, c := range Commands() {
		if c.Name == name {
			return c, true
		}
	}
	return Command{}, false
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

// Typed reads what a reader typed: a command with a slash before it, a command
// whose arguments could be nothing else, or else a question.
func Typed(line string) (command string, options map[string]string) {
	line = strings.TrimSpace(line)
	rest, slash := strings.CutPrefix(line, "/")
	name, rest, _ := strings.Cut(rest, " ")
	name = strings.ToLower(name)
	if !slash && !bareCommand(name, strings.ToLower(strings.TrimSpace(rest))) {
		return "ask", map[string]string{"question": line}
	}
	options = map[string]string{}
	cmd, ok := commandNamed(name)
	if !ok {
		return name, options
	}
	for _, o := range cmd.Options {
		rest = strings.TrimSpace(rest)
		if rest == "" {
			break
		}
		value := rest
		if o.Rest {
			rest = ""
		} else {
			value, rest, _ = strings.Cut(rest, " ")
		}
		options[o.Name] = value
	}
	return name, options
}

// bareCommand reports whether a line without a slash is a command all the same:
// "progress 7", but not "progress of the plot".
func bareCommand(name, rest string) bool {
	first, _, _ := strings.Cut(rest, " ")
	switch name {
	case "progress":
		return rest == "" || chapterPlace.MatchString(rest) || percentPlace.MatchString(rest) || pagePlace.MatchString(rest) ||
			slices.Contains([]string{"show", "undo", "clear", "start", "end", "finished", "done"}, rest)
	case "spoilers":
		_, veil := reply.ParseVeil(first)
		return rest == "" || veil && slices.Contains([]string{"", "here", "everywhere"}, strings.TrimSpace(strings.TrimPrefix(rest, first)))
	case "reveal":
		return rest != "" && strings.Trim(rest, "0123456789") == ""
	case "past", "share", "help", "book":
		return rest == ""
	}
	return false
}

func runHelp(t *turn) (reply.Doc, error) {
	w := plain(t.req)
	w.Say("I answer questions about your book by quoting the club's reviews and FAQ, and I never show you what lies past your place.")
	w.Head("Just ask, or type:")
	for _, c := range Commands() {
		w.List("/{1}: {2}", reply.Name(c.Name), reply.Say(c.Summary))
	}
	return w.doc(), nil
}
