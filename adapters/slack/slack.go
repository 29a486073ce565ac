package slack

import (
	"log/slog"
	"time"

	"dogear/bot"
)

// Settings is what dogear needs to know to be on Slack.
type Settings struct {
	BotToken      string        // xoxb-…
	AppToken      string        // xapp-…, for Socket Mode
	HTTP          bool          // Slack sends requests, in the place of Socket Mode
	SigningSecret string        // what it signs them with
	Listen        string        // where they are taken
	APIURL        string        // in place of https://slack.com/api/; empty: that
	PurgeAfter    time.Duration // how long what a workspace has stored outlasts its removing dogear; 0: for ever
}

// Platform is what the IDs of Slack's clubs and readers begin with.
const Platform = "slack:"

// Slack answers readers on Slack. Make one with New.
type Slack struct {
	settings Settings
	bot      *bot.Bot
	api      *api
	log      *slog.Logger
	pace     pacing
}

// pacing is how long things take, so that tests need not wait.
type pacing struct {
	ping  time.Duration // Slack pings that often; a connection without is dead
	again time.Duration // after a connection that did not last, the next waits so long; twice as long each time, up to longest
	most  time.Duration
}

// slacks is the pacing that suits Slack.
var slacks = pacing{ping: 30 * time.Second, again: time.Second, most: time.Minute}
