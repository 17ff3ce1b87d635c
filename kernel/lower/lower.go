// Package lower rewrites checked Go into Go that means the same and that the
// interpreter does right.
//
// Make a Lowerer for each Go state with New, then call Lower for each checked
// cell, in order; compile the Unit's text with its Symbols, and say with
// Commit or Rollback whether that went well. The package neither checks nor
// runs anything. What it cannot express is refused by name (Refused).
//
// How: interfaces become interface{}; a value in one has its Go type, made by
// package rtype, so that compiled code sees what the compiler would have made.
// Outside of interfaces named types are erased to what they are made of, and
// methods are functions. Generic functions are copied for each instance.
// Deferred calls, recover, goroutines and what blocks go through package rt.
package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"sort"
	"strconv"
	"strings"

	"sockbook/kernel/cell"
	"sockbook/kernel/lower/rt"
)

// A Mark says that the text from Offset on comes from a place in a cell.
type Mark struct {
	Offset, Line, Column int
	Cell                 string // the cell, if it is not the unit's own
}

// A Unit is a cell ready to be compiled.
type Unit struct {
	Text  string
	Marks []Mark // by offset
	Funcs []FuncRange
	// Symbols are the compiled values that the text names, as
	// Symbols["import/path"]["Name"].
	Symbols map[string]map[string]reflect.Value
	// Replaced pairs the name of a function in an earlier text with the one in
	// this text that takes its place.
	Replaced [][2]string
	// Renewal is what becomes of values that got methods; it may be nil.
	Renewal *rt.Renewal
}

// Refused says that a cell uses something that cells cannot do.
type Refused struct {
	Pos  token.Position
	What string
}

func (r *Refused) Error() string { return fmt.Sprintf("%v: %s", r.Pos, r.What) }

type decl struct {
	fd   *ast.FuncDecl
	sig  *types.Signature // whose parameters the body names
	info *types.Info
	an   *analysis
	std  bool // of the standard library: no place in a cell

	recovers bool // of one that forgetInfo had: its body contains recover
}

type job struct {
	name  string
	f     *types.Func
	targs []types.Type
	key   string
}

// A Lowerer knows what earlier cells were lowered to.
type Lowerer struct {
	world   *rt.World
	fset    *token.FileSet
	ctx     *types.Context
	sizes   types.Sizes
	own     map[*types.Package]bool // packages that have source here
	std     map[string]*stdSource   // generic packages of the standard library
	decls   map[*types.Func]*decl
	names   map[string]string // function instances by key
	gvars   map[*types.Var]string
	types   typeTable
	imports *stdImporter // of embedded sources
	count   counters

	unit *unit // the cell being lowered
	undo []func()
}

type counters struct{ fn, tmp, local, gvar, cell int }

// unit is the state of one cell's lowering, and of the function in it that is
// being written.
type unit struct {
	cell    *cell.Cell
	globals map[*types.Var]bool
	b       *strings.Builder
	funcs   strings.Builder
	helpers []string
	vars    []string
	reg     []string
	syms    map[string]map[string]reflect.Value
	imports map[string]bool
	queue   []job

	info   *types.Info
	an     *analysis
	env    *env
	fc     *fctx
	locals map[*types.Var]string
	rename map[*types.Var]string
	gotos  map[string]bool
	pos    token.Pos
	line   int
	std    bool // the function being written has no place in a cell
}

// New makes a Lowerer whose compiled half is world.
func New(world *rt.World) *Lowerer {
	l := &Lowerer{world: world, ctx: types.NewContext(), sizes: types.SizesFor("gc", runtime.GOARCH), own: map[*types.Package]bool{}, std: map[string]*stdSource{},
		decls: map[*types.Func]*decl{}, names: map[string]string{}, gvars: map[*types.Var]string{}}
	l.types.init()
	return l
}

