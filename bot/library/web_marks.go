package library

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

var (
	// freeOf are names that hold the word and promise that nothing is spoiled.
	freeOf = regexp.MustCompile(`(?i)(?:^|[-_])(?:no|non|not|without|zero|anti|un)[-_]?spoil|spoil\w*[-_]?(?:free|less)`)
	// filed is a class by which a page says what its article is filed under.
	filed = regexp.MustCompile(`(?i)^(?:\w+[-_])?(?:tag|category|topic)[-_]`)
	// shut are classes that themes hide text with until somebody opens it.
	shut = set("hidden is-hidden hide d-none collapse collapsed invisible hidden-text blackout blacked-out redacted censored blur blurred")
	// spokenOnly are classes of text that is for screen readers alone.
	spokenOnly = set("screen-reader-text sr-only visually-hidden visuallyhidden")
	// onlySpoiler is what a cover is called: "Spoiler", "Click to show spoilers".
	onlySpoiler = regexp.MustCompile(`(?i)^\W*(?:(?:(?:click|tap|press|hover)\W+(?:here\W+)?(?:to|for)\W+)?(?:(?:show|see|view|reveal|read|open)\W+)?(?:the\W+|this\W+)?|hidden\W+)spoilers?\W*$`)
	hiding      = regexp.MustCompile(`(?i)display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)`)
)

// namesSpoiler reports whether an element says of itself that it is a spoiler:
// by its name, or in an attribute that is no text and no address.
func namesSpoiler(n *html.Node) bool {
	if isNamed(n.Data) {
		return true
	}
	page := n.Data == "html" || n.Data == "body"
	for _, a := range n.Attr {
		key := strings.ToLower(a.Key)
		switch key {
		case "title", "aria-label":
			if onlySpoiler.MatchString(a.Val) {
				return true
			}
			continue
		case "href", "src", "srcset", "alt", "content", "action", "style", "placeholder":
			continue
		}
		if speaksOf(key, "spoil") && !freeOf.MatchString(key) && (a.Val == "" || !saysNo(a.Val)) && !page {
			return true
		}
		if !speaksOf(a.Val, "spoil") || strings.Contains(a.Val, "/") {
			continue
		}
		for w := range strings.FieldsSeq(a.Val) {
			if speaksOf(w, "spoil") && !freeOf.MatchString(w) && (!page || filed.MatchString(w)) {
				return true
			}
		}
	}
	return false
}

// isNamed reports whether elements of this name hide what stands in them.
func isNamed(name string) bool { return name == "details" || strings.Contains(name, "spoil") }

// unshown reports whether a page does not show an element.
func unshown(n *html.Node) bool {
	if n.Data == "dialog" && !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "open" }) {
		return true
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "aria-hidden":
			if a.Val == "true" {
				return true
			}
		case "style":
			if hiding.MatchString(a.Val) {
				return true
			}
		case "class":
			if slices.ContainsFunc(strings.Fields(a.Val), func(w string) bool { return spokenOnly[w] }) {
				return true
			}
		}
	}
	return false
}

// veiled reports whether an element is there and cannot be read until somebody
// does something: it is written white on white, or a link that is a spoiler.
func veiled(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "style", "color", "bgcolor":
			if conceals(a.Key + `="` + strings.ToLower(a.Val) + `"`) {
				return true
			}
		case "class":
			if slices.ContainsFunc(strings.Fields(strings.ToLower(a.Val)), func(w string) bool { return shut[w] }) {
				return true
			}
		case "href":
			if n.Data == "a" && spoilerLink.MatchString(a.Val) {
				return true
			}
		}
	}
	return false
}

// broken reports whether the elements that name a spoiler are not closed as
// they were opened. A browser mends such HTML, but nobody can say whether it
// then hides what its author meant to.
func broken(text string) bool {
	type open struct {
		name  string
		named bool
	}
	var stack []open
	depth := map[string]int{}
	for z := html.NewTokenizer(strings.NewReader(text)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return slices.ContainsFunc(stack, func(o open) bool { return o.named })
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if void(t.Data) || t.Data == "html" || t.Data == "body" {
				continue
			}
			stack = append(stack, open{t.Data, namesSpoiler(&html.Node{Data: t.Data, Attr: t.Attr})})
			depth[t.Data]++
		case html.EndTagToken:
			name, _ := z.TagName()
			if depth[string(name)] == 0 {
				if isNamed(string(name)) {
					return true
				}
				continue
			}
			for {
				top := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				depth[top.name]--
				if top.name == string(name) {
					break
				}
				if top.named {
					return true
				}
			}
		}
	}
}
