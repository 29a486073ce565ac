package slack

import (
	"fmt"
	"log/slog"
)

// guard keeps a panic from ending the process. What it says stays out of the
// log: it may quote what was sent.
func guard(log *slog.Logger, what string, do func()) {
	defer func() {
		if p := recover(); p != nil {
			log.Error("a delivery broke what took it", "what", what, "cause", fmt.Sprintf("panic: %T", p))
		}
	}()
	do()
}
