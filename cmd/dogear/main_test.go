package main

import (
	"flag"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the golden parts of the scripts")

// TestMain lets the test binary stand in for dogear in scripts.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"dogear": main})
}

// keep sets a variable to what a pattern's first group matches in the standard
// output of the last command: keep NAME PATTERN.
func keep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keep NAME PATTERN")
	}
	re, err := regexp.Compile(args[1])
	ts.Check(err)
	m := re.FindStringSubmatch(ts.ReadFile("stdout"))
	if len(m) != 2 {
		ts.Fatalf("%q matches no group of the standard output", args[1])
	}
	ts.Setenv(args[0], m[1])
}

// getPage fetches a page into the standard output, as soon as somebody serves
// it: get [STATUS] URL. Without STATUS, it wants 200.
func getPage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || len(args) > 2 {
		ts.Fatalf("usage: get [STATUS] URL")
	}
	want := "200"
	if len(args) == 2 {
		want = args[0]
	}
	var status int
	var body string
	var err error
	for start := time.Now(); time.Since(start) < 5*time.Second; time.Sleep(20 * time.Millisecond) {
		status, body, err = get(args[len(args)-1])
		if err == nil && strconv.Itoa(status) == want {
			fmt.Fprint(ts.Stdout(), body)
			return
		}
	}
	ts.Fatalf("%d %s, %v", status, body, err)
}

// freeAddress sets a variable to an address that nobody listens on: address NAME.
func freeAddress(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: address NAME")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], l.Addr().String())
	ts.Check(l.Close())
}

// TestScripts drives the binary as its users do.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("each script holds one conversation at a time; without -short they run")
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"keep": keep, "get": getPage, "address": freeAddress},
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_DATA_HOME", env.WorkDir+"/data")
			env.Setenv("XDG_CONFIG_HOME", env.WorkDir+"/config")
			return nil
		},
	})
}
