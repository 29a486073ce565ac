package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dogear/adapters/console"
	"dogear/bot"
	"dogear/bot/spoiler"
)

func (a *app) ledgerCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "ledger", Short: "Work on what a book reveals and when", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(a.ledgerTestCommand(), a.ledgerDraftCommand(), a.ledgerAddCommand())
	return cmd
}

func (a *app) ledgerAddCommand() *cobra.Command {
	return &cobra.Command{
		Use: "add FILE", Short: "Add what the club knows to a book, in place of what it had added before", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := readFile(args[0], filepath.Base(args[0]))
			if err != nil {
				return err
			}
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				o, err := b.AddOverlay(ctx, bot.ClubID(c.Club), file)
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "Added to %s: ledger entries %d. Reviews of it are labelled anew.\n", o.Book, len(o.Entries()))
				return nil
			})
		},
	}
}

// tried is what a ledger would do to a club's reviews, as scripts read it.
type tried struct {
	Opens     int          `json:"opens"`  // sentences that open earlier
	Covers    int          `json:"covers"` // sentences that open later
	Entries   []triedEntry `json:"entries"`
	Sentences []triedLine  `json:"sentences"`
}

// triedEntry is what one entry has part in. The empty id is of sentences that
// state no entry of the file: they change by a name, the premise, a word, or an
// entry that the file leaves out.
type triedEntry struct {
	ID     string `json:"id"`
	Opens  int    `json:"opens"`
	Covers int    `json:"covers"`
}

type triedLine struct {
	bot.Relabelled
	Text string `json:"text,omitempty"`
}

func (a *app) ledgerTestCommand() *cobra.Command {
	var book string
	var text, asJSON bool
	cmd := &cobra.Command{
		Use:   "test --book ID FILE …",
		Short: "Say what an overlay or a book file would open or cover in the club's reviews, and change nothing",
		Args:  atLeast(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if book == "" {
				return usagef("ledger test: say which book with --book ID")
			}
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				for _, path := range args {
					file, err := readFile(path, filepath.Base(path))
					if err != nil {
						return err
					}
					sum := tried{Entries: []triedEntry{}, Sentences: []triedLine{}}
					err = b.LedgerTest(ctx, bot.ClubID(c.Club), spoiler.BookID(book), file, func(r bot.Relabelled, words string) error {
						if !text {
							words = ""
						}
						sum.add(r, words)
						return nil
					})
					if err != nil {
						return err
					}
					if !asJSON {
						sum.write(cmd.OutOrStdout())
					} else if err := encoder(cmd.OutOrStdout()).Encode(sum); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&book, "book", "", "the `ID` of the book")
	f.BoolVar(&text, "text", false, "show the sentences too, which are from all of the book")
	f.BoolVar(&asJSON, "json", false, "print one JSON object a file")
	return cmd
}

func (t *tried) add(r bot.Relabelled, text string) {
	opens, covers := 0, 1
	if r.Now < r.Was {
		opens, covers = 1, 0
	}
	t.Opens, t.Covers = t.Opens+opens, t.Covers+covers
	ids := r.Entries
	if len(ids) == 0 {
		ids = []string{""}
	}
	for _, id := range ids {
		i := slices.IndexFunc(t.Entries, func(e triedEntry) bool { return e.ID == id })
		if i < 0 {
			i = len(t.Entries)
			t.Entries = append(t.Entries, triedEntry{ID: id})
		}
		t.Entries[i].Opens += opens
		t.Entries[i].Covers += covers
	}
	t.Sentences = append(t.Sentences, triedLine{r, text})
}

func (t *tried) write(w io.Writer) {
	fmt.Fprintf(w, "Sentences that would open earlier: %d. Covered for longer: %d.\n", t.Opens, t.Covers)
	for _, e := range t.Entries {
		id := console.Clean(e.ID)
		if id == "" {
			id = "(no entry of the file)"
		}
		fmt.Fprintf(w, "%s: opens %d, covers %d\n", id, e.Opens, e.Covers)
	}
	for _, s := range t.Sentences {
		fmt.Fprintf(w, "%s %d-%d: %d, was %d", console.Clean(s.File), s.Start, s.End, s.Now, s.Was)
		if len(s.Entries) > 0 {
			fmt.Fprintf(w, " (%s)", console.Clean(strings.Join(s.Entries, ", ")))
		}
		fmt.Fprintln(w)
		if s.Text != "" {
			fmt.Fprintf(w, "  %s\n", console.Clean(s.Text))
		}
	}
}

func (a *app) ledgerDraftCommand() *cobra.Command {
	var book string
	var sure bool
	cmd := &cobra.Command{
		Use:   "draft --book ID --yes-show-spoilers",
		Short: "Print an overlay to be filled in, for the sentences of the club's reviews that nothing vouches for",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case book == "":
				return usagef("ledger draft: say which book with --book ID")
			case !sure:
				return usagef("ledger draft: prints sentences from all of the book, its ending too; add --yes-show-spoilers if you may see them")
			}
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				out := cmd.OutOrStdout()
				fmt.Fprintln(cmd.ErrOrStderr(), "What follows is from all of the book, its ending too.")
				file := ""
				err := b.LedgerDraft(ctx, bot.ClubID(c.Club), spoiler.BookID(book), func(l bot.Labelled, text string) error {
					if file == "" {
						fmt.Fprintf(out, draftHead, book)
					}
					if l.File != file {
						file = l.File
						fmt.Fprintf(out, "\n# %s\n", console.Clean(file))
					}
					_, err := fmt.Fprintf(out, draftEntry, l.Start, l.End, console.Clean(text))
					return err
				})
				if err == nil && file == "" {
					fmt.Fprintln(cmd.ErrOrStderr(), "Nothing is left to be vouched for in the club's reviews of it.")
				}
				return err
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&book, "book", "", "the `ID` of the book")
	f.BoolVar(&sure, "yes-show-spoilers", false, "yes, show sentences from all of the book")
	return cmd
}

// draftHead and draftEntry are an overlay of comments: it says nothing until
// somebody fills in an entry and takes the marks before it away.
const (
	draftHead = `# Nothing vouches for these sentences, so they are covered until the end of the book.
# For what one of them tells, fill in the entry below it, in your own words, and
# take away its marks. What is left as it is adds nothing.
book: %s
ledger:
`
	draftEntry = `
# %d-%d: %s
#  - id:
#    chapter:
#    fact:
#    class: # fate, secret, bond, event, world or outcome
#    who: []
#    says:
#      -
#      -
#      -
`
)