// Lower rewrites one cell. The error is a *Refused, or a fault of this package.
func (l *Lowerer) Lower(c *cell.Cell) (u *Unit, err error) {
	l.undo = nil
	defer func() {
		if r := recover(); r != nil {
			l.Rollback()
			ref, ok := r.(*Refused)
			if !ok {
				panic(r)
			}
			u, err = nil, ref
		}
	}()
	l.fset = c.Fset
	l.count.cell++
	l.unit = &unit{cell: c, syms: map[string]map[string]reflect.Value{}, imports: map[string]bool{}, rename: map[*types.Var]string{}, globals: map[*types.Var]bool{}}
	defer func() { l.unit = nil }()
	l.own[c.Pkg] = true
	for _, v := range c.Vars {
		l.unit.globals[v] = true
	}
	for _, im := range c.Imports {
		l.known(im.Pkg)
	}
	an := analyse(c)
	for _, t := range append(c.Types[:len(c.Types):len(c.Types)], c.Recheck.Types...) {
		l.undo = append(l.undo, l.world.Define(t.Obj))
	}
	replaced := l.define(c, an)
	renewal := l.renew(c)
	body := l.cellBody(c, an)
	l.drain()
	l.describeIfaces(c)
	l.drain()
	l.forgetInfo(c)
	text, marks := takeMarks(l.assemble(body))
	return &Unit{Text: text, Marks: marks, Funcs: funcRanges(c), Symbols: l.unit.syms, Replaced: replaced, Renewal: renewal}, nil
}

// Commit says that the last unit was compiled; Rollback that it was not.
func (l *Lowerer) Commit() { l.undo = nil }

// Rollback forgets what the last unit defined.
func (l *Lowerer) Rollback() {
	for i := len(l.undo) - 1; i >= 0; i-- {
		l.undo[i]()
	}
	l.undo = nil
	l.types.stop()
}

func (l *Lowerer) refuse(pos token.Pos, format string, args ...any) {
	panic(&Refused{l.fset.Position(pos), fmt.Sprintf(format, args...)})
}

// define has the cell's functions written, and pairs those that take the place
// of earlier ones.
func (l *Lowerer) define(c *cell.Cell, an *analysis) (replaced [][2]string) {
	all := append(append([]*cell.Func(nil), c.Funcs...), c.Recheck.Funcs...)
	olds := make([]string, len(all))
	for i, f := range all {
		if f.Replaces != nil {
			olds[i] = l.names[l.fnKey(f.Replaces, nil)]
		} else {
			olds[i] = l.names[l.fnKey(f.Obj, nil)]
		}
		l.forget(l.fnKey(f.Obj, nil))
		l.setDecl(f, c.Info, an)
	}
	for _, f := range append(c.Inits[:len(c.Inits):len(c.Inits)], c.Main) {
		if f != nil {
			l.setDecl(f, c.Info, an)
		}
	}
	for i, f := range all { // everything that a later cell may call
		if f.Obj.Name() == "_" || isGeneric(f.Obj) {
			continue
		}
		if now := l.fn(f.Obj, nil); olds[i] != "" {
			replaced = append(replaced, [2]string{olds[i], now})
			l.setName(l.fnKey(f.Obj.Origin(), nil), olds[i]) // all callers go by the first name, which gets the new code
			if l.names["reg "+olds[i]] != "" {
				sig := f.Obj.Type().(*types.Signature)
				hold := l.holdFunc(now, withReceiver(sig.Recv().Type(), plain(sig)))
				l.unit.reg = append(l.unit.reg, fmt.Sprintf("rt.Reg(%q, %s)\n", olds[i], hold))
			}
		}
	}
	for _, st := range c.Stale {
		if old := l.names[l.fnKey(st.Obj, nil)]; old != "" {
			replaced = append(replaced, [2]string{old, l.staleFunc(st)})
		}
	}
	return replaced
}

// staleFunc writes what takes the place of a function that does not compile any
// more: it says so to what still calls it.
func (l *Lowerer) staleFunc(st cell.Stale) string {
	sig := st.Obj.Type().(*types.Signature)
	var ps, rs []string
	if r := sig.Recv(); r != nil {
		ps = append(ps, l.tmp()+" "+l.ty(r.Type()))
	}
	params, _ := l.paramList(sig)
	for range sig.Results().Len() {
		rs = append(rs, l.tmp())
	}
	l.count.fn++
	name := fmt.Sprintf("F%d_stale", l.count.fn)
	fmt.Fprintf(&l.unit.funcs, "func %s(%s)%s {\nrt.Stale(%q)\nreturn %s\n}\n", name, strings.Join(append(ps, params...), ", "),
		l.resTail(sig.Results(), rs), st.Reason, strings.Join(rs, ", "))
	return name
}

