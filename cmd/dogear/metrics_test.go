package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/store"
)

// scrape reads what /metrics shows: the value of each counter and gauge, and the
// count of each histogram, by name and labels.
func scrape(t *testing.T, page string) map[string]float64 {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(page))
	if err != nil {
		t.Fatalf("/metrics is no exposition: %v", err)
	}
	out := map[string]float64{}
	for name, f := range families {
		for _, m := range f.GetMetric() {
			key := name
			for _, l := range m.GetLabel() {
				key += fmt.Sprintf(",%s=%s", l.GetName(), l.GetValue())
			}
			out[key] = m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return out
}

// TestMetrics asks a running serve with a canary in all that a reader or a book
// supplies: what happened is counted, by names from fixed sets, and there is no
// canary.
func TestMetrics(t *testing.T) {
	dir := t.TempDir()
	review := filepath.Join(dir, "canary.txt")
	if err := os.WriteFile(review, []byte("A canary\nby Canary\n\nThe prose is quiet and precise.\nTommy dies on his fourth donation.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	spec := "file:" + filepath.Join(dir, "dogear.db")
	root := newRoot()
	root.SetArgs([]string{"--store", spec, "--club", "canary-club", "import", "--book", "never-let-me-go", review})
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}

	h := newHall()
	close(h.release)
	r := serve(t, spec, "log:\n  level: debug\n", h.connect)
	seat := bot.Seat{Club: "canary-club", Reader: "canary-reader", Channel: "canary-channel"}
	ask := func(command string, options map[string]string) {
		h.take <- bot.Request{Seat: seat, Command: command, Options: options, Name: "canary", Roles: []string{"canary"}}
		<-h.taken
	}
	ask("", map[string]string{"question": "how is the canary prose?"})
	ask("", map[string]string{"question": "what happens to tommy on his donation"})
	ask("progress", map[string]string{"place": "canary"})
	ask("progress", map[string]string{"place": "7"})
	ask("canary", nil)
	ask("reviews list", nil)
	ask("reveal", map[string]string{"ticket": "canary.1"})
	h.answered.Wait()
	status, page := r.get("/metrics")
	if status != 200 {
		t.Fatalf("/metrics: %d", status)
	}
	if strings.Contains(strings.ToLower(page), "canary") {
		t.Error("there is a canary in /metrics")
	}
	got := scrape(t, page)
	for key, want := range map[string]float64{
		"dogear_requests_total,command=ask,outcome=answered":     1,
		"dogear_requests_total,command=ask,outcome=empty":        1,
		"dogear_requests_total,command=progress,outcome=refused": 1,
		"dogear_requests_total,command=progress,outcome=done":    1,
		"dogear_requests_total,command=unknown,outcome=refused":  1,
		"dogear_requests_total,command=reveal,outcome=refused":   1,
		"dogear_request_seconds,command=ask":                     2,
		"dogear_opened_total":                                    0,
		"dogear_store_calls_total,call=move,result=ok":           1,
		"dogear_store_calls_total,call=ticket,result=ok":         1,
		"dogear_store_seconds,call=shelf":                        1,
		"dogear_clubs":                                           1,
		"dogear_sources":                                         1,
	} {
		if v, ok := got[key]; !ok || v != want {
			t.Errorf("%s is %v (%v), want %v", key, v, ok, want)
		}
	}
	for _, key := range []string{"dogear_covered_total", "dogear_passages", "dogear_index_bytes", "dogear_labels,layer=ledger", "go_goroutines"} {
		if got[key] <= 0 {
			t.Errorf("%s is %v", key, got[key])
		}
	}
	for key := range got {
		name, labels, _ := strings.Cut(key, ",")
		if strings.HasPrefix(name, "dogear_store_breaker") {
			t.Error("a store without a breaker tells its state")
		}
		if !strings.HasPrefix(name, "dogear_") || labels == "" {
			continue
		}
		for label := range strings.SplitSeq(labels, ",") {
			if !fixed(label) {
				t.Errorf("%s: %s is from no fixed set", name, label)
			}
		}
	}
	r.stop()
	if err := <-r.done; err != nil {
		t.Error(err)
	}
	if strings.Contains(strings.ToLower(strings.ReplaceAll(r.log.String(), "club=canary-club", "")), "canary") {
		t.Errorf("there is a canary in the log:\n%s", r.log.String())
	}
}

// TestMetricsInReadme shows that the README has every metric of dogear's own.
func TestMetricsInReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	m := newMetrics()
	m.registry.MustRegister(newHeld(bot.New(m.store(s), nil), fused{s, "open"}))
	m.handled(bot.Handled{Outcome: bot.Done})
	if err := m.store(s).Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := m.store(s).Look(t.Context(), bot.Visit{}); err == nil {
		t.Error("a closed store answers")
	}
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), "dogear_") {
			n++
			if !strings.Contains(string(readme), "`"+f.GetName()) {
				t.Errorf("the README does not have %s", f.GetName())
			}
		}
	}
	if n < 12 {
		t.Errorf("%d metrics are dogear's own", n)
	}
}

