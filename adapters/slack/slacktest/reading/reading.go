// Package reading judges the payloads of an app as Slack reads them: what of
// them a person sees, in a client, in a notification, with a screen reader;
// what in them is live; and what Slack would refuse. It knows nothing of how
// dogear writes them, so that it can be held against that.
//
// Where Slack's documentation leaves something open, the judge takes the
// worse of the readings.
package reading

import (
	"strings"
)

// Seen is what a person sees of a message or a view. The zero Seen is that of
// nothing.
type Seen struct {
	// Text is all that anybody can read, one text a line: of blocks, labels,
	// placeholders, options, dialogs, alt texts, a view's title and buttons, and
	// last a message's text.
	Text string
	// Notification is what a notification or a screen reader takes: a message's
	// text, and what stands in its blocks without opening a menu.
	Notification string
	// Live is what mentions, links, formats or turns into an emoji or a date.
	// What stands for itself in a payload, as a button's address does, is live,
	// too.
	Live []string
	// Hidden is what is in the payload and not seen: values, ids, metadata,
	// where a link leads. Every string of a payload is either here or in Text.
	Hidden []string
	// Broken is how the payload breaches Slack's limits or its schema, or is of
	// a kind that this judge can't read. It is nil where it does neither.
	Broken []string
}

// Message judges a message: the body of chat.postMessage, chat.postEphemeral,
// chat.update or of a response_url. It is JSON or a form; its blocks may be
// JSON in a string.
func Message(payload []byte) Seen {
	r := newReader()
	if fields := r.open(payload); fields != nil {
		r.object("", fields, message)
	}
	return r.seen()
}

// View judges a modal or a home: the view alone, the body of views.open,
// views.push, views.update or views.publish, or what answers a submitted view.
func View(payload []byte) Seen {
	r := newReader()
	if fields := r.open(payload); fields != nil {
		if _, alone := fields["type"]; alone {
			view(r, "", fields)
		} else {
			r.object("", fields, aroundView)
		}
	}
	return r.seen()
}

// Options judges the answer to a menu that asks for what it offers.
func Options(payload []byte) Seen {
	r := newReader()
	if fields := r.open(payload); fields != nil {
		r.object("", fields, suggestion)
	}
	return r.seen()
}

// UTF16 returns how long a text is in UTF-16 code units, which is never less
// than it has characters. A byte that is not UTF-8 goes as one.
func UTF16(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// role says who comes across a text.
type role int

const (
	menu    role = iota // who opens a menu, a dialog or a field
	label               // a notification and a screen reader, too
	content             // the same, and a message's text has to say it as well
)

// show notes a text that is read.
func (r *reader) show(as role, text string) {
	if text == "" {
		return
	}
	r.text = append(r.text, text)
	if as >= label {
		r.aloud = append(r.aloud, text)
	}
	if as == content {
		r.said = append(r.said, text)
	}
}

// seen returns the verdict.
func (r *reader) seen() Seen {
	return Seen{
		Text:         strings.Join(r.text, "\n"),
		Notification: strings.Join(r.aloud, "\n"),
		Live:         r.live,
		Hidden:       r.hidden,
		Broken:       r.breaches,
	}
}
