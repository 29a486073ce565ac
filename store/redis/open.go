package redis

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"weak"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"dogear/bot"
)

// Options says how to reach a server, beyond its address. The zero Options do
// for one that stands beside dogear and asks for nothing.
type Options struct {
	Prefix           string        // before every key; empty: "dogear:"
	Username         string        // where the address names none
	Password         string        // where the address has none
	SentinelUsername string        // of the sentinels themselves
	SentinelPassword string        //
	TLS              *tls.Config   // nil: as the address says, with the system's certificates
	Timeout          time.Duration // how long a server may take for a small call; 0: 250 ms
	Pool             int           // connections to a server for what readers wait for; 0: 64, or ten for each core where that is more
	WaitReplicas     int           // how many replicas must have a write before it counts as made
}

const (
	defaultPrefix  = "dogear:"
	defaultTimeout = 250 * time.Millisecond
	// defaultPool is so large that as many readers as ask at once seldom wait for
	// each other; connections that nobody needs are not made.
	defaultPool = 64
	// onePool has pipelines take their connections from where all calls do, so
	// that there are no more of them than the settings allow.
	onePool = -1
	// bulkPool is how many connections move libraries, beside those for readers.
	bulkPool = 8
	// bulkTimeout is how long a call may take that moves a library.
	bulkTimeout = 30 * time.Second
)

func init() {
	// What the client would write past every log, callers are told in an error.
	redis.SetLogger(silent{})
}

type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// Store is a bot.Store in Redis. It is safe for concurrent use.
type Store struct {
	prefix  string
	timeout time.Duration
	wait    int

	small *client // for what a reader waits for
	bulk  *client // for whole libraries
	nodes func() []*breaker

	scripts // of Lua
}

var _ bot.Store = (*Store)(nil)

// client is a go-redis client with the time that its calls may take.
type client struct {
	redis.UniversalClient
	timeout time.Duration
}

// Open makes a store on the server, the sentinels or the cluster that an
// address names:
//
//	redis://[USER:PASSWORD@]HOST[:PORT][/DB]
//	unix://[USER:PASSWORD@]/PATH[?db=DB]
//	redis+sentinel://[USER:PASSWORD@]HOST[:PORT],…/MASTER[/DB]
//	redis+cluster://[USER:PASSWORD@]HOST[:PORT],…
//
// rediss in place of redis is the same over TLS. Open asks the server nothing:
// one that is down is found when it is there again. Its errors do not repeat the
// address, which may hold a password.
func Open(address string, o Options) (*Store, error) {
	at, err := parse(address)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if o.TLS != nil && !at.tls {
		return nil, errors.New("open store: certificates are set, and the address does not ask for TLS: it begins with rediss, not redis, where it does")
	}
	s := &Store{prefix: o.Prefix, timeout: o.Timeout, wait: o.WaitReplicas, scripts: newScripts()}
	if s.prefix == "" {
		s.prefix = defaultPrefix
	}
	if strings.ContainsAny(s.prefix, "{}*?[]\\") {
		return nil, errors.New("open store: the prefix may hold none of { } * ? [ ] \\")
	}
	if s.timeout <= 0 {
		s.timeout = defaultTimeout
	}
	breakers := &breakers{}
	s.nodes = breakers.all
	s.small = &client{at.client(o, s.timeout, breakers), 2 * s.timeout}
	// Moving libraries has its own breaker: it says nothing of small calls.
	o.Pool = bulkPool
	s.bulk = &client{at.client(o, bulkTimeout, nil), 2 * bulkTimeout}
	return s, nil
}

// Close lets go of the connections. What is under way ends with an error.
func (s *Store) Close() error {
	err := errors.Join(ignoreClosed(s.small.Close()), ignoreClosed(s.bulk.Close()))
	if err != nil {
		return fmt.Errorf("close store: %w", plain(err))
	}
	return nil
}

func ignoreClosed(err error) error {
	if errors.Is(err, redis.ErrClosed) {
		return nil
	}
	return err
}

