package cell

import (
	"fmt"
	"runtime"
	"testing"
)

// TestMemory checks what an Env keeps of cells: nothing of statements, no more
// than one definition a name.
func TestMemory(t *testing.T) {
	e := NewEnv()
	run := func(text string) { e.Define(mustCheck(t, e, text)) }
	run("import \"fmt\"\ntype T struct{ a int }\nx := 0")
	heap := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	for _, c := range []struct {
		name, text string
		limit      int // bytes a cell
	}{
		{"statement", "fmt.Println(x + %d)", 400},
		{"variable again", "x := %d", 400},
		{"function again", "func f(t T) int {\n\tfor i := range 10 {\n\t\tx += i + t.a\n\t}\n\treturn x + %d\n}", 600},
		{"type again", "type U struct{ a, b [%d]int }\nfunc (u U) M() int { return len(u.a) }", 2500},
		{"refused", "undefined(%d)", 100},
	} {
		const cells = 1000
		play := func(from int) {
			for i := range cells {
				cell, err := e.Check(fmt.Sprint("cell ", from+i), fmt.Sprintf(c.text, from+i+1))
				if err == nil {
					e.Define(cell)
				}
			}
		}
		play(0)
		before := heap()
		play(cells)
		if grown := (heap() - before) / cells; grown > c.limit {
			t.Errorf("%s: %d bytes a cell, want at most %d", c.name, grown, c.limit)
		} else {
			t.Logf("%s: %d bytes a cell", c.name, grown)
		}
	}
	runtime.KeepAlive(e)
}
