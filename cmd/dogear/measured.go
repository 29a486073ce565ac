package main

import (
	"context"
	"errors"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
)

// measured is a store whose calls are counted. It embeds none, so that a call
// that is new to bot.Store is not forgotten here.
type measured struct {
	of   bot.Store
	took func(call string, err error, d time.Duration)
}

// since counts a call that returns err, for what it is then.
func (s measured) since(start time.Time, call string, err *error) {
	s.took(call, *err, time.Since(start))
}

// storeResult is how a call of a store ended: ok where it did what it is for,
// be it to say no.
func storeResult(err error) string {
	for _, no := range []error{nil, bot.ErrNotFound, bot.ErrStale, bot.ErrNothingToUndo, bot.ErrNotEmpty} {
		if errors.Is(err, no) {
			return "ok"
		}
	}
	return "error"
}

func (s measured) Look(ctx context.Context, visit bot.Visit) (v bot.View, err error) {
	defer s.since(time.Now(), "look", &err)
	return s.of.Look(ctx, visit)
}

func (s measured) Move(ctx context.Context, at bot.Seat, book bot.BookKey, move bot.Move) (m bot.Bookmark, err error) {
	defer s.since(time.Now(), "move", &err)
	return s.of.Move(ctx, at, book, move)
}

func (s measured) SetVeil(ctx context.Context, at bot.Seat, book bot.BookKey, veil reply.Veil) (err error) {
	defer s.since(time.Now(), "set_veil", &err)
	return s.of.SetVeil(ctx, at, book, veil)
}

func (s measured) Clubs(ctx context.Context, reader bot.ReaderID) (ids []bot.ClubID, err error) {
	defer s.since(time.Now(), "clubs", &err)
	return s.of.Clubs(ctx, reader)
}

func (s measured) Forget(ctx context.Context, reader bot.ReaderID) (err error) {
	defer s.since(time.Now(), "forget", &err)
	return s.of.Forget(ctx, reader)
}

func (s measured) SetChannel(ctx context.Context, club bot.ClubID, channel bot.ChannelID, was, set bot.Channel) (err error) {
	defer s.since(time.Now(), "set_channel", &err)
	return s.of.SetChannel(ctx, club, channel, was, set)
}

func (s measured) Channels(ctx context.Context, club bot.ClubID) (set map[bot.ChannelID]bot.Channel, err error) {
	defer s.since(time.Now(), "channels", &err)
	return s.of.Channels(ctx, club)
}

func (s measured) Shelf(ctx context.Context, club bot.ClubID) (shelf bot.Shelf, err error) {
	defer s.since(time.Now(), "shelf", &err)
	return s.of.Shelf(ctx, club)
}

func (s measured) Since(ctx context.Context, club bot.ClubID, from bot.Version) (change bot.Change, now bot.Version, err error) {
	defer s.since(time.Now(), "since", &err)
	return s.of.Since(ctx, club, from)
}

// Watch is not counted: it goes on for as long as dogear does.
func (s measured) Watch(ctx context.Context, changed func(bot.ClubID)) error {
	return s.of.Watch(ctx, changed)
}

func (s measured) Change(ctx context.Context, club bot.ClubID, change bot.Change) (version bot.Version, err error) {
	defer s.since(time.Now(), "change", &err)
	return s.of.Change(ctx, club, change)
}

func (s measured) Log(ctx context.Context, club bot.ClubID, n int) (entries []bot.Entry, err error) {
	defer s.since(time.Now(), "log", &err)
	return s.of.Log(ctx, club, n)
}

func (s measured) Issue(ctx context.Context, club bot.ClubID, id reply.Ticket, stub bot.Stub) (err error) {
	defer s.since(time.Now(), "issue", &err)
	return s.of.Issue(ctx, club, id, stub)
}

func (s measured) Ticket(ctx context.Context, club bot.ClubID, id reply.Ticket, now time.Time) (stub bot.Stub, err error) {
	defer s.since(time.Now(), "ticket", &err)
	return s.of.Ticket(ctx, club, id, now)
}

func (s measured) Post(ctx context.Context, club bot.ClubID, post bot.Post) (err error) {
	defer s.since(time.Now(), "post", &err)
	return s.of.Post(ctx, club, post)
}

func (s measured) Posts(ctx context.Context, club bot.ClubID, source library.SourceID, now time.Time) (posts []bot.Post, err error) {
	defer s.since(time.Now(), "posts", &err)
	return s.of.Posts(ctx, club, source, now)
}

func (s measured) Owing(ctx context.Context) (ids []bot.ClubID, err error) {
	defer s.since(time.Now(), "owing", &err)
	return s.of.Owing(ctx)
}

func (s measured) ClaimEdits(ctx context.Context, club bot.ClubID, lease time.Duration) (from bot.Version, ok bool, err error) {
	defer s.since(time.Now(), "claim_edits", &err)
	return s.of.ClaimEdits(ctx, club, lease)
}

func (s measured) EditsDone(ctx context.Context, club bot.ClubID, from, upTo bot.Version) (err error) {
	defer s.since(time.Now(), "edits_done", &err)
	return s.of.EditsDone(ctx, club, from, upTo)
}

func (s measured) Tally(ctx context.Context, club bot.ClubID, add map[library.SentenceID]int) (err error) {
	defer s.since(time.Now(), "tally", &err)
	return s.of.Tally(ctx, club, add)
}

func (s measured) Tallies(ctx context.Context, club bot.ClubID) (counts map[library.SentenceID]int, err error) {
	defer s.since(time.Now(), "tallies", &err)
	return s.of.Tallies(ctx, club)
}

func (s measured) Dump(ctx context.Context, club bot.ClubID) (version uint64, records []bot.Record, err error) {
	defer s.since(time.Now(), "dump", &err)
	return s.of.Dump(ctx, club)
}

func (s measured) Load(ctx context.Context, club bot.ClubID, version uint64, records []bot.Record) (err error) {
	defer s.since(time.Now(), "load", &err)
	return s.of.Load(ctx, club, version, records)
}

func (s measured) Known(ctx context.Context, prefix string) (ids []bot.ClubID, err error) {
	defer s.since(time.Now(), "known", &err)
	return s.of.Known(ctx, prefix)
}

func (s measured) Gone(ctx context.Context, prefix string) (since map[bot.ClubID]time.Time, err error) {
	defer s.since(time.Now(), "gone", &err)
	return s.of.Gone(ctx, prefix)
}

func (s measured) SetGone(ctx context.Context, club bot.ClubID, since time.Time) (news bool, err error) {
	defer s.since(time.Now(), "set_gone", &err)
	return s.of.SetGone(ctx, club, since)
}

func (s measured) Purge(ctx context.Context, club bot.ClubID) (err error) {
	defer s.since(time.Now(), "purge", &err)
	return s.of.Purge(ctx, club)
}

func (s measured) Close() error { return s.of.Close() }
