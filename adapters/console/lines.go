package console

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/peterh/liner"

	"dogear/bot"
)

// longestLine bounds what is typed, in bytes.
const longestLine = 1 << 16

// Piped reads lines from a pipe or a file; it shows no prompts.
type Piped struct{ in *bufio.Reader }

// NewPiped reads lines from r.
func NewPiped(r io.Reader) *Piped { return &Piped{bufio.NewReader(r)} }

// Next implements Lines. Of a line that is too long it returns the beginning.
func (p *Piped) Next(string) (string, error) {
	line, err := ReadLine(p.in, longestLine)
	if errors.Is(err, bufio.ErrTooLong) {
		err = nil
	}
	return strings.ToValidUTF8(string(line), " "), err
}

// ReadLine reads a line without its end. A line of more than most bytes is
// read to its end, and returned as far as that with bufio.ErrTooLong; after
// the last line comes io.EOF.
func ReadLine(in *bufio.Reader, most int) ([]byte, error) {
	var line []byte
	var long error
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > most {
			part, long = part[:most-len(line)], bufio.ErrTooLong
		}
		line = append(line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil && (len(line) == 0 || !errors.Is(err, io.EOF)):
			return nil, err
		default:
			return bytes.TrimRight(line, "\r\n"), long
		}
	}
}

// Terminal reads lines from a person, with history and completion.
type Terminal struct {
	state   *liner.State
	history string
}

// NewTerminal takes over the terminal; Close gives it back. history is the file
// that keeps what was typed; empty: none does.
func NewTerminal(history string) *Terminal {
	t := &Terminal{state: liner.NewLiner(), history: history}
	t.state.SetCtrlCAborts(true)
	t.state.SetCompleter(complete)
	if f, err := os.Open(history); err == nil {
		_, _ = t.state.ReadHistory(f) // a history that does not read is no loss
		f.Close()
	}
	return t
}

// Next implements Lines.
func (t *Terminal) Next(prompt string) (string, error) {
	line, err := t.state.Prompt(prompt)
	if errors.Is(err, liner.ErrPromptAborted) {
		return "", io.EOF
	}
	if err == nil && strings.TrimSpace(line) != "" {
		t.state.AppendHistory(line)
	}
	return line, err
}

// Close writes the history and gives the terminal back.
func (t *Terminal) Close() error {
	if t.history != "" {
		if f, err := os.OpenFile(t.history, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600); err == nil {
			_, _ = t.state.WriteHistory(f)
			f.Close()
		}
	}
	return t.state.Close()
}

// complete completes the names of commands and the choices of their options.
func complete(line string) []string {
	var out []string
	for _, c := range bot.Commands() {
		if c.Hidden {
			continue
		}
		name := "/" + c.Name
		if strings.HasPrefix(name, line) {
			full := name
			if len(c.Options) > 0 {
				full += " "
			}
			out = append(out, full)
		}
		for _, o := range c.Options[:min(1, len(c.Options))] {
			for _, choice := range o.Choices {
				if full := name + " " + choice; strings.HasPrefix(full, line) && strings.HasPrefix(line, name+" ") {
					out = append(out, full)
				}
			}
		}
	}
	return out
}
