package bot

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dogear/bot/library"
	"dogear/bot/spoiler"
	"dogear/bot/spoiler/unsealed"
)

// written by hand: a title, five sentences and two related works.
func handmade(texts ...string) library.Source {
	seal := func(at spoiler.Position, text string) spoiler.Passage { return spoiler.Seal("b", at, text) }
	src := library.Source{ID: "s", Book: "b", Title: seal(2, "A title."), Link: seal(3, "https://a.example/a-title")}
	if len(texts) == 0 {
		texts = []string{"One is open.", "It leans on one.", "That leans too.", "Four stands alone.", "One is open."}
	}
	for i, text := range texts {
		s := library.Sentence{Kind: library.Prose, Paragraph: 1, Passage: seal(spoiler.Position(i), text), Because: []library.Evidence{{Layer: library.ByOpinion}}}
		s.Leans = text[:2] == "It" || text[:4] == "That"
		src.Sentences = append(src.Sentences, s)
	}
	src.Related = []spoiler.Passage{seal(0, "The Lamp by Mo Finch"), seal(6, "Salt Roads")}
	return src
}

func ruled(src library.Source, steps map[int][]Step) map[library.SentenceID]Ruling {
	out := map[library.SentenceID]Ruling{}
	for n, s := range steps {
		out[src.NameOf(n)] = Ruling{Sentence: src.NameOf(n), Source: src.ID, Steps: s}
	}
	return out
}

// TestOverrule is the table of what people's word does to labels. A source's
// Reveals stand in the order title, sentences, related works.
func TestOverrule(t *testing.T) {
	const end = 9
	reported := []Step{{How: Reported, By: "r"}}
	decided := func(at spoiler.Position) []Step { return []Step{{How: Reported, By: "r"}, {How: Decided, Reveal: at}} }
	never := spoiler.Never
	for name, c := range map[string]struct {
		rulings map[int][]Step
		want    []spoiler.Position
	}{
		"nothing":                            {nil, []spoiler.Position{2, 0, 1, 2, 3, 4, 0, 6}},
		"no steps":                           {map[int][]Step{3: nil}, []spoiler.Position{2, 0, 1, 2, 3, 4, 0, 6}},
		"reported":                           {map[int][]Step{3: reported}, []spoiler.Position{2, 0, 1, 2, never, 4, 0, 6}},
		"carried":                            {map[int][]Step{3: {{How: Carried}}}, []spoiler.Position{2, 0, 1, 2, never, 4, 0, 6}},
		"both of the same words, and theirs": {map[int][]Step{0: reported}, []spoiler.Position{2, never, never, never, 3, never, 0, 6}},
		"decided later":                      {map[int][]Step{0: decided(5)}, []spoiler.Position{2, 5, 5, 5, 3, 5, 0, 6}},
		"decided earlier":                    {map[int][]Step{1: decided(0)}, []spoiler.Position{2, 0, 0, 2, 3, 4, 0, 6}},
		"decided open stays so over the one before": {map[int][]Step{0: reported, 1: decided(0)},
			[]spoiler.Position{2, never, 0, 2, 3, never, 0, 6}},
		"decided to be the end":      {map[int][]Step{3: decided(endOfBook)}, []spoiler.Position{2, 0, 1, 2, end, 4, 0, 6}},
		"decided past the end":       {map[int][]Step{3: decided(40)}, []spoiler.Position{2, 0, 1, 2, end, 4, 0, 6}},
		"decided to be for nobody":   {map[int][]Step{3: decided(never)}, []spoiler.Position{2, 0, 1, 2, never, 4, 0, 6}},
		"dismissed":                  {map[int][]Step{3: append(decided(5), Step{How: Dismissed})}, []spoiler.Position{2, 0, 1, 2, 3, 4, 0, 6}},
		"reported again":             {map[int][]Step{3: append(decided(0), reported...)}, []spoiler.Position{2, 0, 1, 2, never, 4, 0, 6}},
		"what nobody knows":          {map[int][]Step{3: {{How: "a later word"}}}, []spoiler.Position{2, 0, 1, 2, never, 4, 0, 6}},
		"a follower that lies later": {map[int][]Step{1: decided(2)}, []spoiler.Position{2, 0, 2, 2, 3, 4, 0, 6}},
		"title":                      {map[int][]Step{library.TitleOf: reported}, []spoiler.Position{never, 0, 1, 2, 3, 4, 0, 6}},
		"title opened":               {map[int][]Step{library.TitleOf: decided(0)}, []spoiler.Position{0, 0, 1, 2, 3, 4, 0, 6}},
		"related":                    {map[int][]Step{library.RelatedOf: reported, library.RelatedOf - 1: decided(1)}, []spoiler.Position{2, 0, 1, 2, 3, 4, never, 1}},
	} {
		src := handmade()
		before := fmt.Sprint(reveals(src))
		out := overrule(src, ruled(src, c.rulings), end)
		if got := reveals(out); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if fmt.Sprint(reveals(src)) != before {
			t.Errorf("%s: the labels themselves were changed", name)
		}
		if out.Link.Reveal() < max(out.Title.Reveal(), src.Link.Reveal()) && len(c.rulings[library.TitleOf]) > 0 {
			t.Errorf("%s: the link opens at %d, the title at %d", name, out.Link.Reveal(), out.Title.Reveal())
		}
		for n, s := range out.Sentences {
			if s.Passage.Reveal() == src.Sentences[n].Passage.Reveal() {
				continue
			}
			if by := s.Decided(); by != library.ByPerson && by != library.ByContext || s.Because[0].Reveal != s.Passage.Reveal() {
				t.Errorf("%s: sentence %d says that %s decided", name, n, by)
			}
			if unsealed.Text(s.Passage) != unsealed.Text(src.Sentences[n].Passage) {
				t.Errorf("%s: sentence %d says something else", name, n)
			}
		}
	}
}

