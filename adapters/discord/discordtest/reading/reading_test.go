package reading

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// leaks are messages in which SECRET was meant to be covered and is not, or not
// for sure.
var leaks = map[string]struct {
	content string
	open    bool // some client shows the secret
}{
	"no tag":                          {"SECRET", true},
	"an escaped pipe in a tag":        {`||a \|| SECRET||`, true},
	"an escaped opener":               {`\||SECRET||`, true},
	"an escaped closer":               {`||SECRET\||`, true},
	"an escaped backslash":            {`\\||SECRET||`, false},
	"pipes in a tag":                  {"||a || SECRET||", true},
	"an empty tag before":             {"|||| ||SECRET||", true},
	"a blank tag before":              {"|| || SECRET ||", true},
	"an empty tag glued before":       {"||||SECRET||", false},
	"an opener alone":                 {"||SECRET", true},
	"an opener alone before":          {"a || b ||SECRET||", true},
	"half a closer":                   {"||SECRET|", true},
	"three pipes":                     {"|||SECRET|||", false},
	"a backtick before and inside":    {"a ` b ||c ` SECRET||", true},
	"a backtick before and behind":    {"`||SECRET||`", true},
	"a backtick inside and behind":    {"||SECRET ` || b `", true},
	"an escaped backtick":             {"a \\` b ||c ` SECRET||", true},
	"backticks of two lengths":        {"a `` b ||c ` SECRET||", true},
	"a code block":                    {"```\n||SECRET||\n```", true},
	"a code block that does not end":  {"a ``` b\n||SECRET|| ``", true},
	"code that eats an opener":        {"`||` ||a|| SECRET ||b||", true},
	"a star before and inside":        {"a *b ||c* SECRET||", true},
	"stars before and inside":         {"**b ||c** SECRET||", true},
	"a star inside and behind":        {"||SECRET *a|| b*", true},
	"an underscore before and inside": {"_b ||c_ SECRET||", true},
	"a line through":                  {"~~b ||c~~ SECRET||", true},
	"an escaped line through":         {`~~b ||c\~~ SECRET||`, true},
	"bold around a tag":               {"**||SECRET||**", false},
	"bold around more than a tag":     {"**a ||SECRET|| b**", false},
	"an address":                      {"https://a.b/||SECRET||", true},
	"an address that goes on":         {"https://a.b/||a SECRET||", true},
	"an address in brackets":          {"<https://a.b/||SECRET||>", true},
	"a link around a tag":             {"[||SECRET||](https://a.b)", true},
	"a link into a tag":               {"[a ||b](https://a.b) SECRET||", true},
	"a tag in where a link goes":      {"[a](https://a.b/||SECRET||)", true},
	"a quote with a newline":          {"> ||a\nSECRET||", true},
	"a quote begun inside":            {"||a\n> SECRET||", true},
	"a list with a newline":           {"- ||a\nSECRET||", true},
	"a list begun inside":             {"||a\n- SECRET||", true},
	"a numbered list":                 {"1. ||a\nSECRET||", true},
	"a heading with a newline":        {"# ||a\nSECRET||", true},
	"small print with a newline":      {"-# ||a\nSECRET||", true},
	"a tag in a quote":                {"> ||SECRET||", false},
	"a tag in a long quote":           {">>> a\nb\n||SECRET||", false},
	"a tag in a list":                 {"* ||SECRET||", false},
	"a tag in a list's second line":   {"- a\n ||SECRET||", false},
	"a tag in a heading":              {"## ||SECRET||", false},
	"a tag in small print":            {"-# ||SECRET||", false},
	"a newline":                       {"||a\nSECRET||", false},
	"a line separator":                {"||a\u2028SECRET||", false},
	"an opener that touches":          {"a||SECRET||", false},
	"a closer that touches":           {"||SECRET||a", false},
	"a blank at the edge":             {"|| SECRET||", false},
}

