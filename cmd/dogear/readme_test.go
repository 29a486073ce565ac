package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadme follows the README's part for moderators word by word, in an empty
// folder with the program in it.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, ok := strings.Cut(string(readme), "\n## Moderating, step by step\n")
	if !ok {
		t.Fatal("the README has no part for moderators")
	}
	part, _, _ = strings.Cut(part, "\n## ")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, "dogear")); err != nil {
		t.Fatal(err)
	}
	script := commands(part)
	if n := strings.Count(script, "./dogear"); n < 8 {
		t.Fatalf("the README's part for moderators has %d commands; this test reads too few", n)
	}
	cmd := exec.Command("sh", "-e", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_DATA_HOME=", "XDG_CONFIG_HOME=")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, wrong := range []string{"I don't know", "went wrong", "is for the club's moderators", "not saved", "can't open that"} {
		if strings.Contains(out.String(), wrong) {
			t.Errorf("a step of the README ends in “%s”:\n%s", wrong, out.String())
		}
	}
	for _, want := range []string{"As a reader at this place sees it: chapter 5 of 23.", "Taken back.", "Lifted: 1 report", "Approved.", "The FAQ on Never Let Me Go has it now.", "Restored the club"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no step of the README prints “%s”:\n%s", want, out.String())
		}
	}
}

// commands returns the indented lines of a text as a shell script. Lines that
// begin with > are what is typed into the command above them.
func commands(text string) string {
	var b strings.Builder
	typed := false
	end := func() {
		if typed {
			fmt.Fprintln(&b, "TYPED")
			typed = false
		}
	}
	for line := range strings.Lines(text) {
		code, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "    ")
		if !ok {
			if strings.TrimSpace(line) != "" {
				end()
			}
			if typed {
				continue
			}
			fmt.Fprintln(&b)
			continue
		}
		if said, ok := strings.CutPrefix(code, "> "); ok {
			if !typed {
				s := strings.TrimRight(b.String(), "\n")
				b.Reset()
				fmt.Fprintf(&b, "%s <<'TYPED'\n", s)
				typed = true
			}
			fmt.Fprintln(&b, said)
			continue
		}
		end()
		fmt.Fprintln(&b, code)
	}
	end()
	return b.String()
}
