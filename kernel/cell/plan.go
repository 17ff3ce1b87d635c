package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
)

// A plan says what a cell does to the definitions of earlier cells, before
// anything is type-checked: it goes by names and by the text of declarations.
type plan struct {
	env     *Env
	own     []*unit                   // what the cell declares
	byKey   map[string]*unit          // own, by key
	vars    map[string]bool           // variables that its statements define at the top
	imports map[string]*types.PkgName // what it imports

	kept    map[*unit]bool         // own types and constants that say what is defined already
	full    map[string]bool        // keys whose meaning changes for everything that mentions them
	recheck map[string]*definition // definitions of earlier cells to be checked again, by key
	dropped map[string]bool        // definitions of earlier cells that were found not to compile any more
}

func newPlan(e *Env, own []*unit, vars map[string]bool, imports map[string]*types.PkgName, text func(ast.Node) string) *plan {
	p := &plan{env: e, own: own, vars: vars, imports: imports, byKey: map[string]*unit{}, kept: map[*unit]bool{}, dropped: map[string]bool{}}
	twice := map[string]bool{}
	for _, u := range own {
		for _, k := range u.keys {
			twice[k] = twice[k] || p.byKey[k] != nil && k != "_"
			p.byKey[k] = u
		}
	}
	for _, u := range own {
		p.resolveReceiver(u)
	}
	for _, u := range own {
		redeclared := slices.ContainsFunc(u.keys, func(k string) bool { return twice[k] })
		if !redeclared && p.sameText(u, text) {
			p.kept[u] = true
		}
	}
	p.propagate()
	return p
}

// resolveReceiver gives a method whose receiver is written with an alias the
// key that it has by its real type.
func (p *plan) resolveReceiver(u *unit) {
	base, name, ok := methodKey(u.keys0())
	for range len(p.own) + 1 {
		if !ok {
			return
		}
		real := ""
		if t := p.byKey[base]; t != nil {
			spec, isType := t.node.(*ast.TypeSpec)
			if !isType || !spec.Assign.IsValid() {
				return
			}
			x := ast.Unparen(spec.Type)
			if star, isStar := x.(*ast.StarExpr); isStar {
				x = ast.Unparen(star.X)
			}
			if id, isIdent := x.(*ast.Ident); isIdent {
				real = id.Name
			}
		} else if d := p.env.defs[base]; d != nil {
			if named, isNamed := types.Unalias(d.obj.Type()).(*types.Named); isNamed && named.Obj() != d.obj {
				real = named.Obj().Name()
			}
		}
		if real == "" || real == base {
			return
		}
		delete(p.byKey, u.keys[0])
		base = real
		u.keys[0] = base + "." + name
		p.byKey[u.keys[0]] = u
	}
}

// sameText says whether u is written as the definitions that it would replace.
func (p *plan) sameText(u *unit, text func(ast.Node) string) bool {
	if _, ok := u.node.(*ast.FuncDecl); ok || len(u.keys) == 0 {
		return false
	}
	first := p.env.defs[u.keys[0]]
	if first == nil || first.node == nil || first.stale != nil || first.text != text(u.node) {
		return false
	}
	for _, k := range u.keys {
		if d := p.env.defs[k]; k != "_" && (d == nil || d.node != first.node) {
			return false
		}
	}
	return true
}

// unkeep drops from kept what mentions something that changes. It says whether
// it dropped anything.
func (p *plan) unkeep() bool {
	for u := range p.kept {
		for _, k := range u.keys {
			d := p.env.defs[k]
			if d == nil {
				continue
			}
			for name, obj := range d.uses {
				if p.changes(name, obj) {
					delete(p.kept, u)
					return true
				}
			}
		}
	}
	for _, u := range p.own {
		if base, _, ok := methodKey(u.keys0()); ok && p.kept[p.byKey[base]] && p.remakes(u) {
			delete(p.kept, p.byKey[base])
			return true
		}
	}
	return false
}

func (u *unit) keys0() string {
	if len(u.keys) == 0 {
		return ""
	}
	return u.keys[0]
}

// changes says whether key will mean something else than obj for the cell.
func (p *plan) changes(key string, obj types.Object) bool {
	if p.full[key] {
		return true
	}
	if u := p.byKey[key]; u != nil {
		return !p.kept[u]
	}
	if imp := p.imports[key]; imp != nil {
		old, ok := obj.(*types.PkgName)
		return !ok || old.Imported() != imp.Imported()
	}
	if p.vars[key] {
		return true
	}
	d := p.env.defs[key]
	if d == nil {
		return obj.Pkg() == p.env.pkg // otherwise dot-imported
	}
	if old, ok := obj.(*types.PkgName); ok {
		now, ok := d.obj.(*types.PkgName)
		return !ok || now.Imported() != old.Imported()
	}
	return d.obj != obj || d.stale != nil
}

