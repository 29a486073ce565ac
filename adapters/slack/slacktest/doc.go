// Package slacktest is a Slack on loopback, for tests: the Web API, Socket Mode,
// deliveries over HTTP, and members who drive them as people do. It keeps what
// Slack keeps, refuses what Slack refuses, and fails on request.
//
//	s := slacktest.New(t)
//	ann, books := s.User("ann"), s.Channel("books")
//	// start the bot with s.URL(), s.BotToken and s.AppToken, then:
//	s.AwaitConnected(1)
//	seen := ann.Slash(books, "ask is it sad?")
//	seen = ann.Press(seen.Message(), "Reveal")
//	if got := s.User("bob").Sees(books); len(got) != 0 {
//		t.Errorf("bob sees %d messages", len(got))
//	}
//
// What breaks a rule is refused where Slack would refuse it, and fails the test
// unless Tolerate says otherwise. People and channels are made when they are first
// named. Everybody of the workspace is in all of its channels.
package slacktest
