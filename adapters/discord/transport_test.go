package discord

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
)

func TestAddressOfTheAPI(t *testing.T) {
	for path, want := range map[string]string{
		"":        "/api/v" + discordgo.APIVersion + "/channels/a%2F..%2Fb",
		"/":       "/api/v" + discordgo.APIVersion + "/channels/a%2F..%2Fb",
		"/fake/":  "/fake/channels/a%2F..%2Fb",
		"/api/v8": "/api/v8/channels/a%2F..%2Fb",
	} {
		a, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(rw, `{"id":"9","type":11,"parent_id":"8"}`)
		})
		var err error
		if r.transport.api, err = r.transport.api.Parse(a.URL + path); err != nil {
			t.Fatal(err)
		}
		c, err := r.channel(t.Context(), "a/../b")
		if want := (channel{ID: "9", Type: discordgo.ChannelTypeGuildPublicThread, Parent: "8"}); c != want || err != nil {
			t.Errorf("channel = %+v, %v", c, err)
		}
		if got := a.requests()[0].uri; got != want {
			t.Errorf("%q: asked for %s, want %s", path, got, want)
		}
	}
	for _, bad := range []string{"discord.com", "ftp://discord.com", "://", "http://"} {
		if _, err := newRest("t", bad, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("newRest takes %q", bad)
		}
	}
}

func TestDownload(t *testing.T) {
	a, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, req *http.Request) {
		switch req.URL.Path {
		case "/elsewhere":
			http.Redirect(rw, req, "/file", http.StatusFound)
		case "/file":
			fmt.Fprint(rw, "12345")
		}
	})
	if data, err := r.download(t.Context(), a.URL+"/file?signed", 5); string(data) != "12345" || err != nil {
		t.Errorf("download = %q, %v", data, err)
	}
	if got := a.requests()[0].auth; got != "" {
		t.Errorf("the token went along: %s", got)
	}
	if data, err := r.download(t.Context(), a.URL+"/file", 4); data != nil || !errors.Is(err, errTooLong) {
		t.Errorf("a long file: %q, %v", data, err)
	}
	if data, err := r.download(t.Context(), a.URL+"/elsewhere", 5); data != nil || err == nil {
		t.Errorf("a redirect: %q, %v", data, err)
	}
	if n := len(a.requests()); n != 3 {
		t.Errorf("%d requests", n)
	}
	r.transport.api = nil
	for _, bad := range []string{
		a.URL + "/file", "http://cdn.discordapp.com/a", "https://cdn.discordapp.com.evil.test/a", "https://evil.test/cdn.discordapp.com",
		"https://cdn.discordapp.com:444/a", "https://cdn.discordapp.com@evil.test/a", "https://u@cdn.discordapp.com/a", "file:///etc/passwd", "",
	} {
		if _, err := r.download(t.Context(), bad, 5); err == nil || !strings.Contains(err.Error(), "not where Discord keeps files") {
			t.Errorf("download %q: %v", bad, err)
		}
	}
}
