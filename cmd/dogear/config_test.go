package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// TestExample keeps config.yaml.example equal to the defaults.
func TestExample(t *testing.T) {
	data, err := os.ReadFile("../../config.yaml.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := strictly("config.yaml.example", data); err != nil {
		t.Fatal(err)
	}
	var got config
	if err := yaml.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(defaults(), got); diff != "" {
		t.Errorf("config.yaml.example is not the defaults (-defaults +example):\n%s", diff)
	}
}

func testFlags(t *testing.T, args ...string) *pflag.FlagSet {
	t.Helper()
	flags := pflag.NewFlagSet("dogear", pflag.ContinueOnError)
	flags.String("store", "", "")
	flags.String("club", "", "")
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	return flags
}

// TestPrecedence shows that a flag wins over the environment, and that over
// the file.
func TestPrecedence(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte("store: \"file:of-file\"\nclub: of-file\nlog:\n  level: info\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DOGEAR_STORE", "file:of-env")
	t.Setenv("DOGEAR_CLUB", "of-env")
	got, err := loadConfig(file, testFlags(t, "--store", "mem:"))
	if err != nil {
		t.Fatal(err)
	}
	want := defaults()
	want.Store, want.Club, want.Log.Level = "mem:", "of-env", "info"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestBadConfig shows that what is wrong is named by file and line, and that
// no value is repeated.
func TestBadConfig(t *testing.T) {
	for _, c := range []struct{ name, yaml, want string }{
		{"unknown key", "club: a\ncolour: blue\n", `config.yaml:2: there is no setting "colour"`},
		{"unknown key inside", "log:\n  level: info\n  leval: info\n", `config.yaml:3: there is no setting "leval"`},
		{"wrong kind", "club: a\nlog: s3cret\n", "config.yaml:2: "},
		{"no YAML", "club: [\n", "config.yaml"},
		{"discord's mode", "discord:\n  mode: s3cret\n", "discord.mode: want gateway or http"},
		{"discord's shards", "discord:\n  shards: s3cret\n", "discord.shards: want auto or a number"},
		{"discord's addresses", "discord:\n  api_url: s3cret\n", "discord.api_url: want an address"},
		{"a purge before the time", "discord:\n  purge_after: -1h\n", "discord.purge_after: want a time such as 168h, or 0"},
		{"a purge of no time", "discord:\n  purge_after: s3cret\n", "config.yaml:2: "},
		{"two tokens", "discord:\n  token: s3cret\n  token_file: s3cret\n", "discord: set token or token_file, not both"},
		{"a token that is a list", "discord:\n  token: [s3cret]\n", "config.yaml:2: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "config.yaml")
			if err := os.WriteFile(file, []byte(c.yaml), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := loadConfig(file, testFlags(t))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the error repeats a value: %v", err)
			}
		})
	}
	if _, err := loadConfig(filepath.Join(t.TempDir(), "none.yaml"), testFlags(t)); err == nil {
		t.Error("a config file that was named and is not there is no error")
	}
}
