package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dogear/adapters/discord/discordtest"
)

// onDiscord lets a command of the binary know a Discord of the test's own.
func onDiscord(cmd *exec.Cmd, d *discordtest.Discord, env ...string) *exec.Cmd {
	cmd.Env = append(cmd.Env, "DOGEAR_DISCORD_TOKEN="+d.Token, "DOGEAR_DISCORD_API_URL="+d.URL())
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

// says runs a command to its end and returns what it prints and its exit code.
func says(t *testing.T, cmd *exec.Cmd) (out, errs string, code int) {
	t.Helper()
	var o, e strings.Builder
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// TestDiscordCommands registers dogear's commands and prints its link, with the
// token in the environment and in a file. What Discord has is not sent again.
func TestDiscordCommands(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	guild := d.Guild("club")
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(d.Token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const now, already = "Discord has dogear's commands now.\n", "Discord has dogear's commands already; nothing was sent.\n"
	for _, c := range []struct {
		name string
		env  []string
		args []string
		want string
		sent int // how often commands were sent by then
	}{
		{"everywhere", nil, []string{"register"}, now, 1},
		{"again", nil, []string{"register"}, already, 1},
		{"one server", nil, []string{"register", "--guild", guild.ID}, now, 2},
		{"that again", nil, []string{"register", "--guild", guild.ID}, already, 2},
		{"a token in a file", []string{"DOGEAR_DISCORD_TOKEN=", "DOGEAR_DISCORD_TOKEN_FILE=" + file}, []string{"register"}, already, 2},
		{"invite", nil, []string{"invite"}, "https://discord.com/oauth2/authorize?client_id=" + d.AppID + "&scope=bot%20applications.commands&permissions=274877975552\n", 2},
	} {
		out, errs, code := says(t, onDiscord(dogearCommand(t, "mem:", append([]string{"discord"}, c.args...)...), d, c.env...))
		if out != c.want || errs != "" || code != done {
			t.Errorf("%s: %d, %q, %q", c.name, code, out, errs)
		}
		if sent := d.Requests(discordtest.To("PUT", "/commands")); len(sent) != c.sent {
			t.Errorf("%s: commands were sent %d times, want %d", c.name, len(sent), c.sent)
		} else if guilded := strings.Contains(sent[len(sent)-1].Path, guild.ID); guilded != (c.sent == 2) {
			t.Errorf("%s: they went to %s", c.name, sent[len(sent)-1].Path)
		}
	}
}

// TestDiscordWrong shows that what can't be meant is named, in one line and by
// its setting, and that no value of one is repeated.
func TestDiscordWrong(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	const wrong = "not-the-token"
	commands := [][]string{{"serve"}, {"discord", "register"}, {"discord", "invite"}}
	for _, c := range []struct {
		name string
		env  []string
		args [][]string
		want string
	}{
		{"no token", []string{"DOGEAR_DISCORD_TOKEN="}, commands[1:],
			"discord.token is not set: put the bot's token there, into a file that discord.token_file names, or into DOGEAR_DISCORD_TOKEN"},
		{"another token", []string{"DOGEAR_DISCORD_TOKEN=" + wrong}, commands, "Discord does not accept discord.token"},
		{"no token at all", []string{"DOGEAR_DISCORD_TOKEN=two words"}, commands, "discord.token"},
		{"an empty file", []string{"DOGEAR_DISCORD_TOKEN=", "DOGEAR_DISCORD_TOKEN_FILE=" + os.DevNull}, commands, "discord.token_file: is empty"},
		{"no such file", []string{"DOGEAR_DISCORD_TOKEN=", "DOGEAR_DISCORD_TOKEN_FILE=/nowhere"}, commands, "discord.token_file: "},
		{"both", []string{"DOGEAR_DISCORD_TOKEN_FILE=" + os.DevNull}, commands, "discord: set token or token_file, not both"},
		{"mode", []string{"DOGEAR_DISCORD_MODE=webhook"}, commands, "discord.mode: want gateway or http"},
		{"shards", []string{"DOGEAR_DISCORD_SHARDS=many"}, commands, "discord.shards: want auto or a number"},
		{"no shards", []string{"DOGEAR_DISCORD_SHARDS=0"}, commands, "discord.shards: want auto or a number"},
		{"purge_after", []string{"DOGEAR_DISCORD_PURGE_AFTER=-1h"}, commands, "discord.purge_after: want a time such as 168h, or 0"},
		{"api_url", []string{"DOGEAR_DISCORD_API_URL=discord.example"}, commands, "discord.api_url: want an address"},
		{"gateway_url", []string{"DOGEAR_DISCORD_GATEWAY_URL=here"}, commands, "discord.gateway_url: want an address"},
		{"public_key", []string{"DOGEAR_DISCORD_MODE=http", "DOGEAR_DISCORD_LISTEN=127.0.0.1:0", "DOGEAR_DISCORD_PUBLIC_KEY=c0ffee"}, commands[:1], "discord.public_key: want the 64 hexadecimal digits"},
		{"listen", []string{"DOGEAR_DISCORD_MODE=http", "DOGEAR_DISCORD_LISTEN=nowhere"}, commands[:1], "discord.listen: "},
	} {
		for _, args := range c.args {
			env := append([]string{"DOGEAR_SERVE_LISTEN=127.0.0.1:0", "DOGEAR_LOG_LEVEL=error"}, c.env...)
			out, errs, code := says(t, onDiscord(dogearCommand(t, "mem:", args...), d, env...))
			if code != failed || out != "" || strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "dogear: ") || !strings.Contains(errs, c.want) {
				t.Errorf("%s: %q: %d, %q, %q", c.name, args, code, out, errs)
			}
			for _, value := range []string{d.Token, wrong, "two words", "webhook", "c0ffee"} {
				if strings.Contains(errs, value) {
					t.Errorf("%s: %q: it repeats a value: %q", c.name, args, errs)
				}
			}
		}
	}
	if sent := d.Requests(discordtest.To("PUT", "/commands")); len(sent) > 0 {
		t.Errorf("commands were sent %d times", len(sent))
	}
}

// TestDiscordCheck shows that check tells whether Discord takes the settings.
func TestDiscordCheck(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	d.Guild("club")
	http := "DOGEAR_DISCORD_MODE=http"
	for _, c := range []struct {
		name string
		env  []string
		want string
		code int
	}{
		{"gateway", nil, "discord: good: mode gateway, servers 1\nEverything is in order.\n", done},
		{"http", []string{http}, "discord: good: mode http, servers 1\n", done},
		{"its key", []string{http, "DOGEAR_DISCORD_PUBLIC_KEY=" + d.PublicKey()}, "discord: good", done},
		{"no token", []string{"DOGEAR_DISCORD_TOKEN="}, "Everything is in order.\n", done},
		{"another token", []string{"DOGEAR_DISCORD_TOKEN=another"}, "discord: read the application: Discord does not accept discord.token\n", failed},
		{"no key", []string{http, "DOGEAR_DISCORD_PUBLIC_KEY=c0ffee"}, "discord: discord.public_key: want the 64 hexadecimal digits", failed},
		{"another key", []string{http, "DOGEAR_DISCORD_PUBLIC_KEY=" + strings.Repeat("0", 64)}, "discord: discord.public_key: Discord has another one for this app\n", failed},
	} {
		out, errs, code := says(t, onDiscord(dogearCommand(t, "mem:", "check"), d, c.env...))
		if said := out + errs; code != c.code || !strings.Contains(said, c.want) || (c.code == failed) != (errs != "") || strings.Contains(out, "discord") != (c.code == done && c.name != "no token") {
			t.Errorf("%s: %d, %q, %q", c.name, code, out, errs)
		}
	}
}
