package search

import (
	"runtime"
	"slices"
	"testing"

	"dogear/bot/library"
)

// heap returns how much a value that make returns takes in memory.
func heap[T any](make func() T) (T, int) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	v := make()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return v, int(after.HeapAlloc) - int(before.HeapAlloc)
}

// TestBytes compares the estimate with what an Index takes in truth, within a
// factor of 2, for few sources and for many.
func TestBytes(t *testing.T) {
	for _, n := range []int{1_000, 20_000} {
		list := madeUp(n)
		x, took := heap(func() *Index { return indexOf(list...) })
		got := x.Bytes()
		t.Logf("%d passages: estimated %d bytes, took %d", n, got, took)
		if got < took/2 || got > took*2 {
			t.Errorf("%d passages: estimated %d bytes, took %d", n, got, took)
		}
		runtime.KeepAlive(list)
	}
}

// TestBytesOfWhatIsLeft shows that the estimate follows what comes and goes: it
// hangs on what an Index holds, not on how it came to hold that.
func TestBytesOfWhatIsLeft(t *testing.T) {
	var zero Index
	if n := zero.Bytes(); n != 0 {
		t.Errorf("the zero Index takes %d bytes", n)
	}
	list := madeUp(1_000)
	x := indexOf(list...)
	all := x.in.counted
	for _, s := range list[5:] {
		x.Remove(s.ID)
		x.Remove(s.ID)
	}
	if few := indexOf(list[:5]...).in.counted; x.in.counted != few {
		t.Errorf("%+v are counted, want %+v", x.in.counted, few)
	}
	for _, s := range slices.Concat(list[5:], list) {
		x.Put(s)
	}
	if x.in.counted != all {
		t.Errorf("%+v are counted after all came back, want %+v", x.in.counted, all)
	}
	for _, s := range list {
		x.Remove(s.ID)
	}
	x.Put(library.Source{ID: "empty"})
	x.Remove("empty")
	if x.in.counted != (counted{}) {
		t.Errorf("%+v are counted of nothing", x.in.counted)
	}
}
