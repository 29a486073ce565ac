package label_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"dogear/bot/label"
	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// attack is a text of one or more sentences with the Reveal that each has to
// have.
type attack struct {
	texts []string
	golds []spoiler.Position
}

func attacks(t *testing.T, file string) []attack {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []attack
	for line := range strings.Lines(string(data)) {
		gold, text, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || !ok {
			continue
		}
		a := attack{texts: strings.Split(text, " // ")}
		for g := range strings.SplitSeq(gold, ",") {
			n, err := strconv.Atoi(g)
			if err != nil {
				t.Fatal(err)
			}
			a.golds = append(a.golds, spoiler.Position(n))
		}
		out = append(out, a)
	}
	return out
}

// TestAttacks labels some 3,000 sentences of our own that people wrote to get an ending
// past the labels, and harmless ones beside them. The bounds are what the
// labels reach now: a change may lower the first number and raise the second,
// never the other way round.
func TestAttacks(t *testing.T) {
	unknown, err := library.NewBook("some-book", "Some Book", "Some Author", 30)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file        string
		book        library.Book
		early, safe int // how many may be early, how many of the harmless must be open
	}{
		{"testdata/attacks.tsv", shipped(t), 34, 158},
		{"testdata/unknown.tsv", unknown, 30, 182},
	} {
		t.Run(c.file, func(t *testing.T) {
			l := label.New(c.book)
			early, late, open, safe := []string{}, 0, 0, 0
			for i, a := range attacks(t, c.file) {
				src, err := library.Read(library.File{Name: fmt.Sprintf("%d.txt", i), Data: []byte("A few thoughts\n\n" + strings.Join(a.texts, " "))}, c.book)
				if err != nil {
					continue // nothing is read of it, so nothing is shown
				}
				for _, s := range l.Label(src).Sentences {
					text := unsealed.Text(s.Passage)
					for j, want := range a.texts {
						if !strings.Contains(want, text) || s.Kind == library.Title {
							continue
						}
						switch gold := a.golds[min(j, len(a.golds)-1)]; {
						case gold == 0:
							safe++
							if s.Passage.Reveal() == 0 {
								open++
							}
						default:
							late++
							if s.Passage.Reveal() < gold {
								early = append(early, fmt.Sprintf("%d for %d: %s", s.Passage.Reveal(), gold, text))
							}
						}
						break
					}
				}
			}
			t.Logf("of %d sentences that spoil %d are early; of %d harmless ones %d are open to all", late, len(early), safe, open)
			if len(early) > c.early {
				t.Errorf("%d sentences are early, more than the %d known:\n%s", len(early), c.early, strings.Join(early, "\n"))
			}
			if open < c.safe {
				t.Errorf("%d harmless sentences are open to all, fewer than the %d known", open, c.safe)
			}
			if late < 500 {
				t.Errorf("only %d attacks were read", late)
			}
		})
	}
}
