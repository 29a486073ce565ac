package library

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dogear/bot/spoiler/unsealed"

	"github.com/google/go-cmp/cmp"
)

// readPage reads a web page or fails the test.
func readPage(t *testing.T, text string) (Source, *page) {
	t.Helper()
	src, err := Read(File{Name: "a.html", Data: []byte(text)}, lamp)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{name: "a.html", runes: []rune(text), book: lamp}
	if err := p.web(); err != nil {
		t.Fatal(err)
	}
	checkOffsets(t, string(p.runes), src)
	return src, p
}

// TestReadPage reads a page as a browser saved it: the article alone, and all
// that its author hides as a spoiler.
func TestReadPage(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "pages", "quiet-school.html"))
	if err != nil {
		t.Fatal(err)
	}
	src, _ := readPage(t, string(data))
	if diff := cmp.Diff(want(`title: A quiet school, and a quiet book
sentence: I read this one in two evenings & a slow Sunday.
sentence: The prose is quiet, plain and precise, and the pacing is slow in the best way.
sentence: The narrator tells her story as if over a cup of tea.
sentence: I enjoyed the writing, and I thought the structure was clever, patient and unhurried.
sentence: There is one thing I must say, though.
sentence covered: Tommy completes after his fourth donation, CANARY.
sentence: I loved the style.
heading: What I liked
item: The calm and careful prose, which never raises its voice.
item: The pacing of the novel, slow, measured and certain.
heading covered: The ending, CANARY
sentence covered: Kathy is left alone at the end, CANARY.
sentence covered: She drives to Norfolk, and she stops at a field, CANARY.
heading: What I did not like
sentence: The dialogue is a little stiff here and there, and the chapters are long.
sentence: Still, it is a beautiful novel.
sentence: Short.
sentence covered: Ruth dies, CANARY.
sentence covered: Madame closes the gallery, CANARY.
sentence covered: On the other site I wrote: the deferrals are a rumour, CANARY  and I stand by it.
sentence: It is a good book for a club, because the writing gives everyone something to talk about.
`), shapes(src)); diff != "" {
		t.Error(diff)
	}
	got := []string{unsealed.Text(src.Title), src.Reviewer, unsealed.Text(src.Link), src.Date, src.Rating, src.Language}
	if diff := cmp.Diff([]string{"A quiet school, and a quiet book", "Mo Finch", "https://paperlanterns.example/2023/03/a-quiet-school/", "2023-03-14", "4/5", "en-GB"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestReadPageMarks puts marks into a page. No sentence with CANARY is open, and
// none with PLAIN is covered.
func TestReadPageMarks(t *testing.T) {
	const plain = "<p>It is a long book, and it is PLAIN, and so is every sentence of it, I said.</p>"
	for _, tt := range []string{
		`<p>So <span class="md-spoiler-text">the CANARY is gone</span> it is. It stays PLAIN.</p>`,
		`<p>So <span data-spoiler>the CANARY is gone</span> it is. It stays PLAIN.</p>`,
		`<p>So <spoiler>the CANARY is gone</spoiler> it is. It stays PLAIN.</p>`,
		`<p>So <tg-spoiler>the CANARY is gone</tg-spoiler> it is. It stays PLAIN.</p>`,
		`<p>So <a href="/spoiler">the CANARY is gone</a> it is. It stays PLAIN.</p>`,
		`<p>So <span style="color:#fff">the CANARY is gone</span> it is. It stays PLAIN.</p>`,
		`<p>So <font color="white">the CANARY is gone</font> it is. It stays PLAIN.</p>`,
		`<p>So ||the CANARY is gone|| it is. It stays PLAIN.</p>`,
		`<p>So &gt;!the CANARY is gone!&lt; it is. It stays PLAIN.</p>`,
		`<p>So &lt;spoiler&gt;the CANARY is gone&lt;/spoiler&gt; it is. It stays PLAIN.</p>`,
		`<p>So <a class="spoilerAction">(view spoiler)</a><span class="spoilerContainer" style="display:none">[the CANARY is gone <a>(hide spoiler)</a>]</span> it is. It stays PLAIN.</p>`,
		`<div class="spoiler hidden" hidden><p>The CANARY is gone.</p><ul><li>The CANARY is back.</li></ul></div><p>It stays PLAIN.</p>`,
		`<details class="related"><summary>The CANARY</summary>The CANARY is gone.<table><tr><td>The CANARY is back.</td></tr></table></details><p>It stays PLAIN.</p>`,
		`<div class="banner">SPOILERS AHEAD!</div><p>The CANARY is gone.</p>`,
		`<h2>Spoilers below</h2><p>The CANARY is gone.</p>`,
		`<p>And now <b>spoilers ahead</b></p><p>The CANARY is gone.</p>`,
		`<p><spoiler>The CANARY is gone.</p><p>The CANARY is back.</p>`,
		`<p>The CANARY is gone.</spoiler></p>`,
		`<p><b><spoiler>The CANARY is gone,</b> and the CANARY is back.</spoiler></p>`,
		`<p>The CANARY is gone.</p><a rel="tag" href="/t">Spoilers</a>`,
		`<p class="spoiler-free no-spoilers tag-spoilerfree">It stays PLAIN.</p>`,
		`<p style="display:none">CANARY is no text here.</p><p hidden>CANARY is none.</p><script>"CANARY"</script><p>It stays PLAIN.</p>`,
	} {
		whole := strings.Contains(tt, "</spoiler></p>") && !strings.Contains(tt, "<p>So") || strings.Contains(tt, "<p><spoiler>") || strings.Contains(tt, "rel=")
		src, _ := readPage(t, "<html><head><title>The lamp</title></head><body><nav>CANARY menu</nav><article>"+plain+plain+tt+"</article><footer>CANARY foot</footer></body></html>")
		spoken := false
		for _, s := range src.Sentences {
			text := unsealed.Text(s.Passage)
			if strings.Contains(text, "CANARY") && !s.Mark.Covered || strings.Contains(text, "PLAIN") && s.Mark.Covered && !whole {
				t.Errorf("%s\n%s", tt, shape(s))
			}
			spoken = spoken || strings.Contains(text, "CANARY")
		}
		if hidden := strings.Contains(tt, "<script>") || !strings.Contains(tt, "CANARY"); spoken == hidden {
			t.Errorf("%s\n%q", tt, shapes(src))
		}
	}
}

func TestReadPageAbout(t *testing.T) {
	const text = "<p>It is a long book, and it is a fine one, and so is every sentence of it, as I said.</p>"
	for _, tt := range []struct{ head, body, want string }{
		{`<title>One - Site</title><meta name="author" content="Mo Finch">`, "<article><h1>One</h1>" + text + text + "</article>", "Mo Finch||"},
		{`<meta property="og:url" content="https://x.example/a"><meta property="og:title" content="One">`, `<article><div class="author">Posted by Ada Penn on 3 May 2020</div>` + text + text + "</article>", "Ada Penn|https://x.example/a|"},
		{`<link rel="canonical" href="/relative">`, `<article><span class="byline">posted in the reviews of this week</span><time datetime="2020-05-03">May</time>` + text + text + "</article>", "||2020-05-03"},
		{``, "<article>" + text + text + `</article><div id="comments"><span class="author">Somebody Else</span><time datetime="2021-01-01">x</time></div>`, "||"},
	} {
		src, _ := readPage(t, "<html><head>"+tt.head+"</head><body>"+tt.body+"</body></html>")
		if got := src.Reviewer + "|" + unsealed.Text(src.Link) + "|" + src.Date; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.head, got, tt.want)
		}
	}
	deep := strings.Repeat("<div>", 600) + "It is " + secret
	if _, err := Read(File{Name: "a.htm", Data: []byte(deep)}, lamp); err == nil || err.Error() != "a.htm: is no web page that can be read: its elements are nested too deeply" {
		t.Error(err)
	}
	src, err := Read(File{Name: "a.txt", Data: []byte("It is fine."), Reviewer: "Mo Finch"}, lamp)
	if err != nil || src.Reviewer != "Mo Finch" {
		t.Errorf("%q %v", src.Reviewer, err)
	}
}

