package library

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"dogear/bot/spoiler"
)

// All of these but the last ones are for texts in the words of worded.
var (
	spoilerWord = regexp.MustCompile(`\bspoiler[sy]?\b`)
	// denied are words that promise that there are no spoilers.
	denied = regexp.MustCompile(`(?i)\b(?:no|zero|without(?: any)?|free (?:of|from)|minus|avoid(?:s|ing|ed)?|not any|non)[\s-]+` + ofSpoilers +
		`|\b(?:won['’]t|will not|doesn['’]t|does not|don['’]t|do not|didn['’]t|isn['’]t|not) (?:(?:want|wish|going|plan)? ?to )?(?:be |be giving |contain|include|have|give|giving|post|share) ?(?:away )?` + ofSpoilers +
		`|\bspoilers?\s*[:=?]\s*(?:no|none|nope|free)\b`)
	spoilerFree = regexp.MustCompile(`(?i)(not (?:\w+ )?|isn['’]t |n['’]t be |never )?\bspoilers?[\s-]*free\b`)
	// forced are words that only seem to deny them.
	forced = regexp.MustCompile(`\b(?:can(?:'?t|not| not)|could(?:n't| not)|impossible|no way|unable|not possible)\b[^.!?\n]{0,60}\b(?:discuss|talk|speak|review|explain|write|describe|analy[sz]|unpack)[^.!?\n]{0,60}\bwithout (?:[\w-]+ ){0,3}?spoilers?\b`)
	// warned are such as warn whatever is denied.
	warned = regexp.MustCompile(`\bspoil(?:ers?|ery|ing)\b[^.!?\n]{0,40}\bwarned\b`)
	// tagged is a tag of social networks.
	tagged = regexp.MustCompile(`(?:^|[\s(\[*])[#@!]+spoiler[sy]?\b`)
	// warning are the words by which a line or a sentence warns of what follows.
	warning = regexp.MustCompile(`\bspoiler[sy]?[\s(:–—-]*(?:warnings?|abound|begin|start|(?:from|past|after|beyond) (?:here|this|now|the)|past|territory|zone|space|section|talk|time|mode|discussion|country)\b` +
		`|\bspoiler[sy]?\b[^.!?\n]{0,40}\b(?:ahead|below|follow(?:s|ing)?|incoming|coming|galore|to come|from here|alert|warned|beware)\b` +
		`|\b(?:warning|warned|beware|caution|careful|attention|alert|heads[ -]up)\b.{0,40}\bspoiler[sy]?\b` +
		`|\b(?:contains?|containing|includes?|including|full of|here be|there (?:are|will be)|discuss(?:es|ing) .{0,12}|i will be using|i (?:will|'ll) (?:give|share|post)) (?:[\w-]+,? ){0,3}?spoiler[sy]?\b` +
		`|\b(?:this|it|things?|what follows|the rest|i|we|i'm|we're)\b[^.!?\n]{0,24}\bspoilery\b` +
		`|\b(?:i|we|(?:this|the|my) (?:review|post|section|part|essay)|what follows|the rest)(?:'m|'re|'ll| (?:am|are|will|must|have to|need to|going to|gonna|about to|now|just|completely|totally|be|of this))* spoils?\b`)
	// sentAway are words that send away who has not finished the book. What
	// cannot be put down is praised with the same words.
	sentAway = regexp.MustCompile(`\b(?:stop|don't|do not) read(?:ing)?\b.{0,24}\b(?:if|until|unless) you\b.{0,30}\b(?:read|finish(?:ed)?|haven't|have)\b` +
		`|\b` + goAway + `\b.{0,80}\b` + unfinished + `|\b` + unfinished + `\b.{0,80}\b` + goAway + `\b` +
		`|\bonly (?:read|continue|proceed|scroll|go|keep|click|open)\b.{0,30}\b(?:if|once|after|when) you\b.{0,20}(?:have|'ve|finished|read|done)` +
		`|\b(?:read|reading|continue|proceed|go|scroll)\b[^.!?\n]{0,20}\bonly (?:if|once|when|after) you\b` +
		`|\b(?:only|strictly|just) for (?:those|people|readers|anyone|the ones) (?:of you )?who\b.{0,16}\b(?:read|finished)\b` +
		`|\bat your own (?:risk|peril)\b`)
	unputdownable = regexp.MustCompile(`\b(?:can(?:'?t|not| not)|could(?:n't| not)|won't|will not|never|unable|able|hard|impossible|difficult)(?: (?:be|able|to|want|even|possibly))* stop reading`)
	flagsAll      = regexp.MustCompile(`(?i)\b(?:this|the following|the whole|the entire|my) (?:whole |entire )?(?:review|post|article|piece|essay|write-?up|entry)\b.{0,40}\b(?:spoilers?|spoils|gives? (?:everything|it all|away))`)
	warnWords     = set(`spoiler spoilers spoilery ahead below follow follows following warning warnings alert begin begins start starts here be are is there now beware caution careful major minor mild big huge heavy full plot the a and this from on point out with of for whole book novel ending end section zone part territory time please stop attention incoming galore coming come comes past beyond after some lots many all contains contain includes also up to through chapter chapters ch chs oh ok okay yes light slight may will possible potential spoilery space thoughts talk discussion mode country`)
	endsWarned    = regexp.MustCompile(`(?i)^[^\pL]*(?:(?:end|ends|ended|finish(?:ed)?) (?:of )?(?:the |all |my |plot )*spoilers?|spoilers? *(?:section |zone |part |talk )?(?:is |are |now )?(?:over|ends?|ended|done|finished|off|stops?)|no more spoilers|/ *spoilers?)(?:[ ,-]+(?:here|now|from|on|ahead|below|zone|section|warning|line|this|point|safe|again|it's|it’s))*[^\pL]*$`)
	prefixed      = regexp.MustCompile(`^[^\pL]*(?:\w+ )?spoiler[sy]?\s*[:–—-]\s*\pL`)
	bracketed     = regexp.MustCompile(`[(\[{]\s*(?:\w+[ !,]+){0,3}spoiler[sy]?\s*[:–—)\]}!-]`)
)

