package discord

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

func TestTokenThatIsNotAccepted(t *testing.T) {
	_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { status(rw, 401, 0) })
	if _, _, err := r.application(t.Context()); err == nil || !strings.Contains(err.Error(), "discord.token") {
		t.Errorf("application: %v", err)
	}
}

func TestGuilds(t *testing.T) {
	pages := map[string]string{"0": `[{"id":"1"},{"id":"2"}]`, "2": `[{"id":"3"}]`, "3": `[]`}
	answer := func(rw http.ResponseWriter, req *http.Request) {
		fmt.Fprint(rw, pages[req.URL.Query().Get("after")])
	}
	_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, req *http.Request) { answer(rw, req) })
	if all, err := r.guilds(t.Context()); !reflect.DeepEqual(all, []string{"1", "2", "3"}) || err != nil {
		t.Errorf("guilds = %v, %v", all, err)
	}
	answer = func(rw http.ResponseWriter, req *http.Request) { fmt.Fprint(rw, pages["0"]) }
	if all, err := r.guilds(t.Context()); all != nil || err == nil {
		t.Errorf("the same page again and again: %v, %v", all, err)
	}
	answer = func(rw http.ResponseWriter, req *http.Request) {
		if after := req.URL.Query().Get("after"); after != "0" {
			status(rw, 403, 0)
			return
		}
		fmt.Fprint(rw, pages["0"])
	}
	if all, err := r.guilds(t.Context()); all != nil || err == nil {
		t.Errorf("a page is missing: %v, %v", all, err)
	}
}

func TestIsMember(t *testing.T) {
	for _, tt := range []struct {
		status, code int
		is, fails    bool
	}{
		{200, 0, true, false}, {404, unknownMember, false, false}, {404, unknownUser, false, false},
		{404, unknownGuild, false, false}, {403, 50001, false, true},
	} {
		_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { status(rw, tt.status, tt.code) })
		if is, err := r.isMember(t.Context(), "g", "u"); is != tt.is || (err != nil) != tt.fails {
			t.Errorf("%+v: isMember = %v, %v", tt, is, err)
		}
	}
}

func TestCommands(t *testing.T) {
	a, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, req *http.Request) {
		switch {
		case strings.HasSuffix(req.URL.Path, "/@me"):
			fmt.Fprint(rw, `{"id":"7","verify_key":"k"}`)
		default:
			fmt.Fprint(rw, `[{"id":"1","name":"ask","name_localizations":{"de":"frag"}}]`)
		}
	})
	all, err := r.commands(t.Context(), "")
	if err != nil || len(all) != 1 || (*all[0].NameLocalizations)[discordgo.German] != "frag" {
		t.Errorf("commands = %+v, %v", all, err)
	}
	if err := r.overwrite(t.Context(), "g", nil); err != nil {
		t.Error(err)
	}
	var uris []string
	for _, one := range a.requests() {
		uris = append(uris, one.method+" "+strings.TrimPrefix(one.uri, "/api/v"+discordgo.APIVersion))
	}
	if want := []string{"GET /applications/@me", "GET /applications/7/commands?with_localizations=true", "PUT /applications/7/guilds/g/commands"}; !reflect.DeepEqual(uris, want) {
		t.Errorf("asked for %q", uris)
	}
	if got := a.requests()[2].body; got != "[]" {
		t.Errorf("no commands are %s", got)
	}
}

func TestWhereTheGatewayIs(t *testing.T) {
	bot := true
	_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, req *http.Request) {
		switch {
		case !strings.HasSuffix(req.URL.Path, "/bot"):
			fmt.Fprint(rw, `{"url":"ws://plain"}`)
		case bot:
			fmt.Fprint(rw, `{"url":"ws://bot","shards":3,"session_start_limit":{"total":1000,"remaining":0,"reset_after":5,"max_concurrency":2}}`)
		default:
			status(rw, 404, 0)
		}
	})
	g, err := r.gateway(t.Context())
	if err != nil || g.URL != "ws://bot" || g.Shards != 3 || g.SessionStartLimit.Remaining != 0 || g.SessionStartLimit.MaxConcurrency != 2 {
		t.Errorf("gateway = %+v, %v", g, err)
	}
	bot = false
	g, err = r.gateway(t.Context())
	if err != nil || g.URL != "ws://plain" || g.Shards != 1 || g.SessionStartLimit.Remaining != usualStarts || g.SessionStartLimit.MaxConcurrency != 1 {
		t.Errorf("without /gateway/bot: %+v, %v", g, err)
	}
}

// TestTakeBackLate: what may stand in a channel is taken back, and its reader told,
// although the time for the reply is over.
func TestTakeBackLate(t *testing.T) {
	a, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusNoContent) })
	d := &Discord{rest: r, log: slog.New(slog.DiscardHandler)}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	x := &exchange{interaction: &interaction{ID: "1", Application: "2", Token: "t"}, came: time.Now(), state: announced}
	if err := d.takeBack(over, x); err != nil {
		t.Error(err)
	}
	d.apologise(over, x)
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.asked) != 2 || a.asked[0].method != http.MethodDelete || a.asked[1].method != http.MethodPost {
		t.Errorf("Discord is asked: %+v", a.asked)
	}
}
