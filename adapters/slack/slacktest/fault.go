package slacktest

import (
	"net"
	"net/http"
	"strconv"
	"time"
)

// Fault is what goes wrong with requests to the Web API and to response_urls. The
// zero Fault is a slow answer that is not slow.
type Fault struct {
	Method string             // as in Request; empty: any
	If     func(Request) bool // nil: whatever it says
	Times  int                // 0: once; negative: until ClearFaults

	Slow   time.Duration // before anything else
	Stall  bool          // no answer ever comes
	After  bool          // what was asked for happens, and the answer hides it
	Status int           // 0: 200
	Error  string        // in an answer that is not ok; of a response_url: the body
	Retry  time.Duration // of a 429
	Cut    bool          // the connection dies within the answer
}

// Faults that happen as if by themselves.
var (
	// Late is a modal that cannot be opened any more.
	Late = Fault{Method: "views.open", Error: "expired_trigger_id"}
	// DeadHook is a response_url that cannot be used any more.
	DeadHook = Fault{Method: "response_url", Status: http.StatusNotFound, Error: "expired_url"}
)

// Fault lets something go wrong. Of several that fit, the first counts.
func (s *Slack) Fault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults = append(s.faults, &f)
}

// ClearFaults ends all faults.
func (s *Slack) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// fault takes the one that a request runs into; nil: none. The lock is held.
func (s *Slack) fault(r *Request) *Fault {
	for _, f := range s.faults {
		if f.Times != 0 && (f.Method == "" || f.Method == r.Method) && (f.If == nil || f.If(*r)) {
			f.Times--
			taken := *f
			return &taken
		}
	}
	return nil
}

// fails reports whether the answer is not Slack's usual one.
func (f *Fault) fails() bool { return f.Status != 0 || f.Error != "" || f.Cut || f.Stall }

// fail answers as a fault has it.
func (s *Slack) fail(w http.ResponseWriter, r *http.Request, req *Request, f *Fault) {
	switch {
	case f.Stall:
		select {
		case <-r.Context().Done():
		case <-s.ctx.Done():
		}
		return
	case f.Cut:
		cut(w)
		return
	}
	status, why := f.Status, f.Error
	if status == 0 {
		status = http.StatusOK
	}
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", strconv.Itoa(int(f.Retry.Round(time.Second).Seconds())))
		if why == "" {
			why = "ratelimited"
		}
	}
	body := object{"ok": false, "error": why}
	s.mu.Lock()
	req.Status, req.Response = status, body
	s.mu.Unlock()
	switch {
	case why == "":
		w.WriteHeader(status)
	case req.Method == "response_url":
		w.WriteHeader(status)
		_, _ = w.Write([]byte(why))
	default:
		reply(w, status, body)
	}
}

// reply answers with JSON.
func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(compact(body))
}

// cut begins an answer and lets the connection die within it.
func cut(w http.ResponseWriter) {
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = buf.WriteString("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n{\"ok\":tr")
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

// activity is what goes on about one person or one channel, by which those who
// wait for an answer tell that it is complete.
type activity struct {
	open int       // requests that are being answered
	last time.Time // when one ended
	owed time.Time // until when one that failed may be tried again
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

// everything is the key of what goes on at all.
const everything = ""

func (s *Slack) about(key string) *activity {
	a := s.activity[key]
	if a == nil {
		a = &activity{}
		s.activity[key] = a
	}
	return a
}

// begin notes that something about keys goes on. The lock is held.
func (s *Slack) begin(keys []string) {
	for _, key := range append([]string{everything}, keys...) {
		s.about(key).open++
	}
}

// retried is how long a request that failed is waited for again, beyond what Slack
// asked to wait.
const retried = 1500 * time.Millisecond

// end notes that it is over; with a fault, it may come again. The lock is held.
func (s *Slack) end(keys []string, f *Fault) {
	for _, key := range append([]string{everything}, keys...) {
		a := s.about(key)
		a.open--
		a.last, a.owed = time.Now(), time.Time{}
		if f != nil && f.Status == http.StatusTooManyRequests {
			a.owed = time.Now().Add(f.Retry + retried)
		}
	}
	s.broadcast()
}
