package discord

import (
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/bwmarrin/discordgo"
)

// sdkLog is where the SDK's own words go. Its logger is a variable of its
// package, so there is one for the process: the last that was made.
var sdkLog struct {
	set sync.Once
	log atomic.Pointer[slog.Logger]
}

// quiet sends what the SDK says to a log, at debug and without what it says it
// about. Left alone, it writes to standard error, payloads and all.
func quiet(log *slog.Logger) {
	sdkLog.log.Store(log)
	sdkLog.set.Do(func() {
		discordgo.Logger = func(_, _ int, format string, _ ...any) {
			sdkLog.log.Load().Debug("discordgo", "says", strings.TrimSpace(format))
		}
	})
}