func reveals(src library.Source) []spoiler.Position {
	out := []spoiler.Position{src.Title.Reveal()}
	for _, s := range src.Sentences {
		out = append(out, s.Passage.Reveal())
	}
	for _, p := range src.Related {
		out = append(out, p.Reveal())
	}
	return out
}

// carry puts a correction in the place of a source on which people have ruled.
func carry(old, now library.Source, rulings map[library.SentenceID]Ruling, when time.Time) []Ruling {
	c := &club{
		sources: map[library.SourceID]*shelved{old.ID: shelve(old, old)},
		rulings: map[library.SourceID]map[library.SentenceID]Ruling{old.ID: rulings},
	}
	return c.covered().over(c.sources[old.ID], now, rulings, when)
}

// TestCopies shows that what says the same as something covered is covered in
// other sources of the book too, those that come later among them, and in no
// other book's.
func TestCopies(t *testing.T) {
	first := handmade()
	twin := handmade("Four stands  ALONE.", "New.")
	twin.ID = "twin"
	other := twin
	other.ID, other.Book = "other", "b2"
	c := &club{sources: map[library.SourceID]*shelved{}, rulings: map[library.SourceID]map[library.SentenceID]Ruling{}}
	for _, src := range []library.Source{first, twin, other} {
		c.sources[src.ID] = shelve(src, src)
	}
	c.order()
	names := c.copies(first.ID, []library.SentenceID{first.NameOf(3)})
	if want := []library.SentenceID{first.NameOf(3), twin.NameOf(0)}; !slices.Equal(names, want) {
		t.Errorf("copies in other spaces are %v, want %v", names, want)
	}
	same := handmade("Four stands ALONE.")
	same.ID = "same"
	c.sources[same.ID] = shelve(same, same)
	c.order()
	names = c.copies(first.ID, []library.SentenceID{first.NameOf(3)})
	if want := []library.SentenceID{first.NameOf(3), same.NameOf(0), twin.NameOf(0)}; !slices.Equal(names, want) {
		t.Errorf("copies are %v, want %v", names, want)
	}
	c.rulings[first.ID] = ruled(first, map[int][]Step{3: {{How: Reported}}})
	delete(c.sources, twin.ID)
	if out := c.covered().over(nil, twin, nil, time.Unix(1, 0)); len(out) != 1 || out[0].Sentence != twin.NameOf(0) || out[0].waits() != Reported {
		t.Errorf("a copy that comes later: %+v", out)
	}
	if out := c.covered().over(nil, other, nil, time.Unix(1, 0)); len(out) != 0 {
		t.Errorf("the same words about another book: %+v", out)
	}

	// Of what was said of several copies, the word that covers longest counts.
	c.rulings[same.ID] = ruled(same, map[int][]Step{0: {{How: Decided, Reveal: 7}}})
	for range 20 {
		if out := c.covered().over(nil, twin, nil, time.Unix(1, 0)); len(out) != 1 || out[0].waits() != Reported {
			t.Fatalf("a copy of two, one of them reported: %+v", out)
		}
	}
}

