package answer

import (
	"math"
	"strings"
	"testing"

	"dogear/bot/library"
)

// judged is the table of how sentences judge a book. Most were written before
// the list was tried on them: of a first hundred it had 101 of 104 right, of
// sixty that judge in phrases 25, and was silent on 32 of the others.
var judged = map[string][]string{
	"praise": {
		"I loved it.",
		"I loved every page of this book.",
		"An absolute masterpiece.",
		"This is the best novel I have read all year.",
		"The prose is gorgeous.",
		"The writing is lyrical and precise.",
		"I could not put it down.",
		"I couldn't stop reading.",
		"It is never dull.",
		"The book is not boring at all.",
		"The pacing is not slow or tedious.",
		"There isn't a weak chapter in it.",
		"It has no flaws that I could find.",
		"The novel is without a dull moment.",
		"I was never once bored.",
		"I can't recommend it highly enough.",
		"I couldn't have loved it more.",
		"Not only is it funny, it is wise.",
		"The first chapters are slow, but the rest is wonderful.",
		"Although the middle drags, I adored this novel.",
		"It is slow, yet utterly absorbing.",
		"While the plot is thin, the characters are brilliant.",
		"I don't regret a minute of it.",
		"The narrator's voice is charming.",
		"The characters are vivid and believable.",
		"It stayed with me for weeks.",
		"I cried, and I am grateful for it.",
		"A quiet, haunting book.",
		"The dialogue sparkles.",
		"The structure is ingenious.",
		"I was hooked from the first line.",
		"Everyone should read this book.",
		"It broke my heart in the best way.",
		"Some readers find it cold, but I loved it.",
		"I thought the ending was perfect.",
		"I would read it again tomorrow.",
		"I'd happily recommend this to my sister.",
		"It deserves every prize it won, and I enjoyed it hugely.",
		"I'm so glad I read this.",
		"What a ride this book is.",
		"I finished it in one sitting.",
		"I laughed out loud more than once.",
		"I was sorry when it ended.",
		"One of the finest novels of the decade.",
		"It hit me like a train.",
		"I am going to press it on all my friends.",
		"Nobody writes better sentences.",
		"There is so much to admire here.",
		"The world feels lived in.",
		"It gets better with every chapter.",
		"Worth every minute.",
		"It made me laugh and then it made me weep.",
		"A book to treasure.",
		"I was gripped by chapter two.",
		"I ate it up.",
		"It earns its ending.",
		"I had my doubts, but the second half won me over.",
		"Not a word is wasted.",
		"Hard to put down.",
		"I have rarely read anything so honest.",
		"Don't miss it.",
	},
	"blame": {
		"I hated it.",
		"I was bored from start to finish.",
		"This book was a slog.",
		"The prose is flat and lifeless.",
		"The pacing is too slow.",
		"It is far too long.",
		"I didn't like it.",
		"I did not enjoy this book.",
		"I didn't like this book.",
		"I wish I had liked it more.",
		"I wouldn't recommend it.",
		"I can't recommend this novel.",
		"It isn't good.",
		"It was not my cup of tea.",
		"The book never moved me.",
		"None of it worked for me.",
		"The novel could have been brilliant.",
		"It should have been half as long.",
		"The story lacks warmth.",
		"It fails to move or to charm.",
		"I wanted to love this, and I couldn't.",
		"The characters are thin and unconvincing.",
		"The idea is good, but the book is dull.",
		"The prose is pretty, but I was bored to tears.",
		"Although the writing is lovely, the novel left me cold.",
		"The narrator is irritating.",
		"I gave up on it.",
		"I lost interest after the second part.",
		"Nothing happens.",
		"A pretentious mess.",
		"It was less interesting than I had hoped.",
		"The ending felt rushed.",
		"The dialogue is wooden.",
		"I found the structure confusing.",
		"There is no depth and no warmth in it.",
		"What a disappointment this book was.",
		"My friends loved it, but I hated it.",
		"It promises much and delivers nothing.",
		"I struggled to finish it.",
		"I never connected with the narrator.",
		"The twist is predictable.",
		"It dragged.",
		"I kept falling asleep.",
		"It took me three months to get through.",
		"I rolled my eyes a lot.",
		"I'd rather watch paint dry.",
		"Life is too short for this book.",
		"I have no idea what the fuss is about.",
		"I expected more.",
		"The author tries too hard.",
		"The characters all sound the same.",
		"I didn't care about anybody in it.",
		"It goes on and on.",
		"The writing did nothing for me.",
		"It never gets going.",
		"The premise is wasted.",
		"Not one of the characters felt real.",
		"A hundred pages too long.",
		"The humour doesn't land.",
		"Save your money.",
		"It left me indifferent.",
		"I skimmed the last hundred pages.",
		"I was relieved when it was over.",
		"The plot makes no sense.",
		"Not as good as everyone says.",
	},
	"mixed": {
		"I have mixed feelings about this book.",
		"The idea is clever and the execution is clumsy.",
		"I loved the beginning and hated the rest.",
		"It is beautiful and boring.",
		"A gorgeous, tedious novel.",
		"I was bored, then delighted.",
		"Lovely prose, dreadful plot.",
		"It has its moments, but not many.",
		"I admired it without enjoying it.",
		"Good but not great.",
		"Brilliant in parts and dull in others.",
	},
	"none": {
		"I read it on a train.",
		"The book has three parts.",
		"It is a sad book.",
		"The novel was published in 2005.",
		"Is it any good?",
		"If you like slow books, start here.",
		"If you enjoy thrillers, this is not for you.",
		"My mum loved it.",
		"People call it boring, and I don't understand them.", // that takes understanding
		"Some readers find it boring.",
		"The film is terrible.",
		"The Long Winter Road is a better book.",
		"It reads like a letter.",
		"The narrator is a woman looking back.",
		"It is a love story.",
		"I would like to read more by Ann Other.",
		"The Quiet Not Good is told in letters.",
		"Fans of the genre will love it.",
		"The less you know, the better.",
		"Five stars.", // a rating, and read as one
		"I borrowed it from the library.",
		"The author lives in Leeds.",
		"There are two narrators.",
		"My edition has a blue cover.",
		"It is set in a good school.",
		"Her love of horses is the subject.",
		"It won a prize.",
		"The good doctor tells the first part.",
	},
}

