package main

import (
	"cmp"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"dogear/bot"
)

// metrics is what dogear counts for whoever operates it. Labels have values of
// fixed sets alone: no club, no reader, no text.
type metrics struct {
	registry     *prometheus.Registry
	requests     *prometheus.CounterVec
	seconds      *prometheus.HistogramVec
	covered      prometheus.Counter
	opened       prometheus.Counter
	storeCalls   *prometheus.CounterVec
	storeSeconds *prometheus.HistogramVec
}

func newMetrics() *metrics {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	of := promauto.With(r)
	buckets := []float64{1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}
	return &metrics{
		registry: r,
		requests: of.NewCounterVec(prometheus.CounterOpts{
			Name: "dogear_requests_total", Help: "Requests of readers, by command and by what became of them.",
		}, []string{"command", "outcome"}),
		seconds: of.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dogear_request_seconds", Help: "How long requests took.", Buckets: buckets,
		}, []string{"command"}),
		covered: of.NewCounter(prometheus.CounterOpts{Name: "dogear_covered_total", Help: "Covers in replies."}),
		opened:  of.NewCounter(prometheus.CounterOpts{Name: "dogear_opened_total", Help: "Covers that readers opened."}),
		storeCalls: of.NewCounterVec(prometheus.CounterOpts{
			Name: "dogear_store_calls_total", Help: "Calls of the store; a no that is part of its job is ok.",
		}, []string{"call", "result"}),
		storeSeconds: of.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dogear_store_seconds", Help: "How long calls of the store took.", Buckets: buckets,
		}, []string{"call"}),
	}
}

// handled counts a request.
func (m *metrics) handled(h bot.Handled) {
	command := cmp.Or(h.Command, "unknown")
	m.requests.WithLabelValues(command, string(h.Outcome)).Inc()
	m.seconds.WithLabelValues(command).Observe(h.Took.Seconds())
	m.covered.Add(float64(h.Covered))
	m.opened.Add(float64(h.Opened))
}

// store counts the calls of a store.
func (m *metrics) store(s bot.Store) bot.Store {
	return measured{s, func(call string, err error, d time.Duration) {
		m.storeCalls.WithLabelValues(call, storeResult(err)).Inc()
		m.storeSeconds.WithLabelValues(call).Observe(d.Seconds())
	}}
}

// handler shows all that is counted.
func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// held tells, whenever it is asked, how much a bot holds and how its store's
// breaker stands.
type held struct {
	bot   *bot.Bot
	store bot.Store

	clubs, sources, passages, bytes, labels, breaker *prometheus.Desc
}

func newHeld(b *bot.Bot, s bot.Store) held {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("dogear_"+name, help, labels, nil)
	}
	return held{
		bot: b, store: s,
		clubs:    desc("clubs", "Clubs in memory."),
		sources:  desc("sources", "Reviews and FAQs in memory."),
		passages: desc("passages", "Sentences in memory."),
		bytes:    desc("index_bytes", "What the indexes take in memory, estimated."),
		labels:   desc("labels", "Sentences in memory, by the layer that decided their label.", "layer"),
		breaker:  desc("store_breaker", "1 for the state in which the store's breaker is.", "state"),
	}
}

// Describe is part of prometheus.Collector.
func (h held) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{h.clubs, h.sources, h.passages, h.bytes, h.labels, h.breaker} {
		to <- d
	}
}

// Collect is part of prometheus.Collector.
func (h held) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, n int, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n), labels...)
	}
	sizes := h.bot.Sizes()
	gauge(h.clubs, sizes.Clubs)
	gauge(h.sources, sizes.Sources)
	gauge(h.passages, sizes.Passages)
	gauge(h.bytes, sizes.IndexBytes)
	for layer, n := range sizes.Labels {
		gauge(h.labels, n, string(layer))
	}
	// A store without a breaker has no such metric.
	if s, ok := h.store.(interface{ Breaker() string }); ok {
		now := s.Breaker()
		for _, state := range []string{"closed", "half-open", "open"} {
			n := 0
			if state == now {
				n = 1
			}
			gauge(h.breaker, n, state)
		}
	}
}
