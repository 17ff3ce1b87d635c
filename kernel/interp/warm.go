package interp

import "runtime/debug"

// warmPackages are those that first cells import, the most usual first.
var warmPackages = []string{"fmt", "net", "errors", "time"}

// warmCell has in it what most cells have.
const warmCell = `import (
	"errors"
	"fmt"
)

type pair struct{ a, b int }

func (p pair) sum() int { return p.a + p.b }

func add(n int) (int, error) {
	if n < 0 {
		return 0, errors.New("negative")
	}
	total := 0
	for i := range n {
		total += pair{i, 1}.sum()
	}
	return total, nil
}

total, err := add(3)
if err != nil {
	panic(err)
}
fmt.Sprint([]byte("x"), total)`

// Warm does beforehand what the first cells would wait for: it reads the types
// of packages, and sends a cell through another machine so that code and
// tables are in memory. It gives up when a cell comes, which waits for one
// package at most.
func (m *Machine) Warm() {
	if _, err := New(Options{}).Run("warm", warmCell); err != nil {
		panic(err) // the cell is ours, and right
	}
	for _, path := range warmPackages {
		m.unlessCell(func() { m.env.Import(path) }) // a cell that imports it is told what fails
	}
	m.unlessCell(debug.FreeOSMemory) // most of what that took
}

// unlessCell calls f if no cell has come; one that comes meanwhile waits. So
// no collection is forced that a cell's finalizers would tell of.
func (m *Machine) unlessCell(f func()) {
	m.checking.Lock()
	defer m.checking.Unlock()
	m.mu.Lock()
	came := len(m.names) > 0
	m.mu.Unlock()
	if !came {
		f()
	}
}
