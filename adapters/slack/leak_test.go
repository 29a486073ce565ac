package slack

import (
	"encoding/json"
	"strings"
	"testing"

	"dogear/adapters/adaptertest"
	"dogear/bot/reply"
)

// stringsOf returns every string of what is sent for a document, as messages and
// as a view.
func stringsOf(doc reply.Doc) []string {
	var out []string
	for _, m := range render(doc).messages {
		out = append(out, m.text, string(asJSON(m.blocks)))
	}
	v, _ := renderView(doc)
	return append(out, v.callback, v.title, v.submit, v.close, v.metadata, string(asJSON(v.blocks)))
}

func asJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

// TestLeaks runs the leak suite: nothing that is covered is sent at all.
func TestLeaks(t *testing.T) {
	adaptertest.Run(t, adaptertest.Adapter{Render: stringsOf, Withholds: true})
}

// TestPast shows that what quotes from past a place says so, whatever else it
// holds, and nothing else does.
func TestPast(t *testing.T) {
	seen := map[bool]int{}
	many := uint64(500)
	if testing.Short() {
		many = 100
	}
	for seed := range many {
		for _, public := range []bool{false, true} {
			for _, veil := range []reply.Veil{reply.Hide, reply.Tag, reply.Show} {
				doc, _ := adaptertest.Document(seed, public, veil, "")
				var q pastFinder
				doc.Render(&q)
				_, past := renderView(doc)
				if got := render(doc).past; got != q.past || past != q.past {
					t.Errorf("seed %d, public %v, veil %s: past %v and %v, want %v", seed, public, veil, got, past, q.past)
				}
				if q.past && (public || veil != reply.Show) {
					t.Errorf("seed %d, public %v, veil %s: past its place", seed, public, veil)
				}
				seen[q.past]++
			}
		}
	}
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("documents with and without what lies past a place: %v", seen)
	}
}

// pastFinder notes whether a document quotes from past a place.
type pastFinder struct{ past bool }

func (q *pastFinder) Line(reply.Line)                              {}
func (q *pastFinder) Quote(p reply.Quotation)                      { q.past = q.past || p.Past }
func (q *pastFinder) Source(int, reply.Citation)                   {}
func (q *pastFinder) Spoiler(reply.Ticket, func() reply.Quotation) {}
func (q *pastFinder) Control(reply.Control)                        {}

// heldBackIn reports whether something of a document was held back.
func heldBackIn(doc reply.Doc) bool {
	v, _ := renderView(doc)
	all := string(asJSON(v.blocks))
	for _, m := range render(doc).messages {
		all += m.text
	}
	return strings.Contains(all, heldBack.String())
}

// TestHostile renders documents that hold what is hostile, by twos. None leaks,
// and none is held back: every text can be shown.
func TestHostile(t *testing.T) {
	for i, a := range hostileTexts {
		for j := range 4 { // every pair takes too long
			seed, decorate := uint64(8*i+j), a+hostileTexts[(i*(j+1)+j)%len(hostileTexts)]
			adaptertest.Check(t, adaptertest.Adapter{Render: stringsOf, Withholds: true}, seed, decorate)
			for _, veil := range []reply.Veil{reply.Tag, reply.Show} {
				if doc, _ := adaptertest.Document(seed, false, veil, decorate); heldBackIn(doc) {
					t.Errorf("with %q: what is safe was held back", decorate)
				}
			}
		}
	}
}

// hostileTexts are what others' renderers trip over.
var hostileTexts = []string{
	"*", "*a*", "_a_", "~a~", "`", "```", "\n```\n", "> ", ">", "\n> ", "&gt; ", "&", "&amp;lt;!channel&gt;", "<", "<!channel>", "<!here|a>", "<@U1>", "<#C1|a>",
	"<https://a.example|b>", "https://a.example/b", "www.a.example", "a@b.example", "mailto:a@b.example", ":smile:", "::", ":+1:", "@here", "@channel", "#general",
	"\r", "\r\n", "\u2028", "\u0085", "\n\n", "\n- ", "\n1. ", "\u200b", "\n\u200d\n", "\u202e", "\u2066", "\ufeff", "\ufffd", "\xff", "\u00ad", "\u2060",
	"👩‍👩‍👧", "“", "”", "\"", "\\", "\\u003c", "\x1b[2J", "\x00", "\u3164", "\t", "e\u0301", "\u0301", "{{a}}", "${a}", "\ue000", "\U000e0041", "\u02cb", "\u2217",
}
