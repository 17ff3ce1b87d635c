package export

import (
	"fmt"
	"go/types"
	"strings"

	"sockbook/kernel/cell"
)

// typeText writes a type with the names that the program gives types and
// packages.
func (b *builder) typeText(t types.Type) string {
	switch t := t.(type) {
	case *types.Alias:
		return b.typeName(t.Obj(), t.TypeArgs())
	case *types.Named:
		return b.typeName(t.Obj(), t.TypeArgs())
	case *types.Pointer:
		return "*" + b.typeText(t.Elem())
	case *types.Slice:
		return "[]" + b.typeText(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), b.typeText(t.Elem()))
	case *types.Map:
		return fmt.Sprintf("map[%s]%s", b.typeText(t.Key()), b.typeText(t.Elem()))
	case *types.Chan:
		switch t.Dir() {
		case types.SendOnly:
			return "chan<- " + b.typeText(t.Elem())
		case types.RecvOnly:
			return "<-chan " + b.typeText(t.Elem())
		}
		if elem, ok := t.Elem().(*types.Chan); ok && elem.Dir() == types.RecvOnly {
			return "chan (" + b.typeText(elem) + ")"
		}
		return "chan " + b.typeText(t.Elem())
	case *types.Signature:
		return "func" + b.signature(t)
	case *types.Struct:
		return b.structText(t)
	case *types.Interface:
		return b.interfaceText(t)
	}
	return t.String()
}

func (b *builder) typeName(obj *types.TypeName, args *types.TypeList) string {
	name := obj.Name()
	switch {
	case obj.Pkg() == nil:
	case b.session(obj):
		name = b.called(obj)
	case obj.Parent() == obj.Pkg().Scope():
		name = b.importName(obj.Pkg(), obj.Pkg().Name()) + "." + name
	}
	if args.Len() == 0 {
		return name
	}
	var list []string
	for a := range args.Types() {
		list = append(list, b.typeText(a))
	}
	return name + "[" + strings.Join(list, ", ") + "]"
}

func (b *builder) signature(s *types.Signature) string {
	var params, results []string
	for i := range s.Params().Len() {
		t := s.Params().At(i).Type()
		if slice, ok := t.(*types.Slice); ok && s.Variadic() && i == s.Params().Len()-1 {
			params = append(params, "..."+b.typeText(slice.Elem()))
		} else {
			params = append(params, b.typeText(t))
		}
	}
	for v := range s.Results().Variables() {
		results = append(results, b.typeText(v.Type()))
	}
	text := "(" + strings.Join(params, ", ") + ")"
	if len(results) > 0 {
		text += " (" + strings.Join(results, ", ") + ")"
	}
	return text
}

func (b *builder) structText(s *types.Struct) string {
	var fields []string
	for i := range s.NumFields() {
		f := s.Field(i)
		text := b.typeText(f.Type())
		if !f.Embedded() {
			text = f.Name() + " " + text
		}
		if tag := s.Tag(i); tag != "" {
			text += fmt.Sprintf(" %q", tag)
		}
		fields = append(fields, text)
	}
	return "struct{" + strings.Join(fields, "; ") + "}"
}

func (b *builder) interfaceText(t *types.Interface) string {
	var parts []string
	for m := range t.ExplicitMethods() {
		parts = append(parts, m.Name()+b.signature(m.Signature()))
	}
	for e := range t.EmbeddedTypes() {
		parts = append(parts, b.typeText(e))
	}
	return "interface{" + strings.Join(parts, "; ") + "}"
}

// mentionTypes calls mention for the type names in t.
func mentionTypes(t types.Type, mention func(types.Object)) {
	cell.WalkType(t, func(t types.Type) {
		switch t := t.(type) {
		case *types.Alias:
			mention(t.Obj())
			for a := range t.TypeArgs().Types() { // its type need not have them
				mentionTypes(a, mention)
			}
		case *types.Named:
			mention(t.Obj())
		}
	})
}
