package slack

import (
	"testing"
)

func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nb\rc\u2028d\u2029e\u0085f\vg\fh": "a\nb\nc\nd\ne\nf\ng\nh",
		"a\tb":                                 "a b",
		"a\x00\x1b\u00ad\u200b\u200c\u2060\ufeff\u200e\u202e\u2066\u061c\ufffd\u3164\ue000\xffb": "ab",
		"👩‍👩‍👧": "👩‍👩‍👧",
		"é ❤️":  "é ❤️",
	} {
		if got := normalise(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"plain, (words) - [and] more!": "plain, (words) - [and] more!",
		"<!channel> & <@U1|a>":         "&lt;!channel&gt; &amp; &lt;\u2060@\u2060U1|a&gt;",
		"&lt;":                         "&amp;lt;",
		"*a* _b_ ~c~ `d`":              "∗a∗ ˍbˍ ∼c∼ ˋdˋ",
		"Past your place:\nno: yes":    "Past your place:\nno: yes",
		":smile: ::":                   "\u2060:\u2060smile: \u2060:\u2060:",
		"https://a.example/b":          "https\u2060:\u2060//a\u2060.\u2060example/b",
		"See a.b. Or not... 4.5":       "See a\u2060.\u2060b. Or not... 4.5",
		"a.`b`":                        "a\u2060.\u2060ˋbˋ",
		"mo@a @here #b # @":            "mo\u2060@\u2060a \u2060@\u2060here \u2060#\u2060b # @",
		"www.❤ mailto:a":               "www\u2060.\u2060❤ mailto\u2060:\u2060a",
		"＊a＊ ＿b＿ ｀c｀":                  "∗a∗ ˍbˍ ˋcˋ",
		"  > a\n\n ＞":                  "  \u2060&gt; a\n\n ›",
		"snake_case _i_j_ 1_":          "snake_case ˍi_jˍ 1ˍ",
		"5.com 5.４":                    "5\u2060.\u2060com 5\u2060.\u2060４",
		"> a\n> b > c":                 "\u2060&gt; a\n\u2060&gt; b &gt; c",
	} {
		got := escape(in)
		if got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
		if !inert(got) {
			t.Errorf("%q is not inert", got)
		}
	}
}
