package interp

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"
)

// What a session keeps of a cell is bounded, whatever the cell is.
func TestMemoryPerCell(t *testing.T) {
	if testing.Short() {
		t.Skip("runs thousands of cells")
	}
	if os.Getenv("SOCKBOOK_TEST_MEMORY") == "" { // what other tests left running would be counted too
		alone := exec.Command(os.Args[0], "-test.run=^TestMemoryPerCell$", "-test.v")
		alone.Env = append(os.Environ(), "SOCKBOOK_TEST_MEMORY=1")
		out, err := alone.CombinedOutput()
		t.Logf("%s", out)
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	const limit = 10_000 // bytes
	cells := []struct {
		name string
		text func(i int) string
	}{
		{"expression", func(i int) string { return fmt.Sprintf("1+%d", i) }},
		{"assignment", func(i int) string { return fmt.Sprintf("x = %d", i) }},
		{"call", func(i int) string { return fmt.Sprintf("x += %d\nfmt.Sprint(x)", i) }},
		{"variable declared again", func(i int) string { return fmt.Sprintf("y := %d\ny", i) }},
		{"new variable", func(i int) string { return fmt.Sprintf("v%d := []int{%d}", i, i) }},
		{"loop", func(i int) string {
			return fmt.Sprintf("total := 0\nfor i := range 10 {\n\tif i%%2 == 0 {\n\t\ttotal += i + %d\n\t}\n}\ntotal", i)
		}},
		{"new function", func(i int) string {
			return fmt.Sprintf("func f%d(a, b int) int {\n\tif a > b {\n\t\treturn a - b\n\t}\n\treturn a*b + %d\n}\nf%d(1, 2)", i, i, i)
		}},
		{"function defined again", func(i int) string {
			return fmt.Sprintf("func g(a, b int) int {\n\tif a > b {\n\t\treturn a - b\n\t}\n\treturn a*b + %d\n}\ng(1, 2)", i)
		}},
		{"closure", func(i int) string {
			return fmt.Sprintf("h = func() int {\n\tx++\n\treturn x + %d\n}\nh()", i)
		}},
		{"goroutine", func(i int) string {
			return fmt.Sprintf("c := make(chan int)\ngo func() { c <- %d }()\n<-c", i)
		}},
	}
	for _, c := range cells {
		t.Run(c.name, func(t *testing.T) {
			m := New(Options{})
			run := func(from, to int) {
				for i := from; i < to; i++ {
					if _, err := m.Run(fmt.Sprint("c", i), c.text(i)); err != nil {
						t.Fatal(err)
					}
				}
			}
			if _, err := m.Run("first", "import \"fmt\"\nvar x int\nvar h func() int"); err != nil {
				t.Fatal(err)
			}
			const warm, n = 1000, 4000
			run(0, warm)
			before := heap()
			run(warm, warm+n)
			per := (heap() - before) / n
			t.Logf("%d bytes a cell", per)
			if per > limit {
				t.Errorf("a cell leaves %d bytes behind, more than %d", per, limit)
			}
			runtime.KeepAlive(m)
		})
	}
}

// heap returns the bytes in use after a collection.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}
