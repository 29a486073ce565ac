package library

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

const networks = `instagram|insta|ig|twitter|x|tiktok|bluesky|bsky|mastodon|threads|facebook|fb|youtube|goodreads|storygraph|the storygraph|discord|substack|tumblr|pinterest|linkedin|whatsapp|telegram|reddit|bookstagram|booktok|e-?mail|blog|website|socials?`

// boilerplate is what a web page puts around a review and inside it. Each
// pattern takes a whole line or a whole sentence: handles and invitations to
// follow, share and subscribe, and credits of the tools that helped.
var boilerplate = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^(?:(?:(?:find|follow) (?:me|us)(?: (?:on|at))?\s*)?(?:` + networks + `)?\s*[:\-–—|/·•,&]?\s*(?:and\s+)?@[\w][\w.\-]*(?:@[\w.\-]+)?[\s|/·•,;]*)+[.!]?$`),
	regexp.MustCompile(`(?i)^(?:you can |come |please |and )*(?:follow|find|connect with|catch|add|friend|join|visit) (?:me|us|my blog|our blog)\b.{0,40}\b(?:on|at|over at|via)\b.{0,60}(?:\b(?:` + networks + `)\b|@|https?://|www\.).{0,60}$`),
	regexp.MustCompile(`(?i)^(?:please |don['’]t forget to |remember to )*(?:like|share|subscribe|comment|follow|rate)(?:(?:,| and|, and| &|/|\s)+(?:like|share|subscribe|comment|follow|rate))+\b.{0,40}$`),
	regexp.MustCompile(`(?i)^(?:click to (?:share|email|print|tweet)|sign up (?:for|to) (?:my|our|the)\b.{0,30}newsletter|join (?:my|our|the) (?:newsletter|mailing list|\d+)|enter your e-?mail|this (?:post|page|site|blog) (?:may )?contains? affiliate links?|as an amazon associate).{0,80}$`),
	regexp.MustCompile(`(?i)^[(\[*]?\s*(?:this (?:post|review|article|piece|text) (?:was|is) )?(?:partly |partially )?(?:assisted|written|edited|drafted|generated|proofread|created|made|produced|translated|polished|prepared)(?: and \w+)? (?:by|with|using|with the help of|with help from|in)\b.{0,60}\b(?:chatgpt|gpt[-\w.]*|claude|gemini|copilot|grammarly|deepl|llama|mistral|ai|an? llm)\b.{0,60}$`),
}

// furniture is what a web page puts on lines of their own: buttons, comment
// counts, where and when something was posted, addresses.
var furniture = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^(?:` + networks + `)\s*:\s*(?:https?://|www\.|/u/|u/)?[\w./@\-~?=&%]+$`),
	regexp.MustCompile(`(?i)^(?:follow|find) (?:me|us|this blog|my blog)\b.{0,20}$`),
	regexp.MustCompile(`(?i)^(?:please )?subscribe(?: (?:to|for|via|by|now|here|below|on)\b.{0,60})?[.!]*$`),
	regexp.MustCompile(`(?i)^(?:please )?share (?:this|on|via|to|the love|with your friends|with friends)(?: (?:post|review|article|page|story|entry|on\b.{0,40}|with\b.{0,40}|via\b.{0,40}))?\s*[:.!]*$`),
	regexp.MustCompile(`(?i)^(?:like this|like loading.*|loading|share|tweet|retweet|pin it|print|reblog|read more|continue reading|advertisements?|sponsored|report this ad|back to top|menu|home|search|log in|sign up|sign in|reply|like|liked by)\s*[:.…]*$`),
	regexp.MustCompile(`(?i)^(?:\d+ |no |leave a |post a |add a |write a |view all |all )?(?:comments?|repl(?:y|ies)|responses?|likes?|shares?|views?)(?: \(\d+\)|: ?\d+| yet| below| so far| (?:are )?closed)*\s*[.:!]*$`),
	regexp.MustCompile(`(?i)^(?:let me know|tell me) (?:what you think )?in the comments\b.{0,40}$`),
	regexp.MustCompile(`(?i)^(?:posted|filed|tagged|categori[sz]ed|published|archived)\s+(?:in|on|under|by|at|as)\b.{0,100}[^.!?]$`),
	regexp.MustCompile(`(?i)^(?:tags?|categor(?:y|ies)|labels?|filed under|posted|last updated|updated|permalink|source|reading time|originally (?:posted|published)(?: (?:on|at))?)\s*:.{0,120}$`),
	regexp.MustCompile(`(?i)^(?:«|←|‹|<|<<)?\s*(?:previous|next|older|newer)(?: (?:post|posts|entry|review|article|page))?(?:\s*:.{0,80})?\s*(?:»|→|›|>|>>)?$`),
	regexp.MustCompile(`(?i)^(?:©|\(c\)|copyright|all rights reserved|powered by|proudly powered by)\b.{0,80}$`),
	regexp.MustCompile(`(?i)^©.{0,80}$`),
	regexp.MustCompile(`^(?i)\d+\s*(?:min(?:ute)?s? read)$`),
	regexp.MustCompile(`(?i)^(?:(?:link|url|read it (?:here|at)|full review(?: here)?|via|from)\s*:?\s*)?(?:https?://|www\.)\S+$`),
	regexp.MustCompile(`(?i)^\d+ (?:thoughts?|comments?|replies|responses) (?:on|to)\b.{0,120}$`),
	regexp.MustCompile(`(?i)^(?:twitter|facebook|instagram|pinterest|linkedin|tumblr|reddit|whatsapp|telegram|e-?mail|goodreads|bluesky|mastodon)$`),
}

