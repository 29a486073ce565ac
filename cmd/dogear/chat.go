package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"dogear/adapters/console"
	"dogear/bot"
)

func (a *app) chatCommand() *cobra.Command {
	var who speaker
	cmd := &cobra.Command{
		Use:   "chat",
		Short: "Talk to dogear in the terminal; with nothing imported yet, in a sample club",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, s bot.Store) error {
				req := who.request(c)
				view, err := s.Look(ctx, bot.Visit{Seat: req.Seat})
				if err != nil {
					return err
				}
				if view.Version.N == 0 && c.Club == defaults().Club {
					req.Club = bot.SampleClub
					fmt.Fprintln(cmd.OutOrStdout(), "This is a sample club, until you import reviews of your own. It has read Never Let Me Go and Jane Eyre.")
				}
				return converse(cmd, c, b, req, func(talk *console.Conversation) error { return talk.Chat(ctx) })
			})
		},
	}
	who.flags(cmd)
	return cmd
}

// speaker is who sits at the terminal. Whoever can open the store may be
// anybody.
type speaker struct {
	reader    string
	roles     []string
	moderator bool
}

func (s *speaker) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.reader, "as", "reader", "whose place and settings count")
	f.StringSliceVar(&s.roles, "role", nil, "a role that this reader has in the club")
	f.BoolVar(&s.moderator, "moderator", false, "this reader is a moderator of the club")
}

func (s *speaker) request(c config) bot.Request {
	return bot.Request{
		Seat: bot.Seat{Club: bot.ClubID(c.Club), Reader: bot.ReaderID(s.reader), Channel: "console"},
		Name: s.reader, Roles: s.roles, Moderator: s.moderator,
	}
}

// converse holds a conversation with whoever sits at the terminal, or with a
// script.
func converse(cmd *cobra.Command, c config, b *bot.Bot, who bot.Request, f func(*console.Conversation) error) error {
	var lines console.Lines = console.NewPiped(cmd.InOrStdin())
	if in, ok := cmd.InOrStdin().(*os.File); ok && term.IsTerminal(int(in.Fd())) {
		t := console.NewTerminal(historyFile(c.Store))
		defer t.Close()
		lines = t
	}
	talk := console.NewConversation(b, who, lines, cmd.OutOrStdout())
	// What was posted in a club of a platform is not here to be edited: that is
	// left to the processes that can.
	if c.Club == defaults().Club {
		b.EditWith(string(who.Club), talk)
	}
	return f(talk)
}

// historyFile keeps what was typed beside a store that is a file; a store that
// keeps nothing keeps no history either.
func historyFile(spec string) string {
	path, ok := strings.CutPrefix(spec, "file:")
	if !ok {
		return ""
	}
	return filepath.Join(filepath.Dir(path), "history")
}
