package library

import (
	"errors"
	"fmt"
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
	var sources []Source
	var skipped []Skipped
	var problems []error
	known := newShelf(book, others)
	digests, ids := map[string]string{}, map[SourceID]string{}
	for _, f := range files {
		read, left, err := readFile(f, book, known)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		skipped = append(skipped, left...)
		for _, src := range read {
			if same, ok := digests[src.Digest]; ok {
				skipped = append(skipped, Skipped{File: src.File, Why: fmt.Sprintf("the same as %s", same)})
				continue
			}
			if other, ok := ids[src.ID]; ok {
				problems = append(problems, Problem{File: f.Name, Line: src.line, Why: fmt.Sprintf("would replace %s, which has the same name or link; rename one of them", other)})
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

// readFile reads a list, or the one source of another file.
func readFile(f File, book Book, known shelf) ([]fromList, []Skipped, error) {
	if isList(f.Name) {
		return readList(f, known)
	}
	src, err := Read(f, book)
	if err != nil {
		return nil, nil, err
	}
	return []fromList{{Source: src}}, nil, nil
}