// ratingLine is a rating that has a line to itself.
var ratingLine = regexp.MustCompile(`(?i)^(?:(?:my |overall |final )*(?:rating|score|stars|grade))\s*[:=–—-]\s*(.{1,24})$`)

// isBoilerplate reports whether a sentence belongs to the page and not to the
// review.
func isBoilerplate(s string) bool { return matches(boilerplate, s) }

// isFurniture reports the same of a line that stands alone. A line without a
// letter in it (a rule, stars, emoji) says nothing.
func isFurniture(s string) bool {
	return !wordy(s) || isBoilerplate(s) || matches(furniture, s)
}

func matches(patterns []*regexp.Regexp, s string) bool {
	s = strings.TrimFunc(s, func(r rune) bool { return isSpace(r) || isEmoji(r) || r == '*' || r == '_' })
	if utf8.RuneCountInString(s) > 160 {
		return false
	}
	for _, re := range patterns {
		if re.MatchString(s) {
			return true
		}
	}
	return false
}

// relatedHead begins a list of other reads; what follows a colon is the first.
var relatedHead = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:also (?:read|reading|for reading|on (?:the|my|this) blog|by (?:this|the same) (?:author|reviewer)|reviewed)|you (?:may|might|could|will|would|'ll|’ll) (?:also )?(?:like|love|enjoy)(?: (?:these|this|reading))?|(?:other|more) (?:reviews|posts|books|reads|reading)|read (?:next|also)|what to read (?:next|after)|further reading|related (?:posts?|articles?|reviews?|reads?|reading|books?)|similar (?:reads|books|posts)|read-?alikes?|if you (?:liked|loved|enjoyed) (?:this|it)|more like this|more from)\b([^.!?:]{0,60})(:?)\s*(.*)$`)

// relatedList reports whether a line heads a list of other reads, and where in
// it the first of them stands, in code points; 0: on the lines below. A
// heading needs no colon.
func relatedList(s string, heading bool) (first int, ok bool) {
	m := relatedHead.FindStringSubmatchIndex(s)
	if m == nil || m[5] == m[4] && (m[6] != m[7] || !heading) || m[7]-m[6] > 200 {
		return 0, false
	}
	if m[6] < m[7] && m[5] > m[4] {
		return utf8.RuneCountInString(s[:m[6]]), true
	}
	return 0, true
}

// list begins a list of other reads, the first of which may stand on the line
// that heads it.
func (o *outline) list(b *block, first int) {
	b.kind = aside
	o.listing, o.listed = true, -b.group
	if first > 0 {
		o.relate(trim(b.text[first:]))
	}
}

// lists keeps a block as another read if it stands in the list: an item, or a
// line under its head or between the next two blank lines.
func (o *outline) lists(b *block) bool {
	if b.kind == Item || o.listed < 0 && b.group <= 1-o.listed {
		o.listed = b.group
	}
	if b.group != o.listed {
		return false
	}
	o.relate(b.text)
	return true
}

// relate keeps another read.
func (o *outline) relate(g []glyph) {
	if s := strings.Join(strings.Fields(str(g)), " "); wordy(s) {
		o.related = append(o.related, o.seal(s))
	}
}
