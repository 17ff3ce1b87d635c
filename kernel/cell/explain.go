package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// explain makes a learner's diagnostic of a type error: the compiler's words,
// with types of one name told apart, and a hint.
func (c *checker) explain(err types.Error, end token.Pos) Diagnostic {
	d := Diagnostic{Pos: c.env.fset.Position(err.Pos), End: c.env.fset.Position(end)}
	d.Msg, d.Hint = c.tellVersions(err)
	if c.result != nil && err.Pos == c.result.X.Pos() {
		// The assignment is ours.
		d.Msg = strings.Replace(d.Msg, " in assignment to _ identifier", "", 1)
	}
	if name, ok := strings.CutPrefix(err.Msg, "undefined: "); ok {
		if msg, why := c.whyStale(name, nil); why != nil {
			d.Msg, d.Hint = msg, why.new
			return d
		}
		if c.plan.vars[name] {
			d.Hint = name + " is defined further down"
			if c.inDeclaration(err.Pos) {
				d.Hint = name + " is a variable that this cell defines: constants and types can not depend on it"
			}
			return d
		}
	}
	if m := missingMember().FindStringSubmatch(err.Msg); m != nil {
		if msg, why := c.whyStale(m[1]+"."+m[2], nil); why != nil && d.Hint == "" {
			d.Hint = msg
			return d
		}
	}
	if d.Hint == "" {
		d.Hint, d.Imports = c.hint(err.Msg)
	}
	return d
}

func (c *checker) inDeclaration(pos token.Pos) bool {
	return slices.ContainsFunc(c.units, func(u *unit) bool { return u.node.Pos() <= pos && pos < u.node.End() })
}

var missingMember = pattern(`\(type \*?(\w+) has no field or method (\w+)`)

// The forms of messages that name two types, which may have one name.
var (
	cannotUse     = pattern(`^(cannot use .* \()(.*)(\) as )(.*)( value in .*?)(?:(: )(.*)( does not implement )(.*)( \(.*\)))?$`)
	mismatched    = pattern(`^(.*\(mismatched types )(.*)( and )(.*)(\))$`)
	cannotConvert = pattern(`^(cannot convert .* \()(.*)(\) to type )(.*)$`)
)

// tellVersions returns the message of an error in which a type that is not the
// one its name means any more is followed by the cell it is from, and a hint
// about it.
func (c *checker) tellVersions(err types.Error) (msg, hint string) {
	msg = err.Msg
	if c.cell.Program && c.program == nil {
		return msg, "" // it knows nothing of earlier cells
	}
	near := c.typesNear(err)
	var old *types.TypeName
	for t := range near.all {
		if c.current(t) == nil {
			old = t
		}
	}
	if old == nil {
		return msg, ""
	}
	name := old.Name()
	first, second := old, old // what the name stands for in the two halves of the message
	if m, half := splitMessage(msg); m != nil {
		first, second = near.sides(name, c)
		var b strings.Builder
		for i, part := range m[1:] {
			switch {
			case i == 1, half == 4 && i == 6:
				part = c.label(part, name, first)
			case i == 3, half == 4 && i == 8:
				part = c.label(part, name, second)
			}
			b.WriteString(part)
		}
		msg = b.String()
	} else if len(near.versions(name)) == 1 {
		msg = c.label(msg, name, old)
	}
	return msg, fmt.Sprintf("%s was defined anew in %s; a value made before that keeps the %s of %s: make it again", name, c.newestBorn(name), name, c.bornIn(old))
}

// newestBorn names the cell that made what a type's name means now.
func (c *checker) newestBorn(name string) string {
	if c.plan.recheck[name] == nil && (c.plan.byKey[name] == nil || c.plan.kept[c.plan.byKey[name]]) {
		if d := c.env.defs[name]; d != nil {
			if t, ok := d.obj.(*types.TypeName); ok {
				return c.bornIn(t)
			}
			return d.origin
		}
	}
	return c.src.name
}

// bornIn names the cell that made a type.
func (c *checker) bornIn(t *types.TypeName) string {
	if cell := c.env.born[t]; cell != "" {
		return cell
	}
	return c.src.name
}

