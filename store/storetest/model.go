package storetest

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
	"dogear/bot/spoiler"
)

// plain is a store as simple as it can be thought.
type plain struct {
	readers  map[bot.ReaderID]bot.Reader
	channels map[[2]string]bot.Channel
	versions map[bot.ClubID]uint64
	sources  map[[2]string]library.Source
	books    map[[2]string]bool
	tickets  map[[2]string]bot.Stub
}

func (p *plain) reader(id bot.ReaderID) bot.Reader {
	if _, ok := p.readers[id]; !ok {
		p.readers[id] = bot.Reader{Bookmarks: map[bot.BookKey]bot.Bookmark{}, Veils: map[bot.BookKey]reply.Veil{}}
	}
	return p.readers[id]
}

// idsOf returns the second names of what a club has, in order.
func idsOf[V any, ID ~string](m map[[2]string]V, club bot.ClubID) (ids []ID) {
	for k := range m {
		if k[0] == string(club) {
			ids = append(ids, ID(k[1]))
		}
	}
	slices.Sort(ids)
	return ids
}

// model makes random calls on a store and on a plain one, over few names so
// that they meet, while time goes by and the process restarts.
func model(t *testing.T, fresh Maker) {
	rapid.Check(t, func(rt *rapid.T) {
		s, reopen := fresh(t)
		defer func() { must(rt, s.Close()) }()
		p := plain{
			readers: map[bot.ReaderID]bot.Reader{}, channels: map[[2]string]bot.Channel{}, versions: map[bot.ClubID]uint64{},
			sources: map[[2]string]library.Source{}, books: map[[2]string]bool{}, tickets: map[[2]string]bot.Stub{},
		}
		now := today
		names := rapid.SampledFrom([]string{"", "a", "a:", "b", "10", "2", "🙂\n"})
		clubs := rapid.Custom(func(t *rapid.T) bot.ClubID { return bot.ClubID(names.Draw(t, "club")) })
		readers := rapid.Custom(func(t *rapid.T) bot.ReaderID { return bot.ReaderID(names.Draw(t, "reader")) })
		keys := rapid.Custom(func(t *rapid.T) bot.BookKey {
			return bot.BookKey{Club: clubs.Draw(t, "of"), Book: spoiler.BookID(names.Draw(t, "book"))}
		})
		realBooks := rapid.SampledFrom([]spoiler.BookID{"a", "b", "10", "2"})
		places := rapid.IntRange(0, 200)

		actions := map[string]func(*rapid.T){
			"move": func(rt *rapid.T) {
				r, book := readers.Draw(rt, "r"), keys.Draw(rt, "key")
				m := bot.Move{How: rapid.SampledFrom([]bot.How{bot.Advance, bot.Put, bot.Undo, bot.Clear}).Draw(rt, "how"), To: spoiler.Position(places.Draw(rt, "to")), Now: now}
				want, wantErr := p.reader(r).Bookmarks[book].Apply(m)
				got, err := s.Move(bg, r, book, m)
				if (err == nil) != (wantErr == nil) || wantErr != nil && !errors.Is(err, bot.ErrNothingToUndo) {
					rt.Fatalf("move: %v, want %v", err, wantErr)
				}
				if err == nil {
					same(rt, "bookmark", got, want)
					if want != (bot.Bookmark{}) {
						p.reader(r).Bookmarks[book] = want
					}
				}
			},
			"veil": func(rt *rapid.T) {
				r, book := readers.Draw(rt, "r"), keys.Draw(rt, "key")
				veil := rapid.SampledFrom([]reply.Veil{"", reply.Hide, reply.Tag, reply.Show}).Draw(rt, "veil")
				must(rt, s.SetVeil(bg, r, book, veil))
				if p.reader(r).Veils[book] = veil; veil == "" {
					delete(p.reader(r).Veils, book)
				}
			},
			"forget": func(rt *rapid.T) {
				r := readers.Draw(rt, "r")
				must(rt, s.Forget(bg, r))
				delete(p.readers, r)
				maps.DeleteFunc(p.tickets, func(_ [2]string, stub bot.Stub) bool { return stub.Reader == r })
			},
			"channel": func(rt *rapid.T) {
				club, id := clubs.Draw(rt, "c"), names.Draw(rt, "channel")
				set := bot.Channel{Pace: spoiler.Position(rapid.IntRange(0, 2).Draw(rt, "pace")), TagsOff: rapid.Bool().Draw(rt, "off")}
				must(rt, s.SetChannel(bg, club, bot.ChannelID(id), set))
				p.channels[[2]string{string(club), id}] = set
			},
			"change": func(rt *rapid.T) {
				club := clubs.Draw(rt, "c")
				var c bot.Change
				for _, id := range rapid.SliceOfN(names, 0, 3).Draw(rt, "remove") {
					c.RemoveSources = append(c.RemoveSources, library.SourceID(id))
					delete(p.sources, [2]string{string(club), id})
				}
				for _, id := range rapid.SliceOfN(realBooks, 0, 2).Draw(rt, "remove books") {
					c.RemoveBooks = append(c.RemoveBooks, id)
					delete(p.books, [2]string{string(club), string(id)})
				}
				for _, id := range rapid.SliceOfN(names, 0, 3).Draw(rt, "put") {
					src := Source(library.SourceID(id), rapid.IntRange(0, 40).Draw(rt, "sentences"))
					c.PutSources = append(c.PutSources, src)
					p.sources[[2]string{string(club), id}] = src
				}
				for _, id := range rapid.SliceOfN(realBooks, 0, 2).Draw(rt, "put books") {
					c.PutBooks = append(c.PutBooks, Book(rt, id))
					p.books[[2]string{string(club), string(id)}] = true
				}
				p.versions[club]++
				same(rt, "version", change(rt, s, club, c), p.versions[club])
			},
			"issue": func(rt *rapid.T) {
				club, id := clubs.Draw(rt, "c"), names.Draw(rt, "ticket")
				stub := bot.Stub{Reader: readers.Draw(rt, "r"), Question: canary, Expires: now.Add(time.Duration(1+places.Draw(rt, "minutes")) * time.Minute)}
				must(rt, s.Issue(bg, club, reply.Ticket(id), stub))
				p.tickets[[2]string{string(club), id}] = stub
			},
			"ticket": func(rt *rapid.T) {
				club, id := clubs.Draw(rt, "c"), names.Draw(rt, "ticket")
				want, ok := p.tickets[[2]string{string(club), id}]
				ok = ok && now.Before(want.Expires)
				got, err := s.Ticket(bg, club, reply.Ticket(id), now)
				if ok != (err == nil) || err != nil && !errors.Is(err, bot.ErrNotFound) {
					rt.Fatalf("ticket: %v; there is one: %t", err, ok)
				}
				if ok {
					same(rt, "ticket", got, want)
				}
			},
			"wait": func(rt *rapid.T) { now = now.Add(time.Duration(places.Draw(rt, "wait")) * 10 * time.Minute) },
			"look": func(rt *rapid.T) {
				club, channel, r := clubs.Draw(rt, "c"), names.Draw(rt, "channel"), readers.Draw(rt, "r")
				same(rt, "view", look(rt, s, bot.Seat{Club: club, Reader: r, Channel: bot.ChannelID(channel)}),
					bot.View{Reader: p.readers[r], Channel: p.channels[[2]string{string(club), channel}], Version: p.versions[club]})
			},
			"shelf": func(rt *rapid.T) {
				club := clubs.Draw(rt, "c")
				got := shelf(rt, s, club)
				same(rt, "version", got.Version, p.versions[club])
				same(rt, "sources", sourceIDs(got), idsOf[library.Source, library.SourceID](p.sources, club))
				same(rt, "books", bookIDs(got), idsOf[bool, spoiler.BookID](p.books, club))
				for _, src := range got.Sources {
					sameSource(rt, src, p.sources[[2]string{string(club), string(src.ID)}])
				}
			},
		}
		if reopen != nil {
			actions["reopen"] = func(*rapid.T) { s = reopen() }
		}
		rt.Repeat(actions)
	})
}
