package library

import (
	"errors"
	"fmt"
)

// Skipped is a file that an import left out, and why.
type Skipped struct {
	File string `json:"file"`
	Why  string `json:"why"`
}

// ReadAll reads files about one book, whole or not at all. A file that says
// the same as another one is skipped; two files that would be known under one
// name are a Problem, because one of them would replace the other.
func ReadAll(files []File, book Book) ([]Source, []Skipped, error) {
	var sources []Source
	var skipped []Skipped
	var problems []error
	digests, ids := map[string]string{}, map[SourceID]string{}
	for _, f := range files {
		src, err := Read(f, book)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if same, ok := digests[src.Digest]; ok {
			skipped = append(skipped, Skipped{File: f.Name, Why: fmt.Sprintf("the same as %s", same)})
			continue
		}
		if other, ok := ids[src.ID]; ok {
			problems = append(problems, Problem{File: f.Name, Why: fmt.Sprintf("would replace %s, which has the same name or link; rename one of them", other)})
			continue
		}
		digests[src.Digest], ids[src.ID] = f.Name, f.Name
		sources = append(sources, src)
	}
	return sources, skipped, errors.Join(problems...)
}
