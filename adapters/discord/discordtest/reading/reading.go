// Package reading judges a message as Discord's clients read it: what of it
// stands open, what is covered, what is live. It knows nothing of how dogear
// writes messages, so that it can be held against that.
package reading

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Seen is what a person sees of a message. The zero Seen is that of an empty
// one.
type Seen struct {
	// Open is what can be read without opening a tag. Where the markup can be
	// read in more than one way, it is what any of the ways shows.
	Open string
	// Covered is what each tag holds, in the order of the text, read in the
	// plain way: tags are all the markup there is.
	Covered []string
	// Tags is how many there are, read in the plain way.
	Tags int
	// Broken says why a tag may not hold. It is nil where all of them do.
	Broken []string
}

// rule is the client's rule for a tag: flat, lazy, blind to all else.
var rule = regexp.MustCompile(`\|\|([\s\S]+?)\|\|`)

// veiled is what a notification shows in place of a tag.
const veiled = "<spoiler>"

// Notification returns what a notification shows of a message's content. It
// knows tags and nothing else: a backslash is shown, a backtick is shown.
func Notification(content string) Seen {
	var seen Seen
	var open strings.Builder
	end := 0
	for i, m := range rule.FindAllStringSubmatchIndex(content, -1) {
		open.WriteString(content[end:m[0]] + veiled)
		end = m[1]
		seen.Covered = append(seen.Covered, content[m[2]:m[3]])
		seen.Broken = append(seen.Broken, flaws(content, tag{start: m[0], end: m[1]}, i)...)
	}
	open.WriteString(content[end:])
	seen.Open, seen.Tags = open.String(), len(seen.Covered)
	if strings.Contains(seen.Open, "||") {
		seen.Broken = append(seen.Broken, unclosed)
	}
	return seen
}

// Chat returns what a person sees of a message's content in the client. It
// reads the content in the plain way and in every way in which other markup may
// come before a tag, and takes the worst.
func Chat(content string) Seen {
	var seen Seen
	text := newText(content)
	open := make([]bool, len(content))
	plain := text.read(0, open)
	if slices.ContainsFunc(pairs(content), func(i int) bool { return open[i] && open[i+1] }) {
		seen.Broken = append(seen.Broken, unclosed)
	}
	for i, t := range plain {
		seen.Covered = append(seen.Covered, text.shown(t.start+2, t.end-2, nil))
		seen.Broken = append(seen.Broken, flaws(content, t, i)...)
		if kind := text.block(t.start); kind != "" {
			seen.Broken = append(seen.Broken, fmt.Sprintf("tag %d stands in a %s", i, kind))
		}
	}
	seen.Tags = len(plain)

	broken := make([]bool, len(plain)) // said once, by the simplest reading
	worth := worthwhile(content)
	for known := markup(1); known < all && len(plain) > 0; known++ { // without a tag all is open
		if known&^worth != 0 || known&(code|nextTick) == code|nextTick {
			continue
		}
		tags := text.read(known, open)
		for i, t := range plain {
			at, found := slices.BinarySearchFunc(tags, t.start, func(u tag, start int) int { return u.start - start })
			switch {
			case broken[i]:
			case !found || tags[at].end != t.end:
				broken[i] = true
				seen.Broken = append(seen.Broken, fmt.Sprintf("tag %d does not hold where the client knows %v", i, known))
			case tags[at].within != "":
				broken[i] = true
				seen.Broken = append(seen.Broken, fmt.Sprintf("tag %d stands in %s", i, tags[at].within))
			}
		}
	}
	seen.Open = text.shown(0, len(content), open)
	return seen
}

// unclosed is the flaw of two pipes that open nothing.
const unclosed = "an opener without a closer"

// flaws says what is wrong with the i-th tag by its looks.
func flaws(content string, t tag, i int) []string {
	var out []string
	say := func(flaw string) { out = append(out, fmt.Sprintf("tag %d %s", i, flaw)) }
	held := content[t.start+2 : t.end-2]
	if !strings.Contains(held, `\\`) && strings.TrimFunc(held, unseen) == "" { // two backslashes show one
		say("is empty")
	}
	if held[0] == '|' {
		say("begins with a pipe")
	}
	if strings.TrimSpace(held) != held {
		say("has a blank at its edge")
	}
	if strings.ContainsAny(held, lineEnds) {
		say("runs over the end of a line")
	}
	if t.start > 0 && content[t.start-1] != ' ' && content[t.start-1] != '\n' {
		say("has an opener that touches other text")
	}
	if t.end < len(content) && content[t.end] != ' ' && content[t.end] != '\n' {
		say("has a closer that touches other text")
	}
	return out
}

// lineEnds are the characters that any reader may take for the end of a line.
const lineEnds = "\n\r\v\f\u0085\u2028\u2029"

// unseen reports whether a character alone would leave a tag empty to the eye.
func unseen(r rune) bool {
	return r == '|' || r == '\\' || unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf)
}

// pairs returns where two pipes stand side by side.
func pairs(content string) []int {
	var out []int
	for i := 0; i+1 < len(content); i++ {
		if content[i] == '|' && content[i+1] == '|' {
			out = append(out, i)
		}
	}
	return out
}
