package interp

import (
	"regexp"
	"sort"

	"sockbook/kernel/lower"
	"sockbook/kernel/lower/rt"
)

// A loaded text is a unit that was compiled: where in the engine's positions
// it lies, and what it comes from.
type loaded struct {
	base, end int
	cell      string
	marks     []lower.Mark
	funcs     []lower.FuncRange
}

// place finds where in the cells a node comes from.
func (m *Machine) place(n *node) Frame {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := sort.Search(len(m.texts), func(i int) bool { return m.texts[i].end > int(n.pos) })
	if i == len(m.texts) || int(n.pos) < m.texts[i].base {
		return Frame{}
	}
	t := m.texts[i]
	off := int(n.pos) - t.base
	k := sort.Search(len(t.marks), func(k int) bool { return t.marks[k].Offset > off })
	if k == 0 {
		return Frame{}
	}
	mark := t.marks[k-1]
	f := Frame{Cell: t.cell, Line: mark.Line, Column: mark.Column}
	if mark.Cell != "" {
		f.Cell = mark.Cell
	}
	f.Func = lower.FuncAt(t.funcs, mark.Line, mark.Column)
	return f
}

// frames turns the notes of a panic into calls; a call that only the lowering
// made does not show.
func (m *Machine) frames(g *goroutine) []Frame {
	var list []Frame
	for i, n := range g.notes {
		f := m.place(n)
		if f.Line == 0 {
			continue
		}
		if i > 0 && len(list) > 0 && support(n) {
			continue
		}
		list = append(list, f)
	}
	return list
}

// support reports whether a node is a call that only the lowering made. The
// tree around n may be gone (see strip): adjust asked before.
func support(n *node) bool { return n.index == callsSupport }

// callsSupport marks a node in a field that the engine has for its drawings.
const callsSupport = -1

// isSupport reports whether n calls package rt, or a function of its own that
// stands for what Go has no function for.
func isSupport(n *node) bool {
	if n.kind != kindCallExpr || len(n.child) == 0 {
		return false
	}
	c := n.child[0]
	if len(c.child) == 2 && c.child[0].ident == "rt" {
		return !written.MatchString(c.child[1].ident)
	}
	return len(c.child) == 0 && len(c.ident) > 1 && c.ident[0] == 't' && c.ident[1] >= '0' && c.ident[1] <= '9'
}

// written matches what of package rt stands for a call that is in the cell.
var written = regexp.MustCompile(`^(I\d|M\d|N_|Fmt|Log|Panic|Call|Func|Frames|Stack|PrintStack|RuntimeStack)`)

// calls lists the calls that the calling goroutine is in, innermost first.
func (m *Machine) calls() []rt.Call {
	g := m.current()
	var list []rt.Call
	for f := g.frame; f != nil; f = callerOf(f) {
		n := f.deferred.at
		if n == nil || len(list) > 0 && support(n) {
			continue
		}
		if p := m.place(n); p.Line > 0 {
			if p.Func == "main" { // the cell's own statements
				p.Func = "main.main"
			}
			list = append(list, rt.Call{Func: p.Func, File: p.Cell, Line: p.Line})
		}
	}
	return list
}

// callerOf is the frame of the call that f is of.
func callerOf(f *frame) *frame {
	if caller, ok := f.recovered.(*frame); ok {
		return caller
	}
	return nil
}
