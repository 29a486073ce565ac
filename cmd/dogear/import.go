package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"dogear/adapters/console"
	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

func (a *app) importCommand() *cobra.Command {
	var in bot.Import
	var book, reviewer string
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
			for i := range in.Files {
				in.Files[i].Reviewer = strings.Join(strings.Fields(reviewer), " ")
			}
			watch := &progress{w: cmd.ErrOrStderr()}
			if isTerminal(cmd.ErrOrStderr()) {
				in.Progress = watch.show
			}
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				sum, err := b.Import(ctx, bot.ClubID(c.Club), in)
				watch.end()
				if errors.Is(err, context.Canceled) {
					return errors.New("nothing was imported: it was interrupted")
				}
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
	f.StringVar(&reviewer, "reviewer", "", "the `NAME` of who wrote the reviews that do not say it themselves")
	f.BoolVar(&in.DryRun, "dry-run", false, "say what would happen, and change nothing")
	f.BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// progress shows how far an import is, a bar a stage, and leaves nothing behind.
type progress struct {
	w     io.Writer
	stage bot.Stage
	bar   *progressbar.ProgressBar
}

func (p *progress) show(what bot.Stage, done, all int) {
	if p.bar == nil || p.stage != what {
		p.end()
		p.stage = what
		p.bar = progressbar.NewOptions(all, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(string(what)),
			progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))
		_ = p.bar.RenderBlank()
	}
	_ = p.bar.Set(done)
}

// end takes the bar away, whether or not its stage was finished.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
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
	if dry {
		for _, f := range sum.Files {
			fmt.Fprintf(w, "%s: %s.\n", console.Clean(f.File), outlook(f))
		}
	}
	for _, s := range sum.Skipped {
		fmt.Fprintf(w, "Skipped %s: %s.\n", console.Clean(s.File), console.Clean(s.Why))
	}
}

// outlook says what would become of a file.
func outlook(f bot.ImportedFile) string {
	if f.New+f.Replaced+f.Unchanged == 1 {
		switch {
		case f.New == 1:
			return "would be taken"
		case f.Replaced == 1:
			return "would replace its older self"
		}
		return "is there already, unchanged"
	}
	var parts []string
	add := func(n int, one, many string) {
		switch {
		case n == 1:
			parts = append(parts, "1 review "+one)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d reviews %s", n, many))
		}
	}
	add(f.New, "would be taken", "would be taken")
	add(f.Replaced, "would replace its older self", "would replace their older selves")
	add(f.Unchanged, "is there already, unchanged", "are there already, unchanged")
	return strings.Join(parts, "; ")
}