// undenied returns a text, in the words of worded, without what promises that
// it does not spoil.
func undenied(s string) string {
	s = worded(s)
	if !strings.Contains(s, "spoil") {
		return s
	}
	s = forced.ReplaceAllString(s, " contains spoilers ")
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
func mentionsSpoilers(s string) bool { return spoilerWord.MatchString(undenied(s)) }

// remarked is what a line may say of itself and no other: "Spoiler: he dies."
var remarked = regexp.MustCompile(`^[^\pL]*(?:\w+ )?spoiler\s*[:–—-]\s*\pL.*[.!?]\W*$|[.!?]?\s*[(\[{][^()\[\]{}]*\bspoilers?\b[^()\[\]{}]*[)\]}][^.!?]*[.!?]\W*$|[.!?]\s*[(\[{][^()\[\]{}]*\bspoilers?\b[^()\[\]{}]*[)\]}]\W*$`)

// inShort reports whether a line is so short that a mention of spoilers in it
// is about what follows.
func inShort(s string) bool {
	return utf8.RuneCountInString(s) <= 60 && len(strings.Fields(s)) <= 8 && mentionsSpoilers(s) && !remarked.MatchString(worded(s))
}

// speaksOf reports whether a word stands in a text, in whatever case. It spares
// most sentences the longer patterns.
func speaksOf(s, word string) bool { return strings.Contains(strings.ToLower(s), word) }

// warns reports whether a sentence warns of what follows it.
func warns(s string) bool {
	u := undenied(s)
	if strings.Contains(u, "spoil") && (warning.MatchString(u) || tagged.MatchString(u)) {
		return true
	}
	u = worded(s)
	return strings.Contains(u, "warned") && warned.MatchString(u) ||
		(strings.Contains(u, "you") || strings.Contains(u, " who")) && sentAway.MatchString(unputdownable.ReplaceAllString(u, ""))
}

// onlyWarns reports whether a line is a warning and nothing else.
func onlyWarns(s string) bool {
	if utf8.RuneCountInString(s) > 90 || !mentionsSpoilers(s) {
		return false
	}
	s = undenied(s)
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
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
	ofSpoilers = `(?:(?:more|further|major|big|huge|real|actual|plot|minor|mild|heavy|other|explicit|significant|such|ending|story|any|the|book|full)[\s-]+){0,2}spoiler[sy]?\b`
	goAway     = `(?:turn (?:back|away|around)|stop (?:reading|here|now|right)|(?:look|go|click|step) away|leave (?:now|here)|close (?:this|the) (?:tab|page|review|post)|avert your|come back (?:later|when|after|once)|(?:don't|do not) (?:read|go|scroll|continue|proceed|look)|skip (?:this (?:review|post|part|section|paragraph)|to|ahead|down|past)|read no (?:further|more)|proceed)`
	unfinished = `(?:if|until|unless|till|before|when|once) (?:you|anyone)\b.{0,30}?\b(?:read|finish(?:ed)?|haven't|have not|done|reach(?:ed)?|through|unfinished|yet|middle)\b`
)

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
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' }) {
		n += numerals[w]
	}
	return spoiler.Position(n)
}