// Breaker says how things stand with the server: "closed" while it answers,
// "open" while it is left alone because it does not, and "half-open" between.
// Of several, it is the worst.
func (s *Store) Breaker() string {
	worst := 0
	for _, b := range s.nodes() {
		worst = max(worst, rank[b.State().String()])
	}
	return [...]string{"closed", "half-open", "open"}[worst]
}

var rank = map[string]int{"closed": 0, "half-open": 1, "open": 2}

// breakers makes a breaker for each server and remembers those that are in use:
// a cluster's client drops servers that have left it.
type breakers struct {
	mu   sync.Mutex
	made []weak.Pointer[breaker]
}

func (b *breakers) all() (used []*breaker) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.made = slices.DeleteFunc(b.made, func(p weak.Pointer[breaker]) bool { return p.Value() == nil })
	for _, p := range b.made {
		if hook := p.Value(); hook != nil {
			used = append(used, hook)
		}
	}
	return used
}

// guard puts a breaker before a client. The nil breakers put none.
func (b *breakers) guard(c interface{ AddHook(redis.Hook) }) {
	if b == nil {
		return
	}
	hook := newBreaker()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.made = append(b.made, weak.Make(hook))
	c.AddHook(hook)
}

// address is what the name of a store says of where it is.
type address struct {
	kind   kind
	hosts  []string
	user   string
	pass   string
	db     int
	master string // behind sentinels
	tls    bool
}

type kind int

const (
	single kind = iota
	unix
	sentinel
	cluster
)

var kinds = map[string]kind{"redis": single, "rediss": single, "unix": unix, "redis+sentinel": sentinel, "rediss+sentinel": sentinel, "redis+cluster": cluster, "rediss+cluster": cluster}

var errAddress = errors.New("this is no address of a Redis server: it looks like redis://host:6379/0, redis+sentinel://host1,host2/master or redis+cluster://host1,host2")

// parse reads the name of a store. net/url knows no list of hosts, so they are
// taken apart here.
func parse(spec string) (address, error) {
	scheme, rest, ok := strings.Cut(spec, "://")
	k, known := kinds[scheme]
	if !ok || !known {
		return address{}, errAddress
	}
	at := address{kind: k, tls: strings.HasPrefix(scheme, "rediss")}
	rest, query, _ := strings.Cut(rest, "?")
	i := strings.LastIndexByte(rest, '@')
	if k == unix { // a path may have one, too
		i = strings.Index(rest, "@/")
		if strings.HasPrefix(rest, "/") {
			i = -1
		}
	}
	if i >= 0 {
		user, pass, _ := strings.Cut(rest[:i], ":")
		var errs [2]error
		at.user, errs[0] = url.PathUnescape(user)
		at.pass, errs[1] = url.PathUnescape(pass)
		if errs != [2]error{} {
			return address{}, errAddress
		}
		rest = rest[i+1:]
	}
	values, err := url.ParseQuery(query)
	db := values.Get("db")
	delete(values, "db")
	if err != nil || len(values) > 0 {
		return address{}, errors.New("this address of a Redis server has settings behind a ? that dogear does not know: they go into config.yaml")
	}
	if at.kind == unix {
		at.hosts = []string{rest}
		if !strings.HasPrefix(rest, "/") {
			return address{}, errAddress
		}
		return at, at.number(db)
	}
	hosts, path, _ := strings.Cut(rest, "/")
	port := "6379"
	if at.kind == sentinel {
		port = "26379"
		at.master, path, _ = strings.Cut(path, "/")
		if at.master == "" {
			return address{}, errors.New("this address of sentinels lacks the master's name: redis+sentinel://host1,host2/master")
		}
	}
	for host := range strings.SplitSeq(hosts, ",") {
		full, err := withPort(host, port)
		if err != nil {
			return address{}, err
		}
		at.hosts = append(at.hosts, full)
	}
	if at.kind == single && len(at.hosts) > 1 {
		return address{}, errors.New("this address names several servers: is it redis+cluster:// or redis+sentinel://?")
	}
	if path = strings.TrimSuffix(path, "/"); path != "" && db != "" {
		return address{}, errAddress
	}
	if path != "" {
		db = path
	}
	if at.kind == cluster && db != "" && db != "0" {
		return address{}, errors.New("a Redis cluster has no databases but 0")
	}
	return at, at.number(db)
}