func TestShelf(t *testing.T) {
	s := newShelf(Book{ID: "lamp", Title: "The Lamp Keepers", Author: "Ada Quill Jr."}, []Book{
		{ID: "salt-1", Title: "Salt: The First Sea", Author: "Pia Novák"}, {ID: "salt-2", Title: "Salt: The Second Sea", Author: "Pia Novák", Also: []string{"S2"}}, {ID: "hour", Title: "L’Heure bleue"},
	})
	for _, tt := range []struct{ title, author, want string }{
		{"", "", "lamp"}, {"the lamp keepers", "", "lamp"}, {"The Lamp Keepers (Rock, #1)", "QUILL, ada", "lamp"}, {"The Lamp Keepers: A Novel", "Ada Quill", "lamp"}, {"The Lamp Keepers", "Bo Quillon", ""},
		{"Salt: The First Sea", "Novak", "salt-1"}, {"Salt: the second sea", "Pia Novak", "salt-2"}, {"Salt: The Third Sea", "Pia Novak", ""}, {"s2", "", "salt-2"}, {"salt-2", "", "salt-2"},
		{"L'heure Bleue", "Anybody", "hour"}, {"The Lamp", "", ""}, {"!", "", ""},
	} {
		if got, _ := s.find(tt.title, tt.author); string(got.ID) != tt.want {
			t.Errorf("%q by %q is %q, not %q", tt.title, tt.author, got.ID, tt.want)
		}
	}
}
