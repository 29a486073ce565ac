package discordtest_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"dogear/adapters/discord/discordtest"
)

// client is a connection to the gateway that does what a test says.
type client struct {
	t  *testing.T
	ws *websocket.Conn
}

func dial(t *testing.T, d *discordtest.Discord) *client {
	t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial(d.GatewayURL()+"/?v=10&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.Close() })
	return &client{t, ws}
}

func (c *client) send(op int, data any) {
	c.t.Helper()
	if err := c.ws.WriteJSON(map[string]any{"op": op, "d": data}); err != nil {
		c.t.Fatal(err)
	}
}

// read returns what comes within a while.
func (c *client) read(within time.Duration) (map[string]any, error) {
	_ = c.ws.SetReadDeadline(time.Now().Add(within))
	var f map[string]any
	err := c.ws.ReadJSON(&f)
	return f, err
}

// expect reads until something of an operation and a name comes.
func (c *client) expect(op int, event string) map[string]any {
	c.t.Helper()
	for {
		f, err := c.read(5 * time.Second)
		if err != nil {
			c.t.Fatalf("waiting for %d %s: %v", op, event, err)
		}
		if f["op"] == float64(op) && (event == "" || f["t"] == event) {
			return f
		}
	}
}

// closes reads until the connection is closed, and returns the code; 0: lost.
func (c *client) closes() int {
	c.t.Helper()
	for {
		_, err := c.read(5 * time.Second)
		var closed *websocket.CloseError
		switch {
		case err == nil:
		case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure:
			return closed.Code
		default:
			return 0
		}
	}
}

func (c *client) identify(d *discordtest.Discord, intents int, shard ...int) {
	data := map[string]any{"token": "Bot " + d.Token, "intents": intents, "properties": map[string]any{}}
	if len(shard) > 0 {
		data["shard"] = shard
	}
	c.send(2, data)
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		token   string
		intents int
		shard   []int
		want    int
	}{
		"token":      {"wrong", 1, nil, 4004},
		"shard":      {"", 1, []int{2, 2}, 4010},
		"unknown":    {"", 1 << 30, nil, 4013},
		"privileged": {"", 1 << 15, nil, 4014},
	} {
		d := discordtest.New(t)
		conn := dial(t, d)
		conn.expect(10, "")
		if c.token == "" {
			c.token = d.Token
		}
		conn.send(2, map[string]any{"token": c.token, "intents": c.intents, "shard": c.shard})
		if got := conn.closes(); got != c.want {
			t.Errorf("%s: closed with %d, want %d", name, got, c.want)
		}
	}
}

func TestShards(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Shards(2))
	a, b := d.Guild("a"), d.Guild("b")
	if a.Shard(2) == b.Shard(2) {
		t.Fatal("guilds do not take turns")
	}
	shards := [2]*client{dial(t, d), dial(t, d)}
	for i, c := range shards {
		c.identify(d, 1, i, 2)
		c.expect(0, "READY")
	}
	for _, g := range []*discordtest.Guild{a, b} {
		got := shards[g.Shard(2)].expect(0, "GUILD_CREATE")
		if got["d"].(map[string]any)["id"] != g.ID {
			t.Errorf("guild of shard %d: %v", g.Shard(2), got)
		}
	}
	if got := d.Identifies(); len(got) != 2 || !got[1].TooSoon || got[0].TooSoon {
		t.Errorf("identifies: %+v", got)
	}
	a.Remove()
	if got := shards[a.Shard(2)].expect(0, "GUILD_DELETE")["d"].(map[string]any); got["id"] != a.ID || got["unavailable"] != nil {
		t.Errorf("removed: %v", got)
	}
	b.Outage()
	if got := shards[b.Shard(2)].expect(0, "GUILD_DELETE")["d"].(map[string]any); got["unavailable"] != true {
		t.Errorf("outage: %v", got)
	}
	b.Return()
	shards[b.Shard(2)].expect(0, "GUILD_CREATE")
}

// TestResume shows that what came while nobody was connected is not lost.
func TestResume(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	first := dial(t, d)
	first.identify(d, 1)
	ready := first.expect(0, "READY")
	d.Gateway(discordtest.Cut())
	if got := first.closes(); got != 0 {
		t.Errorf("a cut says %d", got)
	}
	_ = first.ws.Close()
	d.Await("the connection to end", func() bool { return d.Connections() == 0 })
	d.Guild("late")
	resume := map[string]any{"token": d.Token, "session_id": ready["d"].(map[string]any)["session_id"], "seq": ready["s"]}

	d.AtResume(discordtest.Reconnect(), discordtest.Invalid(true))
	for _, op := range []int{7, 9} {
		c := dial(t, d)
		c.send(6, resume)
		c.expect(op, "")
	}
	second := dial(t, d)
	second.send(6, resume)
	second.expect(0, "GUILD_CREATE")
	second.expect(0, "RESUMED")
	if d.Ready() != 1 || d.Resumes() != 3 {
		t.Errorf("ready %d, resumes %d", d.Ready(), d.Resumes())
	}

	d.Gateway(discordtest.Invalid(false))
	if got := second.expect(9, ""); got["d"] != false {
		t.Errorf("op 9: %v", got)
	}
	third := dial(t, d)
	third.send(6, resume)
	if got := third.expect(9, ""); got["d"] != false {
		t.Errorf("resumed an invalid session: %v", got)
	}
}

