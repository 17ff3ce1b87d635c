package renew

import (
	"fmt"
	"reflect"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"sockbook/kernel/lower/rtype"
)

// old and next stand for a type before and after it got a method.
type (
	old  struct{ A, B int }
	next struct{ A, B int }
	// single is one pointer, which an interface holds itself.
	single     struct{ p *int }
	nextSingle single
)

func (next) String() string         { return "next" }
func (n nextSingle) String() string { return fmt.Sprint("single ", *n.p) }

func walk(roots ...any) {
	to := map[unsafe.Pointer]reflect.Type{
		rtype.WordOf(reflect.TypeFor[old]()):      reflect.TypeFor[next](),
		rtype.WordOf(reflect.TypeFor[*old]()):     reflect.TypeFor[*next](),
		rtype.WordOf(reflect.TypeFor[single]()):   reflect.TypeFor[nextSingle](),
		rtype.WordOf(reflect.TypeFor[[2]old]()):   reflect.TypeFor[[2]next](),
		rtype.WordOf(reflect.TypeFor[[]old]()):    reflect.TypeFor[[]next](),
		rtype.WordOf(reflect.TypeFor[chan old]()): reflect.TypeFor[chan next](),
	}
	w := Walker{Latest: func(word unsafe.Pointer) reflect.Type { return to[word] }}
	var vs []reflect.Value
	for _, r := range roots {
		vs = append(vs, reflect.ValueOf(r))
	}
	w.Walk(vs)
}

func TestWalk(t *testing.T) {
	type ring struct {
		v    any
		next *ring
	}
	one := 1
	x := any(old{1, 2})
	r := &ring{v: old{1, 2}}
	r.next = &ring{v: &old{1, 2}, next: r}
	ch := make(chan any, 2)
	ch <- old{1, 2}
	wide := map[[200]int8]any{{1}: old{1, 2}}
	nested := map[string]map[any][]any{"a": {old{1, 2}: {single{&one}, [2]old{}, []old{{1, 2}}}}}
	big := map[any]any{}
	for i := range 5000 {
		big[old{i, 2}] = any(&old{i, 3})
	}
	typ := reflect.TypeFor[old]()
	val := reflect.ValueOf(old{1, 2})
	walk(&x, r, ch, &wide, nested, big, &typ, &val)
	check := func(what string, v any) {
		switch v.(type) {
		case next, *next, nextSingle, [2]next, []next:
		default:
			t.Errorf("%s is a %T", what, v)
		}
	}
	check("x", x)
	check("ring", r.v)
	check("ring's next", r.next.v)
	check("channel", <-ch)
	check("wide", wide[[200]int8{1}])
	for k, v := range nested["a"] {
		check("key", k)
		for i, e := range v {
			check(fmt.Sprint("element ", i), e)
		}
	}
	if nested["a"][any(next{1, 2})] == nil {
		t.Error("the key is not found")
	}
	if big[next{77, 2}] != any(big[next{77, 2}].(*next)) || big[next{77, 2}].(*next).A != 77 || len(big) != 5000 {
		t.Error("big map")
	}
	if typ != reflect.TypeFor[next]() {
		t.Errorf("type is %v", typ)
	}
	check("reflect.Value", val.Interface())
}

// Maps are read as memory: in every size, with what was deleted.
func TestMaps(t *testing.T) {
	for n := range 200 {
		m := map[int]any{}
		for i := range 2 * n {
			m[i] = old{i, i}
		}
		for i := range n {
			delete(m, 2*i)
		}
		walk(&m)
		if len(m) != n {
			t.Fatalf("%d of %d elements", len(m), n)
		}
		for k, v := range m {
			if v != any(next{k, k}) {
				t.Fatalf("of %d elements, [%d] is %#v", n, k, v)
			}
		}
	}
}

// Interfaces with methods hold a table of the type's methods.
func TestInterfaceWithMethods(t *testing.T) {
	s := fmt.Stringer(before{5})
	e := []fmt.Stringer{before{6}, nil}
	w := Walker{Latest: func(word unsafe.Pointer) reflect.Type {
		if word == rtype.WordOf(reflect.TypeFor[before]()) {
			return reflect.TypeFor[after]()
		}
		return nil
	}}
	w.Walk([]reflect.Value{reflect.ValueOf(&s), reflect.ValueOf(e)})
	if s.String() != "after 5" || e[0] != fmt.Stringer(after{6}) || e[1] != nil {
		t.Errorf("%v %#v", s, e)
	}
}

type before struct{ n int }
type after struct{ n int }

func (b before) String() string { return fmt.Sprint("before ", b.n) }
func (a after) String() string  { return fmt.Sprint("after ", a.n) }

// A pointer to what cannot be read is left alone.
func TestBadPointer(t *testing.T) {
	page, err := unix.Mmap(-1, 0, 4096, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Munmap(page)
	type holder struct{ p *any }
	h := holder{(*any)(unsafe.Pointer(&page[0]))}
	x := any(old{})
	walk(&h, &x)
	if _, ok := x.(next); !ok {
		t.Error("the walk stopped")
	}
}
