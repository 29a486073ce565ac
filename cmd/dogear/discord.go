package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"dogear/adapters/discord"
	"dogear/bot"
)

// discordConfig is how dogear is on Discord. Without a token it is not.
type discordConfig struct {
	Token      secret        `yaml:"token" mapstructure:"token"`
	TokenFile  string        `yaml:"token_file" mapstructure:"token_file"`   // holds the token instead
	Mode       string        `yaml:"mode" mapstructure:"mode"`               // gateway or http
	Shards     string        `yaml:"shards" mapstructure:"shards"`           // auto, or a number
	Listen     string        `yaml:"listen" mapstructure:"listen"`           // with http: where Discord's requests come in
	PublicKey  string        `yaml:"public_key" mapstructure:"public_key"`   // with http; empty: Discord is asked
	PurgeAfter time.Duration `yaml:"purge_after" mapstructure:"purge_after"` // 0: never
	APIURL     string        `yaml:"api_url" mapstructure:"api_url"`         // empty: Discord's
	GatewayURL string        `yaml:"gateway_url" mapstructure:"gateway_url"` // empty: as the API says
}

// complete reads the token where a file holds it, and refuses settings that
// can't be meant.
func (d *discordConfig) complete() error {
	switch _, err := d.shards(); {
	case !slices.Contains([]string{"gateway", "http"}, d.Mode):
		return errors.New("discord.mode: want gateway or http")
	case err != nil:
		return err
	case d.PurgeAfter < 0:
		return errors.New("discord.purge_after: want a time such as 168h, or 0")
	}
	for setting, address := range map[string]string{"api_url": d.APIURL, "gateway_url": d.GatewayURL} {
		if u, err := url.Parse(address); err != nil || address != "" && u.Host == "" {
			return fmt.Errorf("discord.%s: want an address such as https://proxy.example", setting)
		}
	}
	return d.Token.orFrom(d.TokenFile, "discord", "token")
}

// shards returns how many connections to open; 0: as many as Discord advises.
func (d *discordConfig) shards() (int, error) {
	if d.Shards == "auto" {
		return 0, nil
	}
	n, err := strconv.Atoi(d.Shards)
	if err != nil || n < 1 {
		return 0, errors.New("discord.shards: want auto or a number")
	}
	return n, nil
}

// settings returns the settings as the adapter takes them.
func (d *discordConfig) settings() discord.Settings {
	shards, _ := d.shards() // complete has looked at it
	return discord.Settings{
		Token: string(d.Token), HTTP: d.Mode == "http", PublicKey: d.PublicKey, Listen: d.Listen, Shards: shards,
		APIURL: d.APIURL, GatewayURL: d.GatewayURL, PurgeAfter: d.PurgeAfter,
	}
}

// connectDiscord is a connect.
func connectDiscord(c config, b *bot.Bot, log *slog.Logger) (platform, error) {
	if c.Discord.Token == "" {
		return nil, nil
	}
	d, err := discord.New(c.Discord.settings(), b, log)
	if err != nil {
		return nil, err
	}
	b.EditWith(discord.Platform, d)
	return d, nil
}

func (a *app) discordCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "discord",
		Short: "Prepare dogear for Discord",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	register := &cobra.Command{
		Use:   "register",
		Short: "Tell Discord dogear's commands, where it has others",
		Args:  noArgs,
	}
	guild := register.Flags().String("guild", "", "for this server alone, by its `ID`: there they can be used at once (default: for every server)")
	register.RunE = func(cmd *cobra.Command, _ []string) error {
		return a.onDiscord(cmd, func(ctx context.Context, s discord.Settings, log *slog.Logger) error {
			changed, err := discord.Register(ctx, s, *guild, log)
			if err != nil {
				return err
			}
			said := "Discord has dogear's commands already; nothing was sent."
			if changed {
				said = "Discord has dogear's commands now."
			}
			fmt.Fprintln(cmd.OutOrStdout(), said)
			return nil
		})
	}
	cmd.AddCommand(register, &cobra.Command{
		Use:   "invite",
		Short: "Print the link by which a server's owner lets dogear in",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.onDiscord(cmd, func(ctx context.Context, s discord.Settings, log *slog.Logger) error {
				link, err := discord.Invite(ctx, s, log)
				if err == nil {
					fmt.Fprintln(cmd.OutOrStdout(), link)
				}
				return err
			})
		},
	})
	return cmd
}

// checkDiscord has Discord asked whether it takes the settings, where there is a
// token.
func (a *app) checkDiscord(cmd *cobra.Command, c config) error {
	if c.Discord.Token == "" {
		return nil
	}
	return a.onDiscord(cmd, func(ctx context.Context, s discord.Settings, log *slog.Logger) error {
		servers, err := discord.Check(ctx, s, log)
		if err != nil {
			return fmt.Errorf("discord: %w", err)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "discord: good: mode %s, servers %d\n", c.Discord.Mode, servers)
		return nil
	})
}

// onDiscord runs f with the settings of Discord, which need a token.
func (a *app) onDiscord(cmd *cobra.Command, f func(context.Context, discord.Settings, *slog.Logger) error) error {
	c, log, err := a.setUp(cmd, "warn")
	if err != nil {
		return err
	}
	if c.Discord.Token == "" {
		return errors.New("discord.token is not set: put the bot's token there, into a file that discord.token_file names, or into DOGEAR_DISCORD_TOKEN")
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
	defer cancel()
	return f(ctx, c.Discord.settings(), log)
}
