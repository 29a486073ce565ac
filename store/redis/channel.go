package redis

import (
	"context"
	"fmt"
	"strings"

	"dogear/bot"
)

// SetChannel implements bot.Channels.
func (s *Store) SetChannel(ctx context.Context, club bot.ClubID, channel bot.ChannelID, was, set bot.Channel) error {
	ctx, cancel, err := s.small.writing(ctx)
	if err != nil {
		return fmt.Errorf("set channel: %w", err)
	}
	defer cancel()
	key, field := s.clubKey(club), channelKey(channel)
	value := ""
	if set != (bot.Channel{}) {
		value = wrap(bot.EncodeChannel(set))
	}
	err = again(ctx, func() (bool, error) {
		stands, err := fields(ctx, s.small, key, field, setsField)
		if err != nil {
			return false, err
		}
		is, err := channelOf(stands[0])
		if err != nil {
			return false, err
		}
		if is != was {
			return false, bot.ErrStale
		}
		return s.setAgain(ctx, key, field, stands[0], value, stands[1])
	})
	if err == nil && value != "" {
		s.list(ctx, club)
	}
	if err != nil {
		return fmt.Errorf("set channel: %w", plain(err))
	}
	return nil
}

// Channels implements bot.Channels.
func (s *Store) Channels(ctx context.Context, club bot.ClubID) (map[bot.ChannelID]bot.Channel, error) {
	ctx, cancel := s.small.reading(ctx)
	defer cancel()
	set, err := s.channels(ctx, club)
	if err != nil {
		return nil, fmt.Errorf("list channels: %w", plain(err))
	}
	return set, nil
}

func (s *Store) channels(ctx context.Context, club bot.ClubID) (map[bot.ChannelID]bot.Channel, error) {
	all, err := s.small.HGetAll(ctx, s.clubKey(club)).Result()
	if err != nil {
		return nil, err
	}
	set := map[bot.ChannelID]bot.Channel{}
	for field, value := range all {
		id, ok := strings.CutPrefix(field, channelField)
		if !ok {
			continue // the club's own
		}
		if set[bot.ChannelID(id)], err = channelOf(value); err != nil {
			return nil, err
		}
	}
	return set, nil
}

// channelOf reads a channel's field; nothing is the zero Channel.
func channelOf(value string) (bot.Channel, error) {
	if value == "" {
		return bot.Channel{}, nil
	}
	data, err := unwrap(value)
	if err != nil {
		return bot.Channel{}, fmt.Errorf("channel: %w", err)
	}
	c, err := bot.DecodeChannel(data)
	if err != nil {
		return bot.Channel{}, bot.ErrDamaged
	}
	return c, nil
}
