package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"dogear/bot/library"
)

// gather reads the files that were named, be it by a pattern, and those of the
// folders that were.
// A file that was named is meant, whatever it is called; of a folder, those
// that are no reviews are skipped.
func gather(args []string) ([]library.File, []library.Skipped, error) {
	var files []library.File
	var skipped []library.Skipped
	var problems []error
	take := func(path, name string) {
		f, err := readFile(path, name)
		if err != nil {
			problems = append(problems, err)
			return
		}
		files = append(files, f)
	}
	args, err := expand(args)
	if err != nil {
		problems = append(problems, err)
	}
	for _, arg := range args {
		info, err := os.Stat(arg)
		switch {
		case err != nil:
			problems = append(problems, fmt.Errorf("%s: %w", arg, plainError(err)))
		case !info.IsDir():
			take(arg, filepath.Base(arg))
		default:
			err := filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				name, err := filepath.Rel(arg, path)
				if err != nil {
					return err
				}
				name = filepath.ToSlash(name)
				if why, skip := library.Skippable(name); skip {
					skipped = append(skipped, library.Skipped{File: name, Why: why})
				} else {
					take(path, name)
				}
				return nil
			})
			if err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", arg, plainError(err)))
			}
		}
	}
	return files, skipped, errors.Join(problems...)
}

// expand puts the files that a pattern matches in its place, for shells that do
// not. A file that is called so is meant itself.
func expand(args []string) ([]string, error) {
	var out []string
	var problems []error
	for _, arg := range args {
		if _, err := os.Stat(arg); err == nil || !strings.ContainsAny(arg, "*?[") {
			out = append(out, arg)
			continue
		}
		found, err := filepath.Glob(arg)
		switch {
		case err != nil:
			problems = append(problems, fmt.Errorf("%s: is no pattern that can be read", arg))
		case len(found) == 0:
			problems = append(problems, fmt.Errorf("%s: matches no file", arg))
		}
		out = append(out, found...)
	}
	return out, errors.Join(problems...)
}

// readFile reads a file, but no more of it than shows that it is too large.
func readFile(path, name string) (library.File, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return library.File{}, fmt.Errorf("%s: is no plain file", name) // opening a pipe would wait for ever
	}
	f, err := os.Open(path)
	if err != nil {
		return library.File{}, fmt.Errorf("%s: %w", name, plainError(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(library.MaxSize(name))+1))
	if err != nil {
		return library.File{}, fmt.Errorf("%s: %w", name, plainError(err))
	}
	return library.File{Name: name, Data: data}, nil
}

// plainError leaves out the path, which the message has already.
func plainError(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