// TestGatewayFaults do what they say.
func TestGatewayFaults(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	d.AtConnect(discordtest.Silence())
	silent := dial(t, d)
	silent.identify(d, 1)
	if f, err := silent.read(50 * time.Millisecond); err == nil {
		t.Errorf("a gateway without HELLO says %v", f)
	}

	d.AtIdentify(discordtest.Reconnect(), discordtest.Invalid(false), discordtest.Close(4004), discordtest.Cut(), discordtest.CutWithin(), discordtest.Silence())
	for _, op := range []int{7, 9} {
		c := dial(t, d)
		c.identify(d, 1)
		c.expect(op, "")
	}
	for _, code := range []int{4004, 0, 0} {
		c := dial(t, d)
		c.identify(d, 1)
		if got := c.closes(); got != code {
			t.Errorf("closed with %d, want %d", got, code)
		}
	}
	dumb := dial(t, d)
	dumb.expect(10, "")
	dumb.identify(d, 1)
	dumb.send(1, nil)
	if f, err := dumb.read(50 * time.Millisecond); err == nil {
		t.Errorf("a silent gateway says %v", f)
	}

	c := dial(t, d)
	c.identify(d, 1)
	c.expect(0, "READY")
	c.send(1, nil)
	c.expect(11, "")
	d.Gateway(discordtest.Event("INTERACTION_CREATE", []any{"no", "interaction"}))
	if got := c.expect(0, "INTERACTION_CREATE"); got["d"].([]any)[0] != "no" {
		t.Errorf("malformed: %v", got)
	}
	d.Deaf(true)
	c.send(1, nil)
	d.Await("the second heartbeat", func() bool { return d.Heartbeats() == 2 })
	d.Shard(0, discordtest.Raw("{no JSON"))
	if _, err := c.read(5 * time.Second); err == nil || strings.Contains(err.Error(), "timeout") {
		t.Errorf("raw: %v", err)
	}
	d.Shard(0, discordtest.Close(4009))
	if got := c.closes(); got != 4009 {
		t.Errorf("closed with %d", got)
	}
}

// TestFaultOrder shows that faults of the API count down, and hide effects or
// prevent them.
func TestFaultOrder(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	books := d.Guild("club").Channel("books")
	path := "/api/v9/channels/" + books.ID + "/messages"
	const body = `{"content":"a","flags":4,"allowed_mentions":{"parse":[]}}`
	d.Fault(discordtest.Fault{Method: "POST", Path: "/messages", Status: 502, Times: 2})
	d.Fault(discordtest.Fault{Path: "/messages", Status: 500, After: true})
	d.Fault(discordtest.Fault{Path: "/messages", Cut: true})
	d.Fault(discordtest.Fault{Path: "/messages", Slow: 30 * time.Millisecond})
	if status, _ := do(t, d, "GET", "/api/v9/channels/"+books.ID, ""); status != 200 {
		t.Errorf("another route: %d", status)
	}
	for i, want := range []struct{ status, posted int }{{502, 0}, {502, 0}, {500, 1}, {0, 1}, {200, 2}} {
		began := time.Now()
		status, answer := post(t, d, path, body)
		if status == 200 && want.status == 0 && !strings.HasSuffix(answer, "}") {
			status = 0
		}
		if got := len(books.Messages()); status != want.status || got != want.posted {
			t.Errorf("%d: status %d with %d messages, want %v", i, status, got, want)
		}
		if want.status == 200 && time.Since(began) < 30*time.Millisecond {
			t.Error("a slow answer is not slow")
		}
	}
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	for _, global := range []bool{false, true} {
		d.Fault(discordtest.Fault{Path: "/users/@me", Status: 429, Retry: 1500 * time.Millisecond, Global: global})
		req, _ := http.NewRequest("GET", d.URL()+"/api/users/@me", nil)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		h := resp.Header
		if resp.StatusCode != 429 || h.Get("Retry-After") == "" || (h.Get("X-RateLimit-Global") == "true") != global || (h.Get("X-RateLimit-Reset-After") == "1.500") == global {
			t.Errorf("global %v: %d %v", global, resp.StatusCode, h)
		}
	}
	s := session(t, d)
	s.ShouldRetryOnRateLimit = true
	d.Fault(discordtest.Fault{Path: "/users/@me", Status: 429, Retry: 20 * time.Millisecond})
	if u, err := s.User("@me"); err != nil || u.ID != d.AppID {
		t.Errorf("after a limit: %v", err)
	}
	if got := d.Requests(discordtest.To("GET", "/users/@me")); len(got) != 4 || got[2].Status != 429 || got[3].Status != 200 {
		t.Errorf("requests: %+v", got)
	}
	http.DefaultClient.CloseIdleConnections()
}
