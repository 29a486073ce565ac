package bot

import (
	"errors"
	"path"
	"strconv"
	"strings"
	"unicode"

	"dogear/bot/library"
	"dogear/bot/reply"
)

// MaxFiles is how many bytes the files of a request may have in all.
const MaxFiles = 8 << 20

const (
	longestName = 200 // of a file, in bytes
	// eachFile is how many files, or parts of them, a reply names for one reason.
	eachFile = 10
)

// runImport takes files that a moderator hands over into the library.
func runImport(t *turn) (reply.Doc, error) {
	in := Import{By: t.req.Reader}
	size := 0
	for _, f := range t.req.Files {
		if f.Data == nil {
			return nil, Refusal{reply.Words("I couldn't fetch “{1}”, or it is too large. Please hand it over again.", reply.Own(f.Name))}
		}
		size += len(f.Data)
		name := fileName(f.Name)
		why, skip := library.Skippable(name)
		switch {
		case name == "" || len(name) > longestName:
			return nil, Refusal{reply.Words("Give the file a short name, such as “review.txt”, and hand it over again.")}
		case skip:
			in.Skipped = append(in.Skipped, library.Skipped{File: name, Why: why})
		default:
			in.Files = append(in.Files, library.File{Name: name, Data: f.Data})
		}
	}
	switch {
	case len(t.req.Files) == 0:
		return nil, Refusal{reply.Words("Hand a file over with “/club import”. Where you can't, the command line takes files: “dogear import --book ID FILE”.")}
	case size > MaxFiles:
		return nil, Refusal{reply.Words("That is more than the {1} that I take at once here. The command line takes more: “dogear import --book ID FILE”.", reply.Count(MaxFiles>>20, "megabyte", "megabytes"))}
	case t.blind != nil:
		return t.notSaved(), nil
	}
	named := t.option("book")
	book, err := t.book(named, "")
	if err != nil && named != "" {
		return nil, Refusal{reply.Words("I don't know the book “{1}”. Say “/book list” to see the ones I know. A new one comes by the command line: “dogear import” with --title and --chapters.", reply.Own(named))}
	}
	if err != nil {
		return nil, err
	}
	in.Book = book.ID
	done, err := t.bot.Import(t.ctx, t.req.Club, in)
	if problems := problemsIn(err); len(problems) > 0 {
		return nil, wrong(problems)
	}
	if err != nil {
		return nil, err
	}
	return t.imported(book, done), nil
}

// fileName returns the name under which the library keeps a file: the same for
// the same file, wherever it lay. It is empty where there is none.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ReplaceAll(name, `\`, "/"))
	name = strings.TrimSpace(path.Base(name))
	if strings.Trim(name, "./ ") == "" {
		return ""
	}
	return name
}

// problemsIn returns the problems with files that an error is made of; none
// where it is made of anything else, too.
func problemsIn(err error) []library.Problem {
	switch e := err.(type) {
	case library.Problem:
		return []library.Problem{e}
	case library.Problems:
		return e
	case interface{ Unwrap() []error }:
		var all []library.Problem
		for _, err := range e.Unwrap() {
			one := problemsIn(err)
			if len(one) == 0 {
				return nil
			}
			all = append(all, one...)
		}
		return all
	case interface{ Unwrap() error }:
		return problemsIn(errors.Unwrap(err))
	}
	return nil
}

// wrong says what is wrong with files, so that whoever wrote them can mend it.
func wrong(problems []library.Problem) Refusal {
	said := make([]string, min(len(problems), eachFile))
	for i := range said {
		said[i] = problems[i].Error()
	}
	all := reply.Own(strings.Join(said, "; "))
	if more := len(problems) - len(said); more > 0 {
		return Refusal{reply.Words("Nothing was imported. {1}; and {2} more.", all, reply.Count(more, "problem", "problems"))}
	}
	return Refusal{reply.Words("Nothing was imported. {1}.", all)}
}

// imported says what was taken, and what not.
func (t *turn) imported(book library.Book, done Imported) reply.Doc {
	w := plain(t.req)
	switch {
	case done.Sources == 0:
		w.Say("Nothing was imported for {1}.", reply.Name(book.Title))
	case done.Changed == 0:
		w.Say("All of it is in the library already, unchanged.")
	default:
		w.Say("Imported for {1}: {2}, {3} of them new or corrected, with {4}.", reply.Name(book.Title), reply.Count(done.Sources, "source", "sources"),
			reply.Name(strconv.Itoa(done.Changed)), reply.Count(done.Sentences, "sentence", "sentences"))
	}
	if done.Unsure > 0 {
		w.Say("Nothing vouches for {1} in it: covered until the end of the book, unless you decide otherwise. “/club queue” shows them one by one.", reply.Count(done.Unsure, "sentence", "sentences"))
	}
	for i, file := range done.Foreign {
		if i == eachFile {
			w.List("and {1} more that do not look like English", reply.Count(len(done.Foreign)-i, "source", "sources"))
			break
		}
		w.List("{1} does not look like English: all of it stays covered until the end of the book", reply.Own(file))
	}
	for i, s := range done.Skipped {
		if i == eachFile {
			w.List("and {1} more", reply.Count(len(done.Skipped)-i, "skipped part", "skipped parts"))
			break
		}
		w.List("skipped {1}: {2}", reply.Own(s.File), reply.Own(s.Why))
	}
	return w.doc()
}
