// Package discordtest is a Discord on loopback, for tests: REST, the gateway,
// deliveries over HTTP, and readers who drive them as a script does. It keeps
// what Discord keeps, refuses what Discord refuses, and fails on request.
//
//	d := discordtest.New(t)
//	ann := d.Guild("club").Member("ann")
//	books := d.Guild("club").Channel("books")
//	// start the bot with d.URL(), d.Token and d.AppID, then:
//	d.AwaitReady(1)
//	seen := ann.Slash(books, "ask", discordtest.Opt{"question": "is it sad?"})
//	seen = ann.Press(seen.Message(), "Share with the channel")
//	if got := d.Guild("club").Member("bob").Sees(books); len(got) != 1 {
//		t.Errorf("bob sees %d messages", len(got))
//	}
//
// What breaks a rule is refused and fails the test, unless Tolerate says
// otherwise. Members are made when they are first named, and so are guilds,
// channels and threads.
package discordtest
