package reply

// Veil is what a reader wants done with what lies past their place. The empty
// Veil is a setting that was never made and counts as Tag.
type Veil string

// The veils.
const (
	Hide Veil = "hide" // no trace of it
	Tag  Veil = "tag"  // behind a spoiler tag
	Show Veil = "show" // uncovered, in private replies only
)

// ParseVeil returns the veil that a word names, and whether it names one.
func ParseVeil(word string) (Veil, bool) {
	switch v := Veil(word); v {
	case Hide, Tag, Show:
		return v, true
	}
	return "", false
}

// Tags says what a channel has in the place of what lies past its place, the
// less of it the lower. The zero Tags is nothing.
type Tags int

// The tags.
const (
	NoTags  Tags = iota // no trace of it
	Buttons             // what opens it for one reader alone: the text is not in the document
	Tagged              // its text, behind a spoiler tag
)

// Ticket is what a covered passage carries out of the core in place of its
// text: an opaque name for it that means nothing to anybody but the store.
type Ticket string
