package slack_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"dogear/adapters/slack"
	"dogear/adapters/slack/slacktest"
)

// reconnects waits until dogear has connected again.
func (c *club) reconnects(before int) {
	c.t.Helper()
	becomes(c.t, "it has connected again", func() bool {
		return c.Opens() > before && c.Connected() == 1 && c.on.Ready() == nil
	})
}

// Slack says nothing: not where to connect, and not over a connection.
func silence(t *testing.T, mode string) {
	c := serve(t, mode, slacktest.Patience(30*time.Second))
	c.again((*slack.Slack).Impatient)
	before := c.Opens()
	c.Socket(slacktest.Silence())
	c.reconnects(before)
	c.well("silence")

	before = c.Opens()
	asked := len(c.calls("apps.connections.open"))
	c.Fault(slacktest.Fault{Method: "apps.connections.open", Stall: true})
	c.Socket(slacktest.Cut())
	becomes(t, "it asks where to connect", func() bool { return len(c.calls("apps.connections.open")) > asked })
	c.reconnects(before)
	c.well("a stalled call")
}

// Connections end at rest and while somebody is to be answered.
func connectionsThatEnd(t *testing.T, mode string) {
	c := serve(t, mode)
	ending := map[string]slacktest.Act{
		"a cut":                slacktest.Cut(),
		"a cut within a frame": slacktest.CutWithin(),
		"a warning":            slacktest.Then(slacktest.Disconnect("warning"), slacktest.Cut()),
		"a refresh":            slacktest.Then(slacktest.Disconnect("refresh_requested"), slacktest.Cut()),
	}
	posted := 0
	for _, name := range slices.Sorted(maps.Keys(ending)) {
		end := ending[name]
		before := c.Opens()
		c.Socket(end)
		c.reconnects(before)
		c.well(name)

		// In the middle: the answers don't go that way.
		before = c.Opens()
		c.AtEnvelope(end)
		c.well(name + " right after a command")
		c.reconnects(before)
		before = c.Opens()
		c.AtEnvelope(end)
		c.has(c.bob.Mention(c.books, question), safe)
		c.reconnects(before)
		c.has(c.ann.OpenHome(), "Your books")
		posted++
		c.answers(posted)
	}
	if c.counts("a connection to Slack ended") < 3*len(ending) {
		t.Error("not all of them ended")
	}
}

// The SDK would ask for hundreds of connections a second.
func disconnectAfterHello(t *testing.T, mode string) {
	c := serve(t, mode, slacktest.Patience(30*time.Second))
	const times = 60
	for range times {
		c.AtConnect(slacktest.Then(slacktest.Hello(1), slacktest.Disconnect("refresh_requested"), slacktest.Cut()))
	}
	before := c.Opens()
	began := time.Now()
	c.Socket(slacktest.Cut())
	c.reconnects(before + times)
	// The pace of a test is 10 ms at last.
	if took := time.Since(began); took < (times-5)*10*time.Millisecond {
		t.Errorf("it asked %d times within %v", times, took)
	}
	c.well("many short connections")
}

// What can't be read is acknowledged where it has a name, and ends nothing.
func unreadableEnvelopes(t *testing.T, mode string) {
	c := serve(t, mode)
	opens := c.Opens()
	for _, frame := range []string{
		`nonsense`, `[]`, `{}`, `null`, `5`, `"text"`, `{"type":5}`, `{"type":"hello"}`, `{"type":"novelty"}`, `{"type":"events_api"}`, `{"type":"events_api","payload":{}}`,
	} {
		c.Socket(slacktest.Raw(frame))
	}
	for _, kind := range []string{"interactive", "events_api", "slash_commands", "novelty", "hello"} {
		c.Socket(slacktest.Garbled(kind, "envelope-of-"+kind))
		if kind != "hello" {
			becomes(t, kind+" is acknowledged", func() bool { return c.Acked("envelope-of-" + kind) })
		}
	}
	c.well("them")
	if c.Opens() != opens {
		t.Error("the connection has ended")
	}
	for _, cause := range []string{"Slack has sent what dogear can't read", "a delivery was not understood"} {
		if c.counts(cause) == 0 {
			t.Errorf("the log does not say: %s", cause)
		}
	}
	c.quiet()
}

// With ten connections, what readers press is lost.
func manyConnections(t *testing.T, mode string) {
	c := serve(t, mode)
	if c.counts("many connections") != 0 {
		t.Error("an alarm at one connection")
	}
	before := c.Opens()
	c.AtConnect(slacktest.Hello(10))
	c.Socket(slacktest.Cut())
	c.reconnects(before)
	c.log.await(t, "this Slack app has many connections")
	c.well("that")
	before = c.Opens()
	c.AtConnect(slacktest.Hello(-1)) // it does not say
	c.Socket(slacktest.Cut())
	c.reconnects(before)
	c.well("that")
}

// readiness shows that what asks whether dogear is ready is told the truth.
func readiness(t *testing.T, mode string) {
	c := serve(t, mode)
	c.AtConnect(slacktest.Silence())
	c.Socket(slacktest.Cut())
	becomes(t, "it is not ready", func() bool { return c.on.Ready() != nil && c.Connected() == 0 && c.Connections() == 1 })
	c.Socket(slacktest.Cut())
	becomes(t, "it is ready", func() bool { return c.on.Ready() == nil })
	c.well("a silent connection")
	c.stop()
	if c.on.Ready() == nil {
		t.Error("it is ready after its end")
	}
}

// Slack hears no acknowledgement, and delivers again what is an event.
func lostAcknowledgements(t *testing.T, mode string) {
	c := serve(t, mode, slacktest.AckWithin(300*time.Millisecond))
	c.Deaf(true)
	acks := len(c.calls("ack"))
	c.has(c.bob.Mention(c.books, question), safe)
	c.has(c.ann.DM(question), safe)
	becomes(t, "it is delivered again", func() bool { return len(c.calls("ack")) >= acks+8 })
	c.Deaf(false)
	c.well("lost acknowledgements")
	c.answers(1)
	if n := strings.Count(reads(c.ann.Sees(c.ann.DMs())), safe); n != 1 {
		t.Errorf("ann is answered %d times", n)
	}
	if c.counts("outcome=dropped") == 0 {
		t.Error("nothing was dropped")
	}
}

// reads is what is read in messages.
func reads(messages []slacktest.Message) string {
	var out []string
	for _, m := range messages {
		out = append(out, m.Reads())
	}
	return strings.Join(out, "\n")
}
