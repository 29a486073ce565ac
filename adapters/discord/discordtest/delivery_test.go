package discordtest_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bwmarrin/discordgo"

	"dogear/adapters/discord/discordtest"
)

// endpoint takes deliveries, checks them as the SDK does, and answers those
// that are no PING; nil: 202.
func endpoint(t *testing.T, d *discordtest.Discord, answer func(http.ResponseWriter, *http.Request) []byte) {
	t.Helper()
	key, err := hex.DecodeString(d.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !discordgo.VerifyInteraction(r, ed25519.PublicKey(key)) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		raw, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		if ping := (struct{ Type int }{}); json.Unmarshal(raw, &ping) == nil && ping.Type == 1 {
			_, _ = w.Write([]byte(`{"type":1}`))
			return
		}
		body := answer(w, r)
		if body == nil {
			w.WriteHeader(http.StatusAccepted)
			return
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	d.DeliverTo(server.URL)
}

const plain = `{"type":4,"data":{"content":"over HTTP","flags":68,"allowed_mentions":{"parse":[]}}}`

func TestDelivery(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	endpoint(t, d, func(http.ResponseWriter, *http.Request) []byte { return []byte(plain) })
	if !d.Saves() {
		t.Error("a sound endpoint is not taken")
	}
	ann, books := d.Guild("club").Member("ann"), d.Guild("club").Channel("books")
	if got := ann.Slash(books, "ask"); got.Text() != "over HTTP" || got.Status != 200 || !got.Message().Ephemeral {
		t.Errorf("seen: %+v", got)
	}
	if got := d.Requests(discordtest.To("INLINE", "/callback")); len(got) != 1 || got[0].Object()["type"] != 4.0 {
		t.Errorf("inline: %+v", got)
	}
	for _, how := range []discordtest.Tamper{
		discordtest.TamperBody, discordtest.TamperSignature, discordtest.TamperTimestamp, discordtest.OtherKey,
		discordtest.NoSignature, discordtest.NoTimestamp, discordtest.ShortSignature,
	} {
		d.Tamper(how)
		if got := ann.Slash(books, "ask"); !got.Failed || got.Status != 401 {
			t.Errorf("tampered %d: %+v", how, got)
		}
	}
	// The SDK takes what is rightly signed at any time, and again.
	for _, got := range []discordtest.Delivery{d.Ping(discordtest.Stale), d.Ping(discordtest.Early), d.Replay()} {
		if got.Status != 200 {
			t.Errorf("signed: %d", got.Status)
		}
	}
}

func TestUnsoundEndpoint(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"type":1}`)) }))
	defer server.Close()
	d.DeliverTo(server.URL)
	if d.Saves() {
		t.Error("an endpoint that checks nothing is taken")
	}
}

// TestDeliveryThenCallback answers 202, and then over REST.
func TestDeliveryThenCallback(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	s := session(t, d)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in discordgo.Interaction
		_ = json.NewDecoder(r.Body).Decode(&in)
		w.WriteHeader(http.StatusAccepted)
		w.(http.Flusher).Flush()
		if err := s.InteractionRespond(&in, &discordgo.InteractionResponse{Type: 4, Data: say("later", 0)}); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	d.DeliverTo(server.URL)
	if got := d.User("ann").Slash(d.User("ann").Direct(), "ask"); got.Text() != "later" || got.Status != 202 {
		t.Errorf("seen: %+v", got)
	}
}
