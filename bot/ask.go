package bot

import (
	"context"
	"strings"
	"time"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// ticketLife is how long covered passages and buttons of a reply can be
// opened.
const ticketLife = 14 * 24 * time.Hour

// longestQuestion is how much of a question is read, in bytes.
const longestQuestion = 4000

// Asking is a question with what a script may set about its audience. Adapters
// do not use it: theirs come through Handle, where the store says who reads
// what.
type Asking struct {
	Request
	Question string
	Book     string     // an ID or title; empty: as for any question
	At       string     // a place as ParsePlace reads it; empty: the stored one
	Veil     reply.Veil // empty: the stored one
	Past     bool       // also what lies past the place, for a yes/no question
}

// Answer is a reply with what it was made for.
type Answer struct {
	Doc  reply.Doc
	Book library.Book
	At   spoiler.Position
	Veil reply.Veil
}

// Ask answers a question for a script. What the reader can mend is a Refusal.
// No ticket is kept: a script has no buttons.
func (b *Bot) Ask(ctx context.Context, a Asking) (Answer, error) {
	t, err := b.turn(ctx, a.Request)
	if err != nil {
		return Answer{}, err
	}
	book, err := t.book(a.Book, a.Question)
	if err != nil {
		return Answer{}, err
	}
	h, veil := t.audience(book.ID)
	if a.At != "" {
		at, err := ParsePlace(book, a.At)
		if err != nil {
			return Answer{}, err
		}
		h = h.With(book.ID, at)
	}
	if a.Veil != "" {
		veil = a.Veil
		if t.req.Room && veil == reply.Show {
			veil = reply.Tag // a channel has tags or none
		}
	}
	in := inquiry{text: a.Question, book: book, horizon: h, veil: veil, said: a.At != "" || t.said(book)}
	if a.Past {
		in.past = alsoPast
	}
	return t.answer(in)
}

// inquiry is a question to be answered for an audience.
type inquiry struct {
	text    string
	book    library.Book
	horizon spoiler.Horizon
	veil    reply.Veil
	said    bool // the reader has told their place
	past    past
	ticket  reply.Ticket // of the reply; empty: it has no buttons
}

// said reports whether the audience's place is known, or is not the reader's to
// say.
func (t *turn) said(book library.Book) bool {
	return t.req.Room || t.blind != nil || t.bookmark(book.ID).Set
}

// past says what becomes of the part of an answer that lies past the place.
type past int

const (
	withIt   past = iota // veiled, unless the question asks for yes or no
	alsoPast             // veiled, whatever the question
	onlyPast             // nothing else
)

// unstatedOption is set among the options of a question that was shared, so that
// it is unstated when its reply is made again, too.
const unstatedOption = "unstated"

// runAsk answers a question as the command does.
func runAsk(t *turn) (reply.Doc, error) {
	question := t.option("question")
	if strings.TrimSpace(question) == "" {
		return nil, Refusal{reply.Words("Ask me something about the book, such as “What is it about?”.")}
	}
	book, err := t.book(t.option("book"), question)
	if err != nil {
		return nil, err
	}
	t.unstated = t.unstated || t.option(unstatedOption) != "" || t.req.Room && shares(t.req)
	h, veil := t.audience(book.ID)
	in := inquiry{
		text: question, book: book, horizon: h, veil: veil, ticket: newTicket(),
		said: t.said(book), past: t.past,
	}
	a, err := t.answer(in)
	if err != nil {
		return nil, err
	}
	t.issue(in.ticket, book, a.Doc)
	return a.Doc, nil
}

// answer makes the reply to an inquiry: first what its audience may see, from
// nothing but what they may see; then, apart from it, what lies past their
// place, if they want that at all.
func (t *turn) answer(in inquiry) (Answer, error) {
	text := strings.ToValidUTF8(in.text[:min(len(in.text), longestQuestion)], " ")
	q := answer.Read(text, in.book)
	if at, ok := q.Stated(); ok && !t.unstated && at < in.horizon.At(in.book.ID) {
		in.horizon = in.horizon.With(in.book.ID, at)
	}
	at := in.horizon.At(in.book.ID)
	w := write(t.req, in.horizon, in.veil, in.ticket)
	t.warn(w)
	if in.past != onlyPast {
		visible := q.Visible(t.club.index, in.book.ID, in.horizon)
		for _, hit := range visible {
			w.Passage(answer.Excerpt(hit))
		}
		if len(visible) == 0 {
			w.Say("I have nothing to quote on that for where you are in {1}.", reply.Name(in.book.Title))
			suggest(w, answer.Suggestions(t.club.index, in.book, in.horizon))
		}
	}
	veiled := q.Veiled(t.club.index, in.book.ID, in.horizon)
	t.bot.tally(t.ctx, t.req.Club, veiled)
	if w.Veils() && (in.past != withIt || !q.YesNo()) {
		if len(veiled) > 0 {
			w.Head("Past your place:")
		} else if in.past == onlyPast {
			w.Say("There is nothing past your place on that.")
		}
		for _, hit := range veiled {
			w.Passage(answer.Excerpt(hit))
		}
	}
	if !in.said && in.past != onlyPast {
		w.Say("You haven't told me how far you are, so this is what is safe before the first page. Say “/progress 7” once you have finished chapter 7.")
	}
	if in.ticket != "" {
		t.offer(w, in, at)
	}
	return Answer{Doc: w.doc(), Book: in.book, At: at, Veil: in.veil}, nil
}

func suggest(w draft, questions []reply.Phrase) {
	if len(questions) == 0 {
		return
	}
	w.Head("You could ask:")
	for _, q := range questions {
		w.Write(reply.Item, q)
	}
}

// offer writes the controls of an answer. They depend on the reader's place
// and veil alone, never on whether there is anything to open.
func (t *turn) offer(w draft, in inquiry, at spoiler.Position) {
	if t.blind != nil {
		return
	}
	if !t.req.Room {
		w.Offer(reply.Share, "Share with the channel")
		if at < in.book.End() {
			w.OfferChoice(reply.ReadFurther, "I've read further", further(in.book, at)...)
			if in.veil != reply.Hide && in.past == withIt {
				w.Offer(reply.LookPast, "Look past my place")
			}
		}
	}
	w.offerReport(in.veil)
}
