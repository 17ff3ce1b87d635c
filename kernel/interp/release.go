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

// cutLoose lets go of the tree of a text whose variables are made and whose
// functions are ready to run: what runs are closures, which hold of the tree
// only single nodes. Goroutines may be running them.
func (m *Machine) cutLoose(root *node) {
	base := root.pos
	for _, sym := range m.packageScope().sym {
		if sym.kind == symVar && sym.node != nil && sym.node.pos >= base { // what it is, its type says; where it is, its index
			sym.node = nil
		}
	}
	strip(root)
}

// strip takes from the nodes of a tree what leads to others, where nothing
// that runs looks at it.
func strip(n *node) {
	child := n.child
	for _, c := range child {
		keep := c.kind == kindFuncType || // by it the engine knows named functions' types
			n.action == actAssignX && c.gen != nil // its calls look where their results go
		if c.anc == n && !keep {
			c.anc = nil
		}
	}
	switch n.kind {
	case kindFuncDecl, kindFuncLit: // its first call looks for its body's start
	case kindAssignStmt, kindDefineStmt, kindAssignXStmt, kindDefineXStmt, kindTypeAssert: // where results go
	default:
		n.child = nil
	}
	n.sym, n.scope, n.tnext, n.fnext = nil, nil, nil, nil
	if nodeKinds[n.kind] != "blockStmt" {
		n.start = nil
	}
	for _, c := range child {
		strip(c)
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
