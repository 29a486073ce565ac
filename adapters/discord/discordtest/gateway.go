package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// Operations of the gateway.
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opPresence  = 3
	opVoice     = 4
	opResume    = 6
	opReconnect = 7
	opMembers   = 8
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// Intents.
const (
	intentGuilds     = 1 << 0
	intentMessages   = 1 << 9
	intentDirect     = 1 << 12
	intentContent    = 1 << 15
	knownIntents     = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
	privilegedOnes   = 1<<1 | 1<<8 | intentContent
	identifiesPer    = 5 * time.Second
	longestGatewayIn = 4096
)

// gateway is what the gateway keeps.
type gateway struct {
	recommended, concurrency int
	heartbeat                time.Duration
	privileged               bool
	strange                  bool // messages of interactions hold an unknown component
	deaf                     bool // no ACKs
	repeats                  int  // how often interactions are dispatched again

	conns      []*conn
	sessions   map[string]*session
	identifies []Identify
	resumes    int
	beats      int

	onConnect, onIdentify, onResume, onInteraction []Act
}

// Identify is an IDENTIFY that the gateway got.
type Identify struct {
	At            time.Time
	Shard, Shards int
	Intents       int
	TooSoon       bool // within 5 s of another one for the same rate key
}

// session is what a connection may resume.
type session struct {
	id            string
	shard, shards int
	intents       int
	forgotten     int      // how many events came before those kept
	events        [][]byte // by sequence, the first of all is 1
	conn          *conn    // nil: none at the moment
	ready         bool
}

// Identifies are those that the gateway got, oldest first.
func (d *Discord) Identifies() []Identify {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.gateway.identifies)
}

// Resumes is how many RESUMEs the gateway got.
func (d *Discord) Resumes() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.gateway.resumes
}

// Heartbeats is how many heartbeats the gateway got.
func (d *Discord) Heartbeats() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.gateway.beats
}

// Connections is how many connections the gateway has, greeted or not.
func (d *Discord) Connections() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.gateway.conns)
}

// Ready is how many sessions are connected and have had READY or RESUMED.
func (d *Discord) Ready() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, s := range d.gateway.sessions {
		if s.conn != nil && s.ready {
			n++
		}
	}
	return n
}

// AwaitReady waits until so many sessions are ready.
func (d *Discord) AwaitReady(n int) bool {
	d.t.Helper()
	return d.Await("sessions that are ready", func() bool { return d.Ready() >= n })
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

func (d *Discord) serveGateway(w http.ResponseWriter, r *http.Request) {
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &conn{d: d, ws: ws, wake: make(chan struct{}, 1), gone: make(chan struct{})}
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		_ = ws.Close()
		return
	}
	d.working.Add(2)
	d.gateway.conns = append(d.gateway.conns, c)
	if act, ok := take(&d.gateway.onConnect); ok {
		act(c)
	} else {
		c.send(opHello, object{"heartbeat_interval": d.gateway.heartbeat.Milliseconds()})
	}
	d.broadcast()
	d.mu.Unlock()
	go c.write()
	defer d.working.Done()
	c.read()
}

// take takes the first of the acts that were asked for.
func take(acts *[]Act) (Act, bool) {
	if len(*acts) == 0 {
		return nil, false
	}
	act := (*acts)[0]
	*acts = (*acts)[1:]
	return act, true
}

// frame is what comes over the gateway.
type frame struct {
	Op int             `json:"op"`
	D  json.RawMessage `json:"d"`
}

// handle answers what the bot sent. The lock is held.
func (d *Discord) handle(c *conn, raw []byte) {
	var f frame
	if len(raw) > longestGatewayIn || json.Unmarshal(raw, &f) != nil {
		c.close(4002)
		return
	}
	d.recordFrame(f)
	switch f.Op {
	case opHeartbeat:
		d.gateway.beats++
		if !d.gateway.deaf {
			c.send(opAck, nil)
		}
		d.broadcast()
	case opIdentify:
		d.identify(c, f.D)
	case opResume:
		d.resume(c, f.D)
	case opPresence, opVoice, opMembers:
		if c.session == nil {
			c.close(4003)
		}
	default:
		c.close(4001)
	}
}

// recordFrame records what the bot sent, its token left out.
func (d *Discord) recordFrame(f frame) {
	var body any
	_ = json.Unmarshal(f.D, &body)
	if o, ok := body.(object); ok {
		delete(o, "token")
	}
	d.record(&Request{Method: "GATEWAY", Path: opNames[f.Op], Body: body})
}

var opNames = map[int]string{opHeartbeat: "heartbeat", opIdentify: "identify", opPresence: "presence", opVoice: "voice", opResume: "resume", opMembers: "members"}

