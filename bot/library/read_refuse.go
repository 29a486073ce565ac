package library

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
)

// MaxFileSize is the size in bytes of the largest review that is taken, and so
// of a file that holds one. MaxListSize is that of a file that holds many.
const (
	MaxFileSize = 1 << 20
	MaxListSize = 64 << 20
)

// MaxSize returns the size in bytes of the largest file of this name that is
// taken.
func MaxSize(name string) int {
	if isList(name) {
		return MaxListSize
	}
	return MaxFileSize
}

func refuse(file, why string) Problem { return Problem{File: file, Why: why} }

// decode returns the code points of a file, or says why it is no text that can
// be read.
func decode(f File) ([]rune, error) {
	if err := check(f); err != nil {
		return nil, err
	}
	return []rune(string(f.Data)), nil
}

// check says why a file is no text that can be read; nil if it is one.
func check(f File) error {
	switch {
	case len(f.Data) > MaxSize(f.Name):
		return refuse(f.Name, fmt.Sprintf("is larger than %d KiB", MaxSize(f.Name)>>10))
	case len(bytes.TrimSpace(bytes.TrimPrefix(f.Data, []byte("\ufeff")))) == 0:
		return refuse(f.Name, "is empty")
	}
	if why := foreign(f.Data); why != "" {
		return refuse(f.Name, why)
	}
	if !utf8.Valid(f.Data) {
		why, line := notUTF8(f.Data)
		return Problem{File: f.Name, Line: line, Why: why}
	}
	all, controls, lost, seen := 0, 0, 0, false
	for rest := f.Data; len(rest) > 0; all++ {
		r, n := utf8.DecodeRune(rest)
		rest = rest[n:]
		switch {
		case r == unicode.ReplacementChar:
			lost++
		case unicode.IsControl(r) && !unicode.IsSpace(r):
			controls++
		case !isSpace(r):
			seen = true
		}
	}
	switch {
	case controls > 4 && controls*100 > all:
		return refuse(f.Name, "looks like a binary file, not text")
	case lost > 5 && !isList(f.Name) || lost > 0 && lost*50 > all:
		return refuse(f.Name, fmt.Sprintf("is damaged: %d characters were lost in an earlier conversion", lost))
	case !seen:
		return refuse(f.Name, "is empty")
	}
	return nil
}

// magic holds the first bytes of files that people take for text.
var magic = []struct{ start, is string }{
	{"%PDF-", "is a PDF, not text"},
	{"PK\x03\x04", "is a Word, EPUB or ZIP file, not text"},
	{`{\rtf`, "is an RTF file; save it as plain text"},
	{"\x89PNG", "is an image, not text"},
	{"\xff\xd8\xff", "is an image, not text"},
	{"GIF8", "is an image, not text"},
	{"\xd0\xcf\x11\xe0", "is an old Word file; save it as plain text"},
}

// foreign recognises what is no 8-bit text at all: other kinds of files, and
// text in 16 or 32 bits a character. It returns "" for everything else.
func foreign(data []byte) string {
	for _, m := range magic {
		if bytes.HasPrefix(data, []byte(m.start)) {
			return m.is
		}
	}
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")):
		return "looks like UTF-32; save it as UTF-8"
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return "looks like UTF-16 (little-endian); save it as UTF-8"
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return "looks like UTF-16 (big-endian); save it as UTF-8"
	}
	var zeros [2]int
	for i, b := range data {
		if b == 0 {
			zeros[i%2]++
		}
	}
	half := len(data) / 2
	switch {
	case zeros[0]+zeros[1] == 0:
		return ""
	case zeros[1]*10 > half*4 && zeros[0]*10 < half:
		return "looks like UTF-16 (little-endian); save it as UTF-8"
	case zeros[0]*10 > half*4 && zeros[1]*10 < half:
		return "looks like UTF-16 (big-endian); save it as UTF-8"
	}
	return "looks like a binary file, not text"
}

// notUTF8 guesses what text is that is not valid UTF-8. The line is that of
// the first bad byte where the file is UTF-8 but for some.
func notUTF8(data []byte) (why string, line int) {
	var bad, good, high, c1 int
	first := -1
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			if first < 0 {
				first = i
			}
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	for _, b := range data {
		if b >= 0x80 {
			high++
			if b < 0xa0 {
				c1++
			}
		}
	}
	switch rest := data[first:]; {
	case len(rest) < utf8.UTFMax && !utf8.FullRune(rest):
		return "is damaged: it ends in the middle of a character", 0
	case good > 0 && good >= bad:
		return "is damaged: there are bytes here that are not UTF-8", 1 + bytes.Count(data[:first], []byte("\n"))
	case isJapanese(data, japanese.ShiftJIS):
		return "looks like Shift JIS; save it as UTF-8", 0
	case isJapanese(data, japanese.EUCJP):
		return "looks like EUC-JP; save it as UTF-8", 0
	case high*5 < len(data) && c1 > 0:
		return "looks like Windows-1252; save it as UTF-8", 0
	case high*5 < len(data):
		return "looks like Latin-1 or Windows-1252; save it as UTF-8", 0
	}
	return "is not UTF-8 but in some other encoding; save it as UTF-8", 0
}

// isJapanese reports whether bytes decode without a fault and to a good share
// of kana, which other 8-bit text does not do by chance.
func isJapanese(data []byte, enc encoding.Encoding) bool {
	text, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return false
	}
	var kana, wide int
	for _, r := range string(text) {
		switch {
		case r == utf8.RuneError || unicode.Is(unicode.Co, r):
			return false
		case r >= 0xff61 && r <= 0xff9f: // half-width: what Latin-1 turns into
			wide++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
			wide++
		case r >= 0x80:
			wide++
		}
	}
	return kana > 3 && kana*3 > wide
}