func (l *Lowerer) setDecl(f *cell.Func, info *types.Info, an *analysis) {
	old := l.decls[f.Obj]
	l.decls[f.Obj] = &decl{fd: f.Decl, sig: f.Sig, info: info, an: an}
	l.undo = append(l.undo, func() { l.decls[f.Obj] = old })
}

// forgetInfo lets go of what was known of the functions that are written for
// good. Generic ones are written again for other types.
func (l *Lowerer) forgetInfo(c *cell.Cell) {
	for _, f := range append(c.Funcs[:len(c.Funcs):len(c.Funcs)], c.Recheck.Funcs...) {
		if d := l.decls[f.Obj]; f.Obj.Name() != "_" && !isGeneric(f.Obj) && d.fd.Body != nil {
			l.decls[f.Obj] = &decl{fd: d.fd, recovers: hasRecover(d.info, d.fd.Body)}
		}
	}
}

// forget drops a function's name, so that it is written again.
func (l *Lowerer) forget(key string) {
	if old, ok := l.names[key]; ok {
		delete(l.names, key)
		l.undo = append(l.undo, func() { l.names[key] = old })
	}
}

// cellBody writes the cell's function: initialisers, statements, main.
func (l *Lowerer) cellBody(c *cell.Cell, an *analysis) string {
	u := l.unit
	return l.capture(func() {
		l.enter(c.Info, an, nil)
		u.fc = &fctx{sig: types.NewSignatureType(nil, nil, nil, nil, nil, false)}
		u.gotos = gotoLabels(stmtList(c.Stmts))
		l.deferring(stmtList(c.Stmts), nil, func() {
			if c.Program {
				l.initialisers(c.Info.InitOrder)
			}
			for _, f := range c.Inits {
				l.w("%s()", l.fn(f.Obj, nil))
			}
			l.cellStmts(c)
			if c.Main != nil {
				l.w(noMark)
				l.w("%s()", l.fn(c.Main.Obj, nil))
			}
		})
	})
}

// noMark says that what follows comes from nowhere in the cell.
const noMark = "\x010:0\x02"

// cellStmts writes the statements of a cell; the value of a last expression is
// its result.
func (l *Lowerer) cellStmts(c *cell.Cell) {
	for i, s := range c.Stmts {
		if c.Result != nil && i == len(c.Stmts)-1 {
			l.result(c.Result)
			continue
		}
		l.stmt(s, "")
	}
}

func (l *Lowerer) result(e ast.Expr) {
	e = ast.Unparen(e)
	l.at(e.Pos())
	if tup, ok := l.T(e).(*types.Tuple); ok {
		ns, ts := l.tuple(e, tup.Len())
		for i := range ns {
			l.w("rt.Result(%s)", l.conv(ns[i], ts[i], anyT))
		}
		return
	}
	l.w("rt.Result(%s)", l.exTo(e, anyT))
}

// initialisers writes the package variables' initialisation, in the order that
// the checker found.
func (l *Lowerer) initialisers(list []*types.Initializer) {
	for _, in := range list {
		l.at(in.Rhs.Pos())
		if len(in.Lhs) == 1 {
			v := in.Lhs[0]
			if v.Name() == "_" {
				l.w("var %s %s = %s", l.tmp(), l.ty(v.Type()), l.exTo(in.Rhs, v.Type()))
				continue
			}
			l.w("%s = %s", l.varName(v), l.exTo(in.Rhs, v.Type()))
			continue
		}
		ns, ts := l.tuple(in.Rhs, len(in.Lhs))
		for i, v := range in.Lhs {
			if v.Name() != "_" {
				l.w("%s = %s", l.varName(v), l.conv(ns[i], ts[i], v.Type()))
			}
		}
	}
}

// enter starts a function whose syntax belongs to info.
func (l *Lowerer) enter(info *types.Info, an *analysis, e *env) {
	u := l.unit
	u.info, u.an, u.env, u.locals, u.line = info, an, e, map[*types.Var]string{}, 0
}

