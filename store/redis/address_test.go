package redis

import (
	"crypto/tls"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestParse is the table of what a store is called.
func TestParse(t *testing.T) {
	for spec, want := range map[string]address{
		"redis://h":                            {hosts: []string{"h:6379"}},
		"redis://h/":                           {hosts: []string{"h:6379"}},
		"redis://h:7/3":                        {hosts: []string{"h:7"}, db: 3},
		"redis://h?db=3":                       {hosts: []string{"h:6379"}, db: 3},
		"redis://h:":                           {hosts: []string{"h:6379"}},
		"redis://[::1]":                        {hosts: []string{"[::1]:6379"}},
		"redis://[::1]:7":                      {hosts: []string{"[::1]:7"}},
		"redis://:p@h":                         {hosts: []string{"h:6379"}, pass: "p"},
		"redis://u@h":                          {hosts: []string{"h:6379"}, user: "u"},
		"redis://u:p@h":                        {hosts: []string{"h:6379"}, user: "u", pass: "p"},
		"redis://u:a%40b%2fc%3f@h":             {hosts: []string{"h:6379"}, user: "u", pass: "a@b/c?"},
		"redis://u:a@b:c/d@h":                  {hosts: []string{"h:6379"}, user: "u", pass: "a@b:c/d"},
		"rediss://h":                           {hosts: []string{"h:6379"}, tls: true},
		"unix:///run/redis.sock":               {kind: unix, hosts: []string{"/run/redis.sock"}},
		"unix:///run/a@b.sock":                 {kind: unix, hosts: []string{"/run/a@b.sock"}},
		"unix://u:p@/run/a@b.sock":             {kind: unix, hosts: []string{"/run/a@b.sock"}, user: "u", pass: "p"},
		"unix://u:p@/run/redis.sock?db=2":      {kind: unix, hosts: []string{"/run/redis.sock"}, user: "u", pass: "p", db: 2},
		"redis+sentinel://a,b:7/m":             {kind: sentinel, hosts: []string{"a:26379", "b:7"}, master: "m"},
		"redis+sentinel://u:p@a/m/4":           {kind: sentinel, hosts: []string{"a:26379"}, user: "u", pass: "p", master: "m", db: 4},
		"rediss+sentinel://a/m?db=4":           {kind: sentinel, hosts: []string{"a:26379"}, master: "m", db: 4, tls: true},
		"redis+cluster://a,b:7,[::1]":          {kind: cluster, hosts: []string{"a:6379", "b:7", "[::1]:6379"}},
		"rediss+cluster://u:p@a/0":             {kind: cluster, hosts: []string{"a:6379"}, user: "u", pass: "p", tls: true},
		"redis://xn--bcher-kva.example:6379/0": {hosts: []string{"xn--bcher-kva.example:6379"}},
	} {
		got, err := parse(spec)
		if d := cmp.Diff(want, got, cmp.AllowUnexported(address{})); err != nil || d != "" {
			t.Errorf("%s: %v\n%s", spec, err, d)
		}
	}
	const user, pass = "CANARYuser", "CANARYpass"
	for _, spec := range []string{
		"", "h", "h:6379", "redis:", "redis:h", "redis:/h", "redis://", "redis:///3", "redis://:6379", "REDIS://h", "http://h", "redis+x://h",
		"redis://h/x", "redis://h/-1", "redis://h/1/2", "redis://h/1?db=2", "redis://h?db=x", "redis://h?timeout=1", "redis://h?%zz",
		"redis://h:x", "redis://a,b", "redis://h h", "redis://[::1", "redis://h#f", "unix://", "unix://redis.sock", "unix://?db=1", "unix:///s?db=x",
		"redis+sentinel://a", "redis+sentinel://a/", "redis+sentinel:///m", "redis+sentinel://a/m/x", "redis+sentinel://a,,b/m",
		"redis+cluster://", "redis+cluster://a,", "redis+cluster://a/1", "redis+cluster://a?db=1",
	} {
		scheme, rest, named := strings.Cut(spec, "://")
		for _, spec := range []string{spec, scheme + "://" + user + ":" + pass + "@" + rest, scheme + "://" + user + ":%zz" + pass + "@" + rest} {
			if spec != scheme+"://"+rest && !named {
				continue
			}
			at, err := parse(spec)
			if err == nil {
				t.Errorf("%q is taken for %+v", spec, at)
			} else if strings.Contains(err.Error(), "CANARY") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q: %v", spec, err)
			}
			if _, err := Open(spec, Options{}); err == nil || strings.Contains(err.Error(), "CANARY") {
				t.Errorf("%q is opened: %v", spec, err)
			}
		}
	}
	for _, o := range []Options{{Prefix: "a*"}, {Prefix: "{a}"}, {Prefix: "a?"}, {Prefix: "[a]"}, {Prefix: `a\`}} {
		if _, err := Open("redis://h", o); err == nil {
			t.Errorf("the prefix %q is taken", o.Prefix)
		}
	}
	if _, err := Open("redis://h", Options{TLS: &tls.Config{}}); err == nil {
		t.Error("certificates are taken for a connection that has none")
	}
}
