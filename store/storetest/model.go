package storetest

import (
	"errors"
	"fmt"
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
	gate     gate
	channels map[[2]string]bot.Channel
	tickets  map[[2]string]bot.Stub
	posts    map[[2]string]bot.Post // under club and record's ID
	tallies  map[[2]string]int
	entries  map[bot.ClubID][]bot.Entry // the latest first
	members  map[[2]string]bool
	shelves  map[bot.ClubID]bot.Shelf
	edited   map[bot.ClubID]uint64
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
		made := fresh(t)
		s := made.Store
		defer func() { must(rt, s.Close()) }()
		p := plain{
			readers: map[bot.ReaderID]bot.Reader{}, channels: map[[2]string]bot.Channel{}, tickets: map[[2]string]bot.Stub{},
			posts: map[[2]string]bot.Post{}, tallies: map[[2]string]int{}, entries: map[bot.ClubID][]bot.Entry{},
			members: map[[2]string]bool{}, shelves: map[bot.ClubID]bot.Shelf{}, edited: map[bot.ClubID]uint64{},
		}
		now := today
		names := rapid.SampledFrom([]string{"", "a", "a:", "b", "10", "2", "🙂\n"})
		clubs := rapid.Custom(func(t *rapid.T) bot.ClubID { return bot.ClubID(names.Draw(t, "club")) })
		readers := rapid.Custom(func(t *rapid.T) bot.ReaderID { return bot.ReaderID(names.Draw(t, "reader")) })
		keys := rapid.Custom(func(t *rapid.T) bot.BookKey {
			return bot.BookKey{Club: clubs.Draw(t, "of"), Book: spoiler.BookID(names.Draw(t, "book"))}
		})
		places := rapid.IntRange(0, 200)

		actions := map[string]func(*rapid.T){
			"move": func(rt *rapid.T) {
				club, r, book := clubs.Draw(rt, "c"), readers.Draw(rt, "r"), keys.Draw(rt, "key")
				m := bot.Move{How: rapid.SampledFrom([]bot.How{bot.Advance, bot.Put, bot.Undo, bot.Clear}).Draw(rt, "how"), To: spoiler.Position(places.Draw(rt, "to")), Now: now}
				want, wantErr := p.reader(r).Bookmarks[book].Apply(m)
				got, err := s.Move(bg, bot.Seat{Club: club, Reader: r}, book, m)
				if (err == nil) != (wantErr == nil) || wantErr != nil && !errors.Is(err, bot.ErrNothingToUndo) {
					rt.Fatalf("move: %v, want %v", err, wantErr)
				}
				if err == nil {
					same(rt, "bookmark", got, want)
					if want != (bot.Bookmark{}) {
						p.reader(r).Bookmarks[book] = want
						p.members[[2]string{string(club), string(r)}] = true
					}
				}
			},
			"veil": func(rt *rapid.T) {
				club, r, book := clubs.Draw(rt, "c"), readers.Draw(rt, "r"), keys.Draw(rt, "key")
				veil := rapid.SampledFrom([]reply.Veil{"", reply.Hide, reply.Tag, reply.Show}).Draw(rt, "veil")
				must(rt, s.SetVeil(bg, bot.Seat{Club: club, Reader: r}, book, veil))
				if p.reader(r).Veils[book] = veil; veil == "" {
					delete(p.reader(r).Veils, book)
				} else {
					p.members[[2]string{string(club), string(r)}] = true
				}
			},
			"forget": func(rt *rapid.T) {
				r := readers.Draw(rt, "r")
				must(rt, s.Forget(bg, r))
				delete(p.readers, r)
				p.gate.forget(r)
				maps.DeleteFunc(p.tickets, func(_ [2]string, stub bot.Stub) bool { return stub.Reader == r })
				maps.DeleteFunc(p.members, func(k [2]string, _ bool) bool { return k[1] == string(r) })
				for k, post := range p.posts {
					if post.Asker == r {
						post.Asker, post.Command, post.Options = "", "", nil
						p.posts[k] = post
					}
				}
			},
			"purge": func(rt *rapid.T) {
				club := clubs.Draw(rt, "c")
				must(rt, s.Purge(bg, club))
				p.purge(club)
			},
			"channel": func(rt *rapid.T) {
				club, id := clubs.Draw(rt, "c"), names.Draw(rt, "channel")
				set := bot.Channel{Pace: spoiler.Position(rapid.IntRange(0, 2).Draw(rt, "pace")), TagsOff: rapid.Bool().Draw(rt, "off"), Buttons: rapid.Bool().Draw(rt, "buttons")}
				setChannel(rt, s, club, bot.ChannelID(id), set)
				p.channels[[2]string{string(club), id}] = set
			},
			"change": func(rt *rapid.T) { p.change(rt, s, clubs.Draw(rt, "c"), names, now) },
			"stale": func(rt *rapid.T) {
				club := clubs.Draw(rt, "c")
				base := versionOf(rt, s, club)
				base.N += rapid.SampledFrom([]uint64{1, 7, 1 << 62}).Draw(rt, "off")
				if _, err := s.Change(bg, club, bot.Change{Base: base, Settings: &bot.Settings{}}); !errors.Is(err, bot.ErrStale) {
					rt.Fatalf("stale change: %v", err)
				}
			},
			"log": func(rt *rapid.T) {
				club, n := clubs.Draw(rt, "c"), rapid.IntRange(0, 5).Draw(rt, "n")
				same(rt, "log", log(rt, s, club, n), p.entries[club][:min(n, len(p.entries[club]))])
			},
			"post": func(rt *rapid.T) {
				club := clubs.Draw(rt, "c")
				var held []library.SourceID
				for _, id := range rapid.SliceOfN(names, 0, 2).Draw(rt, "holds") {
					held = append(held, library.SourceID(id))
				}
				kept := post(bot.ChannelID(names.Draw(rt, "channel")), bot.MessageID(names.Draw(rt, "message")), held...)
				kept.Asker, kept.Expires = readers.Draw(rt, "asker"), now.Add(time.Hour+time.Duration(places.Draw(rt, "minutes"))*time.Minute)
				must(rt, s.Post(bg, club, kept))
				key := [2]string{string(club), kept.RecordID()}
				if stands, ok := p.posts[key]; ok && stands.Command == "" {
					kept = kept.Forgotten()
				}
				if p.posts[key] = kept; len(held) == 0 {
					delete(p.posts, key)
				}
			},
			"posts": func(rt *rapid.T) {
				club, source := clubs.Draw(rt, "c"), library.SourceID(names.Draw(rt, "source"))
				var want []bot.Post
				for _, id := range idsOf[bot.Post, string](p.posts, club) {
					if kept := p.posts[[2]string{string(club), id}]; kept.HoldsOf(source) && now.Before(kept.Expires) {
						want = append(want, kept)
					}
				}
				got, err := s.Posts(bg, club, source, now)
				must(rt, err)
				same(rt, "posts", got, want)
			},
			"tally": func(rt *rapid.T) {
				club, add := clubs.Draw(rt, "c"), map[library.SentenceID]int{}
				for _, id := range rapid.SliceOfN(names, 0, 3).Draw(rt, "sentences") {
					add[library.SentenceID(id)] = rapid.IntRange(-1, 3).Draw(rt, "add")
				}
				must(rt, s.Tally(bg, club, add))
				for id, n := range add {
					p.tallies[[2]string{string(club), string(id)}] += max(n, 0)
				}
			},
			"tallies": func(rt *rapid.T) {
				club := clubs.Draw(rt, "c")
				want := map[library.SentenceID]int{}
				for k, n := range p.tallies {
					if k[0] == string(club) && n > 0 {
						want[library.SentenceID(k[1])] = n
					}
				}
				got, err := s.Tallies(bg, club)
				must(rt, err)
				same(rt, "tallies", got, want)
			},
			"archive": func(rt *rapid.T) { p.archive(rt, s, fresh, t, clubs.Draw(rt, "c")) },
			"issue": func(rt *rapid.T) {
				club, id := clubs.Draw(rt, "c"), names.Draw(rt, "ticket")
				// An hour off at least: a store lets go by its own clock, which runs.
				stub := bot.Stub{Reader: readers.Draw(rt, "r"), Options: map[string]string{"question": canary}, Expires: now.Add(time.Hour + time.Duration(places.Draw(rt, "minutes"))*time.Minute)}
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
					bot.View{Reader: p.readers[r], Channel: p.channels[[2]string{string(club), channel}], Version: p.shelves[club].Version})
			},
			"shelf": func(rt *rapid.T) {
				club := clubs.Draw(rt, "c")
				sameShelf(rt, shelf(rt, s, club), p.shelves[club])
			},
			"visit": func(rt *rapid.T) {
				v := bot.Visit{
					Seat: bot.Seat{Club: clubs.Draw(rt, "c"), Reader: readers.Draw(rt, "r")}, Event: names.Draw(rt, "event"),
					Rate: bot.Rate{Burst: 2, Every: 5 * time.Minute}, Now: now,
				}
				seen, wait := p.gate.enter(v)
				view := visit(rt, s, v)
				same(rt, "seen", view.Seen, seen)
				same(rt, "wait", view.Wait, wait)
			},
			"edit": func(rt *rapid.T) { p.edit(rt, s, clubs.Draw(rt, "c")) },
		}
		if made.Reopen != nil {
			actions["reopen"] = func(*rapid.T) {
				s = made.reopened()
				// Of visits, a process may keep what it knows for itself.
				now = now.Add(bot.EventLife)
			}
		}
		rt.Repeat(actions)
	})
}

