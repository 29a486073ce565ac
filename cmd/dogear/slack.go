package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"dogear/adapters/slack"
	"dogear/bot"
)

// slackConfig is how dogear is on Slack. Without a bot's token it is not.
type slackConfig struct {
	BotToken          secret        `yaml:"bot_token" mapstructure:"bot_token"`
	BotTokenFile      string        `yaml:"bot_token_file" mapstructure:"bot_token_file"` // holds it instead
	AppToken          secret        `yaml:"app_token" mapstructure:"app_token"`           // with socket
	AppTokenFile      string        `yaml:"app_token_file" mapstructure:"app_token_file"`
	SigningSecret     secret        `yaml:"signing_secret" mapstructure:"signing_secret"` // with http
	SigningSecretFile string        `yaml:"signing_secret_file" mapstructure:"signing_secret_file"`
	Mode              string        `yaml:"mode" mapstructure:"mode"`               // socket or http
	Listen            string        `yaml:"listen" mapstructure:"listen"`           // with http: where Slack's requests come in
	PurgeAfter        time.Duration `yaml:"purge_after" mapstructure:"purge_after"` // 0: never
	APIURL            string        `yaml:"api_url" mapstructure:"api_url"`         // empty: Slack's
}

// complete reads the secrets where files hold them, and refuses settings that
// can't be meant.
func (s *slackConfig) complete() error {
	u, err := url.Parse(s.APIURL)
	switch {
	case !slices.Contains([]string{"socket", "http"}, s.Mode):
		return errors.New("slack.mode: want socket or http")
	case s.PurgeAfter < 0:
		return errors.New("slack.purge_after: want a time such as 168h, or 0")
	case err != nil || s.APIURL != "" && u.Host == "":
		return errors.New("slack.api_url: want an address such as https://slack-gov.com/api/")
	}
	return errors.Join(s.BotToken.orFrom(s.BotTokenFile, "slack", "bot_token"), s.AppToken.orFrom(s.AppTokenFile, "slack", "app_token"),
		s.SigningSecret.orFrom(s.SigningSecretFile, "slack", "signing_secret"))
}

// wanted reports whether dogear is to be on Slack. Where there are secrets of the
// app and no bot's token, that was forgotten.
func (s *slackConfig) wanted() (bool, error) {
	if s.BotToken == "" && (s.AppToken != "" || s.SigningSecret != "") {
		return false, errNoBotToken
	}
	return s.BotToken != "", nil
}

var errNoBotToken = errors.New("slack.bot_token is not set: put the bot's token there, into a file that slack.bot_token_file names, or into DOGEAR_SLACK_BOT_TOKEN")

// settings returns the settings as the adapter takes them.
func (s *slackConfig) settings() slack.Settings {
	return slack.Settings{
		BotToken: string(s.BotToken), AppToken: string(s.AppToken), SigningSecret: string(s.SigningSecret),
		HTTP: s.Mode == "http", Listen: s.Listen, APIURL: s.APIURL, PurgeAfter: s.PurgeAfter,
	}
}

// connectSlack is a connect.
func connectSlack(c config, b *bot.Bot, log *slog.Logger) (platform, error) {
	if on, err := c.Slack.wanted(); !on {
		return nil, err
	}
	s, err := slack.New(c.Slack.settings(), b, log)
	if err != nil {
		return nil, err
	}
	b.EditWith(slack.Platform, s)
	return s, nil
}

func (a *app) slackCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "slack",
		Short: "Prepare dogear for Slack",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	manifest := &cobra.Command{
		Use:   "manifest",
		Short: "Print what Slack makes the app from",
		Args:  noArgs,
	}
	address := manifest.Flags().String("url", "", "for slack.mode http: the `ADDRESS` at which Slack reaches dogear (default: Socket Mode, which needs none)")
	manifest.RunE = func(cmd *cobra.Command, _ []string) error {
		data, err := slack.Manifest(*address)
		if err != nil {
			return usagef("--url: %w", err)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s\n", data)
		return nil
	}
	cmd.AddCommand(manifest)
	return cmd
}

// checkSlack has Slack asked whether it takes the settings, where there is a
// token.
func (a *app) checkSlack(cmd *cobra.Command, c config) error {
	if on, err := c.Slack.wanted(); !on {
		return err
	}
	_, log, err := a.setUp(cmd, "warn")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
	defer cancel()
	workspace, err := slack.Check(ctx, c.Slack.settings(), log)
	if err != nil {
		return fmt.Errorf("slack: %w", err)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "slack: good: mode %s, workspace %s\n", c.Slack.Mode, workspace)
	return nil
}
