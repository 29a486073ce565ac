package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// built is the program with a store of its own.
type built struct {
	testing.TB
	path, store string
}

func build(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dogear")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

func (b *built) command(args ...string) *exec.Cmd {
	cmd := exec.Command(b.path, append([]string{"--store", "file:" + b.store}, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+filepath.Dir(b.store), "XDG_CONFIG_HOME="+filepath.Dir(b.store))
	return cmd
}

// run runs a command to its end and returns what it printed.
func (b *built) run(args ...string) string {
	b.Helper()
	out, err := b.command(args...).Output()
	if err != nil {
		b.Fatalf("%s: %v", args[0], err)
	}
	return string(out)
}

// TestImportInterrupted ends an import at many moments, by a signal that asks
// and by one that does not: all of it is in the library afterwards, or nothing.
func TestImportInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("it imports for half a minute; without -short it runs")
	}
	if runtime.GOOS == "windows" {
		t.Skip("it has no such signals")
	}
	dir := t.TempDir()
	writeMany(t, dir, *many)
	path := build(t)
	folder := filepath.Join(dir, "files")

	trial := &built{t, path, filepath.Join(dir, "trial.db")}
	start := time.Now()
	trial.run("import", "--book", "never-let-me-go", folder)
	whole := time.Since(start)

	const moments = 4
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
		for moment := range moments {
			home := t.TempDir()
			b := &built{t, path, filepath.Join(home, "dogear.db")}
			one := filepath.Join(home, "one.txt")
			if err := os.WriteFile(one, []byte("One\n\nI loved the prose of this novel.\n"), 0o666); err != nil {
				t.Fatal(err)
			}
			b.run("import", "--book", "never-let-me-go", one)
			before := b.run("export")

			cmd := b.command("import", "--book", "never-let-me-go", folder)
			var said bytes.Buffer
			cmd.Stderr = &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			timer := time.AfterFunc(whole*time.Duration(moment)/moments, func() { _ = cmd.Process.Signal(signal) })
			failed := cmd.Wait() != nil
			timer.Stop()

			after := b.run("export")
			unchanged, n := after == before, strings.Count(after, `{"kind":"source"`)
			t.Logf("%v at %d of %d: failed %v, %d sources", signal, moment, moments, failed, n)
			switch {
			case unchanged && failed:
			case n == *many+1 && (signal == syscall.SIGKILL || !failed): // it was too late
			default:
				t.Errorf("%v at %d of %d: failed %v, unchanged %v, %d sources: %s", signal, moment, moments, failed, unchanged, n, said.String())
			}
			if signal == syscall.SIGINT && failed && said.Len() > 0 && !strings.Contains(said.String(), "nothing was imported: it was interrupted") {
				t.Errorf("it says: %s", said.String())
			}
			again := b.run("import", "--book", "never-let-me-go", folder)
			if n = strings.Count(b.run("export"), `{"kind":"source"`); n != *many+1 {
				t.Errorf("%d sources after another try: %s", n, again)
			}
			left, err := os.ReadDir(home)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range left {
				if strings.HasPrefix(f.Name(), ".dogear") {
					t.Errorf("%s is left over", f.Name())
				}
			}
		}
	}
}

// TestImportWhileOpen says clearly that another process has the store, and
// changes nothing.
func TestImportWhileOpen(t *testing.T) {
	dir := t.TempDir()
	writeMany(t, dir, 3)
	b := &built{t, build(t), filepath.Join(dir, "dogear.db")}
	chat := b.command("chat")
	in, err := chat.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := chat.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := chat.Start(); err != nil {
		t.Fatal(err)
	}
	// What it says first, it says with the store open.
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	said, err := b.command("import", "--book", "never-let-me-go", filepath.Join(dir, "files")).CombinedOutput()
	if err == nil || !strings.Contains(string(said), "has it open; one at a time can") {
		t.Errorf("%v: %s", err, said)
	}
	in.Close()
	if err := chat.Wait(); err != nil {
		t.Error(err)
	}
	if out := b.run("books"); strings.Contains(out, "sources 3") {
		t.Errorf("something was imported:\n%s", out)
	}
}