func TestJudge(t *testing.T) {
	book := library.Book{ID: "b", Title: "The Quiet Not Good", Author: "Ann Other"}
	right, all := 0, 0
	for want, sentences := range judged {
		for _, s := range sentences {
			j := judge(s, book)
			got := "mixed"
			switch sign := j.sign(); {
			case j.praise+j.blame < 0.4:
				got = "none"
			case math.Abs(sign) < decided:
			case sign > 0:
				got = "praise"
			default:
				got = "blame"
			}
			all++
			if got == want {
				right++
				continue
			}
			t.Errorf("%q: %s (%.2f for, %.2f against), want %s", s, got, j.praise, j.blame, want)
		}
	}
	t.Logf("%d of %d sentences", right, all)
}

// TestPolarityList shows that no word of the list stands in it twice and that
// no phrase of it is too long to be found.
func TestPolarityList(t *testing.T) {
	seen := map[string]bool{}
	for line := range strings.Lines(polarityList) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		for _, w := range fields[1:] {
			if seen[w] {
				t.Errorf("%q stands there twice", w)
			}
			seen[w] = true
			var found []string
			for _, term := range terms(strings.ReplaceAll(w, "_", " "), library.Book{}) {
				found = append(found, term.text)
			}
			if strings.Join(found, "_") != w {
				t.Errorf("%q is never found: a sentence has it as %q", w, found)
			}
		}
	}
	if len(seen) < 500 {
		t.Errorf("only %d entries", len(seen))
	}
}

// FuzzJudge shows that no sentence trips the weighing of it.
func FuzzJudge(f *testing.F) {
	f.Add("I can't, but I could not: too (never). If not, then \"no\"; although…")
	f.Add("but but but too too if if not")
	book := library.Book{ID: "b", Title: "If Not", Author: "Ann Other"}
	f.Fuzz(func(t *testing.T, text string) {
		j := judge(text, book)
		if !(j.praise >= 0 && j.blame >= 0) || math.Abs(j.sign()) > 1 {
			t.Errorf("praise %v, blame %v", j.praise, j.blame)
		}
	})
}
