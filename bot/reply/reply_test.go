package reply_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

const secret = "canaryofthetext"

// ignoring is a renderer that forgets everything it can.
type ignoring struct{ out []string }

func (r *ignoring) Line(l reply.Line)       { r.out = append(r.out, l.Text()) }
func (r *ignoring) Quote(q reply.Quotation) { r.out = append(r.out, fmt.Sprintf("%+v", q)) }
func (r *ignoring) Source(_ int, c reply.Citation) {
	r.out = append(r.out, c.Reviewer+c.Title+c.Link)
}

func (r *ignoring) Spoiler(t reply.Ticket, _ func() reply.Quotation) {
	r.out = append(r.out, string(t))
}
func (r *ignoring) Control(c reply.Control) { r.out = append(r.out, c.Label) }

func excerpt(reveal spoiler.Position) reply.Excerpt {
	return reply.Excerpt{
		Passage: spoiler.Seal("b", reveal, secret), Kind: "review", ID: "1",
		Title: spoiler.Seal("b", reveal, secret), Link: spoiler.Seal("b", reveal, secret), Reviewer: "someone",
	}
}

// TestForgetting shows that a renderer which forgets to call body withholds
// the text.
func TestForgetting(t *testing.T) {
	w := reply.ToReader(spoiler.Horizon{}, reply.Tag, "t")
	w.Passage(excerpt(5))
	var r ignoring
	w.Doc().Render(&r)
	if got := strings.Join(r.out, "\n"); got != "t.1" {
		t.Errorf("rendered %q, want the ticket alone", got)
	}
}

// TestAudience is the table of who sees what.
func TestAudience(t *testing.T) {
	var none spoiler.Horizon
	read := none.With("b", 5)
	private := func(h spoiler.Horizon, v reply.Veil) func(reply.Excerpt) reply.Doc {
		return func(e reply.Excerpt) reply.Doc {
			w := reply.ToReader(h, v, "t")
			w.Passage(e)
			return w.Doc()
		}
	}
	public := func(h spoiler.Horizon, tags reply.Tags) func(reply.Excerpt) reply.Doc {
		return func(e reply.Excerpt) reply.Doc {
			w := reply.ToChannel(h, tags, "t")
			w.Passage(e)
			return w.Doc()
		}
	}
	for _, c := range []struct {
		name           string
		doc            func(reply.Excerpt) reply.Doc
		reveal         spoiler.Position
		quoted, veiled int
	}{
		{"read far enough", private(read, reply.Hide), 5, 1, 0},
		{"hide", private(none, reply.Hide), 1, 0, 0},
		{"tag", private(none, reply.Tag), 1, 0, 1},
		{"no veil is tag", private(none, ""), 1, 0, 1},
		{"an unknown veil hides", private(none, "loud"), 1, 0, 0},
		{"show", private(none, reply.Show), 1, 1, 0},
		{"show, but never", private(none, reply.Show), spoiler.Never, 0, 0},
		{"finished, but never", private(none.With("b", 1<<30), reply.Show), spoiler.Never, 0, 0},
		{"channel with tags", public(none, reply.Tagged), 1, 0, 1},
		{"channel with buttons", public(none, reply.Buttons), 1, 0, 1},
		{"channel with buttons, but never", public(none, reply.Buttons), spoiler.Never, 0, 0},
		{"channel with unknown tags", public(none, 9), 1, 0, 0},
		{"channel without", public(none, reply.NoTags), 1, 0, 0},
		{"channel that has read it", public(read, reply.NoTags), 5, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r ignoring
			doc := c.doc(excerpt(c.reveal))
			doc.Render(&r)
			quoted := strings.Count(strings.Join(r.out, "\n"), "Text:"+secret)
			if quoted != c.quoted || len(doc.Covered()) != c.veiled {
				t.Errorf("quoted %d, covered %d; want %d, %d", quoted, len(doc.Covered()), c.quoted, c.veiled)
			}
		})
	}
}

// TestTitlePast shows that a title past the place is left out, even of a
// quotation that is not, and of one that the reader opens.
func TestTitlePast(t *testing.T) {
	e := excerpt(0)
	e.Title = spoiler.Seal("b", 3, "a title that spoils")
	e.Link = e.Title
	w := reply.ToReader(spoiler.Horizon{}, reply.Show, "t")
	w.Passage(e)
	e.Passage = spoiler.Seal("b", 1, "past")
	w.Passage(e)
	var r ignoring
	w.Doc().Render(&r)
	if got := strings.Join(r.out, "\n"); strings.Contains(got, "a title") {
		t.Errorf("the title is shown: %s", got)
	}
}

// TestOwnWords shows that a reader's words go back to that reader only.
func TestOwnWords(t *testing.T) {
	var r ignoring
	w := reply.ToChannel(spoiler.Horizon{}, reply.Tagged, "t")
	w.Say("You asked for {1}.", reply.Own(secret))
	w.Doc().Render(&r)
	if got := strings.Join(r.out, "\n"); got != "You asked for that." {
		t.Errorf("a channel sees %q", got)
	}
}

// TestPrinting shows that nothing prints a sealed text.
func TestPrinting(t *testing.T) {
	w := reply.ToReader(spoiler.Horizon{}, reply.Tag, "t")
	w.Passage(excerpt(0))
	w.Passage(excerpt(5))
	pw := reply.ToChannel(spoiler.Horizon{}, reply.Tagged, "t")
	pw.Passage(excerpt(5))
	for _, v := range []any{
		w.Doc(), pw.Doc(), w, pw, excerpt(5), w.Doc().Covered(), spoiler.Seal("b", 1, secret), []spoiler.Passage{spoiler.Seal("b", 1, secret)},
		map[string]spoiler.Passage{"a": spoiler.Seal("b", 1, secret)}, struct{ P spoiler.Passage }{spoiler.Seal("b", 1, secret)},
	} {
		NoSecret(t, v)
	}
}

