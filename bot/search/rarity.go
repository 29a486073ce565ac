package search

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"sync"
)

//go:generate go run table.go ../../../shared/data/word-frequency.tsv rarity.txt

// counts says in how many sentences of book reviews each stem stands: a line a
// count, the count and then the stems.
//
//go:embed rarity.txt
var counts string

const (
	// corpus is the number of sentences that the table was counted in.
	corpus = 287_194
	// unlisted is the count given to a stem that the table does not have, which
	// begins at 5: a name, a coined word, a slip of the finger.
	unlisted = 3
)

// Rarity returns how much it says that a passage holds a stem: 12 or so for a
// word that reviews hardly ever use, under 1 for a word that every other
// sentence has. It comes from a fixed table, never from what a club holds, so
// that nothing of what is hidden shows in it.
func Rarity(stem string) float64 {
	n, ok := table()[stem]
	if !ok {
		n = unlisted
	}
	return math.Log(1 + (corpus-float64(n)+0.5)/(float64(n)+0.5))
}

var table = sync.OnceValue(func() map[string]int32 {
	m := make(map[string]int32, 24_000)
	for line := range strings.Lines(counts) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		count, stems, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.ParseInt(count, 10, 32)
		if err != nil {
			continue // the table's test reads every line
		}
		for stem := range strings.SplitSeq(stems, " ") {
			m[stem] = int32(n)
		}
	}
	return m
})
