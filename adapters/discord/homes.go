package discord

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/maypok86/otter/v2"

	"dogear/bot"
)

// homes knows which club a reader means who writes a direct message: the one
// where they used dogear last, as far as this process has seen, else any that
// they are one of. Who has left a server does not get at its library.
type homes struct {
	bot     *bot.Bot
	rest    *rest
	log     *slog.Logger
	last    *otter.Cache[bot.ReaderID, bot.ClubID]
	members *otter.Cache[membership, bool]
}

// membership is what is asked of Discord before a club's library is opened to
// somebody who is not there at the time.
type membership struct{ guild, user string }

func newHomes(b *bot.Bot, r *rest, log *slog.Logger) *homes {
	return &homes{b, r, log, newCache[bot.ReaderID, bot.ClubID](30 * 24 * time.Hour), newCache[membership, bool](remembered)}
}

// saw notes where a reader uses dogear.
func (h *homes) saw(reader bot.ReaderID, club bot.ClubID) { h.last.Set(reader, club) }

// of returns the club of a reader's direct messages; empty where there is none.
func (h *homes) of(ctx context.Context, reader bot.ReaderID) bot.ClubID {
	clubs, err := h.bot.ClubsOf(ctx, reader)
	if err != nil {
		h.log.WarnContext(ctx, "the clubs of a reader are not known", "cause", err)
	}
	if last, ok := h.last.GetIfPresent(reader); ok {
		clubs = append([]bot.ClubID{last}, clubs...)
	}
	i := slices.IndexFunc(clubs, func(club bot.ClubID) bool {
		guild, ours := strings.CutPrefix(string(club), Platform)
		return ours && h.isMember(ctx, guild, strings.TrimPrefix(string(reader), Platform))
	})
	if i < 0 {
		return ""
	}
	return clubs[i]
}

// isMember reports whether Discord says that somebody is in a server.
func (h *homes) isMember(ctx context.Context, guild, user string) bool {
	is, err := h.members.Get(ctx, membership{guild, user}, otter.LoaderFunc[membership, bool](func(ctx context.Context, m membership) (bool, error) {
		return h.rest.isMember(ctx, m.guild, m.user)
	}))
	if err != nil {
		h.log.WarnContext(ctx, "whether a reader is in a server is not known; they count as not", "cause", err)
	}
	return err == nil && is
}

func (h *homes) close() {
	h.last.StopAllGoroutines()
	h.members.StopAllGoroutines()
}
