package discord

import (
	"strings"
	"testing"
)

func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nb\rc\u2028d\u2029e\u0085f\vg\fh": "a\nb\nc\nd\ne\nf\ng\nh",
		"a\tb":                                 "a b",
		"a\x00\x1b\u00ad\u200b\u200c\u2060\ufeff\u200e\u202e\u2066\u061c\ufffd\u3164\xffb": "ab",
		"👩‍👩‍👧": "👩‍👩‍👧",
		"é ❤️":  "é ❤️",
	} {
		if got := normalise(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestEscape(t *testing.T) {
	const markup = `\*_~[]()<>#:@-+.!`
	for _, r := range markup {
		if got, want := escape("a"+string(r)+"b"), `a\`+string(r)+"b"; got != want {
			t.Errorf("%q becomes %q", r, got)
		}
	}
	if got := escape("a`b|c é"); got != "aˋb∣c é" {
		t.Errorf("bars and backticks become %q", got)
	}
}

func TestSplit(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		" \n\u200d\n\ufe0f": "",
		" a \n\n  b":        "a/b",
	} {
		if got := strings.Join(split(in), "/"); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
