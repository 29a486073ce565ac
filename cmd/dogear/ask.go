package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"dogear/adapters/console"
	"dogear/bot"
	"dogear/bot/reply"
)

// asker holds the options of ask.
type asker struct {
	book, at, veil, reader string
	room, past             bool
}

func (a *app) askCommand() *cobra.Command {
	var o asker
	var asJSON, batch bool
	cmd := &cobra.Command{
		Use:   "ask [flags] QUESTION",
		Short: "Ask one question, or a batch of them",
		Args: func(cmd *cobra.Command, args []string) error {
			if batch {
				return noArgs(cmd, args)
			}
			return atLeast(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, ok := reply.ParseVeil(o.veil); o.veil != "" && !ok {
				return usagef("ask: --veil is hide, tag or show")
			}
			return a.with(cmd, func(ctx context.Context, c config, b *bot.Bot, _ bot.Store) error {
				if batch {
					return o.batch(ctx, b, c, cmd.InOrStdin(), cmd.OutOrStdout())
				}
				return o.one(ctx, b, c, strings.Join(args, " "), asJSON, cmd.OutOrStdout())
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.book, "book", "", "which book; the only one, or the one that the question names, if left out")
	f.StringVar(&o.at, "at", "", "answer for this `PLACE`: start, end, a chapter finished (7), 35%, or p120")
	f.StringVar(&o.veil, "veil", "", "what becomes of what lies past the place: hide, tag or show")
	f.BoolVar(&o.room, "room", false, "answer as a channel would see it whose pace is --at")
	f.BoolVar(&o.past, "past", false, "also what lies past the place, for a yes/no question")
	f.StringVar(&o.reader, "as", "reader", "whose place and settings count where --at and --veil are left out")
	f.BoolVar(&asJSON, "json", false, "print one JSON object")
	f.BoolVar(&batch, "batch", false, "read questions as JSON lines from standard input")
	return cmd
}

// object answers one question. A Refusal is something that the caller can
// mend.
func (o asker) object(ctx context.Context, b *bot.Bot, c config, question string) (console.Object, error) {
	asking := bot.Asking{
		Request:  bot.Request{Seat: bot.Seat{Club: bot.ClubID(c.Club), Reader: bot.ReaderID(o.reader), Channel: "console"}, Room: o.room},
		Question: question, Book: o.book, At: o.at, Past: o.past,
	}
	if o.veil != "" {
		veil, ok := reply.ParseVeil(o.veil)
		if !ok {
			return console.Object{}, bot.Refusal{Words: reply.Words("A veil is hide, tag or show.")}
		}
		asking.Veil = veil
	}
	answer, err := b.Ask(ctx, asking)
	if err != nil {
		return console.Object{}, err
	}
	obj := console.ToObject(answer.Doc)
	obj.Book, obj.At, obj.Chapters, obj.Veil = string(answer.Book.ID), int(answer.At), answer.Book.Chapters(), string(answer.Veil)
	return obj, nil
}

// refused is what stands in the place of an answer that was refused.
type refused struct {
	Refusal string `json:"refusal"`
}

func (o asker) one(ctx context.Context, b *bot.Bot, c config, question string, asJSON bool, out io.Writer) error {
	obj, err := o.object(ctx, b, c, question)
	var no bot.Refusal
	switch {
	case errors.As(err, &no) && asJSON:
		if err := encoder(out).Encode(refused{no.Error()}); err != nil {
			return err
		}
		return errSaid
	case err != nil:
		return err
	case asJSON:
		return encoder(out).Encode(obj)
	}
	_, err = io.WriteString(out, obj.Text)
	return err
}

// batchLine is one question of a batch.
type batchLine struct {
	ID   json.RawMessage `json:"id"`
	Q    *string         `json:"q"`
	Book string          `json:"book"`
	At   place           `json:"at"`
	Veil string          `json:"veil"`
	Room bool            `json:"room"`
	Past bool            `json:"past"`
}

// place is a reading position in JSON: a string, or a number of chapters.
type place string

func (p *place) UnmarshalJSON(data []byte) error {
	var n json.Number
	if json.Unmarshal(data, &n) == nil {
		*p = place(n)
		return nil
	}
	return json.Unmarshal(data, (*string)(p))
}

// longestLine bounds a line of a batch, in bytes; a longer one is refused.
const longestLine = 1 << 20

func (o asker) batch(ctx context.Context, b *bot.Bot, c config, in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	first := true
	for {
		line, err := console.ReadLine(lines, longestLine)
		if errors.Is(err, io.EOF) {
			return nil
		}
		var answer any = refusedLine{null, refused{"This line is too long."}}
		if err == nil {
			if first {
				line = bytes.TrimPrefix(line, []byte("\ufeff"))
			}
			if line = bytes.TrimSpace(line); len(line) == 0 {
				continue
			}
			answer = o.batched(ctx, b, c, line)
		} else if !errors.Is(err, bufio.ErrTooLong) {
			return fmt.Errorf("read batch: %w", err)
		}
		first = false
		// A caller may wait for each answer before it asks on.
		if err := encoder(out).Encode(answer); err != nil {
			return err
		}
	}
}

var null = json.RawMessage("null")

// refusedLine stands in the place of an answer in a batch.
type refusedLine struct {
	ID json.RawMessage `json:"id"`
	refused
}

// batched answers one line of a batch, in whatever state it is.
func (o asker) batched(ctx context.Context, b *bot.Bot, c config, line []byte) any {
	type answered struct {
		ID json.RawMessage `json:"id"`
		console.Object
	}
	in := batchLine{Book: o.book, At: place(o.at), Veil: o.veil, Room: o.room, Past: o.past}
	err := json.Unmarshal(line, &in)
	if in.ID == nil {
		in.ID = idOf(line)
	}
	if in.ID == nil {
		in.ID = null
	}
	if err != nil || in.Q == nil {
		return refusedLine{in.ID, refused{"This line is no question: it wants a JSON object with an id and a q."}}
	}
	o.book, o.at, o.veil, o.room, o.past = in.Book, string(in.At), in.Veil, in.Room, in.Past
	obj, err := o.object(ctx, b, c, *in.Q)
	var no bot.Refusal
	switch {
	case errors.As(err, &no):
		return refusedLine{in.ID, refused{no.Error()}}
	case err != nil:
		slog.Error("a question of a batch was not answered", "cause", err)
		return refusedLine{in.ID, refused{"Something went wrong on my side; this question was not answered."}}
	}
	return answered{in.ID, obj}
}

// idOf finds the id of a line whose other fields are of the wrong kind.
func idOf(line []byte) json.RawMessage {
	var only struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(line, &only) != nil {
		return nil
	}
	return only.ID
}
