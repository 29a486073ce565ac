package redis

import (
	"context"
	"fmt"

	"dogear/bot"
	"dogear/bot/library"
)

// Tally implements bot.Tallies. Adding nothing or less changes nothing.
func (s *Store) Tally(ctx context.Context, club bot.ClubID, add map[library.SentenceID]int) error {
	ctx, cancel, err := s.small.writing(ctx)
	if err != nil {
		return fmt.Errorf("tally: %w", err)
	}
	defer cancel()
	args := []any{bot.MaxTally}
	for id, n := range add {
		if n > 0 {
			args = append(args, string(id), min(n, bot.MaxTally))
		}
	}
	if len(args) == 1 {
		return nil
	}
	n, err := s.change(ctx, s.small, s.scripts.tally, []string{s.kindKey(club, bot.TallyRecord)}, args...)
	if err == nil {
		err = refusedBy(n)
	}
	if err == nil {
		s.list(ctx, club)
	}
	if err != nil {
		return fmt.Errorf("tally: %w", plain(err))
	}
	return nil
}

// Tallies implements bot.Tallies.
func (s *Store) Tallies(ctx context.Context, club bot.ClubID) (map[library.SentenceID]int, error) {
	ctx, cancel := s.bulk.reading(ctx)
	defer cancel()
	_, records, err := s.records(ctx, club, bot.TallyRecord)
	if err != nil {
		return nil, fmt.Errorf("read tallies: %w", plain(err))
	}
	counts := map[library.SentenceID]int{}
	for _, r := range records {
		n, err := bot.DecodeTally(r.Data)
		if err != nil {
			return nil, fmt.Errorf("read tallies: %w", bot.ErrDamaged)
		}
		counts[library.SentenceID(r.ID)] = n
	}
	return counts, nil
}