// NoSecret prints a value in every way and searches for the secret.
func NoSecret(t *testing.T, v any) {
	t.Helper()
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		fmt.Fprintf(&out, verb, v)
		fmt.Fprintf(&out, verb, &v)
	}
	_ = json.NewEncoder(&out).Encode(v)
	slog.New(slog.NewTextHandler(&out, nil)).Info("m", "v", v)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "v", v)
	if strings.Contains(out.String(), secret) || strings.Contains(out.String(), fmt.Sprintf("%x", secret)) {
		t.Errorf("%T prints its text", v)
	}
}

// TestMisuse shows that what must not compile does not.
func TestMisuse(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles small programs")
	}
	const head = "package misuse\nimport (\"dogear/bot/reply\"; \"dogear/bot/spoiler\")\nvar _ spoiler.Passage\n"
	for name, c := range map[string]struct{ code, want string }{
		"posting a private document": {"func post(reply.PublicDoc) {}\nfunc f(d reply.PrivateDoc) { post(d) }", "cannot use d"},
		"saying book text":           {"func f(w *reply.Writer, text string) { w.Say(text) }", "cannot use text"},
		"making a document":          {"func f() reply.PublicDoc { return reply.PublicDoc{b: nil} }", "unexported field b"},
		"reading a passage":          {"func f(p spoiler.Passage) any { return p.p }", "p.p undefined"},
		"a document of one's own":    {"type D struct{}\nfunc (D) Render(reply.Renderer) {}\nfunc (D) Covered() [][]reply.Excerpt { return nil }\nfunc (D) Shown() [][]reply.Excerpt { return nil }\nfunc (D) Language() *reply.Language { return nil }\nfunc (D) Past() bool { return false }\nfunc (D) Refuses() bool { return false }\nvar _ reply.Doc = D{}", "missing method body"},
		"the control: what is right": {"func f(w *reply.Writer, p spoiler.Passage) { w.Say(\"hello\"); w.Passage(reply.Excerpt{Passage: p}) }", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Inside the module, so that it resolves; a folder of its own
			// below testdata, which no pattern matches.
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			dir, err := os.MkdirTemp("testdata", "misuse")
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(dir)
			if err := os.WriteFile(filepath.Join(dir, "misuse.go"), []byte(head+c.code), 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command("go", "build", "-gcflags=-e", "./"+dir).CombinedOutput()
			switch {
			case c.want == "" && err != nil:
				t.Errorf("does not compile:\n%s", out)
			case c.want != "" && err == nil:
				t.Error("compiles")
			case !strings.Contains(string(out), c.want):
				t.Errorf("does not compile, but for another reason:\n%s", out)
			}
		})
	}
}

// bodies is a renderer that keeps what it could show of covered passages, and
// the controls.
type bodies struct {
	ignoring
	got      []func() reply.Quotation
	controls []reply.Control
}

func (r *bodies) Spoiler(_ reply.Ticket, body func() reply.Quotation) { r.got = append(r.got, body) }
func (r *bodies) Control(c reply.Control)                             { r.controls = append(r.controls, c) }

// TestButtons shows that a document for a channel with buttons has no way to
// its covered text, and one for a channel with tags has.
func TestButtons(t *testing.T) {
	for _, tags := range []reply.Tags{reply.Buttons, reply.Tagged} {
		w := reply.ToChannel(spoiler.Horizon{}, tags, "t")
		w.Passage(excerpt(5))
		w.Paragraph([]reply.Excerpt{excerpt(5), excerpt(7)})
		var r bodies
		w.Doc().Render(&r)
		if len(r.got) != 2 || w.Doc().Tags() != tags {
			t.Fatalf("%d covers under %d, of a document under %d", len(r.got), tags, w.Doc().Tags())
		}
		for _, body := range r.got {
			if (body == nil) != (tags == reply.Buttons) {
				t.Errorf("under %d the text can be had: %t", tags, body != nil)
			}
		}
	}
}

// TestChoices shows that nothing but dogear's own words gets into a choice, and
// no more choices than a platform takes.
func TestChoices(t *testing.T) {
	w := reply.ToReader(spoiler.Horizon{}, reply.Tag, "t")
	from := reply.Words("Finished chapter {1}{2}{3}{4}", reply.Number(8), reply.Name(secret), reply.Own(secret), reply.Say(reply.Words("")))
	w.OfferChoice(reply.ReadFurther, "I've read further", make([]reply.Option, 30)...)
	w.OfferChoice(reply.ReadFurther, "I've read further", reply.Option{Value: "8", Words: from})
	w.Offer(reply.Share, "Share")
	var r bodies
	w.Doc().Render(&r)
	if n := len(r.controls[0].Choices); n != reply.MostChoices {
		t.Errorf("%d choices", n)
	}
	if got := r.controls[1].Choices; len(got) != 1 || got[0] != (reply.Choice{Value: "8", Label: "Finished chapter 8that"}) {
		t.Errorf("choices: %+v", got)
	}
	if r.controls[2].Choices != nil {
		t.Errorf("what has nothing to choose has %+v", r.controls[2].Choices)
	}
}
