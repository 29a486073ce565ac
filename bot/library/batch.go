package library

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Skipped is a file that an import left out, or a part of one, and why.
type Skipped struct {
	File string `json:"file"`
	Why  string `json:"why"`
}

// ReadAll reads files, whole or not at all. Those that hold one review are
// about book; a list may hold reviews of others, too, and each source says by
// its Book which of them it is about. What says the same as something else is
// skipped; two sources that would be known under one name are a Problem,
// because one of them would replace the other.
func ReadAll(files []File, book Book, others []Book) ([]Source, []Skipped, error) {
	return ReadAllWatched(context.Background(), files, book, others, func(int, int) {})
}

// ReadAllWatched is ReadAll, and calls watch, each time with more, with how
// many bytes of all have been read. Once the context is done it reads no more,
// and returns the context's error.
func ReadAllWatched(ctx context.Context, files []File, book Book, others []Book, watch func(done, all int)) ([]Source, []Skipped, error) {
	type reading struct {
		sources []fromList
		skipped []Skipped
		err     error
	}
	known, w := newShelf(book, others), &watcher{call: watch}
	for _, f := range files {
		w.all += len(f.Data)
	}
	readings := make([]reading, len(files))
	everyCore(ctx, len(files), func(i int) {
		r := &readings[i]
		r.sources, r.skipped, r.err = readFile(ctx, files[i], book, known, w)
	})
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	var sources []Source
	var skipped []Skipped
	var problems []error
	digests, ids := map[string]string{}, map[SourceID]string{}
	for i, r := range readings {
		if r.err != nil {
			problems = append(problems, r.err)
			continue
		}
		skipped = append(skipped, r.skipped...)
		for _, src := range r.sources {
			if same, ok := digests[src.Digest]; ok {
				skipped = append(skipped, Skipped{File: src.File, Why: fmt.Sprintf("the same as %s", same)})
				continue
			}
			if other, ok := ids[src.ID]; ok {
				problems = append(problems, Problem{File: files[i].Name, Line: src.line, Why: fmt.Sprintf("would replace %s, which has the same name or link; rename one of them", other)})
				continue
			}
			digests[src.Digest], ids[src.ID] = src.File, src.File
			sources = append(sources, src.Source)
		}
	}
	if len(problems) > 0 {
		return nil, nil, errors.Join(problems...)
	}
	return sources, skipped, nil
}

// everyCore calls f with every number below n, as many at once as there are
// cores for. Once the context is done it calls no more.
func everyCore(ctx context.Context, n int, f func(int)) {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error { f(i); return nil })
	}
	_ = g.Wait()
}

// watcher tells somebody how much has been read.
type watcher struct {
	mu        sync.Mutex
	done, all int
	call      func(done, all int)
}

func (w *watcher) add(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done += n
	w.call(w.done, w.all)
}

// readFile reads a list, or the one source of another file.
func readFile(ctx context.Context, f File, book Book, known shelf, w *watcher) ([]fromList, []Skipped, error) {
	if isList(f.Name) {
		return readList(ctx, f, known, w)
	}
	defer w.add(len(f.Data))
	src, err := Read(f, book)
	if err != nil {
		return nil, nil, err
	}
	return []fromList{{Source: src}}, nil, nil
}
