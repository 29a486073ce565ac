package library

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// export is the CSV in which a site hands its readers their reviews. The names
// are those of its columns; what has none here is never read.
type export struct {
	site                        string
	title, author, rating, text string
	id, name, flag              string   // empty: it has none
	dates                       []string // the first that is filled in counts
	html                        bool     // its reviews are HTML; otherwise Markdown
	flagged                     func(string) bool
}

// The exports that are known, with the names of columns as of 2024 and 2025.
var exports = []export{
	{
		site: "Goodreads", title: "Title", author: "Author", rating: "My Rating", text: "My Review",
		id: "Book Id", flag: "Spoiler", dates: []string{"Date Read", "Date Added"}, html: true,
		flagged: func(s string) bool { return !saysNo(strings.TrimSpace(s)) },
	},
	{
		site: "StoryGraph", title: "Title", author: "Authors", rating: "Star Rating", text: "Review",
		dates: []string{"Last Date Read", "Date Added"}, html: true,
	},
	{
		site: "BookWyrm", title: "title", author: "author_text", rating: "rating", text: "review_content",
		id: "remote_id", name: "review_name", flag: "review_cw", dates: []string{"review_published", "finish_date"},
		flagged: func(s string) bool { return strings.TrimSpace(s) != "" },
	},
}

// columns returns the names of the columns that an export must have.
func (e export) columns() []string {
	return slices.DeleteFunc([]string{e.id, e.title, e.author, e.rating, e.name, e.flag, e.text}, func(s string) bool { return s == "" })
}

// readCSV reads an export, and how many of its rows hold no review. What is
// wrong with it is a Problem by line.
func readCSV(f File) ([]row, int, error) {
	data := bytes.TrimPrefix(f.Data, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(unformula(data)))
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return nil, 0, csvProblem(f.Name, err, 0, 0)
	}
	e, at, why := exportOf(header)
	if why != "" {
		return nil, 0, Problem{f.Name, 1, why}
	}
	var rows []row
	var problems Problems
	bare := 0
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			problems = append(problems, csvProblem(f.Name, err, len(fields), len(at.header)))
			if !errors.Is(err, csv.ErrFieldCount) || len(problems) == 20 {
				break // nobody can say where the next row begins
			}
			continue
		}
		line, _ := r.FieldPos(0)
		cell := func(column string) string {
			if column == "" {
				return ""
			}
			return fields[at.column[column]]
		}
		if strings.TrimSpace(cell(e.text)) == "" {
			bare++
			continue
		}
		rating, ok := outOfFive(cell(e.rating))
		if !ok {
			problems = append(problems, Problem{f.Name, line, "the rating is no number from 0 to 5"})
			continue
		}
		if strings.TrimSpace(cell(e.title)) == "" {
			problems = append(problems, Problem{f.Name, line, "the review names no book"})
			continue
		}
		// What is kept must not hold the whole of the row in memory.
		one := row{
			line: line, book: strings.Clone(cell(e.title)), by: strings.Clone(cell(e.author)), text: strings.Clone(cell(e.text)), html: e.html,
			key:  strings.Clone(strings.TrimSpace(cell(e.id))),
			meta: metadata{title: strings.Join(strings.Fields(cell(e.name)), " "), rating: rating, flagged: e.flag != "" && e.flagged(cell(e.flag))},
		}
		if one.key == "" {
			one.key = strings.Join(strings.Fields(one.book+", "+one.by), " ")
		}
		for _, column := range e.dates {
			if i, ok := at.column[column]; ok && one.meta.date == "" && len(fields[i]) <= maxField {
				one.meta.date = strings.Clone(strings.TrimSpace(fields[i]))
			}
		}
		rows = append(rows, one)
	}
	if len(problems) > 0 {
		return nil, 0, problems
	}
	return rows, bare, nil
}

// heading is the first line of an export.
type heading struct {
	header []string
	column map[string]int
}

