package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"dogear/bot"
	"dogear/bot/spoiler"
	"dogear/store/redistest"
)

// TestReadersApart shows that the readers of two platforms are two, however much
// their names are alike, in one club and in two, with each other's processes.
func TestReadersApart(t *testing.T) {
	url := redistest.Start(t).URL()
	one, two := join(t, url, "one").bot, join(t, url, "two").bot
	readers := []string{"discord:1", "slack:1", "1", "discord", "discord:1:", "discord%3a1", "{discord:1}", "discord:11"}
	clubs := []bot.ClubID{"discord:9", "slack:9"}
	for i, reader := range readers {
		if said := placed(t, one, clubs[i%2], reader, fmt.Sprint(i+2)); !strings.HasPrefix(said, "Saved. ") {
			t.Fatal(said)
		}
	}
	for i, reader := range readers {
		for _, club := range clubs {
			for _, b := range []*bot.Bot{one, two} {
				want := fmt.Sprintf("Your place in Never Let Me Go: chapter %d of 23", i+2)
				if said := placed(t, b, club, reader, "show"); !strings.Contains(said, want) {
					t.Errorf("%s in %s hears: %s", reader, club, said)
				}
			}
		}
	}
	handles(t, two, clubs[0], "discord:1", "/privacy forget", "")
	for i, reader := range readers {
		said := placed(t, one, clubs[0], reader, "show")
		if forgotten := strings.Contains(said, "You haven't told me"); forgotten != (i == 0) {
			t.Errorf("%s, after discord:1 is forgotten, hears: %s", reader, said)
		}
	}
}

// placed sets or shows a reader's place in a book.
func placed(t *testing.T, b *bot.Bot, club bot.ClubID, reader, place string) string {
	t.Helper()
	return textOf(b.Handle(t.Context(), bot.Request{
		Seat:    bot.Seat{Club: club, Reader: bot.ReaderID(reader), Channel: "c"},
		Command: "progress", Options: map[string]string{"place": place, "book": "never-let-me-go"},
	}))
}

// TestProgressRaces has two processes move one reader's place at once. What only
// goes forward never takes it back, and what a reader says outright counts in
// the order in which it is acknowledged.
func TestProgressRaces(t *testing.T) {
	server := redistest.Start(t)
	rounds := 200
	if testing.Short() {
		rounds /= 10
	}
	book := bot.BookKey{Book: "never-let-me-go"}
	var stores []bot.Store
	for range 2 {
		s, err := openPatiently(t, server.URL())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		stores = append(stores, s)
	}
	for round := range rounds {
		seat := bot.Seat{Club: "club", Reader: bot.ReaderID(fmt.Sprint("discord:", round))}
		var all sync.WaitGroup
		for i, s := range stores {
			all.Go(func() {
				last := spoiler.Position(0)
				for step := range 10 {
					// One goes ahead of the other by turns.
					to := spoiler.Position(2*step + (i+step)%2)
					mark, err := s.Move(t.Context(), seat, book, bot.Move{How: bot.Advance, To: to})
					if err != nil || mark.At < to || mark.At < last {
						t.Errorf("from %d to %d: it is at %d, %v", last, to, mark.At, err)
					}
					last = mark.At
				}
			})
		}
		all.Wait()
		view, err := stores[round%2].Look(t.Context(), bot.Visit{Seat: seat})
		if at := view.Reader.Bookmarks[book].At; err != nil || at != 19 {
			t.Errorf("the place is %d, %v; want 19", at, err)
		}
	}

	// What two devices say outright at once ends at one of them, and whatever was
	// said last alone stands.
	one, two := join(t, server.URL(), "one").bot, join(t, server.URL(), "two").bot
	for round := range rounds {
		reader := fmt.Sprint("slack:", round)
		var all sync.WaitGroup
		for place, b := range map[string]*bot.Bot{"9": one, "12": two} {
			all.Go(func() {
				if said := placed(t, b, "club", reader, place); !strings.HasPrefix(said, "Saved. ") {
					t.Error(said)
				}
			})
		}
		all.Wait()
		a, b := placed(t, one, "club", reader, "show"), placed(t, two, "club", reader, "show")
		if a != b || !strings.Contains(a, "chapter 9 of") && !strings.Contains(a, "chapter 12 of") {
			t.Errorf("one says %s; the other: %s", a, b)
		}
		placed(t, one, "club", reader, "4")
		if said := placed(t, two, "club", reader, "show"); !strings.Contains(said, "chapter 4 of") {
			t.Errorf("it was taken back to 4 and is: %s", said)
		}
	}
}
