package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"dogear/bot"
)

func (a *app) exportCommand() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "export [--to FILE]",
		Short: "Write everything that is kept of the club, all texts included, as JSON lines",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				club := bot.ClubID(c.Club)
				if to == "" {
					return b.Export(ctx, club, cmd.OutOrStdout())
				}
				return whole(to, func(w io.Writer) error { return b.Export(ctx, club, w) })
			})
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "write to `FILE` instead of standard output")
	return cmd
}

// whole writes a file, all of it or nothing, for its owner's eyes alone: it
// holds every text and every reader's place.
func whole(path string, write func(io.Writer) error) error {
	// A file takes the place of another one, but not of a device or a folder.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s: is no plain file", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".dogear-export-*")
	if err != nil {
		return fmt.Errorf("%s: %w", path, plainError(err))
	}
	defer os.Remove(f.Name())
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("%s: nothing was written: %w", path, plainError(err))
	}
	return nil
}

func (a *app) restoreCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put an export into a club that has no library yet; - reads standard input",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, name := cmd.InOrStdin(), "standard input"
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return fmt.Errorf("%s: %w", args[0], plainError(err))
				}
				defer f.Close()
				in, name = f, filepath.Base(args[0])
			}
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				sum, err := b.Restore(ctx, bot.ClubID(c.Club), name, in)
				if err != nil {
					return fmt.Errorf("nothing was restored:\n%w", err)
				}
				if asJSON {
					return encoder(cmd.OutOrStdout()).Encode(sum)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "Restored the club %q", sum.Club)
				sep := ": "
				for _, kind := range slices.Sorted(maps.Keys(sum.Records)) {
					fmt.Fprintf(cmd.OutOrStdout(), "%s%s %d", sep, kind, sum.Records[kind])
					sep = ", "
				}
				fmt.Fprintln(cmd.OutOrStdout(), ".")
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}