// remakes says whether method u can not be given to the type that exists: the
// type has it with another signature, or has type parameters and no such
// method, of which instances would not know.
func (p *plan) remakes(u *unit) bool {
	base, _, _ := methodKey(u.keys[0])
	if old := p.methodOf(u.keys[0]); old != nil {
		return old.sig != signatureText(u.node.(*ast.FuncDecl)) || p.uncertain(old)
	}
	t := p.env.defs[base]
	if t == nil {
		return false
	}
	named, ok := t.obj.Type().(*types.Named)
	return ok && named.TypeParams().Len() > 0
}

// methodOf returns the definition of a method if the type that its base name
// now means has it; nil if only an older one has.
func (p *plan) methodOf(key string) *definition {
	d := p.env.defs[key]
	base, _, _ := methodKey(key)
	t := p.env.defs[base]
	if d == nil || t == nil {
		return nil
	}
	f, ok := d.obj.(*types.Func)
	if !ok {
		return nil
	}
	if named := receiverNamed(f); named == nil || types.Object(named.Obj()) != t.obj {
		return nil
	}
	return d
}

// uncertain says whether a function's type mentions something that changes.
func (p *plan) uncertain(d *definition) bool {
	for k := range d.sigUses {
		if p.changes(k, d.uses[k]) {
			return true
		}
	}
	return false
}

// propagate finds what is to be checked again: everything that mentions what
// changes, and so on as long as types change.
func (p *plan) propagate() {
	p.full, p.recheck = map[string]bool{}, map[string]*definition{}
	for {
		before := len(p.full) + len(p.recheck) + len(p.dropped) - len(p.kept)
		for p.unkeep() {
		}
		for k := range p.vars {
			p.full[k] = true
		}
		for k := range p.dropped {
			p.full[k] = true
		}
		for k, u := range p.byKey {
			p.changeOwn(k, u)
		}
		for k, d := range p.recheck {
			p.changeOld(k, d)
		}
		for k := range p.full {
			p.recheckUsers(k, func(d *definition) bool {
				// An import belongs to the cell that has it.
				_, imported := d.uses[k].(*types.PkgName)
				return !imported
			})
			if _, _, method := methodKey(k); !method {
				p.recheckMethods(k)
			}
		}
		if before == len(p.full)+len(p.recheck)+len(p.dropped)-len(p.kept) {
			return
		}
	}
}

// changeOwn finds out what an own declaration changes for others.
func (p *plan) changeOwn(key string, u *unit) {
	// What did not compile may do so now, whatever changes.
	p.recheckUsers(key, func(d *definition) bool { return d.stale != nil })
	fn, ok := u.node.(*ast.FuncDecl)
	if !ok {
		if !p.kept[u] {
			p.full[key] = true
		}
		return
	}
	old := p.env.defs[key]
	base, name, method := methodKey(key)
	if method && (p.byKey[base] == nil || p.kept[p.byKey[base]]) {
		if p.remakes(u) {
			p.remake(base)
		} else if p.methodOf(key) == nil {
			p.recheckSelections(base, name)
			return
		}
	}
	if old != nil && (!old.isFunc() || old.generic() || old.sig != signatureText(fn) || p.uncertain(old)) {
		p.full[key] = true
	}
}

// changeOld finds out what checking d again changes for others.
func (p *plan) changeOld(key string, d *definition) {
	p.recheckUsers(key, func(d *definition) bool { return d.stale != nil })
	if !d.isFunc() || d.generic() || p.uncertain(d) {
		p.full[key] = true
	}
	if base, _, method := methodKey(key); method && p.uncertain(d) {
		p.remake(base)
	}
}

// remake has the type of that name declared anew.
func (p *plan) remake(name string) {
	if u := p.byKey[name]; u != nil {
		delete(p.kept, u)
	} else if d := p.env.defs[name]; d != nil && d.node != nil {
		p.addRecheck(d)
	}
	p.full[name] = true
}

