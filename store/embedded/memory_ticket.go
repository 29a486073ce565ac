package embedded

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/reply"
)

// Issue implements bot.Tickets.
func (m *Memory) Issue(ctx context.Context, club bot.ClubID, id reply.Ticket, stub bot.Stub) error {
	data, err := bot.EncodeStub(stub)
	if err == nil {
		err = m.write(ctx, club, func(c *memoryClub) error {
			c.put(bot.Record{Kind: bot.TicketRecord, ID: string(id), Data: data})
			m.sweep()
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("issue ticket: %w", err)
	}
	return nil
}

// sweep removes expired tickets and posts, once there have been as many new
// ones as there are, so that they do not pile up. The caller holds the lock.
func (m *Memory) sweep() {
	held := 0
	for _, c := range m.clubs {
		held += len(c.kept[bot.TicketRecord]) + len(c.kept[bot.PostRecord])
	}
	if m.issued++; m.issued <= max(sweepEvery, held/2) {
		return
	}
	m.issued = 0
	now := time.Now()
	for _, c := range m.clubs {
		for _, r := range c.records(bot.TicketRecord, bot.PostRecord) {
			if expired, _ := r.Expired(now); expired {
				delete(c.kept[r.Kind], r.ID)
			}
		}
	}
}

// Ticket implements bot.Tickets.
func (m *Memory) Ticket(ctx context.Context, club bot.ClubID, id reply.Ticket, now time.Time) (stub bot.Stub, err error) {
	err = m.write(ctx, club, func(c *memoryClub) error {
		data := c.kept[bot.TicketRecord][string(id)]
		if data == nil {
			return bot.ErrNotFound
		}
		if stub, err = bot.DecodeStub(data); err == nil && !now.Before(stub.Expires) {
			delete(c.kept[bot.TicketRecord], string(id))
			err = bot.ErrNotFound
		}
		return err
	})
	if err != nil {
		return bot.Stub{}, fmt.Errorf("read ticket: %w", err)
	}
	return stub, nil
}

// Post implements bot.Posts.
func (m *Memory) Post(ctx context.Context, club bot.ClubID, post bot.Post) error {
	_, err := bot.EncodePost(post)
	if err == nil {
		err = m.write(ctx, club, func(c *memoryClub) error {
			if len(post.Holds) == 0 {
				delete(c.kept[bot.PostRecord], post.RecordID())
				return nil
			}
			data, err := replacing(post, c.kept[bot.PostRecord][post.RecordID()])
			if err != nil {
				return err
			}
			c.put(bot.Record{Kind: bot.PostRecord, ID: post.RecordID(), Data: data})
			m.sweep()
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("keep post: %w", err)
	}
	return nil
}

// Posts implements bot.Posts.
func (m *Memory) Posts(ctx context.Context, club bot.ClubID, source library.SourceID, now time.Time) (posts []bot.Post, err error) {
	err = m.read(ctx, club, func(c *memoryClub) error {
		posts, err = readPosts(c.records(bot.PostRecord), source, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read posts: %w", err)
	}
	return posts, nil
}

// Owing implements bot.Posts.
func (m *Memory) Owing(ctx context.Context) ([]bot.ClubID, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := m.ready(ctx); err != nil {
		return nil, fmt.Errorf("find owed edits: %w", err)
	}
	var clubs []bot.ClubID
	for id, c := range m.clubs {
		if c.version != c.edited {
			clubs = append(clubs, id)
		}
	}
	slices.Sort(clubs)
	return clubs, nil
}

// ClaimEdits implements bot.Posts.
func (m *Memory) ClaimEdits(ctx context.Context, club bot.ClubID, lease time.Duration) (from bot.Version, ok bool, err error) {
	err = m.read(ctx, club, func(c *memoryClub) error {
		from = c.at(c.edited)
		ok, err = m.gate.claim(club, lease, func() (bool, error) { return c.edited != c.version, nil })
		return err
	})
	if err != nil || !ok {
		return bot.Version{}, false, err
	}
	return from, true, nil
}

// EditsDone implements bot.Posts.
func (m *Memory) EditsDone(ctx context.Context, club bot.ClubID, from, upTo bot.Version) error {
	return m.write(ctx, club, func(c *memoryClub) error {
		if from == c.at(c.edited) && c.had(upTo) {
			c.edited = upTo.N
			m.gate.release(club)
		}
		return nil
	})
}
