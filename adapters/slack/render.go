package slack

import "dogear/bot/reply"

// rendered is a document as Slack shows it.
type rendered struct {
	messages []message // at least one
	// past says that a quotation in it lies past its reader's place, uncovered:
	// it may go into a modal or an ephemeral message, and nowhere else.
	past bool
}

// render shows a document as messages.
func render(doc reply.Doc) rendered { panic("not yet") }

// renderView shows a document as the blocks of a modal or of the app's home, at
// most mostViewBlocks; what does not fit is left out, and said to be.
func renderView(doc reply.Doc) (v view, past bool) { panic("not yet") }
