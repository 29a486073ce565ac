package library

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"dogear/bot/spoiler/unsealed"
)

// TestNewSpoiler takes a text whole and as it stands, and stores it in a form
// that a program which knows no spoilers refuses.
func TestNewSpoiler(t *testing.T) {
	book, err := NewBook("lamp", "The Lamp", "", 9)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"Mo dies.", "# Mo dies\n\n||She|| *does*! (really) 🎉", "…\n🎉🎉 - \nMo: dies? 🎉 ", "rating: 5/5\n---\nFAQ\n\nDoes she die?\nYes.", "one\r\ntwo", "\u00a0Mo dies.\u200b x",
	} {
		src, err := NewSpoiler(File{Name: "here/x.txt", Data: []byte(text), Reviewer: "Ann"}, book, 3)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		var got []string
		for _, s := range src.Sentences {
			got = append(got, unsealed.Text(s.Passage))
			if s.Kind != Prose || s.Entry != 0 || s.Passage.Reveal() != 9 || s.Mark != (Mark{Covered: true, Chapter: 3}) {
				t.Errorf("%q holds %+v", text, s)
			}
			if part := strings.Join(strings.Fields(string([]rune(text)[s.Start:s.End])), " "); part != strings.Join(strings.Fields(got[len(got)-1]), " ") {
				t.Errorf("%q stands at %q", got[len(got)-1], part)
			}
		}
		if want := strings.Join(strings.Fields(text), " "); strings.Join(strings.Fields(strings.Join(got, " ")), " ") != want {
			t.Errorf("%q became %q", text, got)
		}
		data, err := EncodeSource(src)
		if err != nil || !bytes.HasPrefix(data, []byte(`{"v":2,`)) {
			t.Errorf("%q is stored as %.20s, %v", text, data, err)
		}
		if again, err := DecodeSource(data); err != nil || !again.Spoiler || !reflect.DeepEqual(again.Sentences[0].Mark, src.Sentences[0].Mark) {
			t.Errorf("%q comes back as %+v, %v", text, again, err)
		}
	}
	for _, text := range []string{"", " \n", "\x00\x01"} {
		if _, err := NewSpoiler(File{Name: "here/x.txt", Data: []byte(text)}, book, 0); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	review, err := Read(File{Name: "r.txt", Data: []byte("A review\n\nI liked it.")}, book)
	if err != nil {
		t.Fatal(err)
	}
	if data, _ := EncodeSource(review); !bytes.HasPrefix(data, []byte(`{"v":1,`)) || bytes.Contains(data, []byte("spoiler")) {
		t.Errorf("a review is stored as %s", data)
	}
}
