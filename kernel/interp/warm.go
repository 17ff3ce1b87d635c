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
	defer debug.FreeOSMemory() // most of what that took
	if _, err := New(Options{}).Run("warm", warmCell); err != nil {
		panic(err) // the cell is ours, and right
	}
	for _, path := range warmPackages {
		if !m.warm(path) {
			return
		}
	}
}

// warm reads the types of a package, unless a cell came.
func (m *Machine) warm(path string) bool {
	m.checking.Lock()
	defer m.checking.Unlock()
	m.mu.Lock()
	came := len(m.names) > 0
	m.mu.Unlock()
	if !came {
		m.env.Import(path) // a cell that imports it is told what fails
	}
	return !came
}
