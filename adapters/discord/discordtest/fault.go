package discordtest

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is what goes wrong with requests to the API. The zero Fault is a slow
// answer that is not slow.
type Fault struct {
	Method string // empty: any
	Path   string // a part of the path; empty: any
	Times  int    // 0: once; negative: until ClearFaults

	Slow   time.Duration // before anything else
	After  bool          // what was asked for happens, and the answer hides it
	Status int           // 0: as Discord would answer
	Code   int           // Discord's own, in the body
	Retry  time.Duration // of a 429
	Global bool          // of a 429: it is for all routes
	Cut    bool          // the connection dies within the answer
}

// Lost is a Fault that answers a first response with "unknown interaction", as
// Discord does where it came late.
var Lost = Fault{Path: "/callback", Status: http.StatusNotFound, Code: 10062}

// Fault lets something go wrong. Of several that fit, the first counts.
func (d *Discord) Fault(f Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	d.faults = append(d.faults, &f)
}

// ClearFaults ends all faults of the API.
func (d *Discord) ClearFaults() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults = nil
}

// fault takes the one that a request runs into; nil: none. The lock is held.
func (d *Discord) fault(r *Request) *Fault {
	for _, f := range d.faults {
		if f.Times != 0 && (f.Method == "" || f.Method == r.Method) && strings.Contains(r.Path, f.Path) {
			f.Times--
			taken := *f
			return &taken
		}
	}
	return nil
}

// fails reports whether the answer is not Discord's usual one.
func (f *Fault) fails() bool { return f.Status != 0 || f.Cut }

// fail answers as a fault has it.
func (d *Discord) fail(w http.ResponseWriter, req *Request, f *Fault) {
	if f.Cut {
		cut(w)
		return
	}
	body := object{"message": http.StatusText(f.Status), "code": f.Code}
	if f.Status == http.StatusTooManyRequests {
		seconds := f.Retry.Seconds()
		body = object{"message": "You are being rate limited.", "retry_after": seconds, "global": f.Global, "code": f.Code}
		h := w.Header()
		h.Set("Retry-After", strconv.Itoa(int(max(seconds, 1))))
		if f.Global {
			h.Set("X-RateLimit-Global", "true")
			h.Set("X-RateLimit-Scope", "global")
		} else {
			h.Set("X-RateLimit-Scope", "user")
			h.Set("X-RateLimit-Limit", "5")
			h.Set("X-RateLimit-Remaining", "0")
			h.Set("X-RateLimit-Bucket", "faulty")
			h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", seconds))
			h.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(d.Now().Add(f.Retry).UnixMilli())/1000))
		}
	}
	d.mu.Lock()
	req.Status, req.Response = f.Status, body
	d.mu.Unlock()
	reply(w, f.Status, body)
}

// cut begins an answer and lets the connection die within it.
func cut(w http.ResponseWriter) {
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = buf.WriteString("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n{\"id\":\"1")
	_ = buf.Flush()
	reset(conn)
}

// reset closes a connection as one that is lost, without a farewell.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// activity is what goes on about one interaction or one channel, by which those
// who wait for an answer tell that it is complete.
type activity struct {
	open int       // requests that are being answered
	last time.Time // when one ended
	owed time.Time // until when one that failed may be tried again
}

// activityKey is what a request is about: the token of an interaction, the id of
// a channel; empty: neither.
func activityKey(path string) string {
	parts := strings.Split(path, "/")
	switch {
	case len(parts) > 3 && (parts[1] == "interactions" || parts[1] == "webhooks"):
		return parts[3]
	case len(parts) > 2 && parts[1] == "channels":
		return parts[2]
	}
	return ""
}

// with is what goes on about either.
func (a activity) with(b *activity) activity {
	a.open += b.open
	if b.last.After(a.last) {
		a.last = b.last
	}
	if b.owed.After(a.owed) {
		a.owed = b.owed
	}
	return a
}

func (d *Discord) about(key string) *activity {
	a := d.activity[key]
	if a == nil {
		a = &activity{}
		d.activity[key] = a
	}
	return a
}

func (d *Discord) begin(key string) { d.about(key).open++ }

// retries is how long a request that failed is waited for again, beyond what
// Discord asked to wait.
const retries = 1500 * time.Millisecond

func (d *Discord) end(key string, f *Fault) {
	a := d.about(key)
	a.open--
	if in := d.interactions[key]; in != nil && f != nil && f.fails() {
		in.doubtful = in.doubtful || f.Cut || f.Status >= 500
		in.hidden = in.hidden || f.Cut || f.After
		in.failed = in.failed || f.Code == unknownInteraction.code
	}
	a.last, a.owed = time.Now(), time.Time{}
	if f != nil && (f.Cut || f.Status == http.StatusTooManyRequests || f.Status >= 500) {
		a.owed = time.Now().Add(f.Retry + retries)
	}
	d.broadcast()
}
