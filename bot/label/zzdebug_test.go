package label

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"dogear/bot/library"
)

func TestZZDebug(t *testing.T) {
	l := New(library.Shipped()[0])
	f, err := os.Open("/tmp/missed.jsonl")
	if err != nil {
		t.Skip()
	}
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var m struct{ Text, Why string }
		json.Unmarshal(sc.Bytes(), &m)
		c := l.clause(m.Text)
		f := l.frame(c, nil)
		v := ""
		add := func(n string, b bool) {
			if b {
				v += n + " "
			}
		}
		add("third", f.third)
		add("odd", f.odd > 0 && (f.odd > f.room() || f.denies || f.narrator || c.has(outcome|turn)))
		add("proper", f.proper && !(f.author && c.marked(bio)))
		add("prize", c.has(prize) && !f.author)
		add("outcome", c.has(outcome) && (c.has(endtone) || !f.mannered && !f.reviewer))
		add("turn", c.has(turn) && (!c.has(negation) || c.has(reading)))
		add("denies", f.denies && (!f.formed || f.judgements == 0))
		add("narr", f.narrator && c.narrates())
		tw := ""
		for _, tk := range c.tokens {
			if l.tells(clause{tokens: []token{tk}}, f.strong) {
				tw += tk.text + ","
			}
		}
		add("tells:"+tw, l.tells(c, f.strong))
		add("named", c.named())
		add("guess", c.guesses())
		add("acts", c.acts(f))
		add("theme", c.thematic())
		add("equates", c.equates(f))
		add("sub", c.subordinates(f.narrator))
		if !f.closed {
			o := ""
			for _, tk := range c.tokens {
				switch {
				case tk.is == inBook:
					o += "@" + tk.text + ","
				case tk.is != nobody || l.ordinary(c, tk, f):
				case tk.class&denied != 0:
					o += "!" + tk.text + ","
				case tk.class == 0:
					o += "?" + tk.text + ","
				case tk.class&(common|everyday|loose|rare) != 0:
					o += "~" + tk.text + ","
				}
			}
			add("OPEN:"+o, true)
		}
		fmt.Printf("%s | %s | %s\n", v, m.Why, m.Text)
	}
}

func TestZZOne(t *testing.T) {
	l := New(library.Shipped()[0])
	for _, s := range []string{"But it didn’t, not for me.", "Memory as Structure"} {
		for _, tk := range l.clause(s).tokens {
			fmt.Printf("%s class=%b marks=%b content=%v\n", tk.text, tk.class, tk.marks, tk.content())
		}
	}
}
