package renew

import (
	"reflect"
	"unsafe"

	"sockbook/kernel/lower/rtype"
)

// The runtime's maps, of Go 1.26 (internal/runtime/maps). They are read here
// as memory, since ranging over a map that a goroutine changes ends the
// process. The hash of a value does not depend on its type word, so that a key
// may be renewed where it lies.

type hashMap struct {
	used uint64
	seed uintptr
	dir  unsafe.Pointer // the only group if size is 0, else that many tables
	size int
}

type hashTable struct {
	used, capacity, growthLeft uint16
	localDepth                 uint8
	index                      int
	groups                     unsafe.Pointer
	mask                       uint64
}

const groupSlots = 8

// mapType mirrors what follows the header in abi.MapType.
type mapType struct {
	key, elem, group            unsafe.Pointer
	hasher                      unsafe.Pointer
	groupSize, slotSize, elemAt uintptr
	flags                       uint32
}

const (
	indirectKey  = 1 << 2
	indirectElem = 1 << 3
)

// table looks through the map at p.
//
//go:norace
func (w *Walker) table(p unsafe.Pointer, t reflect.Type) {
	k := target{uintptr(p), t, 1}
	if p == nil || w.seen[k] {
		return
	}
	w.seen[k] = true
	m := (*hashMap)(p)
	mt := (*mapType)(rtype.Body(t))
	if m.size == 0 {
		w.group(m.dir, mt, t)
		return
	}
	done := map[unsafe.Pointer]bool{}
	for i := range m.size {
		ht := (*hashTable)(load(unsafe.Add(m.dir, uintptr(i)*8)))
		if ht == nil || done[unsafe.Pointer(ht)] {
			continue
		}
		done[unsafe.Pointer(ht)] = true
		for g := range ht.mask + 1 {
			w.group(unsafe.Add(ht.groups, uintptr(g)*mt.groupSize), mt, t)
		}
	}
}

// group looks through the eight slots that follow their control bytes, of
// which the full ones have no high bit.
//
//go:norace
func (w *Walker) group(g unsafe.Pointer, mt *mapType, t reflect.Type) {
	if g == nil {
		return
	}
	for i := range uintptr(groupSlots) {
		if *(*uint8)(unsafe.Add(g, i))&0x80 != 0 {
			continue
		}
		key := unsafe.Add(g, 8+i*mt.slotSize)
		elem := unsafe.Add(key, mt.elemAt)
		if mt.flags&indirectKey != 0 {
			key = load(key)
		}
		if mt.flags&indirectElem != 0 {
			elem = load(elem)
		}
		if w.mayHold(t.Key()) {
			w.visit(key, t.Key())
		}
		if w.mayHold(t.Elem()) {
			w.visit(elem, t.Elem())
		}
	}
}
