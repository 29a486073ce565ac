package redis

import (
	"strings"
	"testing"
	"time"

	"dogear/store/redistest"
)

// TestPool shows that a store makes no more connections than it may, however
// many readers ask at once.
func TestPool(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, server.URL(), Options{Pool: 3, Timeout: 5 * time.Second})
	together(t, 1000, func(i int) error {
		_, err := s.Look(t.Context(), visits["visit"](i))
		return err
	})
	made := strings.Count(server.Do(t, "CLIENT", "LIST", "TYPE", "normal").(string), "\n") - 1 // the asking one
	if made < 1 || made > 3 {
		t.Errorf("there are %d connections, want 3 at most", made)
	}
}
