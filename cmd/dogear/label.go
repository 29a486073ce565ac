package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"dogear/adapters/console"
	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

func (a *app) labelCommand() *cobra.Command {
	var book string
	var chapters int
	var asJSON, why bool
	cmd := &cobra.Command{
		Use:   "label --book ID [flags] FILE …",
		Short: "Show which sentence of a review spoils what, without storing it",
		Args:  atLeast(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if book == "" {
				return usagef("label: say which book with --book ID")
			}
			files, _, err := gather(args)
			if err != nil {
				return err
			}
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				return b.Label(ctx, bot.ClubID(c.Club), spoiler.BookID(book), chapters, files, func(l bot.Labelled, text string) error {
					return writeLabel(cmd.OutOrStdout(), l, text, asJSON, why)
				})
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&book, "book", "", "the `ID` of the book that the reviews are about")
	f.IntVar(&chapters, "chapters", 0, "how many chapters it has, if the library does not know it")
	f.BoolVar(&asJSON, "json", false, "print one JSON object a sentence")
	f.BoolVar(&why, "why", false, "say in words why")
	return cmd
}

// labelLine is a sentence with its label, as scripts read it.
type labelLine struct {
	bot.Labelled
	Text string `json:"text"`
	Why  string `json:"why,omitempty"`
}

func writeLabel(w io.Writer, l bot.Labelled, text string, asJSON, why bool) error {
	line := labelLine{Labelled: l, Text: text}
	if why {
		line.Why = inWords(l)
	}
	if asJSON {
		return encoder(w).Encode(line)
	}
	_, err := fmt.Fprintf(w, "%3d  %s\n", l.Reveal, console.Clean(text))
	if why && err == nil {
		_, err = fmt.Fprintf(w, "     (%s)\n", line.Why)
	}
	return err
}

// inWords says why a sentence has its label.
func inWords(line bot.Labelled) string {
	var parts []string
	for _, e := range line.Because {
		switch e.Layer {
		case library.ByMarkup:
			parts = append(parts, "its author marked it")
		case library.ByLedger:
			if e.Event == "" {
				parts = append(parts, fmt.Sprintf("a name that first appears in chapter %d", e.Reveal))
			} else {
				parts = append(parts, fmt.Sprintf("tells %s, chapter %d", e.Event, e.Reveal))
			}
		case library.ByPremise:
			parts = append(parts, "says what a back cover says")
		case library.ByOpinion:
			parts = append(parts, "speaks of the book, not of what it tells")
		case library.ByFrame:
			parts = append(parts, "speaks of its author, the reviewer, a reader, or the manner of telling")
		case library.ByContext:
			parts = append(parts, fmt.Sprintf("takes up the sentence before it, chapter %d", e.Reveal))
		case library.ByPerson:
			parts = append(parts, "a moderator decided")
		default:
			parts = append(parts, "nothing vouches for all of it")
		}
	}
	return strings.Join(parts, "; ")
}
