package reply

import "strings"

// By says whose words a quotation is, in a language (nil: English): the reviewer's,
// the title's, or both. A link is never part of it.
func (c Citation) By(l *Language) string {
	who := c.Reviewer
	switch {
	case who == "":
		who = c.Title
	case c.Title != "":
		who += ": " + c.Title
	}
	switch faq := c.Kind == "faq"; {
	case faq && (who == "" || strings.EqualFold(who, "FAQ")):
		return Words("the FAQ").In(l)
	case faq:
		return Words("{1} (FAQ)", Name(who)).In(l)
	case who == "":
		return Words("a reader").In(l)
	}
	return who
}