// purge takes a club away, and its own books from its members.
func (p *plain) purge(club bot.ClubID) {
	for k := range p.members {
		if k[0] != string(club) || club == "" {
			continue
		}
		r := p.reader(bot.ReaderID(k[1]))
		maps.DeleteFunc(r.Bookmarks, func(b bot.BookKey, _ bot.Bookmark) bool { return b.Club == club })
		maps.DeleteFunc(r.Veils, func(b bot.BookKey, _ reply.Veil) bool { return b.Club == club })
	}
	dropClub(p.members, club)
	dropClub(p.channels, club)
	dropClub(p.tickets, club)
	dropClub(p.posts, club)
	dropClub(p.tallies, club)
	delete(p.entries, club)
	delete(p.shelves, club)
	delete(p.edited, club)
}

func dropClub[V any](of map[[2]string]V, club bot.ClubID) {
	maps.DeleteFunc(of, func(k [2]string, _ V) bool { return k[0] == string(club) })
}

// change makes a random change to a club's library.
func (p *plain) change(rt *rapid.T, s bot.Store, club bot.ClubID, names *rapid.Generator[string], now time.Time) {
	c := drawChange(rt, names, now)
	c.Base = rapid.SampledFrom([]bot.Version{bot.AnyVersion, versionOf(rt, s, club)}).Draw(rt, "base")
	if rapid.Bool().Draw(rt, "say") {
		c.Entry = bot.Entry{When: now, What: "change", Count: len(c.PutSources)}
		p.entries[club] = append([]bot.Entry{c.Entry}, p.entries[club]...)
	}
	version, err := s.Change(bg, club, c)
	must(rt, err)
	was := p.shelves[club]
	same(rt, "version", version.N, was.Version.N+1)
	p.shelves[club] = applied(was, c, bot.Version{N: version.N})
}

