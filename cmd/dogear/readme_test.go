package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dogear/adapters/discord/discordtest"
	"dogear/adapters/slack/slacktest"
)

// TestReadme follows the README's part for moderators word by word.
func TestReadme(t *testing.T) {
	out := follow(t, "\n## Moderating, step by step\n", "\n## ", 8)
	for _, wrong := range []string{"I don't know", "went wrong", "is for the club's moderators", "not saved", "can't open that"} {
		if strings.Contains(out, wrong) {
			t.Errorf("a step of the README ends in “%s”:\n%s", wrong, out)
		}
	}
	for _, want := range []string{"As a reader at this place sees it: chapter 5 of 23.", "Taken back.", "Lifted: 1 report", "Approved.", "The FAQ on Never Let Me Go has it now.", "Restored the club"} {
		if !strings.Contains(out, want) {
			t.Errorf("no step of the README prints “%s”:\n%s", want, out)
		}
	}
}

// TestReadmeRedis follows the README's part for those who run dogear on Redis,
// up to the user that a server of one's own would have.
func TestReadmeRedis(t *testing.T) {
	for _, program := range []string{"redis-server", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			t.Skipf("there is no %s here", program)
		}
	}
	t.Cleanup(func() { _ = exec.Command("redis-cli", "-p", "6390", "shutdown").Run() }) // where a step failed
	out := follow(t, "\n### On Redis\n", "\nA user of its own", 6)
	for _, want := range []string{"Everything is in order.", "Restored the club", "The prose is quiet and precise.", "ok\n", `dogear_store_breaker{state="closed"} 1`} {
		if !strings.Contains(out, want) {
			t.Errorf("no step of the README prints “%s”:\n%s", want, out)
		}
	}
	if strings.Contains(out, "warning") {
		t.Errorf("the README's server is warned of:\n%s", out)
	}
}

// TestReadmeDiscord follows the README's part for those who want dogear on
// Discord, up to where it runs: with a Discord of the test's own, whose token is
// the one that stands there.
func TestReadmeDiscord(t *testing.T) {
	d := discordtest.New(t, discordtest.Token("THE-TOKEN"))
	t.Setenv("DOGEAR_DISCORD_API_URL", d.URL())
	t.Setenv("DOGEAR_STORE", "mem:")
	out := follow(t, "\n## Discord, step by step\n", "\n5. **Run it.**", 2)
	for _, want := range []string{"Discord has dogear's commands now.\n", "https://discord.com/oauth2/authorize?client_id=" + d.AppID + "&scope=bot%20applications.commands&permissions="} {
		if !strings.Contains(out, want) {
			t.Errorf("no step of the README prints “%s”:\n%s", want, out)
		}
	}
	if sent := d.Requests(discordtest.To("PUT", "/commands")); len(sent) != 1 {
		t.Errorf("commands were sent %d times", len(sent))
	}
}

// TestReadmeDiscordCommands shows that everybody sees the commands that the
// README says they do, and that /club is shown to moderators.
func TestReadmeDiscordCommands(t *testing.T) {
	d := discordtest.New(t)
	if _, errs, code := says(t, onDiscord(dogearCommand(t, "mem:", "discord", "register"), d)); code != done {
		t.Fatal(errs)
	}
	var open, restricted []string
	sent, _ := d.Requests(discordtest.To("PUT", "/commands"))[0].Body.([]any)
	for _, c := range sent {
		o := c.(map[string]any)
		if o["default_member_permissions"] == nil {
			open = append(open, fmt.Sprintf("`/%s`", o["name"]))
		} else {
			restricted = append(restricted, fmt.Sprintf("`/%s`", o["name"]))
		}
	}
	last := len(open) - 1
	want := fmt.Sprintf("Everybody sees %s and %s; %s is shown to those who may manage\nthe server.", strings.Join(open[:last], ", "), open[last], strings.Join(restricted, ", "))
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), want) {
		t.Errorf("the README does not say: %s", want)
	}
}

// TestReadmeSlack follows the README's part for those who want dogear on Slack, up
// to where it runs: with a Slack of the test's own, whose tokens are those that
// stand there.
func TestReadmeSlack(t *testing.T) {
	s := slacktest.New(t, slacktest.WithTokens("xoxb-THE-BOT-TOKEN", "xapp-THE-APP-TOKEN"))
	t.Setenv("DOGEAR_SLACK_API_URL", s.URL())
	t.Setenv("DOGEAR_STORE", "mem:")
	out := follow(t, "\n## Slack, step by step\n", "\n5. **Run it.**", 2) +
		follow(t, "\n**Without a connection from your side** (`slack.mode: http`)", "\n**When", 1)
	for _, want := range []string{
		`"socket_mode_enabled": true`, "slack: good: mode socket, workspace " + s.TeamID + "\nEverything is in order.\n",
		`"socket_mode_enabled": false`, `"request_url": "https://dogear.example.org/"`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no step of the README prints “%s”:\n%s", want, out)
		}
	}
	if strings.Contains(out, s.BotToken) || strings.Contains(out, s.AppToken) {
		t.Errorf("a step of the README prints a token:\n%s", out)
	}
}

// TestReadmeSlackCommands has a moderator type what the README's part on Slack
// says can be typed: nothing of it is refused, and nothing taken for a question
// that is none.
func TestReadmeSlackCommands(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(readme), "\n## Slack, step by step\n")
	part, _, _ = strings.Cut(part, "\n## ")
	g := newGathering(t, "mem:")
	h := g.host("mem:")
	g.alone(g.mo.Slash(g.books, "club book Never Let Me Go"), "This channel now reads")
	said := regexp.MustCompile("`/dogear ?([^`]*)`").FindAllStringSubmatch(part, -1)
	for _, m := range said {
		words := strings.ReplaceAll(m[1], "@ann", "<@"+g.ann.ID+"|ann>")
		g.alone(g.mo.Slash(g.books, words))
	}
	if n := strings.Count(h.log.String(), "outcome=refused"); n > 0 || len(said) < 14 {
		t.Errorf("%d of %d commands are refused: %v\n%s", n, len(said), said, h.log)
	}
	if n := strings.Count(h.log.String(), "command=ask "); n != 1 {
		t.Errorf("%d of %d are taken for questions: %v", n, len(said), said)
	}
}

// follow follows the commands of a part of the README word by word, in an empty
// folder with the program in it, and returns what they print.
func follow(t *testing.T, from, to string, atLeast int) string {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, ok := strings.Cut(string(readme), from)
	if !ok {
		t.Fatalf("the README has no part %q", from)
	}
	part, _, _ = strings.Cut(part, to)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, "dogear")); err != nil {
		t.Fatal(err)
	}
	script := commands(part)
	if n := strings.Count(script, "./dogear"); n < atLeast {
		t.Fatalf("the README's part %q has %d commands; this test reads too few", from, n)
	}
	cmd := exec.Command("sh", "-e", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_DATA_HOME=", "XDG_CONFIG_HOME=")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return out.String()
}

// commands returns the indented lines of a text as a shell script. Lines that
// begin with > are what is typed into the command above them. What belongs to a
// step is indented by the step, too.
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
		code = strings.TrimPrefix(code, "   ") // of a step's
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
