package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// allowed says who may import whom of ours. A pattern that ends in /* stands
// for every package below it; "everything" for every package.
var allowed = map[string][]string{
	"bot/spoiler":                  {},
	"bot/spoiler/unsealed":         {"bot/spoiler"},
	"bot/library":                  {"bot/spoiler", "bot/spoiler/unsealed"},
	"bot/reply":                    {"bot/spoiler"},
	"bot/reply/replytest":          {"bot", "bot/reply"},
	"bot/label":                    {"bot/library", "bot/spoiler", "bot/spoiler/unsealed"},
	"bot/search":                   {"bot/library", "bot/spoiler", "bot/spoiler/unsealed"},
	"bot/answer":                   {"bot/search", "bot/library", "bot/reply", "bot/spoiler"},
	"bot":                          {"bot/*"},
	"adapters/adaptertest":         {"bot", "bot/reply", "bot/spoiler"},
	"adapters/*":                   {"bot", "bot/reply", "adapters/webhook"},
	"adapters/webhook":             {},
	"adapters/discord/discordtest": {},
	"adapters/slack/slacktest":     {},
	"store":                        {"bot", "store/*"},
	"store/*":                      {"bot", "bot/library", "bot/spoiler", "bot/spoiler/unsealed", "bot/reply"},
	"cmd/dogear":                   {"bot", "bot/*", "adapters/*", "store", "store/*"},

	// Judges of messages that know nothing of how they are made.
	"adapters/discord/discordtest/reading": {},
	"adapters/slack/slacktest/reading":     {},
}

// doors is who may import unsealed: the one door to text whatever the horizon.
var doors = []string{"bot/library", "bot/label", "bot/search", "bot", "store/*"}

// core is what bot and all below it may not import, by prefix.
var core = []string{
	"github.com/bwmarrin/", "github.com/slack-go/", "github.com/redis/", "github.com/spf13/", "github.com/prometheus/", "go.etcd.io/", "net/http", "net",
}

// sdks are the packages that one adapter or store alone may import.
var sdks = map[string]string{
	"github.com/bwmarrin/discordgo": "adapters/discord",
	"github.com/slack-go/slack":     "adapters/slack",
	"github.com/peterh/liner":       "adapters/console",
	"go.etcd.io/bbolt":              "store/embedded",
	"github.com/redis/go-redis/v9":  "store/redis",
	"github.com/spf13/cobra":        "cmd/dogear",
	"github.com/spf13/viper":        "cmd/dogear",
	"github.com/prometheus":         "cmd/dogear",
}

type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

// TestImports keeps the table of who may import whom.
func TestImports(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "dogear/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := 0
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		for _, problem := range forbidden(strings.TrimPrefix(p.ImportPath, "dogear/"), p.Imports) {
			t.Error(problem)
		}
	}
	if seen < 10 {
		t.Fatalf("go list names %d packages; this test looked at too little", seen)
	}
}

// TestForbidden shows that the table forbids.
func TestForbidden(t *testing.T) {
	for _, c := range []struct{ pkg, imports string }{
		{"adapters/console", "dogear/bot/spoiler/unsealed"},
		{"adapters/console", "dogear/bot/spoiler"},
		{"adapters/console", "dogear/store"},
		{"adapters/discord", "dogear/adapters/slack"},
		{"adapters/discord/discordtest", "dogear/bot"},
		{"adapters/discord/discordtest", "github.com/bwmarrin/discordgo"},
		{"adapters/slack/slacktest", "dogear/bot"},
		{"adapters/slack/slacktest", "github.com/slack-go/slack"},
		{"adapters/slack/slacktest/reading", "dogear/adapters/slack"},
		{"bot/answer", "dogear/bot/spoiler/unsealed"},
		{"bot/spoiler", "dogear/bot/reply"},
		{"bot", "net/http"},
		{"bot/reply", "github.com/spf13/viper"},
		{"cmd/dogear", "dogear/bot/spoiler/unsealed"},
		{"store/redis", "go.etcd.io/bbolt"},
		{"bot", "github.com/prometheus/client_golang/prometheus"},
		{"store/redis", "github.com/prometheus/client_golang/prometheus/promhttp"},
		{"bot/new", "dogear/bot"},
		{"adapters/discord/discordtest/reading", "dogear/adapters/discord"},
	} {
		if len(forbidden(c.pkg, []string{c.imports})) == 0 {
			t.Errorf("%s may import %s", c.pkg, c.imports)
		}
	}
}

// forbidden says which imports of a package the table does not allow.
func forbidden(pkg string, imports []string) []string {
	var out []string
	may, known := allowed[pkg]
	if !known {
		may, known = allowed[path.Dir(pkg)+"/*"]
	}
	for _, imp := range imports {
		ours, isOurs := strings.CutPrefix(imp, "dogear/")
		switch {
		case isOurs && !known:
			out = append(out, pkg+" is not in the import table")
		case isOurs && !matches(may, ours):
			out = append(out, pkg+" may not import "+ours)
		case ours == "bot/spoiler/unsealed" && !matches(doors, pkg):
			out = append(out, pkg+" may not open the door to text")
		}
		if owner := owner(imp); owner != "" && owner != pkg {
			out = append(out, pkg+" may not import "+imp+", which is for "+owner)
		}
		if pkg == "bot" || strings.HasPrefix(pkg, "bot/") {
			for _, no := range core {
				if imp == no || strings.HasSuffix(no, "/") && strings.HasPrefix(imp, no) {
					out = append(out, pkg+" may not import "+imp)
				}
			}
		}
	}
	return out
}

// owner returns the one package that may import a path; empty where any may.
func owner(imp string) string {
	for sdk, pkg := range sdks {
		if imp == sdk || strings.HasPrefix(imp, sdk+"/") {
			return pkg
		}
	}
	return ""
}

// matches reports whether one of the patterns covers a package.
func matches(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		if below, ok := strings.CutSuffix(p, "/*"); ok {
			return strings.HasPrefix(pkg, below+"/")
		}
		return p == pkg
	})
}
