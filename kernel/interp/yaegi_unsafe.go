package interp

import (
	"fmt"
	"go/token"
	"reflect"
	"sync"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// The engine's own structures, as far as this package reaches into them: it
// gives some nodes of a compiled tree other actions (calls, closures, channel
// operations, what can panic) and lets go of trees that are done. check says
// whether the layouts are still these.

//lint:file-ignore U1000 the structures are the engine's, whole

type bltn func(f *frame) bltn

type node struct {
	debug      unsafe.Pointer
	child      []*node
	anc        *node
	param      []unsafe.Pointer
	start      *node
	tnext      *node
	fnext      *node
	interp     unsafe.Pointer
	index      int64
	findex     int
	level      int
	nleft      int
	nright     int
	kind       uint
	pos        token.Pos
	sym        *symbol
	typ        *itype
	recv       unsafe.Pointer
	types      []reflect.Type
	scope      *scope
	action     uint
	exec       bltn
	gen        func(*node)
	val        any
	rval       reflect.Value
	ident      string
	redeclared bool
	meta       any
}

type frame struct {
	id        uint64
	debug     *goroutine // the engine's debugger is not used; ours: who runs the frame
	root      *frame
	anc       *frame
	data      []reflect.Value
	mutex     sync.RWMutex
	deferred  marked // the engine's deferred calls are not used
	recovered any    // the engine's recover is not used; ours: the caller's *frame
	done      reflect.SelectCase
}

// marked lies where the engine has a slice, whose length stays 0.
type marked struct {
	at *node // what runs, among what may panic
	_  [2]uintptr
}

type symbol struct {
	kind    uint
	typ     *itype
	node    *node
	from    []*node
	recv    unsafe.Pointer
	index   int
	rval    reflect.Value
	builtin func(*node)
	global  bool
}

type itype struct {
	cat          uint
	field        []struct{ x [6]uintptr }
	key          *itype
	val          *itype
	recv         *itype
	arg          []*itype
	ret          []*itype
	ptr          *itype
	method       []*node
	constraint   []*itype
	ulconstraint []*itype
	instance     []*itype
	name         string
	path         string
	length       int
	rtype        reflect.Type
	node         *node
	scope        *scope
	str          string
	incomplete   bool
	untyped      bool
	isBinMethod  bool
}

type scope struct {
	anc         *scope
	child       []*scope
	def         *node
	loop        *node
	loopRestart *node
	pkgID       string
	pkgName     string
	types       []reflect.Type
	level       int
	sym         map[string]*symbol
	global      bool
	iota        int
}

type program struct {
	pkgName string
	root    *node
	init    []*node
}

// Kinds of nodes, and of symbols, by the engine's numbers.
const (
	kindDeferStmt   = 22
	kindAssignStmt  = 3
	kindAssignXStmt = 4
	kindDefineStmt  = 23
	kindTypeAssert  = 73
	kindDefineXStmt = 24
	kindFuncDecl    = 40
	kindFuncLit     = 41
	kindFuncType    = 42
	kindGoStmt      = 43
	kindIndexExpr   = 53
	kindReturnStmt  = 63
	kindSliceExpr   = 68
	kindCallExpr    = 10
	kindBasicLit    = 5

	symFunc = 4
	symVar  = 9
)

//go:linkname nodeKinds github.com/traefik/yaegi/interp.kinds
var nodeKinds [81]string

//go:linkname nodeActions github.com/traefik/yaegi/interp.actions
var nodeActions [58]string

//go:linkname genValue github.com/traefik/yaegi/interp.genValue
func genValue(n *node) func(*frame) reflect.Value

//go:linkname genDestValue github.com/traefik/yaegi/interp.genDestValue
func genDestValue(typ *itype, n *node) func(*frame) reflect.Value

//go:linkname getExec github.com/traefik/yaegi/interp.getExec
func getExec(n *node) bltn

//go:linkname engineConvert github.com/traefik/yaegi/interp.convert
func engineConvert(n *node)

//go:linkname engineBranch github.com/traefik/yaegi/interp.branch
func engineBranch(n *node)

//go:linkname engineNop github.com/traefik/yaegi/interp.nop
func engineNop(n *node)

//go:linkname setExec github.com/traefik/yaegi/interp.setExec
func setExec(n *node)

//go:linkname isBinCall github.com/traefik/yaegi/interp.isBinCall
func isBinCall(n *node, sc *scope) bool

//go:linkname isRegularCall github.com/traefik/yaegi/interp.isRegularCall
func isRegularCall(n *node) bool

//go:linkname isFuncSrc github.com/traefik/yaegi/interp.isFuncSrc
func isFuncSrc(t *itype) bool

//go:linkname variadicPos github.com/traefik/yaegi/interp.variadicPos
func variadicPos(n *node) int

//go:linkname convertLiteralValue github.com/traefik/yaegi/interp.convertLiteralValue
func convertLiteralValue(n *node, t reflect.Type)

//go:linkname engineCall github.com/traefik/yaegi/interp.call
func engineCall(n *node)

//go:linkname engineCallBin github.com/traefik/yaegi/interp.callBin
func engineCallBin(n *node)

//go:linkname engineGetFunc github.com/traefik/yaegi/interp.getFunc
func engineGetFunc(n *node)

//go:linkname engineRecv github.com/traefik/yaegi/interp.recv
func engineRecv(n *node)

//go:linkname engineRecv2 github.com/traefik/yaegi/interp.recv2
func engineRecv2(n *node)

//go:linkname engineSend github.com/traefik/yaegi/interp.send
func engineSend(n *node)

//go:linkname engineRangeChan github.com/traefik/yaegi/interp.rangeChan
func engineRangeChan(n *node)

func sameFunc(a, b func(*node)) bool {
	return *(*unsafe.Pointer)(unsafe.Pointer(&a)) == *(*unsafe.Pointer)(unsafe.Pointer(&b)) ||
		**(**uintptr)(unsafe.Pointer(&a)) == **(**uintptr)(unsafe.Pointer(&b))
}

// frameType gives the reflect type of values of an engine's type.
//
//go:linkname typeOf github.com/traefik/yaegi/interp.(*itype).TypeOf
func typeOf(t *itype) reflect.Type

// treeOf is the tree of a compiled program.
func treeOf(p *interp.Program) *program { return (*program)(unsafe.Pointer(p)) }

// engineFields are the offsets of what this package uses of the Interpreter.
type engineFields struct{ roots, scopes, frame, universe uintptr }

// check compares the mirrors with the engine's types.
var check = sync.OnceValues(func() (f engineFields, err error) {
	t := reflect.TypeFor[interp.Interpreter]()
	roots, ok1 := t.FieldByName("roots")
	scopes, ok2 := t.FieldByName("scopes")
	global, ok3 := t.FieldByName("frame")
	universe, ok4 := t.FieldByName("universe")
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return f, fmt.Errorf("the interpreter library has no roots, scopes, frame or universe")
	}
	n := roots.Type.Elem().Elem()
	byName := func(t reflect.Type, name string) reflect.Type {
		x, _ := t.FieldByName(name)
		return x.Type
	}
	sc := byName(n, "scope").Elem()
	fr := byName(t, "frame").Elem()
	for _, c := range []struct{ theirs, ours reflect.Type }{
		{n, reflect.TypeFor[node]()}, {fr, reflect.TypeFor[frame]()}, {byName(n, "sym").Elem(), reflect.TypeFor[symbol]()},
		{byName(n, "typ").Elem(), reflect.TypeFor[itype]()}, {sc, reflect.TypeFor[scope]()},
		{reflect.TypeFor[interp.Program](), reflect.TypeFor[program]()},
	} {
		if err := compareLayout(c.theirs, c.ours); err != nil {
			return f, err
		}
	}
	for k, name := range map[int]string{kindDeferStmt: "deferStmt", kindAssignStmt: "assignStmt", kindAssignXStmt: "assignXStmt", kindDefineStmt: "defineStmt", kindTypeAssert: "typeAssertExpr", kindDefineXStmt: "defineXStmt", kindFuncDecl: "funcDecl",
		kindFuncLit: "funcLit", kindFuncType: "funcType", kindGoStmt: "goStmt", kindIndexExpr: "indexExpr", kindReturnStmt: "returnStmt", kindSliceExpr: "sliceExpr", kindCallExpr: "callExpr", kindBasicLit: "basicLit"} {
		if nodeKinds[k] != name {
			return f, fmt.Errorf("the interpreter library's node kind %d is %s, not %s", k, nodeKinds[k], name)
		}
	}
	for a, name := range map[int]string{actQuo: "/", actQuoAssign: "/=", actRem: "%", actRemAssign: "%=", actSlice: "slice", actAssignX: "X=", actReturn: "return"} {
		if nodeActions[a] != name {
			return f, fmt.Errorf("the interpreter library's action %d is %s, not %s", a, nodeActions[a], name)
		}
	}
	return engineFields{roots.Offset, scopes.Offset, global.Offset, universe.Offset}, nil
})