func (at *address) number(db string) error {
	if db == "" {
		return nil
	}
	n, err := strconv.Atoi(db)
	if err != nil || n < 0 {
		return errors.New("the database of a Redis server is a number, from 0")
	}
	at.db = n
	return nil
}

// withPort returns a host with a port, the usual one where it has none.
func withPort(host, port string) (string, error) {
	u, err := url.Parse("//" + host)
	if err != nil || u.Hostname() == "" || u.Host != host {
		return "", errAddress
	}
	if u.Port() != "" {
		return host, nil
	}
	return strings.TrimSuffix(host, ":") + ":" + port, nil
}

// client makes a client whose calls may take so long. Nothing is tried again
// behind our back: a call that got no answer may have been made.
func (at address) client(o Options, timeout time.Duration, b *breakers) redis.UniversalClient {
	user, pass := o.Username, o.Password
	if at.user != "" {
		user = at.user
	}
	if at.pass != "" {
		pass = at.pass
	}
	secure := o.TLS
	switch {
	case !at.tls:
		secure = nil
	case secure == nil:
		secure = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	dial := min(timeout, 4*defaultTimeout)
	if o.Timeout > 0 {
		dial = o.Timeout
	}
	pool := o.Pool
	if pool == 0 {
		pool = max(defaultPool, 10*runtime.GOMAXPROCS(0))
	}
	// Servers move by the protocol's own means; the notices of one vendor's
	// hosting are not asked for.
	quiet := &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	switch at.kind {
	case cluster:
		var all *redis.ClusterClient
		reload := lost{func() { all.ReloadState(context.Background()) }}
		all = redis.NewClusterClient(&redis.ClusterOptions{
			Addrs: at.hosts, Username: user, Password: pass, TLSConfig: secure, DisableIdentity: true, MaintNotificationsConfig: quiet,
			DialTimeout: dial, ReadTimeout: timeout, WriteTimeout: timeout, PoolTimeout: timeout, ContextTimeoutEnabled: true,
			DialerRetries: 1, MaxRetries: -1, MaxRedirects: 8, MinRetryBackoff: -1, PoolSize: pool, PipelinePoolSize: onePool, DisableRoutingPolicies: true,
			ClusterStateReloadInterval: clusterReload,
			NewClient: func(opt *redis.Options) *redis.Client {
				c := redis.NewClient(opt)
				c.AddHook(reload) // before the breaker: of one that is left alone it has to know too
				b.guard(c)
				return c
			},
		})
		return all
	case sentinel:
		c := redis.NewFailoverClient(&redis.FailoverOptions{
			MasterName: at.master, SentinelAddrs: at.hosts, SentinelUsername: o.SentinelUsername, SentinelPassword: o.SentinelPassword,
			Username: user, Password: pass, DB: at.db, TLSConfig: secure, DisableIdentity: true,
			DialTimeout: dial, ReadTimeout: timeout, WriteTimeout: timeout, PoolTimeout: timeout, ContextTimeoutEnabled: true,
			DialerRetries: 1, MaxRetries: -1, PoolSize: pool, PipelinePoolSize: onePool,
		})
		b.guard(c)
		return c
	}
	network := "tcp"
	if at.kind == unix {
		network = "unix"
	}
	c := redis.NewClient(&redis.Options{
		Network: network, Addr: at.hosts[0], Username: user, Password: pass, DB: at.db, TLSConfig: secure, DisableIdentity: true, MaintNotificationsConfig: quiet,
		DialTimeout: dial, ReadTimeout: timeout, WriteTimeout: timeout, PoolTimeout: timeout, ContextTimeoutEnabled: true,
		DialerRetries: 1, MaxRetries: -1, PoolSize: pool, PipelinePoolSize: onePool,
	})
	b.guard(c)
	return c
}

// node returns the client of the server that holds a key.
func (c *client) node(ctx context.Context, key string) (redis.UniversalClient, error) {
	if all, ok := c.UniversalClient.(*redis.ClusterClient); ok {
		return all.MasterForKey(ctx, key)
	}
	return c.UniversalClient, nil
}
