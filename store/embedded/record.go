package embedded

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"dogear/bot"
)

// form is the first byte of every value in the file.
const form = 1

// sumSize is how many bytes of checksum end every value in the file.
const sumSize = crc32.Size

var (
	errDamaged = errors.New("the store file is damaged")
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

// wrap returns a payload as the file holds it. bbolt keeps no checksums, and a
// place that a worn disk has moved forward would reveal what it must not; so
// every value carries the checksum of itself and its key.
func wrap(key, payload []byte) []byte {
	v := make([]byte, 0, 1+len(payload)+sumSize)
	v = append(append(v, form), payload...)
	return binary.LittleEndian.AppendUint32(v, sum(key, v))
}

// unwrap returns the payload of a value, which it does not copy.
func unwrap(key, value []byte) ([]byte, error) {
	end := len(value) - sumSize
	if end < 1 || sum(key, value[:end]) != binary.LittleEndian.Uint32(value[end:]) {
		return nil, errDamaged
	}
	if value[0] != form {
		return nil, fmt.Errorf("a record has form %d, and this dogear reads form %d", value[0], form)
	}
	return value[1:end], nil
}

func sum(key, value []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value)
}

// part appends a name with its length in front, so that no name, whatever is
// in it, runs into the next or is the beginning of another's.
func part[S ~string](key []byte, name S) []byte {
	return append(binary.AppendUvarint(key, uint64(len(name))), name...)
}

// cut takes off what part put on.
func cut(key []byte) (name, rest []byte, ok bool) {
	n, size := binary.Uvarint(key)
	if size <= 0 || n > uint64(len(key)-size) {
		return nil, nil, false
	}
	end := size + int(n)
	return key[size:end], key[end:], true
}

// clubKey is the key of something of a club's. The id comes last and bare, so
// that a club's keys stand in the plain order of their ids.
func clubKey[S ~string](club bot.ClubID, id S) []byte {
	return append(part(nil, club), id...)
}

// The kinds of what is kept of a reader.
const (
	placeKind = 'p'
	veilKind  = 'v'
)

func readerKey(reader bot.ReaderID, kind byte, book bot.BookKey) []byte {
	return append(append(part(nil, reader), kind), book.Encode()...)
}

// readerSubject reads what readerKey put after the reader.
func readerSubject(rest []byte) (kind byte, book bot.BookKey, ok bool) {
	if len(rest) == 0 {
		return 0, bot.BookKey{}, false
	}
	book, ok = bot.DecodeBookKey(string(rest[1:]))
	return rest[0], book, ok
}
