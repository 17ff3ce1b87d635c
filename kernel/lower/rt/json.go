package rt

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// This file keeps package encoding/json from storing what it reads in variables
// of interface types with methods: it takes those of cells for any.

func (w *World) jsonUnmarshal(data []byte, v any) any {
	v = w.renewed(v)
	return w.unmarshalled(v, json.Unmarshal(data, v))
}

func (w *World) jsonDecode(d *json.Decoder, v any) any {
	v = w.renewed(v)
	return w.unmarshalled(v, d.Decode(v))
}

// unmarshalled looks at what was read into v, takes out what does not implement
// its variable's type, and gives the error that package json has for that, but
// for the offset in the text.
func (w *World) unmarshalled(v any, err error) any {
	c := unmarshalCheck{w: w, leads: map[reflect.Type]bool{}, seen: map[reflect.Value]bool{}}
	if x := reflect.ValueOf(v); x.Kind() == reflect.Pointer && c.leadsToIface(x.Type()) {
		c.value(x, jsonPlace{})
	}
	switch {
	case err != nil:
		return err
	case c.err != nil:
		return c.err
	}
	return nil
}

// A jsonPlace is where in the text something stands, in the words of package
// json's errors.
type jsonPlace struct {
	within string // the struct type
	fields []string
}

type unmarshalCheck struct {
	w     *World
	leads map[reflect.Type]bool
	seen  map[reflect.Value]bool // pointers
	err   *json.UnmarshalTypeError
}

// leadsToIface reports whether values of t may lead to variables of interface
// types with methods.
func (c *unmarshalCheck) leadsToIface(t reflect.Type) bool {
	yes, ok := c.leads[t]
	if !ok {
		yes = c.search(t, map[reflect.Type]bool{})
		c.leads[t] = yes
	}
	return yes
}

func (c *unmarshalCheck) search(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Interface:
		return c.w.iface(t) != nil
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return c.search(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if c.search(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}

func (c *unmarshalCheck) value(v reflect.Value, at jsonPlace) {
	if !c.leadsToIface(v.Type()) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if p := v.Elem(); !v.IsNil() && !c.seen[p] {
			c.seen[p] = true
			c.value(p, at)
		}
	case reflect.Interface:
		c.iface(v, at)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			c.value(v.Index(i), at)
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		for _, k := range keys {
			elem := reflect.New(v.Type().Elem()).Elem()
			elem.Set(v.MapIndex(k))
			c.value(elem, at)
			v.SetMapIndex(k, elem)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() && !f.Anonymous {
				continue
			}
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" {
				name = f.Name
			}
			c.value(v.Field(i), jsonPlace{v.Type().Name(), append(slices.Clip(at.fields), name)})
		}
	}
}

// iface takes out of a variable of an interface type with methods what lacks
// them.
func (c *unmarshalCheck) iface(v reflect.Value, at jsonPlace) {
	if v.IsNil() {
		return
	}
	if c.w.fits(v.Elem(), v.Type()) {
		c.value(v.Elem(), at)
		return
	}
	kind := "object"
	switch v.Elem().Kind() {
	case reflect.Slice:
		kind = "array"
	case reflect.String:
		kind = "string"
		if v.Elem().Type() == reflect.TypeFor[json.Number]() {
			kind = "number"
		}
	case reflect.Float64:
		kind = "number"
	case reflect.Bool:
		kind = "bool"
	}
	if c.err == nil {
		c.err = &json.UnmarshalTypeError{Value: kind, Type: c.w.trueType(v.Type()), Struct: at.within, Field: strings.Join(at.fields, ".")}
	}
	if v.CanSet() {
		v.SetZero()
	}
}
