package redistest

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Proxy passes connections on to a server, counts the round trips, and does
// to them what networks do.
type Proxy struct {
	target          string
	listener        net.Listener
	trips, delay    atomic.Int64
	refuse, swallow atomic.Bool
	watcher         atomic.Pointer[func(request []byte)]
	running         sync.WaitGroup

	mu    sync.Mutex
	open  chan struct{} // closed while traffic passes
	links map[*link]struct{}
	ended bool
}

// StartProxy starts a proxy in front of the server at addr.
func StartProxy(tb testing.TB, addr string) *Proxy {
	tb.Helper()
	p := &Proxy{target: addr, open: make(chan struct{}), links: map[*link]struct{}{}}
	close(p.open)
	p.Watch(nil)
	var err error
	if p.listener, err = net.Listen("tcp", net.JoinHostPort(host, "0")); err != nil {
		tb.Fatal(err)
	}
	p.running.Go(p.accept)
	tb.Cleanup(func() {
		p.listener.Close()
		p.mu.Lock()
		p.ended = true
		p.mu.Unlock()
		p.Cut()
		p.running.Wait()
	})
	return p
}

// Addr returns host:port of the proxy.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Trips returns how many round trips there were: how often a client sent
// something on a connection that was new or had brought a reply last. A
// connection's greeting counts too.
func (p *Proxy) Trips() int64 { return p.trips.Load() }

// Reset sets the number of trips to 0.
func (p *Proxy) Reset() { p.trips.Store(0) }

// SetDelay makes whatever passes take so long, each way.
func (p *Proxy) SetDelay(d time.Duration) { p.delay.Store(int64(d)) }

// Hang holds all traffic back, in both ways, until it is called with false.
// Then all of it arrives, even what clients sent that have gone since.
func (p *Proxy) Hang(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.open:
		if on {
			p.open = make(chan struct{})
		}
	default:
		if !on {
			close(p.open)
		}
	}
}

// Cut closes all connections that there are, and loses what is under way.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		l.cut()
	}
}

// Refuse closes new connections at once, until it is called with false.
func (p *Proxy) Refuse(on bool) { p.refuse.Store(on) }

// SwallowReplies loses what the server answers, until it is called with
// false: requests are carried out, and nobody hears of it.
func (p *Proxy) SwallowReplies(on bool) { p.swallow.Store(on) }

// Watch has seen told of what clients send, as each read returns it, before it
// goes on; nil tells nobody. What is done to the network then meets this
// request, whatever else is under way.
func (p *Proxy) Watch(seen func(request []byte)) {
	if seen == nil {
		seen = func([]byte) {}
	}
	p.watcher.Store(&seen)
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		if p.refuse.Load() {
			client.Close()
			continue
		}
		p.running.Go(func() { p.serve(client) })
	}
}

// link is a client's connection and the one to the server that belongs to it.
type link struct {
	client, server net.Conn
	gone           chan struct{} // closed when the link is cut
	once           sync.Once

	mu       sync.Mutex
	answered bool // no request has come since the last reply
}

func (l *link) cut() {
	l.once.Do(func() {
		close(l.gone)
		l.client.Close()
		l.server.Close()
	})
}

func (p *Proxy) serve(client net.Conn) {
	server, err := net.DialTimeout("tcp", p.target, commandTimeout)
	if err != nil {
		client.Close()
		return
	}
	l := &link{client: client, server: server, gone: make(chan struct{}), answered: true}
	p.mu.Lock()
	p.links[l] = struct{}{}
	if p.ended {
		l.cut()
	}
	p.mu.Unlock()
	var ways sync.WaitGroup
	ways.Go(func() {
		p.pass(l, client, server, func() bool { return true }, func(request []byte) {
			(*p.watcher.Load())(request)
			l.mu.Lock()
			defer l.mu.Unlock()
			if l.answered {
				l.answered = false
				p.trips.Add(1)
			}
		})
	})
	ways.Go(func() {
		p.pass(l, server, client, func() bool {
			if p.swallow.Load() {
				return false
			}
			l.mu.Lock()
			defer l.mu.Unlock()
			l.answered = true // before the client can ask again
			return true
		}, func([]byte) {})
	})
	ways.Wait()
	l.cut()
	p.mu.Lock()
	delete(p.links, l)
	p.mu.Unlock()
}

// chunk is what one read returned, and when.
type chunk struct {
	data []byte
	at   time.Time
}

// pass carries one way's traffic until it ends: came is told of each chunk as
// it is read, and goes decides, as it is due, whether it is written. Reading
// goes on while chunks are held, so that a delay delays all of them alike.
func (p *Proxy) pass(l *link, from, to net.Conn, goes func() bool, came func(data []byte)) {
	chunks := make(chan chunk, 1024)
	var reader sync.WaitGroup
	defer reader.Wait()
	reader.Go(func() {
		defer close(chunks)
		for buf := make([]byte, 64<<10); ; {
			n, err := from.Read(buf)
			if n > 0 {
				came(buf[:n])
				select {
				case chunks <- chunk{append([]byte(nil), buf[:n]...), time.Now()}:
				case <-l.gone:
					return
				}
			}
			if err != nil {
				return
			}
		}
	})
	for c := range chunks {
		if !p.due(l, c.at) {
			return
		}
		if !goes() {
			continue
		}
		if _, err := to.Write(c.data); err != nil {
			l.cut()
			return
		}
	}
	if p.due(l, time.Now()) { // the end, too, arrives when it is due
		_ = to.(*net.TCPConn).CloseWrite()
	}
}

// due waits until what was read at that time may go on, and reports false if
// the link is cut first.
func (p *Proxy) due(l *link, at time.Time) bool {
	if wait := time.Until(at.Add(time.Duration(p.delay.Load()))); wait > 0 {
		select {
		case <-time.After(wait):
		case <-l.gone:
			return false
		}
	}
	p.mu.Lock()
	open := p.open
	p.mu.Unlock()
	select {
	case <-open:
		return true
	case <-l.gone:
		return false
	}
}