// drawChange returns a random change of everything but the log.
func drawChange(rt *rapid.T, names *rapid.Generator[string], now time.Time) (c bot.Change) {
	realBooks := rapid.SliceOfN(rapid.SampledFrom([]spoiler.BookID{"a", "b", "10", "2"}), 0, 2)
	some := func(what string) []string { return rapid.SliceOfN(names, 0, 3).Draw(rt, what) }
	for _, id := range some("remove") {
		c.RemoveSources = append(c.RemoveSources, library.SourceID(id))
		c.RemoveRulings = append(c.RemoveRulings, library.SentenceID(id))
		c.RemoveOverlays = append(c.RemoveOverlays, spoiler.BookID(id))
		c.RemoveProposals = append(c.RemoveProposals, library.SourceID(id))
	}
	c.RemoveBooks = realBooks.Draw(rt, "remove books")
	for _, id := range some("put") {
		c.PutSources = append(c.PutSources, Source(library.SourceID(id), rapid.IntRange(0, 40).Draw(rt, "sentences")))
	}
	for _, id := range some("rule") {
		c.PutRulings = append(c.PutRulings, bot.Ruling{
			Sentence: library.SentenceID(id), Steps: []bot.Step{{How: bot.Decided, Reveal: spoiler.Position(len(c.PutSources)), When: now}},
		})
	}
	for _, id := range some("overlay") {
		c.PutOverlays = append(c.PutOverlays, Overlay(rt, spoiler.BookID(id), fmt.Sprint(canary, now, len(c.PutSources))))
	}
	for _, id := range some("propose") {
		c.PutProposals = append(c.PutProposals, bot.Proposal{Source: Source(library.SourceID(id), len(c.PutSources)), When: now})
	}
	for _, id := range realBooks.Draw(rt, "put books") {
		c.PutBooks = append(c.PutBooks, Book(rt, id))
	}
	if rapid.Bool().Draw(rt, "set") {
		c.Settings = &bot.Settings{Trusted: some("trusted")}
	}
	return c
}

// edit claims a club's edits, and has done them or gives them back.
func (p *plain) edit(rt *rapid.T, s bot.Store, club bot.ClubID) {
	version := versionOf(rt, s, club)
	from, ok := claim(rt, s, club)
	same(rt, "edits are owed", ok, p.edited[club] != version.N)
	if !ok {
		return
	}
	same(rt, "edited up to", from.N, p.edited[club])
	if _, ok := claim(rt, s, club); ok {
		rt.Fatal("what is claimed was claimed again")
	}
	if rapid.Bool().Draw(rt, "done") {
		must(rt, s.EditsDone(bg, club, from, version))
		p.edited[club] = version.N
	} else {
		must(rt, s.EditsDone(bg, club, from, from))
	}
}

// archive moves a club to a store of its own.
func (p *plain) archive(rt *rapid.T, s bot.Store, fresh Maker, t *testing.T, club bot.ClubID) {
	version, records := dump(rt, s, club)
	same(rt, "version", version, p.shelves[club].Version.N)
	want := map[string]bot.Reader{}
	for _, id := range idsOf[bool, string](p.members, club) {
		want[id] = p.readers[bot.ReaderID(id)].In(club)
	}
	got := map[string]bot.Reader{}
	for _, r := range records {
		if r.Kind == bot.ReaderRecord {
			var err error
			got[r.ID], err = bot.DecodeReader(r.Data)
			must(rt, err)
		}
	}
	same(rt, "readers", got, want)
	to := fresh(t).Store
	must(rt, to.Load(bg, club, version, records))
	_, again := dump(rt, to, club)
	sameRecords(rt, again, records)
	before := shelf(rt, s, club)
	before.Version.N = max(before.Version.N, 1)
	sameShelf(rt, shelf(rt, to, club), before)
	must(rt, to.Close())
}
