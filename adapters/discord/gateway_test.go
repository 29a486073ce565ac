package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestGateway(t *testing.T) {
	leakless(t)
	var mu sync.Mutex
	came := map[string]int{}
	cut := make(chan struct{})
	url := newPeer(t, func(l peer) {
		var id struct{ Shard [2]int }
		json.Unmarshal(l.hello(time.Minute), &id)
		mu.Lock()
		came[fmt.Sprint(id.Shard)]++
		first := came[fmt.Sprint(id.Shard)] == 1
		mu.Unlock()
		l.ready()
		if first && id.Shard[0] == 1 {
			<-cut
			return
		}
		for {
			if _, ok := l.hear(1); !ok {
				return
			}
		}
	})
	_, r, _ := newAPI(t, func(n int, rw http.ResponseWriter, _ *http.Request) {
		if n == 0 {
			status(rw, 503, 0)
			return
		}
		fmt.Fprintf(rw, `{"url":%q,"shards":3,"session_start_limit":{"total":1000,"remaining":900,"max_concurrency":16}}`, url)
	})
	g := newGateway(r, gatewaySettings{token: testToken, log: slogTo(&locked{}), pace: discords}, func(string, json.RawMessage) {})
	if g.ready() == nil {
		t.Error("it is ready before it runs")
	}
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error)
	go func() { ran <- g.run(ctx) }()
	until(t, func() bool { return g.ready() == nil })
	close(cut)
	until(t, func() bool { return g.ready() != nil })
	if err := g.ready(); err == nil || !strings.Contains(err.Error(), "2 of 3") {
		t.Errorf("with one connection cut: %v", err)
	}
	until(t, func() bool { return g.ready() == nil })
	cancel()
	ended := time.Now()
	if err := <-ran; err != nil {
		t.Errorf("run: %v", err)
	}
	if took := time.Since(ended); took > soon {
		t.Errorf("the end took %v", took)
	}
	if want := map[string]int{"[0 3]": 1, "[1 3]": 2, "[2 3]": 1}; fmt.Sprint(came) != fmt.Sprint(want) {
		t.Errorf("connections: %v", came)
	}
	if g.ready() == nil {
		t.Error("it is ready after its end")
	}
}

func TestGatewayEndsForASetting(t *testing.T) {
	leakless(t)
	url := newPeer(t, func(l peer) {
		var id struct{ Shard [2]int }
		json.Unmarshal(l.hello(time.Minute), &id)
		if id.Shard[0] == 1 {
			l.close(4004)
			return
		}
		l.ready()
		l.hear(-1)
	})
	_, r, _ := newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(rw, `{"url":"ws://127.0.0.1:1","shards":1,"session_start_limit":{"total":1000,"remaining":900,"max_concurrency":2}}`)
	})
	g := newGateway(r, gatewaySettings{token: testToken, url: url, shards: 2, log: slogTo(&locked{}), pace: discords}, func(string, json.RawMessage) {})
	if err := g.run(t.Context()); err == nil || !strings.Contains(err.Error(), "discord.token") {
		t.Errorf("run: %v", err)
	}

	_, r, _ = newAPI(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { status(rw, 401, 0) })
	g = newGateway(r, gatewaySettings{token: testToken, log: slogTo(&locked{}), pace: discords}, nil)
	if err := g.run(t.Context()); err == nil || !strings.Contains(err.Error(), "discord.token") {
		t.Errorf("run: %v", err)
	}
}

func TestIdentifyingIsPaced(t *testing.T) {
	var began time.Time
	_, r, _ := newAPI(t, func(int, http.ResponseWriter, *http.Request) {})
	r.session.Client.Transport = roundTrip(func(req *http.Request) (*http.Response, error) {
		left := 0
		if time.Since(began) > time.Hour {
			left = 1000
		}
		body := fmt.Sprintf(`{"url":"ws://x","shards":4,"session_start_limit":{"total":1000,"remaining":%d,"reset_after":3600000,"max_concurrency":2}}`, left)
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
	})
	synctest.Test(t, func(t *testing.T) {
		g := newGateway(r, gatewaySettings{log: slogTo(&locked{}), pace: discords}, nil)
		g.slots, g.budget = make([]time.Time, 2), 6
		began = time.Now()
		var mu sync.Mutex
		var at [4][]time.Duration
		var all sync.WaitGroup
		for id := range 4 {
			all.Go(func() {
				for range 2 {
					if err := g.enter(t.Context(), id); err != nil {
						t.Error(err)
					}
					mu.Lock()
					at[id] = append(at[id], time.Since(began))
					mu.Unlock()
				}
			})
		}
		all.Wait()
		for slot := range 2 {
			both := append(at[slot], at[slot+2]...)
			slices.Sort(both)
			for i := 1; i < len(both); i++ {
				if both[i]-both[i-1] < identifyEvery {
					t.Errorf("slot %d: %v", slot, both)
				}
			}
		}
		// Six were allowed; the seventh waits for the day to end.
		last := slices.Concat(at[:]...)
		slices.Sort(last)
		if last[5] > time.Minute || last[6] < time.Hour {
			t.Errorf("identified at %v", last)
		}

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := g.enter(ctx, 0); err == nil {
			t.Error("it identifies after the end")
		}
	})
}
