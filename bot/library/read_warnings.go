package library

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"dogear/bot/spoiler"
)

var (
	spoilerWord = regexp.MustCompile(`(?i)\bspoil(?:ers?|ery)\b`)
	// denied are words that promise that there are no spoilers.
	denied = regexp.MustCompile(`(?i)\b(?:no|zero|without(?: any)?|free (?:of|from)|minus|avoid(?:s|ing|ed)?|not any|non)[\s-]+(?:(?:more|further|major|big|huge|real|actual|plot|minor|mild|heavy|other|explicit|significant|such|ending|story|any|the|book|full)[\s-]+){0,2}spoilers?\b` +
		`|\b(?:won['’]t|will not|doesn['’]t|does not|don['’]t|do not|didn['’]t|isn['’]t|not) (?:be |be giving |contain|include|have|give|giving|post|share) ?(?:away )?(?:(?:more|further|major|big|huge|real|actual|plot|minor|mild|heavy|other|explicit|significant|such|ending|story|any|the|book|full)[\s-]+){0,2}spoilers?\b` +
		`|\bspoilers?\s*[:=]\s*(?:no|none|nope|free)\b`)
	spoilerFree = regexp.MustCompile(`(?i)(not (?:\w+ )?|isn['’]t |n['’]t be |never )?\bspoilers?[\s-]*free\b`)
	// warning are the words by which a line or a sentence warns of what follows.
	warning = regexp.MustCompile(`(?i)\bspoilers?\s*(?:ahead|below|follow(?:s|ing)?|warnings?|alert|incoming|abound|galore|begin|start|to follow|to come|(?:from|past|after|beyond) (?:here|this|now|the)|coming|past)\b` +
		`|\b(?:warning|beware|caution|careful)\b.{0,24}\bspoilers?\b` +
		`|\b(?:contains?|containing|includes?|including|full of|here be|there (?:are|will be)|discuss(?:es|ing) .{0,12}|i will be using|i (?:will|['’]ll) (?:give|share|post)) (?:[\w-]+,? ){0,3}?spoilers?\b`)
	// stopHere are words that send away who has not finished the book.
	stopHere   = regexp.MustCompile(`(?i)\b(?:stop|don['’]t|do not) read(?:ing)?\b.{0,24}\b(?:if|until|unless) you\b.{0,30}\b(?:read|finish(?:ed)?|haven['’]t|have)\b`)
	flagsAll   = regexp.MustCompile(`(?i)\b(?:this|the following|the whole|the entire|my) (?:whole |entire )?(?:review|post|article|piece|essay|write-?up|entry)\b.{0,40}\b(?:spoilers?|spoils|gives? (?:everything|it all|away))`)
	warnWords  = set(`spoiler spoilers spoilery ahead below follow follows following warning warnings alert begin begins start starts here be are is there now beware caution careful major minor mild big huge heavy full plot the a and this from on point out with of for whole book novel ending end section zone part territory time please stop attention incoming galore coming come comes past beyond after some lots many all contains contain includes also up to through chapter chapters ch chs oh ok okay yes light slight may will possible potential`)
	endsWarned = regexp.MustCompile(`(?i)^[^\pL]*(?:(?:end|ends|ended|finish(?:ed)?) (?:of )?(?:the |all |my |plot )*spoilers?|spoilers? *(?:section |zone |part |talk )?(?:is |are |now )?(?:over|ends?|ended|done|finished|off|stops?)|no more spoilers|/ *spoilers?)(?:[ ,-]+(?:here|now|from|on|ahead|below|zone|section|warning|line|this|point|safe|again|it's|it’s))*[^\pL]*$`)
	prefixed   = regexp.MustCompile(`(?i)^[^\pL]*(?:\w+ )?spoilers?\s*[:–—-]\s*\pL`)
	bracketed  = regexp.MustCompile(`(?i)[(\[{]\s*(?:\w+[ !,]+){0,3}spoilers?\s*[:–—)\]}!-]`)
)

// undenied returns a text without what promises that it does not spoil.
func undenied(s string) string {
	if !speaksOf(s, "spoil") {
		return s
	}
	s = spoilerFree.ReplaceAllStringFunc(s, func(m string) string {
		if spoilerFree.FindStringSubmatch(m)[1] != "" {
			return " contains spoilers "
		}
		return " "
	})
	return denied.ReplaceAllString(s, " ")
}

// mentionsSpoilers reports whether a heading speaks of spoilers without
// denying them.
func mentionsSpoilers(s string) bool {
	return speaksOf(s, "spoil") && spoilerWord.MatchString(undenied(s))
}

