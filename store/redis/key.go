package redis

import (
	"fmt"
	"strconv"
	"strings"

	"dogear/bot"
	"dogear/bot/reply"
)

// The kinds of a reader's fields.
const (
	placeField  = 'p'
	veilField   = 'v'
	memberField = 'm'
)

// The fields of a club.
const (
	versionField = "v"
	editedField  = "e"
	latestField  = "n"
	channelField = "h" // and the channel's name
)

// setsField is how often a reader's or a club's hash was set by comparing.
const setsField = "s"

// form is the first byte of every value.
const form = 1

// wrap returns a value as the server holds it.
func wrap[S ~string | ~[]byte](value S) string { return string(rune(form)) + string(value) }

// unwrap returns what wrap was given. It refuses what is of another form.
func unwrap(value string) ([]byte, error) {
	if value == "" {
		return nil, bot.ErrDamaged
	}
	if value[0] != form {
		return nil, fmt.Errorf("a value has form %d, and this dogear reads form %d: %w", value[0], form, bot.ErrNewer)
	}
	return []byte(value[1:]), nil
}

// escape returns a name as a key holds it: of letters, digits, dots, hyphens
// and underscores, with all other bytes as % and two hexadecimal digits. The
// empty name is a bare %.
func escape[S ~string](name S) string {
	if name == "" {
		return "%"
	}
	var b strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.', c == '-', c == '_':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

// unescape reads what escape wrote.
func unescape(key string) (string, error) {
	if key == "%" {
		return "", nil
	}
	var b strings.Builder
	for i := 0; i < len(key); i++ {
		if key[i] != '%' {
			b.WriteByte(key[i])
			continue
		}
		if i+3 > len(key) {
			return "", bot.ErrDamaged
		}
		n, err := strconv.ParseUint(key[i+1:i+3], 16, 8)
		if err != nil {
			return "", bot.ErrDamaged
		}
		b.WriteByte(byte(n))
		i += 2
	}
	return b.String(), nil
}

func (s *Store) readerKey(kind string, reader bot.ReaderID) string {
	return s.prefix + kind + ":{" + escape(reader) + "}"
}

func (s *Store) clubKey(club bot.ClubID) string { return s.prefix + "c:{" + escape(club) + "}" }

// kindKey is where a club's records of a kind are; those of channels are with
// the club itself.
func (s *Store) kindKey(club bot.ClubID, kind bot.RecordKind) string {
	if kind == bot.ChannelRecord {
		return s.clubKey(club)
	}
	return s.clubKey(club) + ":" + string(kind)
}

// kindField is the field of a record there.
func kindField(kind bot.RecordKind, id string) string {
	if kind == bot.ChannelRecord {
		return channelField + id
	}
	return id
}

func (s *Store) membersKey(club bot.ClubID) string  { return s.clubKey(club) + ":members" }
func (s *Store) journalKey(club bot.ClubID) string  { return s.clubKey(club) + ":journal" }
func (s *Store) expiriesKey(club bot.ClubID) string { return s.clubKey(club) + ":expiries" }
func (s *Store) editsKey(club bot.ClubID) string    { return s.clubKey(club) + ":edits" }

// stagesOf is how the keys of a club's stages begin.
func (s *Store) stagesOf(club bot.ClubID) string { return s.clubKey(club) + ":stage:" }

func (s *Store) ticketKey(club bot.ClubID, id reply.Ticket) string {
	return s.ticketsOf(club) + escape(id)
}

// ticketsOf is how the keys of a club's tickets begin.
func (s *Store) ticketsOf(club bot.ClubID) string { return s.prefix + "t:{" + escape(club) + "}:" }

// clubsKey is where the clubs are of which anything is kept, or was.
func (s *Store) clubsKey() string { return s.prefix + "clubs" }

// searchedKey is there for as long as all of them are.
func (s *Store) searchedKey() string { return s.prefix + "searched" }

// goneKey is where it is noted since when clubs are gone.
func (s *Store) goneKey() string { return s.prefix + "gone" }

// changed is the channel on which clubs are named when their library changes.
func (s *Store) changed() string { return s.prefix + "changed" }

// placeKey, veilKey and memberKey are fields of a reader.
func placeKey(book bot.BookKey) string   { return string(placeField) + book.Encode() }
func veilKey(book bot.BookKey) string    { return string(veilField) + book.Encode() }
func memberKey(club bot.ClubID) string   { return string(memberField) + string(club) }
func channelKey(id bot.ChannelID) string { return channelField + string(id) }
