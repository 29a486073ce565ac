package redis

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dogear/store/redistest"
)

// TestCheck: what will do harm is said, what does not work is an error, and
// nothing of it is left behind.
func TestCheck(t *testing.T) {
	good := redistest.Start(t, "appendonly yes")
	s := open(t, good.URL(), Options{})
	warnings, err := s.Check(t.Context())
	if err != nil || len(warnings) > 0 {
		t.Errorf("a good server: %q, %v", warnings, err)
	}
	if keys := good.Keys(t); !slices.Equal(keys, []string{s.searchedKey()}) { // which is nobody's
		t.Errorf("left behind: %q", keys)
	}
	for name, c := range map[string]struct {
		config []string
		wait   int
		want   string
	}{
		"eviction":    {[]string{"appendonly yes", "maxmemory 100mb", "maxmemory-policy allkeys-lru"}, 0, "maxmemory-policy is allkeys-lru"},
		"persistence": {nil, 0, "keeps nothing on disk"},
		"replicas":    {[]string{"appendonly yes"}, 1, "no update can be confirmed"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, redistest.Start(t, c.config...).URL(), Options{})
			s.wait = c.wait
			warnings, err := s.harm(t.Context(), s.bulk)
			if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], c.want) {
				t.Errorf("%q, %v; want %q alone", warnings, err, c.want)
			}
		})
	}
	t.Run("memory", func(t *testing.T) {
		server := redistest.Start(t, "appendonly yes")
		s := open(t, server.URL(), Options{})
		info, err := s.bulk.Info(t.Context(), "memory").Result()
		if err != nil {
			t.Fatal(err)
		}
		server.Do(t, "CONFIG", "SET", "maxmemory", fmt.Sprintf("%.0f", 1.1*number(parseInfo(info)["used_memory"])))
		warnings, err := s.harm(t.Context(), s.bulk)
		if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "% of its memory") {
			t.Errorf("%q, %v", warnings, err)
		}
	})
	good.Do(t, "ACL", "SETUSER", "small", "on", ">pw", "~dogear:*", "&dogear:*", "+@all", "-zadd")
	s = open(t, "redis://small:pw@"+good.Addr(), Options{})
	if _, err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "ACL") {
		t.Errorf("a user who may not do all: %v", err)
	}
	s = open(t, "redis://127.0.0.1:1", Options{})
	if _, err := s.Check(t.Context()); err == nil {
		t.Error("no server is there, and all is good")
	}
}