// speaksOf reports whether a word stands in a text, in whatever case. It spares
// most sentences the longer patterns.
func speaksOf(s, word string) bool { return strings.Contains(strings.ToLower(s), word) }

// warns reports whether a sentence warns of what follows it.
func warns(s string) bool {
	return speaksOf(s, "spoil") && warning.MatchString(undenied(s)) || speaksOf(s, "read") && stopHere.MatchString(s)
}

// onlyWarns reports whether a line is a warning and nothing else.
func onlyWarns(s string) bool {
	if utf8.RuneCountInString(s) > 90 || !mentionsSpoilers(s) {
		return false
	}
	s = undenied(s)
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
		if !warnWords[w] {
			return false
		}
	}
	return true
}

// endsWarning reports whether a line says that the spoilers are over.
func endsWarning(s string) bool { return speaksOf(s, "spoil") && endsWarned.MatchString(s) }

// promisesNone reports whether a heading promises a part without spoilers.
func promisesNone(s string) bool {
	return endsWarning(s) || !mentionsSpoilers(s) && (spoilerFree.MatchString(s) || denied.MatchString(s))
}

// warnsOfAll reports whether a text says of the whole review that it spoils.
func warnsOfAll(s string) bool { return warns(s) && flagsAll.MatchString(undenied(s)) }

const (
	chapterWord   = `(?:chapters?|chaps?\.?|chs?\.?)`
	chapterNumber = `(\d{1,3}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)\b`
	chapterList   = chapterWord + `\s*` + chapterNumber + `(?:\s*(?:-|–|—|to|through|thru|and|&|\+|,)\s*(?:` + chapterWord + `\s*)?` + chapterNumber + `)*`
)

var (
	// chapterLabel is a chapter that stands before what it governs: a line
	// "ch. 13.", or the "Chapter 19:" at the head of one.
	chapterLabel = regexp.MustCompile(`(?i)^[\s(\[*"“]*` + chapterList + `(?:\s+spoilers?)?\s*(?:[:)\]]+|[.–—-]+(?:\s|$)|$)[\s*]*`)
	// chapterNote is one that stands in brackets behind it.
	chapterNote = regexp.MustCompile(`(?i)[(\[]\s*` + chapterList + `\s*[)\]][.!?…"”\s]*$`)
	// chapterReach is one up to which a warning says that it goes.
	chapterReach = regexp.MustCompile(`(?i)(?:\b(?:up to|through|thru|to|till|until|for|of|in|=)|[=:(])\s*(?:the end of\s+)?` + chapterList)
	chapterPast  = regexp.MustCompile(`(?i)\b(?:after|beyond|past|from|since|following|starting)\b|\bpart\b|\bonwards?\b|\bon\b`)
	chapterAny   = regexp.MustCompile(`(?i)` + chapterNumber)
)

// labelled returns the chapter that a text states at its head, and whether
// there is nothing but that in it.
func labelled(s string) (chapter spoiler.Position, alone bool) {
	if !speaksOf(s[:min(len(s), 12)], "ch") {
		return 0, false
	}
	m := chapterLabel.FindString(s)
	if m == "" {
		return 0, false
	}
	return latest(m), !wordy(s[len(m):])
}

// noted returns the chapter that stands in brackets at the end of a text, and
// whether there is nothing but that in it.
func noted(s string) (chapter spoiler.Position, alone bool) {
	if !strings.ContainsAny(s, ")]") {
		return 0, false
	}
	m := chapterNote.FindStringIndex(s)
	if m == nil {
		return 0, false
	}
	return latest(s[m[0]:]), !wordy(s[:m[0]])
}

// chapterOf returns the chapter up to which a mark or a warning says that it
// spoils; 0 if it does not say.
func chapterOf(s string) spoiler.Position {
	if c, _ := labelled(s); c > 0 {
		return c
	}
	if chapterPast.MatchString(s) {
		return 0
	}
	return latest(chapterReach.FindString(s))
}

// latest returns the highest chapter number in a text.
func latest(s string) spoiler.Position {
	var top spoiler.Position
	for _, m := range chapterAny.FindAllString(s, -1) {
		top = max(top, numeral(m))
	}
	return top
}

var numerals = map[string]int{}

func init() {
	for i, w := range strings.Fields(`one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen`) {
		numerals[w] = i + 1
	}
	for i, w := range strings.Fields(`twenty thirty forty fifty sixty seventy eighty ninety`) {
		numerals[w] = 10 * (i + 2)
	}
}

// numeral returns the number that digits or words write.
func numeral(s string) spoiler.Position {
	if n, err := strconv.Atoi(s); err == nil {
		return spoiler.Position(n)
	}
	n := 0
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '-' }) {
		n += numerals[w]
	}
	return spoiler.Position(n)
}
