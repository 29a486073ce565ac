package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"dogear/adapters/console"
	"dogear/store"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal ends the reading of a conversation or a batch, so that
	// the store is closed; the second one ends the program whatever it does.
	context.AfterFunc(ctx, func() {
		stop()
		os.Stdin.Close()
	})
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Exit codes that scripts rely on.
const (
	done       = 0
	failed     = 1
	wrongUsage = 2
)

// run runs the command line and returns its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	root := newRoot(connectDiscord, connectSlack)
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return done
	case errors.Is(err, errSaid):
		return failed
	case errors.As(err, &usage):
		fmt.Fprintf(errs, "dogear: %v\nSee “dogear --help”.\n", err)
		return wrongUsage
	default:
		for line := range strings.Lines(err.Error()) {
			fmt.Fprintf(errs, "dogear: %s\n", console.Clean(line)) // a file's name may hold anything
		}
		return failed
	}
}

// errSaid ends a command that has said itself why it failed.
var errSaid = errors.New("already said")

// usageError is a command line that cannot be understood.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// newRoot returns the command line. serve answers on what connects make.
func newRoot(connects ...connect) *cobra.Command {
	app := &app{}
	root := &cobra.Command{
		Use:           "dogear",
		Short:         "A book-club bot that never shows you what lies past your place",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.CompletionOptions.HiddenDefaultCmd = true
	flags := root.PersistentFlags()
	flags.StringVar(&app.configFile, "config", "", "read settings from `FILE` (default: dogear's config.yaml in your config folder, if there is one)")
	flags.String("store", "", "where dogear keeps what it knows: "+store.Forms+" (default: a file in your data folder)")
	flags.String("club", "", "which club's library and readers (default: local)")
	app.flags = flags
	root.AddCommand(
		app.chatCommand(), app.askCommand(), app.importCommand(), app.labelCommand(),
		app.booksCommand(), app.bookCommand(), app.ledgerCommand(), app.queueCommand(),
		app.exportCommand(), app.restoreCommand(), app.checkCommand(), app.serveCommand(connects), app.discordCommand(), app.slackCommand(),
	)
	return root
}

// noArgs is cobra.NoArgs with the exit code of a wrong usage.
func noArgs(cmd *cobra.Command, args []string) error { return asUsage(cobra.NoArgs(cmd, args)) }

// atLeast is cobra.MinimumNArgs with the exit code of a wrong usage.
func atLeast(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error { return asUsage(cobra.MinimumNArgs(n)(cmd, args)) }
}

// exactly is cobra.ExactArgs with the exit code of a wrong usage.
func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error { return asUsage(cobra.ExactArgs(n)(cmd, args)) }
}

func asUsage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}
