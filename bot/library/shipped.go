package library

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sync"
)

//go:embed shipped/*.yaml
var shippedFiles embed.FS

//go:embed sample
var sampleFiles embed.FS

// Shipped returns the books that dogear knows about without being told, which
// every club may bring reviews of.
var Shipped = sync.OnceValue(func() []Book {
	names, err := fs.Glob(shippedFiles, "shipped/*.yaml")
	if err != nil {
		panic(err)
	}
	var books []Book
	for _, name := range names {
		data, err := shippedFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		book, err := ParseBook(data, name)
		if err != nil {
			panic(fmt.Sprintf("library: a book of the program itself does not read:\n%v", err))
		}
		books = append(books, book)
	}
	return books
})

// Sample returns the reviews and the FAQ of the sample club, all of them about
// the shipped book that their folder is named after.
var Sample = sync.OnceValue(func() []Source {
	var sources []Source
	for _, book := range Shipped() {
		dir := path.Join("sample", string(book.ID))
		entries, err := sampleFiles.ReadDir(dir)
		if err != nil {
			continue // nobody in the sample club has read this one
		}
		for _, e := range entries {
			data, err := sampleFiles.ReadFile(path.Join(dir, e.Name()))
			if err != nil {
				panic(err)
			}
			src, err := Read(File{Name: e.Name(), Data: data}, book)
			if err != nil {
				panic(fmt.Sprintf("library: a review of the program itself does not read: %v", err))
			}
			sources = append(sources, src)
		}
	}
	return sources
})
