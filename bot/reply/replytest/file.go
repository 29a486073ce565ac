package replytest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"

	"dogear/bot/reply"
)

// Marked is the tag of a language in which everything that dogear says stands
// between Open and Close, and is English otherwise.
const (
	Marked      = "x-marked"
	Open, Close = "⟦", "⟧"
)

// TeachMarked makes Marked known. Its names of commands begin with an x.
func TeachMarked(t testing.TB) {
	t.Helper()
	file := newFile(language.Make(Marked), Texts(t), func(form, english string) string {
		switch form {
		case "":
			return Open + english + Close
		case "name":
			return "x" + english
		}
		return Open + "{1} " + english + Close
	})
	l, err := reply.ReadLanguage(Marked+".yaml", file, Said(t))
	if err != nil {
		t.Fatal(err)
	}
	reply.Teach(l)
}

// File returns the file of a language: what the program says, with what the
// file so far has of it. What that has and the program does not say is left
// out.
func File(t testing.TB, tag language.Tag, soFar []byte) []byte {
	t.Helper()
	return newFile(tag, Texts(t), translated(t, soFar))
}

// Missing returns what a language's file does not translate yet.
func Missing(t testing.TB, soFar []byte) (missing []Text) {
	t.Helper()
	has := translated(t, soFar)
	for _, text := range Texts(t) {
		form := ""
		if text.One != "" {
			form = "other"
		}
		if has(form, text.English) == "" {
			missing = append(missing, text)
		}
	}
	return missing
}

// translated returns what finds the translation of a text in a file, that of a
// counted word by the form of the plural; "name" is that of a command's name.
func translated(t testing.TB, file []byte) func(form, english string) string {
	t.Helper()
	var has struct {
		Words, Commands map[string]string
		Counts          map[string]map[string]string
	}
	if err := yaml.Unmarshal(file, &has); err != nil {
		t.Fatal(err)
	}
	return func(form, english string) string {
		switch form {
		case "":
			return has.Words[english]
		case "name":
			return has.Commands[english]
		}
		return has.Counts[english][form]
	}
}

// newFile writes the file of a language.
func newFile(tag language.Tag, texts []Text, in func(form, english string) string) []byte {
	var words, counts, commands strings.Builder
	from := ""
	for _, text := range texts {
		if text.One != "" {
			var forms []string
			for _, form := range reply.Forms(tag) {
				forms = append(forms, form+": "+quoted(in(form, text.English)))
			}
			fmt.Fprintf(&counts, "  %s: {%s} # %s\n", quoted(text.English), strings.Join(forms, ", "), text.One)
			continue
		}
		if from != text.File {
			from = text.File
			fmt.Fprintf(&words, "  # %s\n", from)
		}
		fmt.Fprintf(&words, "  %s:\n    %s\n", quoted(text.English), quoted(in("", text.English)))
	}
	for _, name := range Names() {
		fmt.Fprintf(&commands, "  %s: %s\n", quoted(name), quoted(in("name", name)))
	}
	return []byte("# en.yaml says how this is filled in.\n\nwords:\n" + words.String() + "\ncounts:\n" + counts.String() + "\ncommands:\n" + commands.String())
}

// quoted writes a text as YAML takes it between double quotes.
func quoted(s string) string { return strconv.Quote(s) }
