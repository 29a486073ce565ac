package redis

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"dogear/bot"
	"dogear/bot/spoiler"
)

// name draws a name that may hold anything, seldom one that is like another.
var name = rapid.OneOf(
	rapid.String(),
	rapid.StringOfN(rapid.SampledFrom([]rune{'a', '%', '{', '}', ':', '0', '2', '\x00', '\x01', '\n', 'é'}), 0, 6, -1),
	rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
)

// inverse checks that what was encoded is read again, and that two things have
// one code only where they are the same.
func inverse[T any](t *rapid.T, what string, draw func() T, encode func(T) string, decode func(string) (T, bool)) {
	t.Helper()
	a, b := draw(), draw()
	got, ok := decode(encode(a))
	if d := cmp.Diff(a, got, cmpopts.EquateEmpty()); !ok || d != "" {
		t.Fatalf("%s of %q is not read again:\n%s", what, encode(a), d)
	}
	if same := cmp.Equal(a, b, cmpopts.EquateEmpty()); (encode(a) == encode(b)) != same {
		t.Fatalf("%s: %q for %+v, %q for %+v", what, encode(a), a, encode(b), b)
	}
}

type askedFor struct {
	Kind byte
	Club bot.ClubID
	ID   string
}

type journalled struct {
	Mark    string
	Records []bot.Record
}

// TestCodes: what is encoded is read again, and is no other's.
func TestCodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inverse(t, "key", func() string { return name.Draw(t, "name") }, escape[string], func(key string) (string, bool) {
			got, err := unescape(key)
			return got, err == nil && !strings.ContainsAny(key, "{}*?[]\\: \n")
		})
		inverse(t, "asked", func() askedFor {
			return askedFor{rapid.SampledFrom([]byte{ticketAsked, postAsked}).Draw(t, "kind"), bot.ClubID(name.Draw(t, "club")), name.Draw(t, "id")}
		}, func(a askedFor) string { return asked(a.Kind, a.Club, a.ID) }, func(member string) (askedFor, bool) {
			kind, club, id, ok := readAsked(member)
			return askedFor{kind, club, id}, ok
		})
		inverse(t, "book", func() bot.BookKey {
			return bot.BookKey{Club: bot.ClubID(name.Draw(t, "club")), Book: spoiler.BookID(name.Draw(t, "book"))}
		}, bot.BookKey.Encode, bot.DecodeBookKey)
		inverse(t, "version", func() bot.Version {
			return bot.Version{N: rapid.Uint64().Draw(t, "n"), Mark: mark.Draw(t, "mark")}
		}, encodeVersion, func(value string) (bot.Version, bool) {
			got, err := decodeVersion(value)
			return got, err == nil
		})
		inverse(t, "count", func() uint64 { return rapid.Uint64().Draw(t, "n") }, encodeCount, func(value string) (uint64, bool) {
			got, err := decodeCount(value)
			return got, err == nil
		})
		inverse(t, "journal", func() journalled {
			j := journalled{Mark: mark.Draw(t, "mark")}
			for range rapid.IntRange(0, 3).Draw(t, "records") {
				j.Records = append(j.Records, bot.Record{Kind: bot.RecordKind(name.Draw(t, "kind")), ID: name.Draw(t, "id")})
			}
			return j
		}, func(j journalled) string { return wrap(encodeJournal(j.Mark, j.Records)) }, func(value string) (journalled, bool) {
			mark, records, err := decodeJournal(value)
			return journalled{mark, records}, err == nil
		})
	})
}

// mark is what newVersion makes.
var mark = rapid.StringMatching(`[A-Z2-7]{0,26}`)

// FuzzDecode: whatever a server holds is read or refused, and never a panic.
func FuzzDecode(f *testing.F) {
	for _, value := range []string{
		"", "\x01", "\x02", "%", "%4", "%zz", "t\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "p\x04clubid", "\x01M\n!", "\x01M\n\xff", "\x011 M", "\x01x",
		wrap(encodeJournal("M", []bot.Record{{Kind: bot.SourceRecord, ID: "s"}})), wrap(bot.EncodeBookmark(bot.Bookmark{At: 3, Set: true})),
	} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if got, err := unescape(value); err == nil && escape(got) == "" {
			t.Errorf("%q has no key", got)
		}
		if kind, club, id, ok := readAsked(value); ok {
			again, sameClub, sameID, ok := readAsked(asked(kind, club, id))
			if !ok || again != kind || sameClub != club || sameID != id {
				t.Errorf("%q is read as %q %q %q", value, kind, club, id)
			}
		}
		if v, err := decodeVersion(value); err == nil {
			if again, err := decodeVersion(encodeVersion(v)); err != nil || again != v {
				t.Errorf("%q: %+v, and then %+v", value, v, again)
			}
		}
		_, _, _ = decodeJournal(value)
		_, _ = decodeCount(value)
		_, _ = channelOf(value)
		_, _ = veilOf(value)
		for _, field := range []string{"", "p", "v", "m", placeKey(bot.BookKey{Book: "b"}), veilKey(bot.BookKey{}), value} {
			_, _ = decodeReader(map[string]string{field: value})
		}
	})
}
