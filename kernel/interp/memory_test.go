package interp

import (
	"fmt"
	"runtime"
	"testing"
)

// A cell that is done must not stay in memory: what is left of one is its name
// and its variables.
func TestMemoryOfCells(t *testing.T) {
	if testing.Short() {
		t.Skip("runs thousands of cells")
	}
	m := New(Options{})
	run(t, m, "import \"fmt\"\nx := 0", "fmt.Sprint(x)")
	heap := func() int64 {
		runtime.GC()
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return int64(s.HeapAlloc)
	}
	const warm, cells = 500, 2000
	var before int64
	for i := range warm + cells {
		if i == warm {
			before = heap()
		}
		if _, err := m.Run(fmt.Sprintf("c%d", i), fmt.Sprintf("x += %d\nfmt.Sprint(x)", i)); err != nil {
			t.Fatal(err)
		}
	}
	per := (heap() - before) / cells
	t.Logf("%d bytes a cell", per)
	if per > 10_000 {
		t.Errorf("a cell keeps %d bytes", per)
	}
}
