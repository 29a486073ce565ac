package redis

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"dogear/store/redistest"
)

// TestACL: the user that the README makes may do all that dogear does, and
// nothing to other keys.
func TestACL(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^    redis-cli (ACL SETUSER .*)$`).FindStringSubmatch(string(readme))
	if m == nil {
		t.Fatal("the README makes no user")
	}
	server := redistest.Start(t, "appendonly yes")
	var words []string
	for _, word := range strings.Fields(m[1]) {
		words = append(words, strings.Trim(word, `'"`))
	}
	server.Do(t, words...)
	name, password := words[2], ""
	for _, word := range words {
		if p, ok := strings.CutPrefix(word, ">"); ok {
			password = p
		}
	}
	s := open(t, "redis://"+name+":"+password+"@"+server.Addr(), Options{})
	if warnings, err := s.Check(t.Context()); err != nil || len(warnings) > 0 {
		t.Errorf("%q, %v", warnings, err)
	}
	s = open(t, "redis://"+name+":"+password+"@"+server.Addr(), Options{Prefix: "other:"})
	if _, err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "ACL") {
		t.Errorf("under another prefix: %v", err)
	}
	if err := s.small.FlushAll(t.Context()).Err(); err == nil {
		t.Error("dogear's user may empty the server")
	}
}
