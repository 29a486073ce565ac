package reading

import "strings"

// markup is what one reading knows beside tags. The zero markup is nothing: the
// plain way.
type markup uint

const (
	escapes  markup = 1 << iota // a backslash takes the next character
	code                        // backticks, up to a run as long
	nextTick                    // backticks, up to any run; instead of code
	emphasis                    // * _ ~~
	links                       // addresses, and words with one behind
	blocks                      // a line of a quote, a list or a heading ends what it holds
	inside                      // all of these hide a closer as they do an opener
	all
)

// names are those of the kinds of markup, in the order of their bits.
var names = []string{"escapes", "code", "unequal backticks", "emphasis", "links", "blocks", "closers"}

func (m markup) String() string {
	var known []string
	for i, name := range names {
		if m&(1<<i) != 0 {
			known = append(known, name)
		}
	}
	return strings.Join(known, ", ")
}

// worthwhile returns the markup that can make a difference to a content.
func worthwhile(content string) markup {
	worth := blocks
	for m, signs := range map[markup]string{
		escapes | inside:         `\`,
		code | nextTick | inside: "`",
		emphasis | inside:        "*_~",
		links | inside:           "[<:",
	} {
		if strings.ContainsAny(content, signs) {
			worth |= m
		}
	}
	return worth
}

// stretch is a part of a text that is read by itself.
type stretch struct {
	*text
	known    markup
	end      int
	linkless int // from where on no masked link begins
}

// found is a piece of markup other than a tag. The zero found is none.
type found struct {
	end        int    // behind it
	from, to   int    // what of it is read again; nothing where from is to
	named      string // for a person
	unreadable bool   // a tag in it would be shown as it is written
}

// at returns the markup that begins at a place.
func (s *stretch) at(i int) found {
	switch c := s.content[i]; {
	case c == '\\' && s.known&escapes != 0 && i+1 < s.end && s.escaped[i+1]:
		return found{end: i + 2}
	case c == '`' && s.known&(code|nextTick) != 0:
		return s.code(i)
	case (c == '*' || c == '_' || c == '~') && s.known&emphasis != 0:
		return s.emphasis(i)
	case c == ':' && s.known&links != 0:
		return s.address(i)
	case (c == '<' || c == '[') && s.known&links != 0:
		return s.link(i)
	}
	return found{}
}

// code returns the code span or block that begins with the backticks at i, or
// the backticks alone where none does.
func (s *stretch) code(i int) found {
	opener := s.run(i)
	whatever := found{end: i + opener}
	for j := i + opener; j < s.end; {
		if s.content[j] != '`' {
			j++
			continue
		}
		n := s.run(j)
		if n == opener || s.known&nextTick != 0 {
			return found{end: j + n}
		}
		if whatever.end == i+opener {
			whatever.end = j + n
		}
		j += n
	}
	return whatever
}

// emphasis returns what is emphasised by the sign at i: all up to the next run
// of the sign, however long. Where every run that opens is closed, that errs
// nowhere; where one is not, it errs towards breaking a tag. Where there is no
// next run, it returns the sign alone.
func (s *stretch) emphasis(i int) found {
	c, n := s.content[i], s.run(i)
	alone := found{end: i + n}
	if c == '~' { // the client's rule for these is blind to backslashes
		if n < 2 {
			return alone
		}
		if m := strings.Index(s.content[i+2:s.end], "~~"); m >= 0 {
			return found{end: i + 2 + m + 2, from: i + 2, to: i + 2 + m, named: "emphasis"}
		}
		return alone
	}
	if !s.delimits(i, n) {
		return alone
	}
	for j := i + n; j < s.end; {
		if s.content[j] != c {
			j++
			continue
		}
		m := s.run(j)
		if s.delimits(j, m) {
			return found{end: j + m, from: i + n, to: j, named: "emphasis"}
		}
		j += m
	}
	return alone
}

// delimits reports whether a run of stars or underscores can open or close
// emphasis: not after a backslash, and not one sign alone between blanks.
func (s *stretch) delimits(i, n int) bool {
	if s.escaped[i] && n == 1 {
		return false
	}
	blank := func(j int) bool { return j < 0 || j >= len(s.content) || s.content[j] == ' ' || s.content[j] == '\n' }
	return n > 1 || !blank(i-1) || !blank(i+1)
}

// address returns the rest of the address whose scheme ends at i. An address
// takes all up to a blank with it, pipes too.
func (s *stretch) address(i int) found {
	if !strings.HasPrefix(s.content[i:s.end], "://") || i == 0 || !isLetter(s.content[i-1]) {
		return found{}
	}
	rest := s.content[i:s.end]
	if n := strings.IndexFunc(rest, endsAddress); n >= 0 {
		return found{end: i + n}
	}
	return found{end: s.end}
}

// link returns the address between <> or the masked link that begins at i.
func (s *stretch) link(i int) found {
	rest := s.content[i:s.end]
	if rest[0] == '<' {
		if n := len(bracketed.FindString(rest)); n > 0 {
			return found{end: i + n}
		}
		return found{}
	}
	if i >= s.linkless || s.escaped[i] {
		return found{}
	}
	label := strings.Index(rest, "](")
	target := -1
	if label >= 0 {
		target = strings.IndexByte(rest[label:], ')')
	}
	if target < 0 {
		s.linkless = i
		return found{}
	}
	return found{end: i + label + target + 1, from: i + 1, to: i + label, named: "a link", unreadable: true}
}

// run returns how often the character at i is repeated from there.
func (s *stretch) run(i int) int {
	n := 1
	for i+n < s.end && s.content[i+n] == s.content[i] {
		n++
	}
	return n
}
