package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// links says which words Slack links of itself.
type links int

const (
	none      links = iota
	addresses       // those on the web
	all             // names of people and channels, too, as in text objects
)

var (
	// entities are all that Slack decodes, once.
	entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	// sequence is what Slack makes a mention, a link or a date.
	sequence = regexp.MustCompile(`<[^<>\s][^<>]*>`)
	// emojis are names between colons; they may be in any script.
	emojis = regexp.MustCompile(`:[\pL\pM\pN_＿+＋'-]+:`)
	// address is what Slack links without being told to.
	address = regexp.MustCompile(`(?i)\b(?:[a-z][a-z0-9+.-]*://[^\s<>]+|mailto:[^\s<>]+|www\.[^\s<>]+|` +
		`(?:[\pL\pN._%+-]+@)?(?:[\pL\pN-]+\.)+(?:com|org|net|edu|gov|info|io|dev|app)\b[^\s<>]*)`)
	name = regexp.MustCompile(`(?:^|[^\pL\pN_/@#&])([@#][\pL\pN][\pL\pN_.-]*)`)
)

// mrkdwn returns what a person sees of a text in Slack's markup, and notes what
// of it is live or hidden.
func (r *reader) mrkdwn(text string, linked links) string {
	var shown, rest strings.Builder // rest is what other markup may be in
	end := 0
	for _, m := range sequence.FindAllStringIndex(text, -1) {
		before := entities.Replace(text[end:m[0]])
		shown.WriteString(before)
		rest.WriteString(before)
		end = m[1]
		r.live = append(r.live, text[m[0]:m[1]])
		target, words, labelled := strings.Cut(text[m[0]+1:m[1]-1], "|")
		target, words = entities.Replace(target), entities.Replace(words)
		switch {
		case strings.HasPrefix(target, "!date^"):
			// A client that can't show the date shows the words.
			stamp, format, _ := strings.Cut(strings.TrimPrefix(target, "!date^"), "^")
			format, to, _ := strings.Cut(format, "^")
			shown.WriteString(format + " " + words)
			r.hide([]string{stamp, to})
		case labelled && words != "":
			shown.WriteString(sign(target) + strings.TrimPrefix(words, sign(target)))
			r.hide([]string{target})
		default:
			shown.WriteString(sign(target) + strings.TrimPrefix(strings.TrimLeft(target, "@#!"), "subteam^"))
		}
		rest.WriteString("\uFFFC" + words + "\uFFFC")
	}
	tail := entities.Replace(text[end:])
	shown.WriteString(tail)
	rest.WriteString(tail)
	r.live = append(r.live, formatted(rest.String())...)
	if linked >= addresses {
		r.live = append(r.live, address.FindAllString(rest.String(), -1)...)
	}
	if linked == all {
		for _, m := range name.FindAllStringSubmatch(rest.String(), -1) {
			r.live = append(r.live, m[1])
		}
	}
	return shown.String()
}

// sign returns how a client marks what a sequence stands for.
func sign(target string) string {
	switch target[:min(1, len(target))] {
	case "@", "!":
		return "@"
	case "#":
		return "#"
	}
	return ""
}

// formatted returns what of a text is bold, code, a quote or the like. That code
// keeps other markup from working is not counted on. Slack knows the wide forms
// of the signs as well, and a quote by its entity too.
func formatted(text string) []string {
	out := between(text, "```")
	for line := range strings.SplitSeq(text, "\n") {
		if quote := strings.TrimLeft(line, " \t"); strings.HasPrefix(quote, ">") || strings.HasPrefix(quote, "＞") {
			out = append(out, line)
		}
		out = append(out, between(strings.ReplaceAll(line, "｀", "`"), "`")...)
		for _, signs := range []string{"*＊", "_＿", "~"} {
			out = append(out, emphasised(line, signs)...)
		}
	}
	return append(out, emojis.FindAllString(text, -1)...)
}

// between returns what stands between marks.
func between(text, mark string) []string {
	var out []string
	for {
		opener := strings.Index(text, mark)
		if opener < 0 {
			return out
		}
		text = text[opener:]
		switch n := strings.Index(text[len(mark):], mark); {
		case n < 0:
			return out
		case n == 0: // the closer may open another
			text = text[len(mark):]
		default:
			end := n + 2*len(mark)
			out = append(out, text[:end])
			text = text[end:]
		}
	}
}

// emphasised returns what of a line stands between two of the signs that open
// and close: not within a word, nor at the blank side of one.
func emphasised(line, signs string) []string {
	if !strings.ContainsAny(line, signs) {
		return nil
	}
	runes := []rune(line)
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return ' '
		}
		return runes[i]
	}
	is := func(i int) bool { return strings.ContainsRune(signs, at(i)) }
	var closers []int
	for i := range runes {
		if is(i) && !unicode.IsSpace(at(i-1)) && !wordly(at(i+1)) {
			closers = append(closers, i)
		}
	}
	var out []string
	for i := 0; i < len(runes); i++ {
		if !is(i) || wordly(at(i-1)) || unicode.IsSpace(at(i+1)) || is(i+1) {
			continue
		}
		n, _ := slices.BinarySearch(closers, i+2)
		if n == len(closers) {
			break
		}
		out = append(out, string(runes[i:closers[n]+1]))
		i = closers[n]
	}
	return out
}

// wordly reports whether a letter keeps a sign beside it from working. That of
// a script without blanks between words is not trusted to.
func wordly(r rune) bool { return unicode.In(r, unicode.Latin, unicode.Nd) }
