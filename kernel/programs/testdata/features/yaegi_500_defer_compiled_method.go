// Deferred methods of compiled fields (yaegi #500, #1156, #623, #977).
package main

import (
	"fmt"
	"sync"
)

type T struct {
	mu   sync.RWMutex
	name string
}

func (t *T) get() string { t.mu.RLock(); defer t.mu.RUnlock(); return t.name }

type Doer interface{ Do() (string, error) }

func (t *T) Do() (string, error) {
	t.mu.Lock()
	defer func() { t.mu.Unlock() }()
	t.name += "+"
	return t.name, nil
}

type Ev struct{ doer func() (Doer, error) }

func main() {
	t := &T{name: "x"}
	e := &Ev{func() (Doer, error) { return t, nil }}
	d, _ := e.doer()
	s, _ := d.Do()
	fmt.Println(s, t.get(), t.mu.TryLock())
}
