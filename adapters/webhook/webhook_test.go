package webhook

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestSignaturesAreRemembered for as long as they are fresh, and not in any number.
func TestSignaturesAreRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Signatures[int]
		for wait := time.Duration(0); wait <= 2*StaleAfter; wait += time.Minute {
			if first := wait == 0; s.Add(0) != first {
				t.Errorf("after %v it counts as new: %v", wait, !first)
			}
			time.Sleep(time.Minute)
		}
	})
	var s Signatures[int]
	for i := range 3 * mostSeen {
		if !s.Add(i) {
			t.Fatalf("%d counts as seen", i)
		}
	}
	if n := len(s.now) + len(s.old); n > 2*mostSeen {
		t.Errorf("%d signatures are kept", n)
	}
}
