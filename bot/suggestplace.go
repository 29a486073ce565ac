package bot

import (
	"strconv"
	"strings"
	"time"

	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// chaptersAhead is how many chapters are suggested before anything else is.
const chaptersAhead = 20

// places suggests places of the reader's own: what they have typed, if it is
// one, then the chapters after theirs.
func (s suggestion) places() {
	mark := s.bookmark(s.book.ID)
	s.placesFrom(mark.At, mark.Undo && s.bot.now().Sub(mark.When) <= UndoFor)
}

// paces suggests places of the channel.
func (s suggestion) paces() {
	ch := s.view.Channel
	book, ok := s.club.book(ch.Book)
	if !ok {
		return
	}
	s.book = book
	s.placesFrom(ch.Pace, ch.Paced != 0 && s.bot.now().Sub(time.Unix(ch.Paced, 0)) <= UndoFor)
}

// previews suggests places of which a moderator may see what is seen there.
func (s suggestion) previews() { s.placesFrom(s.bookmark(s.book.ID).At, false) }

// safeFrom suggests places from where on something spoils nothing.
func (s suggestion) safeFrom() { s.placesFrom(0, false) }

// placesFrom suggests places for somebody who has finished some chapters, and
// can take the last change of that back or not.
func (s suggestion) placesFrom(at spoiler.Position, undo bool) {
	end := int(s.book.End())
	from := min(int(at), end)
	typed, _ := strconv.Atoi(s.typed) // 0: no chapter's number
	chapters := func(from, to int) {
		for n := from; n <= to; n++ {
			if n != typed {
				s.chapter(n)
			}
		}
	}
	if typed > 0 && typed <= end {
		s.chapter(typed)
	} else if words, ok := s.stated(); ok {
		s.menu.Always(s.typed, words)
	}
	ahead := min(from+chaptersAhead, end)
	chapters(from+1, ahead)
	if from < end {
		s.menu.Fitting("finished", reply.Words("finished: all of the book"))
	}
	if from > 0 {
		s.menu.Fitting("start", reply.Words("start: nothing of it yet"))
	}
	if undo {
		s.menu.Fitting("undo", reply.Words("undo: take the last change back"))
	}
	chapters(ahead+1, end)
	chapters(1, from)
}

// chapter suggests a chapter, with its title for those who have read that far.
func (s suggestion) chapter(n int) {
	number := reply.Name(strconv.Itoa(n))
	if !s.menu.Passage(strconv.Itoa(n), reply.Words("chapter {1}: ", number), s.book.Outline.ChapterTitle(n)) {
		s.menu.Fitting(strconv.Itoa(n), reply.Words("chapter {1}", number))
	}
}

// stated says in words what was typed, if it is a place in the book.
func (s suggestion) stated() (reply.Phrase, bool) {
	at, edition, err := readPlace(s.book, s.typed)
	typed := strings.ToLower(s.typed)
	switch {
	case err != nil:
		return reply.Phrase{}, false
	case chapterPlace.MatchString(typed) && at == 0:
		return reply.Words("start: nothing of it yet"), true
	case chapterPlace.MatchString(typed):
		return reply.Words("chapter {1}", reply.Name(strconv.Itoa(int(at)))), true
	case edition.Unit == library.Minutes:
		return reply.Words("{1}, listened to", reply.Own(s.typed)), true
	}
	if m := pagePlace.FindStringSubmatch(typed); m != nil && edition.Name == "" {
		return reply.Words("page {1}", reply.Own(m[1])), true
	} else if m != nil {
		return reply.Words("page {1} of {2}", reply.Own(m[1]), reply.Name(edition.Name)), true
	}
	if m := percentPlace.FindStringSubmatch(typed); m != nil {
		return reply.Words("{1}% of the book", reply.Own(m[1])), true
	}
	return reply.Phrase{}, false // “finished” and the like are suggested anyway
}
