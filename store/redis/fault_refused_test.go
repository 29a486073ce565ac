package redis_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dogear/store/redis"
	"dogear/store/redistest"
)

// TestReplica: the server is a replica. Answers go on, by each reader's own
// place, and nothing is saved until it is the master.
func TestReplica(t *testing.T) {
	t.Parallel()
	master, replica := redistest.Start(t), redistest.Start(t)
	furnish(newDesk(t, master.URL(), redis.Options{}))
	d := newDesk(t, replica.URL(), redis.Options{})
	host, port, err := net.SplitHostPort(master.Addr())
	if err != nil {
		t.Fatal(err)
	}
	replica.Do(t, "REPLICAOF", host, port)
	until(t, "the link to the master", func() error {
		if !strings.Contains(replica.Do(t, "INFO", "replication").(string), "master_link_status:up") || len(replica.Keys(t)) < len(master.Keys(t)) {
			return errNotYet
		}
		return nil
	})
	d.bot.LimitTo(limit)
	d.frozen(`replica, which takes no writes \(READONLY\)`)
	replica.Do(t, "REPLICAOF", "NO", "ONE")
	d.recovers()
}

// TestLoading: the server is there, and still reads its data.
func TestLoading(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "appendonly yes", "key-load-delay 500", "loading-process-events-interval-bytes 1024")
	d := furnish(newDesk(t, server.URL(), redis.Options{}))
	server.Do(t, "EVAL", "for i = 1, 20000 do redis.call('SET', i, string.rep('x', 100)) end", "0")
	server.Do(t, "BGREWRITEAOF")
	until(t, "BGREWRITEAOF", func() error {
		if info := server.Do(t, "INFO", "persistence").(string); strings.Contains(info, "rewrite_in_progress:1") || strings.Contains(info, "rewrite_scheduled:1") {
			return errNotYet
		}
		return nil
	})
	server.Kill()
	server.RestartNow(t)
	d.closed(`still reading its data from disk \(LOADING\)`)
	if err := d.is("closed"); err != nil {
		t.Error(err) // it answers
	}
	server.Do(t, "CONFIG", "SET", "key-load-delay", "0")
	d.recovers()
}

// TestMemoryFull: the server has no room left, and gets some.
func TestMemoryFull(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "maxmemory-policy noeviction")
	d := furnish(newDesk(t, server.URL(), redis.Options{}))
	d.bot.LimitTo(limit)
	server.Do(t, "CONFIG", "SET", "maxmemory", "1")
	d.frozen(`memory is full \(OOM\)`)
	d.log.take()
	d.sees(d.handle(review(eve, "A calm book.")).String(), "may not be done")
	d.logged("OOM")
	server.Do(t, "CONFIG", "SET", "maxmemory", "0")
	d.recovers()
}

