package slack

import (
	"log/slog"
	"net/http"
)

// newWeb makes what takes Slack's requests, which are signed with the app's
// signing secret, and hands them to take as newSocket does. What is not signed,
// or not just now, or came before to the byte, is answered with 401, and nothing
// else happens.
func newWeb(secret string, log *slog.Logger, take func(delivery) bool) http.Handler {
	panic("not yet")
}
