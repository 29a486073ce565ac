package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"dogear/adapters/console"
	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

func (a *app) importCommand() *cobra.Command {
	var in bot.Import
	var book string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "import --book ID [flags] FILE|DIR …",
		Short: "Take reviews and FAQs into the club's library, all of them or none",
		Args:  atLeast(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if book == "" {
				return usagef("import: say which book with --book ID")
			}
			in.Book = spoiler.BookID(book)
			var err error
			if in.Files, in.Skipped, err = gather(args); err != nil {
				return err
			}
			if bar := progress(cmd.ErrOrStderr(), len(in.Files)); bar != nil {
				defer func() { _ = bar.Finish() }()
				in.Progress = func(n int) { _ = bar.Set(n) }
			}
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				sum, err := b.Import(ctx, bot.ClubID(c.Club), in)
				if err != nil {
					return fmt.Errorf("nothing was imported:\n%w", err)
				}
				for _, f := range sum.Foreign {
					fmt.Fprintf(cmd.ErrOrStderr(), "%s does not look like English: all of it stays covered until the end of the book\n", console.Clean(f))
				}
				if asJSON {
					return encoder(cmd.OutOrStdout()).Encode(sum)
				}
				summarise(cmd.OutOrStdout(), sum, in.DryRun)
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&book, "book", "", "the `ID` of the book that the reviews are about")
	f.StringVar(&in.Title, "title", "", "title of a book that is not known yet")
	f.StringVar(&in.Author, "author", "", "its author")
	f.IntVar(&in.Chapters, "chapters", 0, "how many chapters it has")
	f.BoolVar(&in.DryRun, "dry-run", false, "say what would happen, and change nothing")
	f.BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// progress returns a bar on a terminal; nil elsewhere, or for a handful of
// files.
func progress(w io.Writer, n int) *progressbar.ProgressBar {
	if n < 20 || !isTerminal(w) {
		return nil
	}
	return progressbar.NewOptions(n, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription("reading"), progressbar.OptionClearOnFinish())
}

func summarise(w io.Writer, sum bot.Imported, dry bool) {
	verb := "Imported"
	if dry {
		verb = "Would import"
	}
	fmt.Fprintf(w, "%s for %s: sources %d (new or corrected: %d), FAQ questions %d, sentences %d.\n",
		verb, sum.Book, sum.Sources, sum.Changed, sum.Questions, sum.Sentences)
	var parts []string
	for _, l := range library.Layers {
		if n := sum.ByLayer[l]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", l, n))
		}
	}
	fmt.Fprintf(w, "Labelled by: %s. Unsure, so covered until the end: %d.\n", strings.Join(parts, ", "), sum.Unsure)
	for _, s := range sum.Skipped {
		fmt.Fprintf(w, "Skipped %s: %s.\n", console.Clean(s.File), console.Clean(s.Why))
	}
}
