package slack

import "context"

// socket takes deliveries over Socket Mode.
type socket struct{}

// newSocket makes one that hands what comes to take, which does not block: it
// returns false where there is too much to do, and then nothing was acknowledged.
func newSocket(a *api, take func(delivery) bool) *socket { panic("not yet") }

// run takes deliveries until ctx ends. Connections that break are made again,
// ever more slowly where they don't last. It fails only where trying again would
// be in vain: the error names the setting.
func (s *socket) run(ctx context.Context) error { panic("not yet") }

// ready returns nil while there is a connection.
func (s *socket) ready() error { panic("not yet") }
