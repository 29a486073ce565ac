package redis

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"dogear/bot"
	"dogear/bot/spoiler"
	"dogear/store/redistest"
)

const (
	sizeReaders = 100_000
	sizeBooks   = 5
)

// TestSize tells what a reader's places take in a server's memory, and of that,
// what the layout adds to the places themselves: it fills a server with the
// fields that the store writes, and with less of them.
func TestSize(t *testing.T) {
	if testing.Short() {
		t.Skip("it fills a server for some seconds; without -short it runs")
	}
	var sizes []float64
	for _, layout := range []struct {
		name                  string
		member, members, form bool
	}{
		{"the layout", true, true, true},
		{"without the club's set of members", true, false, true},
		{"nor the reader's clubs", false, false, true},
		{"nor the form's byte", false, false, false},
	} {
		server := redistest.Start(t)
		s := open(t, server.URL(), Options{Timeout: 5 * time.Second})
		before := used(t, server)
		for from := 0; from < sizeReaders; from += scanCount {
			_, err := s.bulk.Pipelined(t.Context(), func(pipe redis.Pipeliner) error {
				for n := from; n < from+scanCount; n++ {
					reader := bot.ReaderID(fmt.Sprint("discord:", 400_000_000_000_000_000+n*7919))
					key := s.readerKey("r", reader)
					var values []any
					if layout.member {
						values = append(values, memberKey("discord:81384788765712384"), wrap(""))
					}
					for b := range sizeBooks {
						mark := bot.Bookmark{At: spoiler.Position(n%40 + b), Set: true, When: time.Unix(1_790_000_000+int64(n), 0), Before: spoiler.Position(n % 40), WasSet: true, Undo: true}
						value := string(bot.EncodeBookmark(mark))
						if layout.form {
							value = wrap(value)
						}
						values = append(values, placeKey(bot.BookKey{Book: spoiler.BookID([]string{"never-let-me-go", "jane-eyre", "emma", "middlemarch", "the-remains-of-the-day"}[b])}), value)
					}
					pipe.HSet(t.Context(), key, values...)
					if layout.members {
						pipe.SAdd(t.Context(), s.membersKey("discord:81384788765712384"), string(reader))
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		size := float64(used(t, server)-before) / sizeReaders
		sizes = append(sizes, size)
		t.Logf("%s: %.0f bytes a reader, %.1f a place; ten million readers take %.2f GiB", layout.name, size, size/sizeBooks, size*1e7/(1<<30))
		first := s.readerKey("r", "discord:400000000000000000")
		if encoding := server.Do(t, "OBJECT", "ENCODING", first); encoding != "listpack" && encoding != "ziplist" {
			t.Errorf("a reader's hash is kept as %v, which takes several times as much", encoding)
		}
	}
	if sizes[0] > 420 {
		t.Errorf("%.0f bytes a reader", sizes[0])
	}
}

// used returns how much memory a server uses.
func used(t *testing.T, server *redistest.Server) int {
	t.Helper()
	_, rest, _ := strings.Cut(server.Do(t, "INFO", "memory").(string), "used_memory:")
	n, err := strconv.Atoi(strings.TrimSpace(rest[:strings.IndexByte(rest, '\n')]))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