// TestDiskFull: the server can't save what it has to its disk, and so takes
// nothing more.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "save 3600 1000000", "stop-writes-on-bgsave-error yes")
	d := furnish(newDesk(t, server.URL(), redis.Options{}))
	save := func(status string) {
		t.Helper()
		server.Do(t, "BGSAVE")
		until(t, "BGSAVE", func() error {
			info := server.Do(t, "INFO", "persistence").(string)
			if strings.Contains(info, "bgsave_in_progress:1") || !strings.Contains(info, "rdb_last_bgsave_status:"+status) {
				return errNotYet
			}
			return nil
		})
	}
	// A folder that is not empty is in the file's place: no right helps.
	dump := filepath.Join(server.Dir(), "dump.rdb")
	if err := os.MkdirAll(filepath.Join(dump, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	save("err")
	d.frozen(`can't save to its disk.*\(MISCONF\)`)
	if err := os.RemoveAll(dump); err != nil {
		t.Fatal(err)
	}
	save("ok")
	d.recovers()
}

// TestPasswords: the server wants another password than it is given, or one
// where none is.
func TestPasswords(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "requirepass "+secret)
	furnish(newDesk(t, server.URL(), redis.Options{}))
	wrong := newDesk(t, "redis://"+server.Addr(), redis.Options{Password: secret + "-wrong"})
	wrong.silent(`does not know this user and password \(WRONGPASS\)`)
	none := newDesk(t, "redis://"+server.Addr(), redis.Options{})
	none.silent(`wants a user and a password \(NOAUTH\)`)
	nobody := newDesk(t, "redis://"+canary+"-user:"+secret+"@"+server.Addr(), redis.Options{})
	nobody.silent("WRONGPASS")

	auth := func(args ...string) {
		t.Helper()
		if _, err := server.Try(append([]string{"ACL", "SETUSER"}, args...)...); err != nil {
			t.Fatal(err)
		}
	}
	auth(canary+"-user", "on", ">"+secret, "~*", "&*", "+@all")
	nobody.recovers()
	// Who is in stays in, who is new does not.
	auth(canary+"-user", "off")
	server.Do(t, "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
	nobody.closed("WRONGPASS")
	auth(canary+"-user", "on")
	nobody.recovers()
	auth("default", ">"+secret+"-wrong")
	wrong.recovers()
	auth("default", "nopass")
	none.recovers()
}

// TestRights: the server's user may not do something that dogear has to.
func TestRights(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	rights := func(more ...string) {
		t.Helper()
		server.Do(t, append([]string{"ACL", "SETUSER", "dogear", "reset", "on", ">" + secret}, more...)...)
	}
	rights("~dogear:*", "&dogear:*", "+@all")
	d := furnish(newDesk(t, "redis://dogear:"+secret+"@"+server.Addr(), redis.Options{}))
	d.bot.LimitTo(limit)
	const cause = `may not do that.*\(NOPERM\)`
	for _, c := range []struct {
		name   string
		rights []string
		check  func()
	}{
		{"no scripts", []string{"~dogear:*", "&dogear:*", "+@all", "-evalsha", "-eval"}, func() { d.frozen(cause) }},
		{"no writes", []string{"~dogear:*", "&dogear:*", "+@all", "-@write"}, func() { d.frozen(cause); d.rejected(cause) }},
		{"writes of no hashes", []string{"~dogear:*", "&dogear:*", "+@all", "-hset", "-hdel"}, func() { d.frozen(cause); d.rejected(cause) }},
		{"no hashes", []string{"~dogear:*", "&dogear:*", "+@all", "-hgetall"}, func() { d.closed(cause) }},
		{"nothing", []string{"~dogear:*", "&dogear:*"}, func() { d.closed(cause) }},
		{"other keys", []string{"~other:*", "&dogear:*", "+@all"}, func() { d.closed(cause) }},
		{"no channel", []string{"~dogear:*", "&other:*", "+@all"}, d.untold},
		{"no publishing", []string{"~dogear:*", "&dogear:*", "+@all", "-publish"}, d.untold},
	} {
		t.Run(c.name, func(t *testing.T) {
			d.TB = t
			rights(c.rights...)
			c.check()
			rights("~dogear:*", "&dogear:*", "+@all")
			d.recovers()
		})
	}
}

// untold checks that a library is changed, though nobody can be told.
func (d *desk) untold() {
	d.Helper()
	d.sees(d.handle(review(eve, "A calm book.")).String(), "with the moderators")
	d.sees(d.say(eve, "/reviews mine"), "1.")
	d.sees(d.say(eve, "/reviews delete 1"), "")
	yes := request(eve, "/reviews delete 1")
	yes.Confirmed = true
	d.handle(yes)
	d.sees(d.say(eve, "/reviews mine"), "written nothing")
}

// rejected checks that a library can't be changed, that this is said, and that
// half of a change is not made.
func (d *desk) rejected(cause string) {
	d.Helper()
	for range 2 {
		d.log.take()
		d.sees(d.handle(review(eve, "A calm book.")).String(), "may not be done")
		d.logged(cause)
		d.sees(d.say(eve, "/reviews mine"), "written nothing")
	}
}
