package library

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a file, said so that whoever wrote
// the file can mend it. It never quotes what the file says about a book.
type Problem struct {
	File string
	Line int // from 1; 0: the file as a whole
	Why  string
}

func (p Problem) Error() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.Why)
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Why)
}

// Problems are all that is wrong with a file, in the order of its lines.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}
