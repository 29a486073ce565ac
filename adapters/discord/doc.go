// Package discord brings dogear to Discord: interactions and mentions in,
// messages out, over the gateway or over HTTP.
package discord
