package answer

import (
	"math"
	"slices"
)

var (
	negators = words("not no never nothing none nobody neither nor without hardly barely rarely seldom scarcely less")
	// idle are negators that deny nothing, by the word after them.
	idle = map[string][]string{
		"not": {"only", "just", "merely", "simply", "necessarily"}, "no": {"doubt", "wonder", "matter"},
		"never": {"mind"}, "nothing": {"but"}, "less": {"is"},
	}
	// wanting are words that say that what follows is not there.
	wanting = words("lack lacks lacked lacking fail fails failed failing")
	// ends are words with which another clause begins.
	ends = words("and because since until when which")
	// turns are words after which what was said before weighs less.
	turns = words("but yet however nevertheless nonetheless except")
	// grants are words before what weighs less than the rest of the sentence.
	grants = words("although though while whereas despite")
	// hedges are words after which all is only possible.
	hedges = words("may might can could must should")
	unreal = words("could should would")
	strong = words("very really so truly utterly deeply extremely incredibly absolutely completely totally thoroughly such entirely")
	weak   = words("bit little slightly somewhat fairly mildly kind sort partly sometimes rather occasionally")
	// others are those whose opinions a reviewer reports, and verbs of what
	// the reviewer was told or hoped.
	others    = words("readers reader people critics others fans everyone everybody someone somebody anyone friend friends mum mom dad sister brother husband wife they reviewers members students heard expected expecting hoped hoping supposed promised")
	reporting = words("readers people find may might will would say think call of others")
	// degrees are words that blame a book after "too".
	degrees = words("long short slow fast quick quiet loud much many little few neat clever clean tidy easy simple sentimental cold often obvious dark heavy thin " +
		"far soon bleak vague distant subtle polite passive careful calm detached gentle safe late early big small abrupt hard difficult academic sweet cute close tame mild")
)

const (
	// turned is what a clause after "but" weighs, granted one before it or
	// after "although".
	turned, granted = 1.5, 0.5
)

// clause is a part of a sentence that judges by itself.
type clause struct {
	praise, blame float64
	weight        float64
	aspects       [aspects]bool // which it names
}

// weigher goes through a sentence word by word.
type weigher struct {
	list     []term
	out      []clause
	denies   bool    // an odd number of negations is open
	missing  bool    // what follows is not there, or not so
	reported bool    // others say so
	supposed bool    // it stands under an "if"
	likely   float64 // 1, or less after a hedge or an "if"
	after    float64 // what likely goes back to
}

func (w *weigher) clauses() []clause {
	w.likely, w.after = 1, 1
	w.begin(1)
	for i := 0; i < len(w.list); {
		w.joint(i)
		i += w.step(i)
	}
	for i := range w.out {
		w.out[i].praise *= w.out[i].weight
		w.out[i].blame *= w.out[i].weight
	}
	return w.out
}

func (w *weigher) begin(weight float64) {
	w.out = append(w.out, clause{weight: weight})
	w.denies, w.missing = false, false
	w.likely = w.after
}

// joint begins another clause where one begins at a word.
func (w *weigher) joint(i int) {
	t := w.list[i]
	list := i > 0 && t.pause == ',' && slices.ContainsFunc(w.list[i+1:min(i+4, len(w.list))], func(t term) bool { return t.text == "or" })
	if t.pause != 0 && i > 0 && !list {
		if w.supposed {
			w.after = 0.5 // whoever that may be
		}
		w.supposed, w.reported = false, false
		weight := 1.0
		if t.pause == ',' && w.out[len(w.out)-1].weight > 1 {
			weight = w.out[len(w.out)-1].weight // "but truth be told, …"
		}
		w.begin(weight)
	}
	switch {
	case turns[t.text] && !(i > 0 && slices.Contains([]string{"nothing", "anything", "not"}, w.list[i-1].text)):
		w.supposed, w.reported = false, false
		if i == 0 {
			return // what it turns from is another sentence
		}
		for k := range w.out {
			w.out[k].weight *= granted
		}
		w.begin(turned)
	case grants[t.text] && i+1 < len(w.list):
		w.begin(granted)
	case ends[t.text]:
		w.begin(w.out[len(w.out)-1].weight)
	}
}