// label puts the cell of t behind its name in text.
func (c *checker) label(text, name string, t *types.TypeName) string {
	if t == nil {
		return text
	}
	word := regexp.MustCompile(`(^|[^\w.])(` + regexp.QuoteMeta(name) + `)($|[^\w.])`)
	return word.ReplaceAllString(text, "${1}${2} ("+strings.ReplaceAll(c.bornIn(t), "$", "$$")+")${3}")
}

// splitMessage takes a message apart around the types that it names.
func splitMessage(msg string) (parts []string, half int) {
	if m := cannotUse().FindStringSubmatch(msg); m != nil {
		return m, 4
	}
	for _, form := range []*regexp.Regexp{mismatched(), cannotConvert()} {
		if m := form.FindStringSubmatch(msg); m != nil {
			return m, 2
		}
	}
	return nil, 0
}

// typesNear are the session's types in the expressions around an error.
type typesNear struct {
	all         map[*types.TypeName]bool
	left, right []*types.TypeName // of the operand, or the two operands
}

func (n *typesNear) versions(name string) []*types.TypeName {
	var list []*types.TypeName
	for t := range n.all {
		if t.Name() == name {
			list = append(list, t)
		}
	}
	return list
}

// sides says what name stands for on the two sides of a message.
func (n *typesNear) sides(name string, c *checker) (first, second *types.TypeName) {
	pick := func(list []*types.TypeName) *types.TypeName {
		for _, t := range list {
			if t.Name() == name {
				return t
			}
		}
		return nil
	}
	first, second = pick(n.left), pick(n.right)
	if second == nil {
		// The other one: what the name means now, unless the first is that.
		for _, t := range n.versions(name) {
			if t != first && (second == nil || c.current(t) != nil) {
				second = t
			}
		}
	}
	if second == nil && first != nil && c.current(first) == nil {
		if d := c.env.defs[name]; d != nil {
			second, _ = d.obj.(*types.TypeName)
		}
	}
	return first, second
}

// typesNear collects the session's types that the expressions on the lines of
// an error have.
func (c *checker) typesNear(err types.Error) *typesNear {
	n := &typesNear{all: map[*types.TypeName]bool{}}
	start, end := span(err)
	file := c.env.fset.File(err.Pos)
	if file == nil {
		return n
	}
	line := file.Line(err.Pos)
	for x, tv := range c.cell.Info.Types {
		if x.Pos() < token.Pos(file.Base()) || x.End() > token.Pos(file.Base()+file.Size()) {
			continue
		}
		names := c.namesIn(tv.Type)
		if file.Line(x.Pos()) <= line && line <= file.Line(x.End()) && len(names) > 0 {
			for _, t := range names {
				n.all[t] = true
			}
		}
		if x.Pos() == start && x.End() == end {
			n.left = append(n.left, names...)
		}
	}
	if strings.Contains(err.Msg, "mismatched types") {
		if b := c.binaryAt(start); b != nil {
			n.left, n.right = c.namesIn(c.cell.Info.Types[b.X].Type), c.namesIn(c.cell.Info.Types[b.Y].Type)
		}
	}
	return n
}

// binaryAt returns the innermost binary expression of the cell around pos.
func (c *checker) binaryAt(pos token.Pos) *ast.BinaryExpr {
	var found *ast.BinaryExpr
	look := func(n ast.Node) bool {
		if b, ok := n.(*ast.BinaryExpr); ok && b.Pos() <= pos && pos < b.End() {
			found = b
		}
		return true
	}
	for _, s := range c.src.stmts {
		ast.Inspect(s, look)
	}
	for _, u := range c.all() {
		ast.Inspect(u.node, look)
	}
	return found
}

// namesIn lists the session's named types that t mentions.
func (c *checker) namesIn(t types.Type) []*types.TypeName {
	var list []*types.TypeName
	WalkType(t, func(t types.Type) {
		if n, ok := t.(*types.Named); ok {
			if obj := n.Obj(); obj.Pkg() == c.env.pkg && obj.Parent() == c.env.pkg.Scope() && !slices.Contains(list, obj) {
				list = append(list, obj)
			}
		}
	})
	return list
}
