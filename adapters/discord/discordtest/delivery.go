package discordtest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"
)

// delivery is what the deliveries over HTTP keep.
type delivery struct {
	url    string // empty: interactions go over the gateway
	tamper []Tamper
	last   *signed // nil: none yet
}

// signed is a delivery as it went out.
type signed struct {
	header http.Header
	body   []byte
}

// Delivery is how a delivery over HTTP was answered; a Status of 0 is no
// answer.
type Delivery struct {
	Status int
	Header http.Header
	Body   []byte
}

// Tamper spoils a delivery over HTTP.
type Tamper int

const (
	TamperBody      Tamper = iota // the body is not the one that was signed
	TamperSignature               // the signature is of nothing
	TamperTimestamp               // the timestamp is not the one that was signed
	OtherKey                      // signed by somebody else
	NoSignature                   // the header is missing
	NoTimestamp                   // the header is missing
	ShortSignature                // the header is no signature
	Stale                         // rightly signed, ten minutes ago
	Early                         // rightly signed, ten minutes ahead
)

// DeliverTo delivers interactions to a URL from now on; empty: over the gateway.
func (d *Discord) DeliverTo(url string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.delivery.url = url
}

// Tamper spoils the next deliveries of interactions, one each.
func (d *Discord) Tamper(with ...Tamper) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.delivery.tamper = append(d.delivery.tamper, with...)
}

// Ping delivers a PING, spoilt where that is asked for, as Discord does when an
// endpoint is saved and again and again later.
func (d *Discord) Ping(with ...Tamper) Delivery {
	d.mu.Lock()
	ping := object{"id": d.newID(), "application_id": d.AppID, "type": kindPing, "token": "ping", "version": 1}
	d.mu.Unlock()
	raw, _ := json.Marshal(ping)
	return d.Deliver(raw, with...)
}

// Deliver delivers any body, signed.
func (d *Discord) Deliver(body []byte, with ...Tamper) Delivery {
	return d.deliver(d.ctx, d.sign(body, with))
}

// Replay delivers once more what was delivered last, to the byte.
func (d *Discord) Replay() Delivery {
	d.mu.Lock()
	last := d.delivery.last
	d.mu.Unlock()
	if last == nil {
		return Delivery{}
	}
	return d.deliver(d.ctx, last)
}

// Saves reports whether Discord would take the URL as an endpoint: a PING gets a
// PONG, and one that is not rightly signed gets a 401.
func (d *Discord) Saves() bool {
	good := d.Ping()
	var pong struct {
		Type int `json:"type"`
	}
	_ = json.Unmarshal(good.Body, &pong)
	return good.Status == http.StatusOK && pong.Type == answerPong &&
		d.Ping(TamperSignature).Status == http.StatusUnauthorized && d.Ping(TamperBody).Status == http.StatusUnauthorized
}

// sign makes a delivery. Its time is the real one: Advance is for Discord's own
// limits.
func (d *Discord) sign(body []byte, with []Tamper) *signed {
	at, key := time.Now(), d.private
	for _, t := range with {
		switch t {
		case Stale:
			at = at.Add(-10 * time.Minute)
		case Early:
			at = at.Add(10 * time.Minute)
		case OtherKey:
			_, key, _ = ed25519.GenerateKey(nil)
		}
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	signature := ed25519.Sign(key, append([]byte(stamp), body...))
	out := &signed{header: http.Header{}, body: body}
	out.header.Set("Content-Type", "application/json")
	out.header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	out.header.Set("X-Signature-Timestamp", stamp)
	out.header.Set("X-Signature-Ed25519", hex.EncodeToString(signature))
	for _, t := range with {
		switch t {
		case TamperBody:
			out.body = append(bytes.Clone(body), ' ')
		case TamperSignature:
			out.header.Set("X-Signature-Ed25519", hex.EncodeToString(make([]byte, ed25519.SignatureSize)))
		case ShortSignature:
			out.header.Set("X-Signature-Ed25519", "00zz")
		case TamperTimestamp:
			out.header.Set("X-Signature-Timestamp", strconv.FormatInt(at.Unix()+1, 10))
		case NoSignature:
			out.header.Del("X-Signature-Ed25519")
		case NoTimestamp:
			out.header.Del("X-Signature-Timestamp")
		}
	}
	return out
}

func (d *Discord) deliver(ctx context.Context, s *signed) Delivery {
	d.mu.Lock()
	url := d.delivery.url
	d.delivery.last = s
	d.mu.Unlock()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(s.body))
	if err != nil {
		return Delivery{}
	}
	req.Header = s.header.Clone()
	resp, err := d.client.Do(req)
	if err != nil {
		return Delivery{}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return Delivery{}
	}
	return Delivery{resp.StatusCode, resp.Header, body}
}

// send delivers an interaction the way that is set. The lock is held.
func (d *Discord) send(in *interaction) {
	o := in.object(d)
	if d.delivery.url == "" {
		for range 1 + d.gateway.repeats {
			d.dispatch(in.channel.guild, 0, "INTERACTION_CREATE", o)
		}
		sessions := d.gateway.of(in.channel.guild)
		in.failed = len(sessions) == 0 // nobody gets it, not even later
		if act, ok := take(&d.gateway.onInteraction); ok {
			for _, s := range sessions {
				if s.conn != nil {
					act(s.conn)
				}
			}
		}
		return
	}
	var with []Tamper
	if len(d.delivery.tamper) > 0 {
		with, d.delivery.tamper = d.delivery.tamper[:1:1], d.delivery.tamper[1:]
	}
	raw, _ := json.Marshal(o)
	in.deliveries = 1 + d.gateway.repeats
	for range in.deliveries {
		d.working.Add(1)
		d.begin(in.token)
		go d.sendOver(in, d.sign(raw, with))
	}
}

// sendOver delivers an interaction over HTTP, and takes the answer for the
// first response.
func (d *Discord) sendOver(in *interaction, s *signed) {
	defer d.working.Done()
	ctx, cancel := context.WithTimeout(d.ctx, firstResponseWithin)
	defer cancel()
	got := d.deliver(ctx, s)
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.end(in.token, nil)
	req := &Request{Method: "INLINE", Path: "/interactions/" + in.id + "/" + in.token + "/callback", Status: got.Status}
	if len(got.Body) > 0 {
		if err := req.inline(got); err != nil && got.Status == http.StatusOK {
			d.violate(Protocol, "the answer to a delivery cannot be read: %v", err)
		}
		d.record(req)
	}
	if got.Status == http.StatusAccepted && len(got.Body) > 0 {
		d.violate(Protocol, "a 202 with a body")
	}
	d.answered(in, got.Status, (&call{Request: req}).body(), req.Files)
}

// inline reads an answer as a request of the bot's.
func (r *Request) inline(from Delivery) error {
	if kind, _, err := mime.ParseMediaType(from.Header.Get("Content-Type")); err != nil || kind != "application/json" && kind != "multipart/form-data" {
		return errors.New("neither JSON nor a form")
	}
	return r.read(&http.Request{Header: from.Header, Body: io.NopCloser(bytes.NewReader(from.Body))})
}
