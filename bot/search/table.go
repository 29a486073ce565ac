//go:build ignore

// This program makes rarity.txt from a list of words with the number of
// sentences that hold them: go run table.go word-frequency.tsv rarity.txt
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"dogear/bot/search"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: go run table.go word-frequency.tsv rarity.txt")
	}
	in, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	defer in.Close()
	total := 0
	counts := make(map[string]int)
	for lines := bufio.NewScanner(in); lines.Scan(); {
		f := strings.Split(lines.Text(), "\t")
		if len(f) < 2 {
			continue
		}
		n, err := strconv.Atoi(f[1])
		if err != nil {
			continue // the heading
		}
		if f[0] == "# sentences" {
			total = n
			continue
		}
		for _, word := range search.Terms(f[0]) {
			if !search.Stop(word) {
				counts[search.Stem(word)] += n
			}
		}
	}
	stems := make(map[int][]string)
	for stem, n := range counts {
		// Two forms in one sentence are counted twice; no sum exceeds the whole.
		n = min(n, total)
		stems[n] = append(stems[n], stem)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "# stems by the number of sentences, of %d in book reviews, that hold them\n", total)
	for _, n := range slices.Backward(slices.Sorted(maps.Keys(stems))) {
		slices.Sort(stems[n])
		fmt.Fprintln(&out, n, strings.Join(stems[n], " "))
	}
	if err := os.WriteFile(os.Args[2], out.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}
