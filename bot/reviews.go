package bot

import (
	"slices"
	"strconv"
	"strings"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

const (
	// perPage is how many items a page of a list has.
	perPage = 10
	// pageLength is how many bytes of open text a page of a review has, about.
	pageLength = 1200
)

// readable returns the reviews of a book of which an audience may read
// anything, in the order in which they are numbered. One that is covered whole
// is not among them: nothing may tell that it is there.
func (t *turn) readable(book spoiler.BookID, h spoiler.Horizon) []*shelved {
	var out []*shelved
	for _, src := range t.club.shelves()[book] {
		if src.first.Within(h) {
			out = append(out, src)
		}
	}
	return out
}

// said reports whether a sentence says something, instead of standing over what
// does.
func said(s library.Sentence) bool { return s.Kind == library.Prose || s.Kind == library.Item }

// page returns which page was asked for, counted from 1.
func (t *turn) page() int {
	n, _ := strconv.Atoi(t.option("page"))
	return max(n, 1)
}

// onPage returns the items of a page, of the last one if there are fewer, with
// the number of the first, and whether more follow.
func onPage[T any](items []T, page int) (some []T, first int, more bool) {
	page = min(page, max(1, (len(items)+perPage-1)/perPage))
	from := min((page-1)*perPage, len(items))
	to := min(from+perPage, len(items))
	return items[from:to], from + 1, to < len(items)
}

// start begins a reply about a book, for whoever sees it.
func (t *turn) start(book library.Book) (draft, spoiler.Horizon, reply.Ticket) {
	h, veil := t.audience(book.ID)
	ticket := newTicket()
	w := write(t.req, h, veil, ticket)
	t.warn(w)
	return w, h, ticket
}

// finish ends a reply that start began.
func (t *turn) finish(w draft, book library.Book, ticket reply.Ticket) reply.Doc {
	if !t.req.Room && t.blind == nil {
		w.Offer(reply.Share, "Share with the channel")
	}
	if _, veil := t.audience(book.ID); t.blind == nil {
		w.offerReport(veil)
	}
	doc := w.doc()
	t.issue(ticket, book, doc)
	return doc
}

// runReviews lists the reviews that can be read from where the audience is.
func runReviews(t *turn) (reply.Doc, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	w, h, ticket := t.start(book)
	some, n, more := onPage(t.readable(book.ID, h), t.page())
	if len(some) == 0 {
		w.Say("There is no review of {1} that I can show you from where you are.", reply.Name(book.Title))
		return t.finish(w, book, ticket), nil
	}
	w.Head("Reviews of {1}:", reply.Name(book.Title))
	for i, src := range some {
		w.Source(n+i, answer.Cite(src.Source))
	}
	if more {
		t.offerMore(w)
	}
	w.Say("“/reviews read 1” opens the first.")
	return t.finish(w, book, ticket), nil
}

// pickReview returns the review that words name, among those that can be read:
// by its number in the list, its ID, its reviewer or its title.
func pickReview(among []*shelved, h spoiler.Horizon, words string) (library.Source, error) {
	words = strings.ToLower(strings.TrimSpace(words))
	if i := slices.IndexFunc(among, func(src *shelved) bool { return string(src.ID) == words }); i >= 0 {
		return among[i].Source, nil
	}
	if n, err := strconv.Atoi(words); err == nil {
		if n >= 1 && n <= len(among) {
			return among[n-1].Source, nil
		}
	} else if words != "" {
		for _, src := range among {
			title, _ := src.Title.Open(h)
			if strings.ToLower(src.Reviewer) == words || strings.ToLower(title) == words {
				return src.Source, nil
			}
		}
	} else if len(among) == 1 {
		return among[0].Source, nil
	}
	return library.Source{}, Refusal{reply.Words("I don't know which review you mean. “/reviews list” lists those that you can read, by number.")}
}

// runRead shows a page of a review, each paragraph as far as its audience may
// have it.
func runRead(t *turn) (reply.Doc, error) {
	book, err := t.book(t.option("book"), "")
	if err != nil {
		return nil, err
	}
	w, h, ticket := t.start(book)
	src, err := pickReview(t.readable(book.ID, h), h, t.option("review"))
	if err != nil {
		return nil, err
	}
	t.req.Options["review"] = string(src.ID) // asked for again, its number may be another one's
	t.readPage(w, src, h)
	return t.finish(w, book, ticket), nil
}

// readPage writes the page of a source that was asked for.
func (t *turn) readPage(w draft, src library.Source, h spoiler.Horizon) {
	pages := paginate(src, h)
	n := min(t.page(), len(pages))
	w.Source(0, answer.Cite(src))
	for _, paragraph := range pages[n-1] {
		w.Paragraph(paragraph)
	}
	if n < len(pages) {
		t.offerMore(w)
	}
}

// paragraphs returns those sentences of a source that are wanted, paragraph by
// paragraph, and how many bytes of each are open. It cuts by what an audience
// may read and by nothing else: paragraphs of which they may read nothing go
// with the one before them.
func paragraphs(src library.Source, h spoiler.Horizon, wanted func(n int) bool) (all [][]reply.Excerpt, open []int) {
	last := 0
	for n, s := range src.Sentences {
		if !wanted(n) {
			continue
		}
		e := answer.ExcerptOf(src, n)
		text, within := e.Passage.Open(h)
		if len(all) == 0 || within && s.Paragraph != last && open[len(open)-1] > 0 {
			all, open = append(all, nil), append(open, 0)
		}
		if within {
			last = s.Paragraph
		}
		all[len(all)-1] = append(all[len(all)-1], e)
		open[len(open)-1] += len(text)
	}
	return all, open
}

// paginate cuts a review into pages of paragraphs. There is at least one page.
func paginate(src library.Source, h spoiler.Horizon) [][][]reply.Excerpt {
	all, open := paragraphs(src, h, func(n int) bool { return src.Sentences[n].Kind != library.Title && src.Sentences[n].Entry == 0 })
	pages, length := [][][]reply.Excerpt{nil}, 0
	for i, p := range all {
		if length > 0 && length+open[i] > pageLength {
			pages, length = append(pages, nil), 0
		}
		pages[len(pages)-1] = append(pages[len(pages)-1], p)
		length += open[i]
	}
	return pages
}

// runReviewer shows what a reviewer wrote, with a few of their opinions.
func runReviewer(t *turn) (reply.Doc, error) {
	name := strings.TrimSpace(t.option("reviewer"))
	if name == "" {
		return nil, Refusal{reply.Words("Say whose: “/reviews by” and a name.")}
	}
	w := draft{}
	var first library.Book
	var ticket reply.Ticket
	for _, book := range t.club.reviewed() {
		h, _ := t.audience(book.ID)
		for i, src := range t.readable(book.ID, h) {
			if !strings.EqualFold(src.Reviewer, name) {
				continue
			}
			if w.Writer == nil {
				first = book
				w, _, ticket = t.start(book)
				w.Head("By {1}:", reply.Name(src.Reviewer))
			}
			w.List("on {1}, number {2} among its reviews:", reply.Name(book.Title), reply.Name(strconv.Itoa(i+1)))
			w.Source(0, answer.Cite(src.Source))
			quoted := 0
			for n, s := range src.Sentences {
				if quoted < 2 && said(s) && s.Entry == 0 && !s.Leans && s.Passage.Within(h) && isOpinion(s) {
					w.Passage(answer.ExcerptOf(src.Source, n))
					quoted++
				}
			}
		}
	}
	if w.Writer == nil {
		return nil, Refusal{reply.Words("I know no review by “{1}” that I can show you from where you are.", reply.Own(name))}
	}
	return t.finish(w, first, ticket), nil
}

func isOpinion(s library.Sentence) bool {
	return s.Decided() == library.ByOpinion || s.Decided() == library.ByFrame
}
