package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"dogear/bot"
	"dogear/bot/library"
	"dogear/bot/spoiler"
)

// bookLine is a book as scripts read it.
type bookLine struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Author   string `json:"author,omitempty"`
	Chapters int    `json:"chapters"`
	Sources  int    `json:"sources"` // of it, in this club
	Ledger   int    `json:"ledger"`  // how many events
	Premise  int    `json:"premise"` // how many sentences
}

func (a *app) booksCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "books",
		Short: "List the books that the club knows",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				lines, err := bookLines(ctx, b, c)
				if err != nil {
					return err
				}
				if asJSON {
					return encoder(cmd.OutOrStdout()).Encode(lines)
				}
				for _, l := range lines {
					fmt.Fprintf(cmd.OutOrStdout(), "%s\t%s\t%s\tchapters %d, sources %d\n", l.ID, l.Title, l.Author, l.Chapters, l.Sources)
				}
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON array")
	return cmd
}

func bookLines(ctx context.Context, b *bot.Bot, c config) ([]bookLine, error) {
	books, sources, err := b.Club(ctx, bot.ClubID(c.Club))
	if err != nil {
		return nil, err
	}
	count := map[spoiler.BookID]int{}
	for _, s := range sources {
		count[s.Book]++
	}
	lines := []bookLine{}
	for _, book := range books {
		lines = append(lines, bookLine{
			ID: string(book.ID), Title: book.Title, Author: book.Author, Chapters: book.Chapters(),
			Sources: count[book.ID], Ledger: len(book.Ledger), Premise: len(book.Premise),
		})
	}
	return lines, nil
}

func (a *app) bookCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "book", Short: "See, add or remove a book", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	var asJSON bool
	show := &cobra.Command{
		Use: "show ID", Short: "Show what is known about a book", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				lines, err := bookLines(ctx, b, c)
				if err != nil {
					return err
				}
				for _, l := range lines {
					if l.ID != args[0] {
						continue
					}
					if asJSON {
						return encoder(cmd.OutOrStdout()).Encode(l)
					}
					by := ""
					if l.Author != "" {
						by = " by " + l.Author
					}
					fmt.Fprintf(cmd.OutOrStdout(), "%s%s (%s)\nchapters %d, sources %d, ledger entries %d, premise sentences %d\n",
						l.Title, by, l.ID, l.Chapters, l.Sources, l.Ledger, l.Premise)
					return nil
				}
				return fmt.Errorf("the book %q is not known; “dogear books” lists those that are", args[0])
			})
		},
	}
	show.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	var save string
	add := &cobra.Command{
		Use:   "add [FILE]",
		Short: "Add a book from a book file, or put a corrected one in its place; without FILE, ask for what is known about it",
		Args:  func(cmd *cobra.Command, args []string) error { return asUsage(cobra.MaximumNArgs(1)(cmd, args)) },
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.askBook(cmd, save)
			}
			if save != "" {
				return usagef("book add: --save is for a book that is asked for; %s is a file already", args[0])
			}
			book, err := readBook(args[0])
			if err != nil {
				return err
			}
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				return addBook(ctx, cmd.OutOrStdout(), b, c, book)
			})
		},
	}
	add.Flags().StringVar(&save, "save", "", "also write the book that was asked for to `FILE`")
	remove := &cobra.Command{
		Use: "remove ID", Short: "Remove a book of the club's own, with its reviews", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				if err := b.RemoveBook(ctx, bot.ClubID(c.Club), spoiler.BookID(args[0])); err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "Removed %s and its reviews.\n", args[0])
				return nil
			})
		},
	}
	cmd.AddCommand(show, add, remove)
	return cmd
}

func addBook(ctx context.Context, out io.Writer, b *bot.Bot, c config, book library.Book) error {
	if err := b.AddBook(ctx, bot.ClubID(c.Club), book); err != nil {
		return err
	}
	fmt.Fprintf(out, "Added %s (%s), chapters %d, ledger entries %d.\n", book.Title, book.ID, book.Chapters(), len(book.Ledger))
	return nil
}

// askBook asks for a book and adds it. A file to save it in is written first,
// so that no answer is lost.
func (a *app) askBook(cmd *cobra.Command, save string) error {
	if _, err := os.Lstat(save); save != "" && err == nil {
		return fmt.Errorf("%s: is there already; nothing was asked", save)
	}
	return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
		books, _, err := b.Club(ctx, bot.ClubID(c.Club))
		if err != nil {
			return err
		}
		draft := new(library.Draft)
		for _, known := range books {
			draft.Known = append(draft.Known, known.ID)
		}
		v := &interview{in: bufio.NewReader(cmd.InOrStdin()), out: cmd.ErrOrStderr()}
		book, yes, err := v.book(draft)
		if err != nil {
			return err
		}
		if !yes {
			fmt.Fprintln(cmd.OutOrStdout(), "Nothing was added.")
			return nil
		}
		if save != "" {
			if err := os.WriteFile(save, book.File(), 0o644); err != nil {
				return fmt.Errorf("%s: %w", save, plainError(err))
			}
		}
		return addBook(ctx, cmd.OutOrStdout(), b, c, book)
	})
}

func readBook(path string) (library.Book, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return library.Book{}, fmt.Errorf("%s: %w", path, plainError(err))
	}
	return library.ParseBook(data, filepath.Base(path))
}

func (a *app) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check [BOOKFILE …]",
		Short: "Read the settings and the book files named, try the store, Discord and Slack, and say what is wrong",
		RunE: func(cmd *cobra.Command, args []string) error {
			out := cmd.OutOrStdout()
			var problems []error
			for _, path := range args {
				book, err := readBook(path)
				if err != nil {
					problems = append(problems, err)
					continue
				}
				fmt.Fprintf(out, "%s: good: %s, chapters %d, ledger entries %d\n", path, book.Title, book.Chapters(), len(book.Ledger))
			}
			if c, err := loadConfig(a.configFile, a.flags); err != nil {
				problems = append(problems, err)
			} else {
				fmt.Fprintf(out, "settings: good\n")
				problems = append(problems, a.checkStore(cmd, c), a.checkDiscord(cmd, c), a.checkSlack(cmd, c))
			}
			if err := errors.Join(problems...); err != nil {
				return err
			}
			fmt.Fprintln(out, "Everything is in order.")
			return nil
		},
	}
}

// checkStore opens the store, has a server tried, and reads the club's library.
func (a *app) checkStore(cmd *cobra.Command, c config) error {
	return a.with(cmd, func(ctx context.Context, _ config, b *bot.Bot, s bot.Store) error {
		if server, ok := s.(interface {
			Check(context.Context) ([]string, error)
		}); ok {
			warnings, err := server.Check(ctx)
			if err != nil {
				return fmt.Errorf("store: %w", err)
			}
			for _, w := range warnings {
				fmt.Fprintf(cmd.OutOrStdout(), "store: warning: %s\n", w)
			}
		}
		books, sources, err := b.Club(ctx, bot.ClubID(c.Club))
		if err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "store: good: books %d, sources %d in the club %q\n", len(books), len(sources), c.Club)
		return nil
	})
}
