package library

import (
	"regexp"
	"strings"

	"dogear/bot/spoiler"
)

var (
	tagStart = regexp.MustCompile(`(?i)^</?[a-z][\w-]*(?:[\s/][^<>]*)?>`)
	tagParts = regexp.MustCompile(`(?is)^<\s*(/?)\s*([\w:.-]+)(.*)>$`)
	summary  = regexp.MustCompile(`(?is)^\s*<summary[^>]*>(.{0,200}?)</summary>`)

	// unspoken are attributes, and parts of them, that hide nothing although
	// they may hold the words of those that do.
	unspoken  = regexp.MustCompile(`(?s)/\*.*?\*/|\baria-hidden\b|\boverflow(?:-[xy])?\s*:\s*hidden|\b(?:href|src|title|alt)\s*=\s*(?:"[^"]*"|'[^']*'|\S*)`)
	concealed = regexp.MustCompile(`hidden|display\s*:\s*none|visibility\s*:\s*collapse|(?:opacity|font-size)\s*:\s*0?(?:\.0+)?[a-z%]*\s*(?:[;"'!]|$)|blur\(|text-security|text-indent\s*:\s*-`)
	ink       = regexp.MustCompile(`(?:^|[^-\w])color\s*[:=]\s*["']?([^;"'!>]+)`)
	paper     = regexp.MustCompile(`(?:background(?:-color)?|bgcolor)\s*[:=]\s*["']?([^;"'!>]+)`)
	unseen    = regexp.MustCompile(`^(?:white|whitesmoke|snow|ivory|ghostwhite|floralwhite|transparent|#f[0-9a-f]?f[0-9a-f]?f[0-9a-f]?|#f{4}|#f{8}|#[0-9a-f]{3}0|#[0-9a-f]{6}00|rgba?\(2[45]\d,2[45]\d,2[45]\d.*|(?:rgb|hsl)a\(.*,0?(?:\.0+)?\)|hsla?\(.*,(?:9[5-9]|100)%.*)$`)
	inky      = regexp.MustCompile(`^(?:black|#0{3}f?|#0{6}(?:ff)?|#1{3}|#1{6}|rgba?\(0,0,0(?:,1(?:\.0+)?)?\))$`)
)

// conceals reports whether a tag of these attributes, in small letters, hides
// what stands in it: it says so, or writes white on white.
func conceals(attrs string) bool {
	if strings.Contains(attrs, "spoil") {
		return true
	}
	attrs = unspoken.ReplaceAllString(attrs, "")
	if concealed.MatchString(attrs) {
		return true
	}
	colour := func(re *regexp.Regexp) string {
		m := re.FindStringSubmatch(attrs)
		if m == nil {
			return ""
		}
		return strings.Join(strings.Fields(m[1]), "")
	}
	fore := colour(ink)
	if fore == "" && inky.MatchString(colour(paper)) {
		return true // black on what is black where nothing says otherwise
	}
	return fore != "" && (unseen.MatchString(fore) || fore == colour(paper))
}

// html takes note of a tag if it hides text or stands where one that does may
// close.
func (m *marker) html(at span, from, to int) {
	p := tagParts.FindStringSubmatch(m.text[from:to])
	name, attrs := strings.ToLower(p[2]), strings.ToLower(p[3])
	if void(name) {
		return
	}
	named := strings.Contains(name, "spoil") || name == "details"
	hides := named || p[1] == "" && conceals(attrs)
	key := name
	if m.runes[at.from] != '<' {
		key = "&" + name // what only looks like a tag closes none
	}
	inside := m.tags[key] > 0
	switch {
	case name == "summary" && m.tags["details"] > 0:
		m.take(at, apart)
	case name == "details":
		m.take(at, apart)
	case named, hides, inside && p[1] == "/" && m.tags[key] == 1:
		m.take(at, gone)
	}
	if !hides && !inside {
		return
	}
	var chapter spoiler.Position
	if s := summary.FindStringSubmatch(m.text[to:min(len(m.text), to+400)]); s != nil && name == "details" {
		chapter = chapterOf(s[1])
	}
	m.tag(key, p[1] == "/", at, chapter, named)
}

// tag counts how deep tags of a name are nested and covers what stands between
// the outermost two. A named tag that closes without having been opened covers
// its paragraph up to there.
func (m *marker) tag(name string, shut bool, at span, chapter spoiler.Position, named bool) {
	switch {
	case !shut && m.tags[name] == 0:
		m.tags[name], m.since[name] = 1, at.from
	case !shut:
		m.tags[name]++
	case m.tags[name] > 1:
		m.tags[name]--
	case m.tags[name] == 1:
		m.tags[name] = 0
		m.cover(m.since[name], at.to)
	case named:
		m.cover(m.paragraph(at.from).from, at.to)
	}
	if chapter > 0 && !shut {
		m.chapters = append(m.chapters, stated{span: span{at.from, -1}, chapter: chapter})
	}
	if shut && named && m.tags[name] == 0 {
		m.closeChapters(at.to)
	}
}

// closeChapters ends what the marks that are now all closed said of chapters.
func (m *marker) closeChapters(to int) {
	for i := range m.chapters {
		if m.chapters[i].to < 0 {
			m.chapters[i].to = to
		}
	}
}

// void reports whether an HTML element has no end.
func void(name string) bool {
	switch name {
	case "img", "br", "hr", "input", "meta", "link", "wbr", "source":
		return true
	}
	return false
}