func TestChatLeaks(t *testing.T) {
	for name, c := range leaks {
		t.Run(name, func(t *testing.T) {
			seen := Chat(c.content)
			if open := strings.Contains(seen.Open, "SECRET"); open != c.open {
				t.Errorf("%q: open %v, want %v; shown: %q", c.content, open, c.open, seen.Open)
			}
			if seen.Broken == nil && !(c.open && seen.Tags == 0) {
				t.Errorf("%q: nothing is wrong with it", c.content)
			}
		})
	}
}

func TestChatGood(t *testing.T) {
	for _, c := range []struct {
		content string
		open    string
		covered []string
	}{
		{"", "", nil},
		{"Nothing to hide.", "Nothing to hide.", nil},
		{"||SECRET||", "", []string{"SECRET"}},
		{"Later: ||SECRET||", "Later: ", []string{"SECRET"}},
		{"||one||\n||two||\nthree", " \n \nthree", []string{"one", "two"}},
		{"||one|| ||two||", "  ", []string{"one", "two"}},
		{`||\\||`, "", []string{`\`}},
		{`||a \*b\* \[c\]\(d\) \> e\\||`, "", []string{`a *b* [c](d) > e\`}},
		{`**Emma\*** by *Jane\_* ||\*\_\~\~||` + "\n**x**", "**Emma*** by *Jane_*  \n**x**", []string{"*_~~"}},
		{`\- no list ||\- none||`, "- no list ", []string{"- none"}},
		{`1\. no list ||https\:\//a\.b||`, "1. no list ", []string{"https://a.b"}},
		{"`/place 7` ||SECRET||\n`/veil`", "`/place 7`  \n`/veil`", []string{"SECRET"}},
		{"> a quote\n||SECRET||", "> a quote\n", []string{"SECRET"}},
		{"- a list\n||SECRET||\n- more", "- a list\n \n- more", []string{"SECRET"}},
		{"[1] a source\n||SECRET||\n(more)", "[1] a source\n \n(more)", []string{"SECRET"}},
		{"<https://a.b> ||SECRET||", "<https://a.b> ", []string{"SECRET"}},
		{"3 * 4 ||SECRET|| 5 * 6", "3 * 4   5 * 6", []string{"SECRET"}},
		{"||ˋ∣∣｜｜||", "", []string{"ˋ∣∣｜｜"}},
		{"||👨‍👩‍👧‍👦 1️⃣ é||", "", []string{"👨‍👩‍👧‍👦 1️⃣ é"}},
	} {
		seen := Chat(c.content)
		if strings.TrimSpace(seen.Open) != strings.TrimSpace(c.open) {
			t.Errorf("%q: open %q, want %q", c.content, seen.Open, c.open)
		}
		if !slices.Equal(seen.Covered, c.covered) || seen.Tags != len(c.covered) {
			t.Errorf("%q: %d tags cover %q, want %q", c.content, seen.Tags, seen.Covered, c.covered)
		}
		if seen.Broken != nil {
			t.Errorf("%q: broken: %q", c.content, seen.Broken)
		}
	}
}

func TestNotification(t *testing.T) {
	for _, c := range []struct {
		content string
		open    string
		covered []string
		broken  bool
	}{
		{"", "", nil, false},
		{"a ||b|| c", "a <spoiler> c", []string{"b"}, false},
		{`a\* ||b\*||`, `a\* <spoiler>`, []string{`b\*`}, false},
		{`||a \|| SECRET||`, `<spoiler> SECRET||`, []string{`a \`}, true},
		{"`||b||`", "`<spoiler>`", []string{"b"}, true},
		{"|||| ||SECRET||", "<spoiler>SECRET||", []string{"|| "}, true},
		{"||b\nc||", "<spoiler>", []string{"b\nc"}, true},
		{"||b", "||b", nil, true},
	} {
		seen := Notification(c.content)
		if seen.Open != c.open || !slices.Equal(seen.Covered, c.covered) || seen.Tags != len(c.covered) {
			t.Errorf("%q: %+v, want %q open and %q covered", c.content, seen, c.open, c.covered)
		}
		if (seen.Broken != nil) != c.broken {
			t.Errorf("%q: broken: %q", c.content, seen.Broken)
		}
	}
}

func TestMentions(t *testing.T) {
	for content, want := range map[string][]string{
		"":                                nil,
		"mail @ noon, 3 < 4":              nil,
		"hi @everyone, @here":             {"@everyone", "@here"},
		`hi \@everyone`:                   nil,
		`hi \\@everyone`:                  {"@everyone"},
		"<@1><@!2> <@&3> <#4>":            {"<@1>", "<@!2>", "<@&3>", "<#4>"},
		`\<@1\> \<\#4\>`:                  nil,
		"</ask:1> <t:0:R> <:x:1> <a:x:1>": {"</ask:1>", "<t:0:R>", "<:x:1>", "<a:x:1>"},
		"<id:home> <a@b.c> <+4930>":       {"<id:home>", "<a@b.c>", "<+4930>"},
		"see https://a.b/c now":           {"https://a.b/c"},
		"<https://a.b>":                   {"https://a.b>"},
		`see https\://a.b`:                nil,
		"||discord.gg/abc||":              {"discord.gg/abc||"},
		"[a](b)":                          {"[a](b)"},
		`[a\](b)`:                         {`[a\](b)`},
		`\[a\]\(b\) \[a](b)`:              nil,
		"[1] a (b)":                       nil,
		"[a](https://b.c)":                {"[a](https://b.c)", "https://b.c)"},
		"||<@1>|| and `@here`":            {"<@1>", "@here"},
		"[@here](b) [c](d)":               {"@here", "[@here](b)", "[c](d)"},
	} {
		if got := Mentions(content); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", content, got, want)
		}
	}
}

func TestUTF16(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "é": 1, "∣": 1, "👍": 2, "👍🏽": 4, "\xff\xfe": 2} {
		if got := UTF16(s); got != want {
			t.Errorf("%q is %d long, want %d", s, got, want)
		}
	}
}

func TestHostile(t *testing.T) {
	all := map[string]bool{}
	var joined strings.Builder
	for seed := range uint64(5000) {
		text := Hostile(seed)
		if again := Hostile(seed); again != text {
			t.Fatalf("seed %d: %q, then %q", seed, text, again)
		}
		all[text] = true
		joined.WriteString(text)
	}
	if len(all) < 4000 {
		t.Errorf("5000 seeds make %d texts", len(all))
	}
	for _, group := range pieces {
		for _, piece := range group {
			if !strings.Contains(joined.String(), piece) {
				t.Errorf("no text holds %q", piece)
			}
		}
	}
}

// TestHostileLeaks shows that the hostile texts are: who covers them as they
// are, or escapes with backslashes alone, leaks.
func TestHostileLeaks(t *testing.T) {
	for name, cover := range map[string]func(string) string{
		"as it is": func(s string) string { return "||" + s + "||" },
		"backslashes": func(s string) string {
			return "||" + strings.NewReplacer(`\`, `\\`, "||", `\||`, "*", `\*`, "_", `\_`, "`", "\\`").Replace(s) + "||"
		},
	} {
		chat, notification := 0, 0
		for seed := range uint64(500) {
			content := cover(Hostile(seed) + " SECRET " + Hostile(seed+1e6))
			if strings.Contains(Chat(content).Open, "SECRET") {
				chat++
			}
			if strings.Contains(Notification(content).Open, "SECRET") {
				notification++
			}
		}
		if chat < 25 || notification < 25 {
			t.Errorf("%s: of 500 texts %d leak in chat, %d in a notification", name, chat, notification)
		}
	}
}

// TestRulesHold holds the judge to the rules under which no text leaks: it
// finds nothing wrong with what follows them.
func TestRulesHold(t *testing.T) {
	ends := strings.NewReplacer("\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ")
	escape := strings.NewReplacer("`", "\u02cb", "|", "\u2223", `\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`,
		"<", `\<`, ">", `\>`, "#", `\#`, ":", `\:`, "@", `\@`, "-", `\-`, "+", `\+`, ".", `\.`, "!", `\!`)
	lines := func(s string) []string {
		s = strings.Map(func(r rune) rune {
			if r == utf8.RuneError || r != '\n' && r != '\u200d' && unicode.In(r, unicode.Cc, unicode.Cf) {
				return -1
			}
			return r
		}, ends.Replace(strings.ToValidUTF8(s, "")))
		var out []string
		for line := range strings.SplitSeq(s, "\n") {
			if line = strings.TrimSpace(line); strings.TrimFunc(line, unseen) != "" {
				out = append(out, escape.Replace(line))
			}
		}
		return out
	}
	held := 0
	for seed := range uint64(200) {
		title := strings.Join(lines(Hostile(seed)), " ")
		content := "**" + title + "** and *" + title + "*\n"
		var want int
		for _, line := range append(lines(Hostile(seed+1e6)), lines(Hostile(seed+2e6)+" SECRET "+Hostile(seed+3e6))...) {
			content += "||" + line + "||\n[1] " + title + " ||" + line + "||\n- " + title + "\n"
			want += 2
		}
		if len(content) > 5000 {
			continue // far longer than any message
		}
		held++
		seen, notification := Chat(content), Notification(content)
		if seen.Broken != nil || notification.Broken != nil || seen.Tags != want {
			t.Fatalf("seed %d: %d tags of %d; in chat %q, in a notification %q\n%s", seed, seen.Tags, want, seen.Broken, notification.Broken, content)
		}
		if strings.Contains(seen.Open+notification.Open, "SECRET") {
			t.Fatalf("seed %d leaks: %s", seed, content)
		}
		if live := Mentions(content); live != nil {
			t.Fatalf("seed %d mentions %q: %s", seed, live, content)
		}
	}
	if held < 100 {
		t.Errorf("only %d texts were short enough", held)
	}
}

// TestLong reads long texts that would take a careless parser minutes. The limit
// is wide, for a busy machine.
func TestLong(t *testing.T) {
	for _, unit := range []string{"|", "||", "|| ", "||a", "`", "` ``", "*", "*a", "* _ ~~", "[", "[]", "[](", "<", "<a:", "a://", "a:// ", "\\", "\\|", "\n", "> a\n", "- ||a\n", "@", "||`*[<a:_~~\\"} {
		text := strings.Repeat(unit, 10000/len(unit))
		start := time.Now()
		Chat(text)
		Notification(text)
		Mentions(text)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%q over and over took %v", unit, took)
		}
	}
}

func FuzzReading(f *testing.F) {
	for _, c := range leaks {
		f.Add(c.content)
	}
	for seed := range uint64(200) {
		f.Add(Hostile(seed))
		f.Add(fmt.Sprintf("**%s** ||%s||\n||%s|| x", Hostile(seed), Hostile(seed+1), Hostile(seed+2)))
	}
	f.Fuzz(func(t *testing.T, content string) {
		if len(content) > 10000 {
			t.Skip("longer than any message")
		}
		chat, notification := Chat(content), Notification(content)
		Mentions(content)
		if n := UTF16(content); n > len(content) {
			t.Errorf("%q is %d long", content, n)
		}
		if chat.Tags != len(chat.Covered) || chat.Tags != notification.Tags {
			t.Errorf("%q: %d tags in chat, %d in a notification", content, chat.Tags, notification.Tags)
		}
		// The plain way is the rule itself.
		var want, got []tag
		for _, m := range rule.FindAllStringIndex(content, -1) {
			want = append(want, tag{start: m[0], end: m[1]})
		}
		got = newText(content).read(0, make([]bool, len(content)))
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: tags at %v, want %v", content, got, want)
		}
	})
}