// drain writes the functions asked for, until none asks for another.
func (l *Lowerer) drain() {
	u := l.unit
	for len(u.queue) > 0 || l.types.unfinished() {
		for len(u.queue) > 0 {
			j := u.queue[0]
			u.queue = u.queue[1:]
			l.emitFunc(j)
		}
		l.finishTypes()
	}
}

func (l *Lowerer) emitFunc(j job) {
	d := l.decls[j.f]
	if d == nil || d.fd.Body == nil {
		l.refuse(j.f.Pos(), "function %s has no body here", j.f.FullName())
	}
	sig := d.sig
	tps := sig.TypeParams()
	if tps.Len() == 0 {
		tps = sig.RecvTypeParams()
	}
	var e *env
	if tps.Len() > 0 {
		e = &env{m: map[*types.TypeParam]types.Type{}, local: map[*types.TypeName]*types.Named{}, key: j.key}
		for i := 0; i < tps.Len(); i++ {
			e.m[tps.At(i)] = j.targs[i]
		}
		e.args = l.argsText(j.targs)
	}
	l.enter(d.info, d.an, e)
	l.unit.std = d.std
	defer func() { l.unit.std = false }()
	l.unit.gotos = gotoLabels(d.fd.Body)
	sig = l.subst(sig).(*types.Signature)
	ps, res, named := l.params(d.fd.Type, d.fd.Recv, sig, d.fd.Body)
	body := l.funcBody(sig, res, named, d.fd.Body)
	if d.std {
		body = noMark + body
	}
	fmt.Fprintf(&l.unit.funcs, "func %s%s {\n%s}\n", j.name, ps, body)
}

// assemble puts the text together.
func (l *Lowerer) assemble(body string) string {
	u := l.unit
	var s strings.Builder
	s.WriteString("package main\nimport \"rt\"\n")
	var paths []string
	for p := range u.imports {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	for _, p := range paths {
		fmt.Fprintf(&s, "import %s %q\n", mangle(p), compiledPath(p))
	}
	for _, v := range append(u.vars, u.helpers...) {
		s.WriteString(v + "\n")
	}
	s.WriteString(u.funcs.String())
	fmt.Fprintf(&s, "func Cell() {\n%s\n%s}\n", noMark, body)
	if len(u.reg) > 0 {
		s.WriteString("func init() {\n" + noMark + strings.Join(u.reg, "") + "}\n")
	}
	return s.String()
}

// compiledPath is what the text imports a compiled package as: a path of our
// own, so that the interpreter treats none of them specially.
func compiledPath(path string) string {
	if path == "unsafe" {
		return path
	}
	return "c/" + path
}

// takeMarks separates the text from the marks that at wrote into it.
func takeMarks(s string) (string, []Mark) {
	var b strings.Builder
	var marks []Mark
	for {
		i := strings.IndexByte(s, 1)
		if i < 0 {
			b.WriteString(s)
			return b.String(), marks
		}
		b.WriteString(s[:i])
		j := strings.IndexByte(s, 2)
		m := Mark{Offset: b.Len()}
		line, col, _ := strings.Cut(s[i+1:j], ":")
		m.Line, _ = strconv.Atoi(line)
		m.Column, _ = strconv.Atoi(col)
		marks = append(marks, m)
		s = s[j+1:]
	}
}

// symbol makes a compiled value nameable in the text as rt.name.
func (l *Lowerer) symbol(name string, v reflect.Value) string {
	l.pkgSymbol("rt", name, v)
	return "rt." + name
}

func (l *Lowerer) pkgSymbol(path, name string, v reflect.Value) {
	m := l.unit.syms[path]
	if m == nil {
		m = map[string]reflect.Value{}
		l.unit.syms[path] = m
	}
	m[name] = v
}

// helper adds a function to the text once in the session.
func (l *Lowerer) helper(name, text string) {
	if _, ok := l.names["helper "+name]; ok {
		return
	}
	l.setName("helper "+name, name)
	l.unit.helpers = append(l.unit.helpers, text)
}

func (l *Lowerer) setName(key, name string) {
	l.names[key] = name
	l.undo = append(l.undo, func() { delete(l.names, key) })
}