func compareLayout(theirs, ours reflect.Type) error {
	if theirs.NumField() != ours.NumField() || theirs.Size() != ours.Size() {
		return fmt.Errorf("the interpreter library's %v has another layout (%d bytes, %d here)", theirs, theirs.Size(), ours.Size())
	}
	for i := range ours.NumField() {
		a, b := theirs.Field(i), ours.Field(i)
		if a.Name != b.Name || a.Offset != b.Offset || a.Type.Kind() != b.Type.Kind() && b.Type.Kind() != reflect.UnsafePointer && b.Type != reflect.TypeFor[marked]() {
			return fmt.Errorf("the interpreter library's %v.%s is not what it was", theirs, a.Name)
		}
	}
	return nil
}

func (m *Machine) roots() *[]*node {
	return (*[]*node)(unsafe.Add(unsafe.Pointer(m.in), m.fields.roots))
}

func (m *Machine) packageScope() *scope {
	return (*(*map[string]*scope)(unsafe.Add(unsafe.Pointer(m.in), m.fields.scopes)))["main"]
}

func (m *Machine) globalFrame() *frame {
	return *(**frame)(unsafe.Add(unsafe.Pointer(m.in), m.fields.frame))
}

func (m *Machine) universe() *scope {
	return *(**scope)(unsafe.Add(unsafe.Pointer(m.in), m.fields.universe))
}