func (p *plan) addRecheck(d *definition) {
	if p.byKey[d.key] != nil || p.vars[d.key] || p.dropped[d.key] || d.node == nil {
		return
	}
	if base, _, method := methodKey(d.key); method {
		written := receiverBase(d.node.(*ast.FuncDecl)).Name
		if p.isAlias(base) || written != base && !p.isAlias(written) {
			// It would become a method of another type.
			p.dropped[d.key] = true
			return
		}
	}
	if g, ok := d.node.(*ast.GenDecl); ok { // the whole group of constants
		for _, other := range p.env.groupOf(g) {
			if p.byKey[other.key] == nil && !p.vars[other.key] {
				p.recheck[other.key] = other
			}
		}
		return
	}
	p.recheck[d.key] = d
}

// isAlias says whether a name is, or becomes, an alias.
func (p *plan) isAlias(name string) bool {
	if u := p.byKey[name]; u != nil {
		spec, ok := u.node.(*ast.TypeSpec)
		return ok && spec.Assign.IsValid()
	}
	d := p.env.defs[name]
	if d == nil {
		return false
	}
	t, ok := d.obj.(*types.TypeName)
	return ok && t.IsAlias()
}

func (p *plan) recheckUsers(key string, which func(*definition) bool) {
	for user := range p.env.users[key] {
		if d := p.env.defs[user]; d != nil && which(d) {
			p.addRecheck(d)
		}
	}
}

// recheckMethods has all methods of a type checked again.
func (p *plan) recheckMethods(base string) {
	for key := range p.env.methods[base] {
		if d := p.env.defs[key]; d != nil {
			p.addRecheck(d)
		}
	}
}

// recheckSelections has everything checked again that depends on a type and
// selects name from something, since a new method may be found or be
// ambiguous; and what does not compile, since that may be for want of it.
func (p *plan) recheckSelections(base, name string) {
	seen := map[string]bool{base: true}
	for queue := []string{base}; len(queue) > 0; queue = queue[1:] {
		for user := range p.env.users[queue[0]] {
			if seen[user] {
				continue
			}
			seen[user] = true
			queue = append(queue, user)
			if d := p.env.defs[user]; d != nil && d.node != nil && (d.stale != nil || selects(d.node, name)) {
				p.addRecheck(d)
			}
		}
	}
}

func selects(n ast.Node, name string) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == name {
			found = true
		}
		return !found
	})
	return found
}

// drop takes definitions that do not compile any more out of the plan, and
// plans again.
func (p *plan) drop(keys []string) {
	for _, k := range keys {
		p.dropped[k] = true
	}
	p.propagate()
}

// rechecked lists what is to be checked again, in the order of definition,
// grouped by the cell it comes from.
func (p *plan) rechecked() [][]*unit {
	byNode := map[ast.Node]*unit{}
	var list []*unit
	for _, k := range slices.Sorted(maps.Keys(p.recheck)) {
		d := p.recheck[k]
		if byNode[d.node] != nil {
			continue
		}
		u := &unit{node: d.node, origin: d.origin, old: d}
		byNode[d.node] = u
		list = append(list, u)
		switch n := d.node.(type) {
		case *ast.FuncDecl:
			u.keys, u.idents = append(u.keys, k), append(u.idents, n.Name)
		case *ast.TypeSpec:
			u.keys, u.idents = append(u.keys, k), append(u.idents, n.Name)
		case *ast.GenDecl:
			for _, s := range n.Specs {
				for _, id := range s.(*ast.ValueSpec).Names {
					if other := p.recheck[id.Name]; other != nil && other.node == n {
						u.keys, u.idents = append(u.keys, id.Name), append(u.idents, id)
					}
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b *unit) int { return int(a.node.Pos() - b.node.Pos()) })
	var groups [][]*unit
	for i, u := range list {
		if i == 0 || list[i-1].origin != u.origin {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], u)
	}
	return groups
}

// decl returns a declaration that declares u and nothing else.
func (u *unit) decl() ast.Decl {
	switch n := u.node.(type) {
	case *ast.TypeSpec:
		return &ast.GenDecl{TokPos: n.Pos(), Tok: token.TYPE, Specs: []ast.Spec{n}}
	case *ast.GenDecl:
		return u.constants(n)
	case *ast.FuncDecl:
		return n
	}
	return nil
}

// constants returns a group of constants of which only u's have names: others
// were defined anew since.
func (u *unit) constants(g *ast.GenDecl) *ast.GenDecl {
	group := *g
	group.Specs = nil
	for _, s := range g.Specs {
		spec := *s.(*ast.ValueSpec)
		spec.Names = slices.Clone(spec.Names)
		for i, id := range spec.Names {
			if !slices.Contains(u.keys, id.Name) {
				spec.Names[i] = &ast.Ident{Name: "_", NamePos: id.NamePos}
			}
		}
		group.Specs = append(group.Specs, &spec)
	}
	return &group
}
