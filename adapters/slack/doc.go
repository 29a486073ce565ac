// Package slack answers readers on Slack: over Socket Mode or HTTP.
package slack