// TestCarry shows what of a correction is covered because of what it replaces.
func TestCarry(t *testing.T) {
	members := handmade("One is open.", "New.", "Four stands  ALONE.")
	members.Author = "ann"
	retitled := handmade()
	retitled.Title = spoiler.Seal("b", 0, "Another title.")
	related := handmade()
	related.Related = []spoiler.Passage{related.Related[0], spoiler.Seal("b", 0, "Salt Roads, for its end")}
	reported := []Step{{How: Reported}}
	for name, c := range map[string]struct {
		rulings map[int][]Step
		now     library.Source
		want    []string
	}{
		"nothing was covered":                   {nil, handmade("One is open.", "New."), nil},
		"what was covered stays":                {map[int][]Step{3: reported}, handmade("One is open.", "New.", "Four stands  ALONE."), nil},
		"what was covered stays, in a member's": {map[int][]Step{3: reported}, members, []string{"New."}},
		"what was decided stays":                {map[int][]Step{3: {{How: Decided, Reveal: spoiler.Never}}}, handmade("One is open.", "New.", "Four stands  ALONE."), nil},
		"what was covered is changed": {map[int][]Step{3: reported}, handmade("One is open.", "Four stands, alone.", "New."),
			[]string{"Four stands, alone.", "New."}},
		"what was covered is gone":  {map[int][]Step{3: reported}, handmade("One is open."), nil},
		"what was dismissed":        {map[int][]Step{3: {reported[0], {How: Dismissed}}}, handmade("One is open.", "New."), nil},
		"what was opened":           {map[int][]Step{3: {{How: Decided, Reveal: 1}}}, handmade("One is open.", "New."), nil},
		"what was decided as later": {map[int][]Step{3: {{How: Decided, Reveal: 7}}}, handmade("One is open.", "New."), []string{"New."}},
		"a title":                   {map[int][]Step{library.TitleOf: reported}, retitled, []string{"Another title."}},
		"a related work":            {map[int][]Step{library.RelatedOf - 1: reported}, related, []string{"Salt Roads, for its end"}},
	} {
		old := handmade()
		rulings := ruled(old, c.rulings)
		when := time.Unix(1, 0)
		var got []string
		for _, r := range carry(old, c.now, rulings, when) {
			for n := range c.now.Texts() {
				if c.now.NameOf(n) == r.Sentence {
					got = append(got, unsealed.Text(c.now.Passage(n)))
				}
			}
			if at, ok := r.Reveal(); !ok || at != spoiler.Never || r.waits() != Carried || !r.Steps[0].When.Equal(when) {
				t.Errorf("%s: a ruling that covers nothing: %+v", name, r)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q is covered, want %q", name, got, c.want)
		}
	}

	// A second correction of what was carried covers again.
	first, second := handmade("One is open.", "New."), handmade("One is open.", "Newer.")
	rulings := ruled(handmade(), map[int][]Step{3: reported})
	for _, r := range carry(handmade(), first, rulings, time.Unix(1, 0)) {
		rulings[r.Sentence] = r
	}
	if out := carry(first, second, rulings, time.Unix(2, 0)); len(out) != 1 || out[0].Sentence != second.NameOf(1) {
		t.Errorf("a correction of a correction covers %v", out)
	}
}