// fixed reports whether a label has a value of its fixed set.
func fixed(label string) bool {
	name, value, _ := strings.Cut(label, "=")
	switch name {
	case "command":
		return value == "unknown" || slices.ContainsFunc(bot.Commands(), func(c bot.Command) bool { return c.Name == value })
	case "outcome":
		return slices.Contains(bot.Outcomes(), bot.Outcome(value))
	case "layer":
		return slices.Contains(library.Layers, library.Layer(value))
	case "result":
		return value == "ok" || value == "error"
	case "call":
		_, ok := reflect.TypeFor[bot.Store]().MethodByName(methodOf(value))
		return ok
	}
	return false
}

// methodOf returns the method whose calls are counted under a name.
func methodOf(call string) string {
	out := ""
	for word := range strings.SplitSeq(call, "_") {
		out += strings.ToUpper(word[:1]) + word[1:]
	}
	return out
}

// TestMeasured calls every method of a store: each is counted once, under its
// own name.
func TestMeasured(t *testing.T) {
	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	var calls []string
	m := reflect.ValueOf(measured{s, func(call string, _ error, d time.Duration) {
		if d < 0 {
			t.Errorf("%s took %v", call, d)
		}
		calls = append(calls, call)
	}})
	of := reflect.TypeFor[bot.Store]()
	for i := range of.NumMethod() {
		method := of.Method(i)
		if method.Name == "Close" || method.Name == "Watch" { // which end with the store
			continue
		}
		args := []reflect.Value{reflect.ValueOf(t.Context())}
		for n := 1; n < method.Type.NumIn(); n++ {
			args = append(args, reflect.Zero(method.Type.In(n)))
		}
		calls = nil
		m.MethodByName(method.Name).Call(args)
		if len(calls) != 1 || methodOf(calls[0]) != method.Name {
			t.Errorf("%s is counted as %q", method.Name, calls)
		}
	}
	if err := m.Interface().(bot.Store).Close(); err != nil {
		t.Error(err)
	}
}

// TestStoreResult shows which errors of a store are part of its job.
func TestStoreResult(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, "ok"},
		{fmt.Errorf("write library: %w", bot.ErrStale), "ok"},
		{bot.ErrNotFound, "ok"},
		{bot.ErrNothingToUndo, "ok"},
		{bot.ErrNotEmpty, "ok"},
		{context.DeadlineExceeded, "error"},
		{errors.New("disk full"), "error"},
	} {
		if got := storeResult(c.err); got != c.want {
			t.Errorf("%v is %s, want %s", c.err, got, c.want)
		}
	}
}

// fused is a store with a breaker.
type fused struct {
	bot.Store
	state string
}

func (f fused) Breaker() string { return f.state }

// TestBreaker shows the state of a store's breaker: 1 for it, 0 for the others.
func TestBreaker(t *testing.T) {
	s, err := store.Open(t.Context(), "mem:")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, state := range []string{"closed", "half-open", "open"} {
		r := prometheus.NewRegistry()
		r.MustRegister(newHeld(bot.New(s, nil), fused{s, state}))
		families, err := r.Gather()
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]float64{}
		for _, f := range families {
			if f.GetName() == "dogear_store_breaker" {
				for _, m := range f.GetMetric() {
					got[m.GetLabel()[0].GetValue()] = m.GetGauge().GetValue()
				}
			}
		}
		want := map[string]float64{"closed": 0, "half-open": 0, "open": 0}
		want[state] = 1
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s is told as %v", state, got)
		}
	}
}
