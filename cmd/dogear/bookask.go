package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"dogear/bot/library"
)

// interview asks for what a book file needs, one line an answer, of a person or of
// a script.
type interview struct {
	in  *bufio.Reader
	out io.Writer // where the questions go: standard error
}

var errEnded = errors.New("the answers ended before the book was complete; nothing was added")

// book asks until the book is complete, shows it, and returns it after a yes;
// false after anything else.
func (v *interview) book(d *library.Draft) (library.Book, bool, error) {
	for _, q := range []struct {
		question string
		take     func(string) error
		many     bool // until an empty line
	}{
		{"What is the book's title?", d.Title, false},
		{"Who wrote it? (An empty line leaves it out.)", d.Author, false},
		{"How many chapters does it have? If they are counted within parts, say those of each part: 9, 8, 6.", d.Chapters, false},
		{"Whom and what may readers name? One a line, such as\n  Ann, also Annie; person; she; from 0\n  the lighthouse; place; from 3\nThe number is the chapter after which the name tells nothing new. An empty line goes on.", d.Name, true},
		{"What does the back cover tell? One sentence a line, in your own words. An empty line goes on.", d.Premise, true},
		{"Which editions do readers have? One a line: paperback 320, or audiobook 9h30; after a colon, if you know them, the pages on which the chapters begin. An empty line goes on.", d.Edition, true},
	} {
		if err := v.ask(q.question, q.take, q.many); err != nil {
			return library.Book{}, false, err
		}
	}
	book, err := d.Book()
	if err != nil {
		return library.Book{}, false, err
	}
	fmt.Fprintf(v.out, "This is what I understood:\n\n%s\nAdd this book? (yes or no)\n", book.File())
	answer, err := v.line()
	return book, strings.EqualFold(answer, "yes") || strings.EqualFold(answer, "y"), err
}

// ask asks one thing until an answer is taken or, for one that has many, until
// an empty line.
func (v *interview) ask(question string, take func(string) error, many bool) error {
	fmt.Fprintln(v.out, question)
	for {
		answer, err := v.line()
		if err != nil || many && answer == "" {
			return err
		}
		switch err := take(answer); {
		case err != nil:
			fmt.Fprintf(v.out, "I can't take that: %v.\n", err)
		case !many:
			return nil
		}
	}
}

// line reads one answer. The last line may lack its end.
func (v *interview) line() (string, error) {
	s, err := v.in.ReadString('\n')
	if s == "" && err != nil {
		return "", errEnded
	}
	return strings.TrimSpace(s), nil
}
