package main

import (
	"context"

	"github.com/spf13/cobra"

	"dogear/adapters/console"
	"dogear/bot"
	"dogear/bot/spoiler"
)

func (a *app) queueCommand() *cobra.Command {
	var book string
	var asJSON bool
	who := speaker{moderator: true}
	cmd := &cobra.Command{
		Use:   "queue --book ID",
		Short: "Decide the sentences that nothing vouches for: a chapter, 0, end, never, labels, skip or undo for each",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if book == "" {
				return usagef("queue: say which book with --book ID")
			}
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				if asJSON {
					enc := encoder(cmd.OutOrStdout())
					return b.Queue(ctx, bot.ClubID(c.Club), spoiler.BookID(book), func(q bot.Queued, text string) error {
						return enc.Encode(struct {
							bot.Queued
							Text string `json:"text"`
						}{q, text})
					})
				}
				return converse(cmd, c, b, who.request(c), func(talk *console.Conversation) error { return talk.Queue(ctx, book) })
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&book, "book", "", "the `ID` of the book")
	f.StringVar(&who.reader, "as", "moderator", "who decides")
	f.BoolVar(&asJSON, "json", false, "list what is to be decided as JSON lines, with the texts, and decide nothing")
	return cmd
}
