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
	var reader string
	cmd := &cobra.Command{
		Use:   "chat",
		Short: "Talk to dogear in the terminal; with nothing imported yet, in a sample club",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, s bot.Store) error {
				seat := bot.Seat{Club: bot.ClubID(c.Club), Reader: bot.ReaderID(reader), Channel: "console"}
				shelf, err := s.Shelf(ctx, seat.Club)
				if err != nil {
					return err
				}
				if len(shelf.Sources) == 0 && c.Club == defaults().Club {
					seat.Club = bot.SampleClub
					fmt.Fprintln(cmd.OutOrStdout(), "This is a sample club, until you import reviews of your own. It has read Never Let Me Go and Jane Eyre.")
				}
				in, ok := cmd.InOrStdin().(*os.File)
				if !ok || !term.IsTerminal(int(in.Fd())) {
					return console.Chat(ctx, b, seat, console.NewPiped(cmd.InOrStdin()), cmd.OutOrStdout())
				}
				lines := console.NewTerminal(historyFile(c.Store))
				defer lines.Close()
				return console.Chat(ctx, b, seat, lines, cmd.OutOrStdout())
			})
		},
	}
	cmd.Flags().StringVar(&reader, "as", "reader", "whose place and settings count")
	return cmd
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
