package redis

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
)

var (
	errClosed      = errors.New("the store is closed")
	errOpen        = errors.New("the server has not answered for a while; it is not asked for a moment")
	errUnconfirmed = errors.New("too few replicas have confirmed the write in time")
	errBusy        = errors.New("others keep changing it")
)

// says is what a server's refusal means, by its first word.
var says = map[string]string{
	"LOADING":     "it is still reading its data from disk",
	"READONLY":    "it is a replica, which takes no writes",
	"OOM":         "its memory is full",
	"MISCONF":     "it can't save to its disk, and so takes no writes",
	"NOAUTH":      "it wants a user and a password",
	"WRONGPASS":   "it does not know this user and password",
	"NOPERM":      "this user may not do that: see the README for what its ACL has to allow",
	"WRONGTYPE":   "a key holds something else than dogear keeps there",
	"CLUSTERDOWN": "the cluster has not all of its slots served",
	"MASTERDOWN":  "it is a replica that has lost its master",
	"TRYAGAIN":    "a slot is being moved",
	"MOVED":       "a slot has moved, and could not be followed",
	"ASK":         "a slot is being moved, and could not be followed",
	"NOREPLICAS":  "it has too few replicas to take writes",
	"BUSY":        "it is busy with a script",
	"NOSCRIPT":    "it has forgotten a script",
	"CROSSSLOT":   "it is a cluster: its address begins with redis+cluster://",
	"EXECABORT":   "it refused a part of a transaction",
}

// refusal is what a server said, without what it quoted: that may be a reader's
// name or the text of a book.
type refusal struct {
	word string // the first one, in capitals
}

func (r refusal) Error() string {
	if s, ok := says[r.word]; ok {
		return fmt.Sprintf("redis: %s (%s)", s, r.word)
	}
	return "redis: it refused the call (" + r.word + ")"
}

// plain returns an error as logs may have it. Errors that a caller looks for
// stay what they are; nil stays nil.
func plain(err error) error {
	if err == nil {
		return nil
	}
	for _, kept := range []error{context.Canceled, bot.ErrStale, bot.ErrNewer, bot.ErrNotFound, bot.ErrNotEmpty, bot.ErrDamaged, errOpen, errClosed, errUnconfirmed, errBusy} {
		if errors.Is(err, kept) {
			return kept
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("redis: no answer in time: %w", context.DeadlineExceeded)
	}
	if errors.Is(err, redis.ErrClosed) {
		return errClosed
	}
	if said, ok := errors.AsType[redis.Error](err); ok {
		return refusalOf(said)
	}
	if bad, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return fmt.Errorf("redis: %w", bad)
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		if op.Timeout() {
			return fmt.Errorf("redis: %s: no answer in time", op.Op)
		}
		return fmt.Errorf("redis: %s: %w", op.Op, op.Err)
	}
	switch {
	case errors.Is(err, redis.ErrPoolTimeout), isTimeout(err):
		return errors.New("redis: no answer in time")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("redis: the connection was closed")
	}
	return fmt.Errorf("redis: %T", err)
}

func isTimeout(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return ok && t.Timeout()
}

// refusalOf keeps of what a server said its first word, if that is known. Of a
// script's error, servers before 7 say that word later, and all of them say in
// a sentence that its user may not do something: the first is of Redis 6 and 7,
// the second of Redis 8 and Valkey.
func refusalOf(said error) error {
	words := strings.Fields(said.Error())
	for _, sentence := range []string{"The user executing the script can't", "ACL failure in script"} {
		if strings.Contains(said.Error(), sentence) {
			return refusal{"NOPERM"}
		}
	}
	for i, word := range words {
		if _, known := says[word]; known && (i == 0 || words[0] == "ERR") {
			return refusal{word}
		}
	}
	return refusal{"ERR"}
}
