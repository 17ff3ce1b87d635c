package interp

import (
	"runtime"
	"testing"
)

// Warming must not force a collection once a cell has come: finalizers would
// close what the cell forgot.
func TestWarmBesideACell(t *testing.T) {
	forced := func() uint32 {
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.NumForcedGC
	}
	m := New(Options{})
	before := forced()
	m.Warm()
	if forced() == before {
		t.Error("a machine that nobody uses keeps what warming took")
	}
	if _, err := m.Run("[1]", "x := 1"); err != nil {
		t.Fatal(err)
	}
	before = forced()
	m.Warm()
	if n := forced() - before; n != 0 {
		t.Errorf("%d collections were forced beside a cell", n)
	}
}