// exportOf tells an export by the names of its columns, or says why it is none.
func exportOf(header []string) (export, heading, string) {
	h := heading{header: slices.Clone(header), column: map[string]int{}}
	var twice []string
	for i, name := range h.header {
		name = strings.TrimSpace(name)
		if _, ok := h.column[name]; ok {
			twice = append(twice, name)
		}
		h.column[name] = i
	}
	best, most := export{}, 0
	for _, e := range exports {
		n := 0
		for _, c := range e.columns() {
			if _, ok := h.column[c]; ok {
				n++
			}
		}
		if n*2 > len(e.columns()) && n > most {
			best, most = e, n
		}
	}
	if most == 0 {
		var all []string
		for _, e := range exports {
			all = append(all, fmt.Sprintf("one of %s has the columns %s", e.site, strings.Join(e.columns(), ", ")))
		}
		return export{}, h, "is no export that can be read: " + strings.Join(all, "; ")
	}
	var missing []string
	for _, c := range best.columns() {
		if _, ok := h.column[c]; !ok {
			missing = append(missing, c)
		}
		if slices.Contains(twice, c) {
			return export{}, h, fmt.Sprintf("is an export of %s with two columns %s", best.site, c)
		}
	}
	if len(missing) > 0 {
		return export{}, h, fmt.Sprintf("is an export of %s without the column %s", best.site, strings.Join(missing, ", "))
	}
	return best, h, ""
}

// csvProblem says what is wrong with a CSV without quoting it.
func csvProblem(file string, err error, got, want int) Problem {
	p := Problem{File: file, Line: 1, Why: "is no CSV that can be read"}
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return p
	}
	p.Line = parse.Line
	switch {
	case errors.Is(err, csv.ErrFieldCount):
		p.Line = parse.StartLine
		p.Why = fmt.Sprintf("the row that begins here has %s, and the first line has %d", counted(got, "field", "fields"), want)
	case errors.Is(err, csv.ErrBareQuote):
		p.Why = "there is a quote here in a field that does not begin with one; quotes within a field are doubled"
	case errors.Is(err, csv.ErrQuote):
		p.Why = fmt.Sprintf("the row that begins on line %d has a quote that is not doubled, or is never closed", parse.StartLine)
	}
	return p
}

// unformula blanks the cells like ="0571224113", by which some exports keep
// spreadsheets from reading an ISBN as a number. They are not valid CSV, and
// nothing of them is read.
func unformula(data []byte) []byte {
	if !bytes.Contains(data, []byte(`,="`)) {
		return data
	}
	out := bytes.Clone(data)
	quoted := false
	for i := 0; i < len(out); i++ {
		if !quoted && bytes.HasPrefix(out[i:], []byte(`,="`)) {
			end := i + 3
			for end < len(out) && (out[end] >= '0' && out[end] <= '9' || out[end] == 'X' || out[end] == 'x') {
				end++
			}
			if end < len(out) && out[end] == '"' {
				for j := i + 1; j <= end; j++ {
					out[j] = ' '
				}
				i = end
				continue
			}
		}
		if out[i] == '"' {
			quoted = !quoted
		}
	}
	return out
}

// outOfFive writes a number of stars as a rating; 0 and nothing are none.
func outOfFive(s string) (rating string, ok bool) {
	if s = strings.TrimSpace(s); s == "" {
		return "", true
	}
	n, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil, !(n >= 0 && n <= 5):
		return "", false
	case n == 0:
		return "", true
	}
	return strconv.FormatFloat(n, 'g', 6, 64) + "/5", true
}

// fragment reads a review in HTML as sites export it. A line of it is one on
// the page.
func (p *page) fragment(text string) {
	f := &flow{lined: true}
	f.draw(parseFragment(text))
	if broken(text) {
		f.covers = append(f.covers, span{0, len(f.runes)})
	}
	p.drawn(f)
}
