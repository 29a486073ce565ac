package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// Server has a store that one process alone can have stand for one that many
// share: its versions are marked, it tells what has changed since any of them,
// and processes hear of each other's changes.
type Server struct {
	store bot.Store

	mu        sync.Mutex
	era       int // how many servers there have been; in every mark
	processes map[*process]bool
	steps     map[bot.ClubID][]step
	watchers  map[chan bot.ClubID]*process
}

// step is what one change put and removed.
type step struct {
	version   uint64
	put, gone []bot.Record
}

// Serve makes a Server of a store, which it closes with the last process.
func Serve(s bot.Store) *Server {
	return &Server{store: s, processes: map[*process]bool{}, steps: map[bot.ClubID][]step{}, watchers: map[chan bot.ClubID]*process{}}
}

// Open opens the store as one more process.
func (s *Server) Open() bot.Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &process{Store: s.store, server: s}
	s.processes[p] = true
	return p
}

// FailOver puts another store in the place of the one that was served, as if
// what that lacks had been lost. Processes that are open go on with it; none of
// them may be in a call.
func (s *Server) FailOver(to bot.Store) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store, s.era = to, s.era+1
	clear(s.steps)
	for p := range s.processes {
		p.Store = to
	}
}

func (s *Server) mark() string { return fmt.Sprint("era ", s.era) }

// marked returns a version of the store's as processes know it.
func (s *Server) marked(v bot.Version) bot.Version {
	if v.N > 0 {
		v.Mark = s.mark() + " " + v.Mark
	}
	return v
}

// known returns a version as the store knows it; false where it is of another
// server.
func (s *Server) known(v bot.Version) (bot.Version, bool) {
	if v == bot.AnyVersion || v == (bot.Version{}) {
		return v, true
	}
	mark, ok := strings.CutPrefix(v.Mark, s.mark()+" ")
	v.Mark = mark
	return v, ok
}

// process is one process that has the store of a Server.
type process struct {
	bot.Store
	server *Server
	closed sync.Once
}

func (p *process) Close() (err error) {
	p.closed.Do(func() {
		p.server.mu.Lock()
		defer p.server.mu.Unlock()
		if delete(p.server.processes, p); len(p.server.processes) == 0 {
			err = p.Store.Close()
		}
	})
	return err
}

func (p *process) Look(ctx context.Context, visit bot.Visit) (bot.View, error) {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	view, err := p.Store.Look(ctx, visit)
	view.Version = p.server.marked(view.Version)
	return view, err
}

func (p *process) Shelf(ctx context.Context, club bot.ClubID) (bot.Shelf, error) {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	shelf, err := p.Store.Shelf(ctx, club)
	shelf.Version = p.server.marked(shelf.Version)
	return shelf, err
}

func (p *process) Change(ctx context.Context, club bot.ClubID, change bot.Change) (bot.Version, error) {
	s := p.server
	s.mu.Lock()
	defer s.mu.Unlock()
	base, ok := s.known(change.Base)
	if !ok {
		return bot.Version{}, bot.ErrStale
	}
	put, gone, err := change.Records()
	if err != nil {
		return bot.Version{}, err
	}
	change.Base = base
	version, err := p.Store.Change(ctx, club, change)
	if err != nil {
		return version, err
	}
	s.steps[club] = append(s.steps[club], step{version.N, put, gone})
	for heard, by := range s.watchers {
		if by != p {
			select {
			case heard <- club:
			default: // it may never come
			}
		}
	}
	return s.marked(version), nil
}

func (p *process) Purge(ctx context.Context, club bot.ClubID) error {
	s := p.server
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.steps, club)
	return p.Store.Purge(ctx, club)
}

func (p *process) Since(ctx context.Context, club bot.ClubID, from bot.Version) (bot.Change, bot.Version, error) {
	s := p.server
	s.mu.Lock()
	defer s.mu.Unlock()
	view, err := p.Store.Look(ctx, bot.Visit{Seat: bot.Seat{Club: club}})
	if err != nil {
		return bot.Change{}, bot.Version{}, err
	}
	now := s.marked(view.Version)
	if now == from {
		return bot.Change{}, now, nil
	}
	steps := s.steps[club]
	n := slices.IndexFunc(steps, func(st step) bool { return st.version == from.N+1 })
	if known, ok := s.known(from); !ok || known.Mark != view.Version.Mark || from.N == 0 || n < 0 {
		return bot.Change{}, bot.Version{}, bot.ErrStale
	}
	change, err := merged(steps[n:])
	return change, now, err
}

// merged returns what steps do together: of each thing, the last counts.
func merged(steps []step) (out bot.Change, err error) {
	type name struct {
		kind bot.RecordKind
		id   string
	}
	last := map[name]bot.Record{}
	for _, st := range steps {
		for _, r := range slices.Concat(st.gone, st.put) {
			last[name{r.Kind, r.ID}] = r
		}
	}
	var put []bot.Record
	for n, r := range last {
		if r.Data != nil {
			put = append(put, r)
			continue
		}
		switch n.kind {
		case bot.BookRecord:
			out.RemoveBooks = append(out.RemoveBooks, spoiler.BookID(n.id))
		case bot.OverlayRecord:
			out.RemoveOverlays = append(out.RemoveOverlays, spoiler.BookID(n.id))
		case bot.SourceRecord:
			out.RemoveSources = append(out.RemoveSources, library.SourceID(n.id))
		case bot.ProposalRecord:
			out.RemoveProposals = append(out.RemoveProposals, library.SourceID(n.id))
		case bot.RulingRecord:
			out.RemoveRulings = append(out.RemoveRulings, library.SentenceID(n.id))
		}
	}
	shelf, err := bot.ReadShelf(bot.Version{}, put)
	out.PutBooks, out.PutOverlays, out.PutSources, out.PutProposals, out.PutRulings = shelf.Books, shelf.Overlays, shelf.Sources, shelf.Proposals, shelf.Rulings
	if _, ok := last[name{bot.SettingsRecord, ""}]; ok {
		out.Settings = &shelf.Settings
	}
	return out, err
}

func (p *process) Watch(ctx context.Context, changed func(bot.ClubID)) error {
	heard := make(chan bot.ClubID, 1000)
	p.server.mu.Lock()
	p.server.watchers[heard] = p
	p.server.mu.Unlock()
	defer func() {
		p.server.mu.Lock()
		defer p.server.mu.Unlock()
		delete(p.server.watchers, heard)
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case club := <-heard:
			if ctx.Err() == nil {
				changed(club)
			}
		}
	}
}

func (p *process) ClaimEdits(ctx context.Context, club bot.ClubID, lease time.Duration) (bot.Version, bool, error) {
	from, ok, err := p.Store.ClaimEdits(ctx, club, lease)
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	return p.server.marked(from), ok, err
}

func (p *process) EditsDone(ctx context.Context, club bot.ClubID, from, upTo bot.Version) error {
	p.server.mu.Lock()
	from, ok := p.server.known(from)
	upTo, _ = p.server.known(upTo)
	p.server.mu.Unlock()
	if !ok {
		return ctx.Err()
	}
	return p.Store.EditsDone(ctx, club, from, upTo)
}
