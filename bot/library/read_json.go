package library

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// isJSON reports whether a file of this name holds reviews in JSON.
func isJSON(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".json", ".jsonl":
		return true
	}
	return false
}

// readJSON reads reviews in JSON: one of them or an array, or in a .jsonl file
// one a line. The README documents their fields. What is wrong is a Problem by
// line.
func readJSON(f File) ([]row, error) {
	data := bytes.TrimPrefix(f.Data, []byte("\ufeff"))
	j := &jsonReader{file: f.Name}
	if strings.EqualFold(path.Ext(f.Name), ".jsonl") {
		for text := range bytes.Lines(data) {
			j.line++
			if len(bytes.TrimSpace(text)) > 0 {
				j.begin(text)
				j.object()
			}
		}
	} else {
		j.line = 1
		j.begin(data)
		j.document()
	}
	if len(j.problems) > 0 {
		return nil, j.problems
	}
	return j.rows, nil
}

// jsonReader reads the values of a file one after the other.
type jsonReader struct {
	file     string
	line     int // on which text begins
	text     []byte
	dec      *json.Decoder
	seen     int // bytes of text whose lines are counted
	lines    int // in them
	rows     []row
	problems Problems
}

// begin sets out to read a text, unless it is no JSON.
func (j *jsonReader) begin(text []byte) {
	j.text, j.seen, j.lines = text, 0, 0
	j.dec = json.NewDecoder(bytes.NewReader(text))
	j.dec.UseNumber()
	var whole json.RawMessage
	err := json.Unmarshal(text, &whole)
	var broken *json.SyntaxError
	switch {
	case err == nil:
		return
	case errors.As(err, &broken) && broken.Error() != "unexpected end of JSON input":
		j.wrong(max(0, int(broken.Offset)-1), "is not valid JSON from here on")
	default:
		j.wrong(len(bytes.TrimRight(text, " \t\r\n")), "is not valid JSON: it ends before it is complete")
	}
	j.dec = nil
}

// at returns the line of a byte, which is not before the last one asked for.
func (j *jsonReader) at(offset int) int {
	if offset > j.seen {
		j.lines += bytes.Count(j.text[j.seen:offset], []byte("\n"))
		j.seen = offset
	}
	return j.line + j.lines
}

func (j *jsonReader) wrong(offset int, format string, args ...any) {
	if len(j.problems) < 20 {
		j.problems = append(j.problems, Problem{j.file, j.at(offset), fmt.Sprintf(format, args...)})
	}
}

// here is where the last token ends.
func (j *jsonReader) here() int { return int(j.dec.InputOffset()) }

// document reads a review or an array of them.
func (j *jsonReader) document() {
	if j.dec == nil {
		return
	}
	if text := bytes.TrimSpace(j.text); text[0] != '[' {
		j.object()
		return
	}
	_, _ = j.dec.Token() // the bracket; begin has seen that all is well
	for j.dec.More() {
		j.object()
	}
}

// fields are those of a review.
const fields = "book, title, reviewer, link, date, rating, language, spoilers, text and id"

// object reads the next review.
func (j *jsonReader) object() {
	if j.dec == nil {
		return
	}
	first, err := j.dec.Token()
	if err != nil {
		return
	}
	r := row{line: j.at(j.here())}
	before := len(j.problems)
	if first != json.Delim('{') {
		j.wrong(j.here(), "want a review: an object with the fields %s", fields)
		j.skip(first)
		return
	}
	had := map[string]bool{}
	for j.dec.More() {
		key, err := j.dec.Token()
		if err != nil {
			return
		}
		name, _ := key.(string)
		at := j.here()
		value, err := j.dec.Token()
		if err != nil {
			return
		}
		why := "stands here for the second time"
		if !had[name] {
			why = r.set(name, value)
		}
		switch {
		case why == unknownField:
			j.wrong(at, "an unknown field; a review has the fields %s", fields)
		case why != "":
			j.wrong(at, "%s %s", name, why)
		}
		had[name] = true
		j.skip(value)
	}
	_, _ = j.dec.Token() // the brace
	switch {
	case len(j.problems) > before:
		return
	case strings.TrimSpace(r.text) == "":
		j.problems = append(j.problems, Problem{j.file, r.line, "the review has no text"})
		return
	}
	r.own = r.key != ""
	if !r.own {
		r.key = r.meta.reviewer
	}
	j.rows = append(j.rows, r)
}

// skip reads on to the end of a value that has begun.
func (j *jsonReader) skip(begun json.Token) {
	depth := 0
	for {
		switch begun {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return
		}
		var err error
		if begun, err = j.dec.Token(); err != nil {
			return
		}
	}
}

const unknownField = "is unknown"

// set takes the value of a field, or says what is wrong with it. null is a
// field that is not there.
func (r *row) set(name string, value json.Token) string {
	var into *string
	switch name {
	case "book":
		into = &r.book
	case "title":
		into = &r.meta.title
	case "reviewer":
		into = &r.meta.reviewer
	case "link":
		into = &r.meta.link
	case "date":
		into = &r.meta.date
	case "rating":
		into = &r.meta.rating
		if n, ok := value.(json.Number); ok {
			value = n.String()
		}
	case "language":
		into = &r.meta.language
	case "id":
		into = &r.key
	case "text":
		into = &r.text
	case "spoilers":
		flagged, ok := value.(bool)
		if !ok && value != nil {
			return "is neither true nor false"
		}
		r.meta.flagged = flagged
		return ""
	default:
		return unknownField
	}
	s, ok := value.(string)
	switch {
	case value == nil:
		return ""
	case !ok:
		return "is no text in quotes"
	case into == &r.text:
		*into = s
		return ""
	}
	s = strings.Join(strings.Fields(s), " ")
	switch {
	case into != &r.book && into != &r.meta.title && into != &r.meta.link && utf8.RuneCountInString(s) > maxField:
		return fmt.Sprintf("is longer than %d characters", maxField)
	case into == &r.meta.language && s != "":
		tag, err := language.Parse(s)
		if err != nil {
			return "is not a language tag such as en or de-AT"
		}
		s = tag.String()
	}
	*into = s
	return ""
}
