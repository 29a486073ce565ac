package answer_test

import (
	"testing"

	"dogear/bot/answer"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

func book(t testing.TB) library.Book {
	t.Helper()
	b, err := library.ParseBook([]byte("id: b\ntitle: The Book\nauthor: Ann Other\noutline: [{chapters: 20}]\neditions:\n"+
		"  - {name: one, first: [1, 11, 21, 31, 41, 51, 61, 71, 81, 91, 101, 111, 121, 131, 141, 151, 161, 171, 181, 191], pages: 200}\n"), "b.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestStated is the table of places that readers name in passing.
func TestStated(t *testing.T) {
	for question, want := range map[string]spoiler.Position{
		"i'm on ch 9, who is she?":                        8,
		"I’m on chapter 9. Who is she?":                   8,
		"im only on ch. 3 so no spoilers, who is she":     2,
		"I am currently reading chapter 12, who is he?":   11,
		"i just finished chapter 9, what now?":            9,
		"I've read the first 5 chapters, who is she?":     5,
		"i'm at 50%, is it good?":                         10,
		"i'm on page 35, is it good?":                     3,
		"i'm on page 500, is it good?":                    0, // no edition has it
		"havent started, is it good?":                     0,
		"I haven't started yet. Is it good?":              0,
		"I have not read it, should I?":                   0,
		"is it good? i'm about to start":                  0,
		"finished it last night, why did she go?":         20,
		"i'm on ch 9 and finished chapter 4 of the other": 4, // the lower counts
		"what happens in chapter 9?":                      -1,
		"who is she?":                                     -1,
		"is chapter 3 long?":                              -1,
	} {
		at, ok := answer.Read(question, book(t)).Stated()
		if !ok {
			at = -1
		}
		if at != want {
			t.Errorf("%q states %d, want %d", question, at, want)
		}
	}
}

// TestYesNo is the table of questions that a yes or a no would answer.
func TestYesNo(t *testing.T) {
	for question, want := range map[string]bool{
		"does she die?":                         true,
		"so does she die":                       true,
		"Do they end up together?":              true,
		"she dies, right?":                      true,
		"she dies?":                             true,
		"is it true that she dies?":             true,
		"i'm on ch 9, does she die?":            true,
		"tell me whether she dies":              true,
		"ok but seriously, is he the murderer?": true,
		"doesnt he die":                         true,
		"does she die or not":                   true,
		"confirm she dies":                      true,
		"she dies":                              true,
		"i wonder if she dies":                  true,
		"please say she dies":                   true,
		"tell me if ann dies":                   true,
		"tell me does ann die":                  true,
		"in the end does ann die":               true,
		"(does ann die)":                        true,
		"- does ann die":                        true,
		"what, ann dies?":                       true,
		"what are the odds ann dies?":           true,
		"how likely is it that ann dies?":       true,
		"who else thinks ann dies?":             true,
		"what if ann dies?":                     true,
		"ｄoes ann die":                          true,
		"does\u200bann die":                     true,
		"":                                      true,
		"who dies?":                             false,
		"what is it about?":                     false,
		"why did she go?":                       false,
		"tell me about the ending":              false,
		"how does it end?":                      false,
		"where does she go?":                    false,
	} {
		if got := answer.Read(question, book(t)).YesNo(); got != want {
			t.Errorf("%q: yes or no %v, want %v", question, got, want)
		}
	}
}

// FuzzRead shows that no question trips the reading of it.
func FuzzRead(f *testing.F) {
	f.Add("i'm on ch 9999999999999999999, does she die?")
	f.Add("‘’“”\x00\xff ch 4")
	b := book(f)
	f.Fuzz(func(t *testing.T, question string) {
		if at, ok := answer.Read(question, b).Stated(); ok && (at < 0 || at > b.End()) {
			t.Errorf("states %d", at)
		}
	})
}
