package interp

import (
	"reflect"
	"strings"
)

// release lets go of what the engine keeps of a compiled text and no later one
// needs: its tree, the cell's own function, its imports, inner scopes.
func (m *Machine) release(file string) {
	*m.roots() = nil
	s := m.packageScope()
	s.child = nil
	delete(s.sym, "Cell")
	delete(s.sym, "init")
	for s := s; s != nil; s = s.anc {
		for name := range s.sym {
			if strings.HasSuffix(name, "/"+file) {
				delete(s.sym, name)
			}
		}
	}
}

// cutLoose lets go of the tree around what a text declares, once its variables
// are made: the symbols that stay would keep all of it. base is where the
// text's positions begin.
func (m *Machine) cutLoose(base int) {
	for _, sym := range m.packageScope().sym {
		if sym.node == nil || int(sym.node.pos) < base {
			continue
		}
		switch sym.kind {
		case symVar: // what it is, its type says; where it is, its index
			sym.node = nil
		case symFunc: // its body is needed, not what stands around it
			sym.node.anc = nil
		}
	}
}

// maxGlobals is the number of package variables that goroutines can go on
// reading while new ones are made.
const maxGlobals = 8192

// growGlobals makes the package variables that a text declares. The engine
// would move them all, under the hands of goroutines that use them.
func (m *Machine) growGlobals() {
	data, types := m.globalFrame().data, m.universe().types
	for ; m.globals < len(types) && m.globals < len(data); m.globals++ {
		data[m.globals] = reflect.New(types[m.globals]).Elem()
	}
}