// identify begins a session.
func (d *Discord) identify(c *conn, raw []byte) {
	var in struct {
		Token   string `json:"token"`
		Intents int    `json:"intents"`
		Shard   []int  `json:"shard"`
	}
	if json.Unmarshal(raw, &in) != nil {
		c.close(4002)
		return
	}
	shard, shards := 0, 1
	if len(in.Shard) == 2 {
		shard, shards = in.Shard[0], in.Shard[1]
	}
	d.note(Identify{At: time.Now(), Shard: shard, Shards: shards, Intents: in.Intents})
	if act, ok := take(&d.gateway.onIdentify); ok {
		act(c)
		d.broadcast()
		return
	}
	switch {
	case c.session != nil:
		c.close(4005)
	case strings.TrimPrefix(in.Token, "Bot ") != d.Token:
		c.close(4004)
	case shard < 0 || shards < 1 || shard >= shards || len(in.Shard) != 0 && len(in.Shard) != 2:
		c.close(4010)
	case in.Intents&^knownIntents != 0 || in.Intents < 0:
		c.close(4013)
	case in.Intents&privilegedOnes != 0 && !d.gateway.privileged:
		c.close(4014)
	default:
		s := &session{id: "session" + d.newID(), shard: shard, shards: shards, intents: in.Intents, conn: c}
		d.gateway.sessions[s.id] = s
		c.session = s
		d.welcome(s)
	}
	d.broadcast()
}

// note keeps an IDENTIFY, and whether it came too soon after another one.
func (d *Discord) note(i Identify) {
	key := func(i Identify) int { return i.Shard % d.gateway.concurrency }
	for _, before := range d.gateway.identifies {
		i.TooSoon = i.TooSoon || key(before) == key(i) && i.At.Sub(before.At) < identifiesPer
	}
	d.gateway.identifies = append(d.gateway.identifies, i)
}

// welcome sends READY and the guilds of the shard.
func (d *Discord) welcome(s *session) {
	guilds := []any{}
	for _, g := range d.sorted() {
		if !g.removed && shardOf(g.ID, s.shards) == s.shard {
			guilds = append(guilds, object{"id": g.ID, "unavailable": true})
		}
	}
	s.dispatch("READY", object{
		"v": 9, "user": d.self(), "guilds": guilds, "private_channels": []any{}, "session_id": s.id,
		"resume_gateway_url": d.GatewayURL(), "shard": []any{s.shard, s.shards}, "application": object{"id": d.AppID, "flags": 0},
	})
	s.ready = true
	for _, g := range d.sorted() {
		if !g.removed && !g.away && shardOf(g.ID, s.shards) == s.shard && s.intents&intentGuilds != 0 {
			s.dispatch("GUILD_CREATE", g.full())
		}
	}
}

// resume goes on with a session, from where its connection was lost.
func (d *Discord) resume(c *conn, raw []byte) {
	var in struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int    `json:"seq"`
	}
	if json.Unmarshal(raw, &in) != nil {
		c.close(4002)
		return
	}
	d.gateway.resumes++
	defer d.broadcast()
	if act, ok := take(&d.gateway.onResume); ok {
		act(c)
		return
	}
	s := d.gateway.sessions[in.Session]
	switch {
	case strings.TrimPrefix(in.Token, "Bot ") != d.Token:
		c.close(4004)
	case s == nil:
		c.send(opInvalid, false)
	case in.Seq < s.forgotten || in.Seq > s.forgotten+len(s.events):
		c.close(4007)
	default:
		if s.conn != nil {
			s.conn.session = nil
			s.conn.kill()
		}
		s.conn, c.session = c, s
		for _, event := range s.events[in.Seq-s.forgotten:] {
			c.text(event)
		}
		s.dispatch("RESUMED", object{})
		s.ready = true
	}
}

// dispatch sends an event of a guild to the shard that has it; nil stands for
// direct messages, which the first shard has. An intent of 0 is needed by none.
// The lock is held.
func (d *Discord) dispatch(g *Guild, intent int, event string, o object) {
	d.dispatchContent(g, intent, event, o, o)
}

// dispatchContent dispatches an event that looks otherwise to those who may see
// the content of messages.
func (d *Discord) dispatchContent(g *Guild, intent int, event string, bare, full object) {
	for _, s := range d.gateway.of(g) {
		if intent != 0 && s.intents&intent == 0 {
			continue
		}
		if s.intents&intentContent != 0 {
			s.dispatch(event, full)
		} else {
			s.dispatch(event, bare)
		}
	}
	d.broadcast()
}

// of returns the sessions of a guild's shard; nil stands for direct messages.
func (g *gateway) of(guild *Guild) []*session {
	var out []*session
	for _, s := range g.sessions {
		shard := 0
		if guild != nil {
			shard = shardOf(guild.ID, s.shards)
		}
		if s.shard == shard {
			out = append(out, s)
		}
	}
	return out
}

// dispatch sends an event, or keeps it until the session is resumed.
func (s *session) dispatch(event string, o any) {
	raw, _ := json.Marshal(object{"op": opDispatch, "t": event, "s": s.forgotten + len(s.events) + 1, "d": o})
	s.events = append(s.events, raw)
	if s.conn != nil {
		s.conn.text(raw)
	}
}
