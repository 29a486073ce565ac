package redis_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dogear/store/redistest"
)

// everything returns the keys of a server that have a word in them, or in what
// they hold.
func everything(tb testing.TB, server *redistest.Server, word string) []string {
	tb.Helper()
	var found []string
	for _, key := range server.Keys(tb) {
		var value any
		switch kind := server.Do(tb, "TYPE", key).(string); kind {
		case "string":
			value = server.Do(tb, "GET", key)
		case "hash":
			value = server.Do(tb, "HGETALL", key)
		case "set":
			value = server.Do(tb, "SMEMBERS", key)
		case "zset":
			value = server.Do(tb, "ZRANGE", key, "0", "-1", "WITHSCORES")
		default:
			tb.Fatalf("%q is a %s", key, kind)
		}
		if strings.Contains(fmt.Sprint(key, value), word) {
			found = append(found, key)
		}
	}
	slices.Sort(found)
	return found
}

// entry is a key as it was.
type entry struct {
	key, kind, dump string
	ttl             int64
}

type entries []entry

// save returns all keys of a server.
func save(tb testing.TB, server *redistest.Server) entries {
	tb.Helper()
	var all entries
	for _, key := range server.Keys(tb) {
		all = append(all, entry{key, server.Do(tb, "TYPE", key).(string), server.Do(tb, "DUMP", key).(string), server.Do(tb, "PTTL", key).(int64)})
	}
	return all
}

// restore makes a server hold these keys and no others.
func (all entries) restore(tb testing.TB, server *redistest.Server) {
	tb.Helper()
	server.Do(tb, "FLUSHALL")
	for _, e := range all {
		server.Do(tb, "RESTORE", e.key, fmt.Sprint(max(e.ttl, 0)), e.dump)
	}
}

// fields returns the names of the values under a key; of a string, one without
// a name.
func (e entry) fields(tb testing.TB, server *redistest.Server) []string {
	tb.Helper()
	switch e.kind {
	case "string":
		return []string{""}
	case "hash":
		var names []string
		for _, name := range server.Do(tb, "HKEYS", e.key).([]any) {
			names = append(names, name.(string))
		}
		slices.Sort(names)
		return names
	}
	return nil
}

func (e entry) set(tb testing.TB, server *redistest.Server, field, value string) {
	tb.Helper()
	if e.kind == "string" {
		server.Do(tb, "SET", e.key, value, "KEEPTTL")
	} else {
		server.Do(tb, "HSET", e.key, field, value)
	}
}

func (e entry) get(tb testing.TB, server *redistest.Server, field string) any {
	tb.Helper()
	if e.kind == "string" {
		return server.Do(tb, "GET", e.key)
	}
	return server.Do(tb, "HGET", e.key, field)
}
