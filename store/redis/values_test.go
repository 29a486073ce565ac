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