// step takes in the word at i, or the phrase that begins there, and returns
// how many words that were.
func (w *weigher) step(i int) int {
	t := w.list[i]
	c := &w.out[len(w.out)-1]
	c.aspects[t.aspect] = true
	if e, ok := w.entry(i); ok && !(len(e.words) == 1 && w.tooMuch(i)) {
		n := len(e.words)
		for _, t := range w.list[i : i+n] {
			c.aspects[t.aspect] = true
		}
		w.weigh(e, i)
		return n
	}
	switch {
	case w.tooMuch(i):
		w.weigh(weighed{words: []string{t.text}, weight: -1.5}, i)
	case t.text == "i":
		w.reported = false
	case others[t.text], t.text == "some" && i+1 < len(w.list) && reporting[w.list[i+1].text]:
		w.reported = true
	case t.text == "if" && !(i > 0 && (w.list[i-1].text == "as" || w.list[i-1].text == "even")), t.text == "unless", t.text == "whether":
		w.supposed = true
	case negators[t.text]:
		if !w.idle(i) {
			w.denies = !w.denies
		}
	case t.text == "little" && i > 0 && strong[w.list[i-1].text]:
		w.denies = !w.denies
	case wanting[t.text]:
		w.weigh(weighed{words: []string{t.text}, weight: -1.5}, i)
		w.missing = true
	case hedges[t.text] && !(i+1 < len(w.list) && w.list[i+1].text == "not"):
		w.likely = min(w.likely, 0.5)
	}
	return 1
}

// entry returns the longest entry of the list that begins at i, and whether
// there is one.
func (w *weigher) entry(i int) (weighed, bool) {
	for _, e := range polarity()[w.list[i].text] {
		if i+len(e.words) > len(w.list) {
			continue
		}
		fits := true
		for k, t := range w.list[i : i+len(e.words)] {
			fits = fits && t.text == e.words[k] && (k == 0 || t.pause == 0)
		}
		if fits {
			return e, true
		}
	}
	return weighed{}, false
}

// tooMuch reports whether the word at i is one of degree after "too".
func (w *weigher) tooMuch(i int) bool {
	return i > 0 && w.list[i-1].text == "too" && w.list[i].pause == 0 && degrees[w.list[i].text]
}

// idle reports whether the negator at i denies nothing: "not only", and "can
// not praise it enough".
func (w *weigher) idle(i int) bool {
	if i+1 < len(w.list) && slices.Contains(idle[w.list[i].text], w.list[i+1].text) {
		return true
	}
	if i == 0 || w.list[i-1].text != "can" && w.list[i-1].text != "could" {
		return false
	}
	for k := i + 1; k < len(w.list) && w.list[k].pause == 0; k++ {
		switch w.list[k].text {
		case "enough", "more", "better", "help":
			return true
		}
	}
	return false
}

// weigh adds an entry at i to the clause.
func (w *weigher) weigh(e weighed, i int) {
	if w.reported || w.supposed || e.weight == 0 {
		return
	}
	c := &w.out[len(w.out)-1]
	by := math.Abs(e.weight) * w.likely * w.degree(i, len(e.words))
	if e.both {
		c.praise, c.blame = c.praise+by, c.blame+by
		return
	}
	praise := e.weight > 0
	if w.missing && praise {
		return
	}
	if w.denies {
		praise, by = !praise, by*0.7
	}
	if praise {
		c.praise += by
	} else {
		c.blame += by
	}
	if e.weight < 0 && unreal[e.words[0]] {
		w.missing = true // what it "could have been", it is not
	}
}

// degree returns how much the words around an entry strengthen or weaken it.
func (w *weigher) degree(i, n int) float64 {
	by := 1.0
	for k := max(i-2, 0); k < i; k++ {
		switch t := w.list[k].text; {
		case w.list[k+1].pause != 0:
			by = 1
		case strong[t]:
			by = 1.4
		case weak[t]:
			by = 0.6
		}
	}
	if next := i + n; next+1 < len(w.list) && w.list[next].text == "a" && weak[w.list[next+1].text] {
		by = 0.6 // "sags a little"
	}
	return by
}
