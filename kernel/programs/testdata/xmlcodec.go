// A codec of one's own in the manner of encoding/xml: struct tags read by
// reflection, written and parsed back.
package main

import (
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

type Address struct {
	Street string `ml:"street"`
	City   string `ml:"city,upper"`
}

type Person struct {
	Name    string   `ml:"name,attr"`
	Age     int      `ml:"age,attr"`
	Emails  []string `ml:"email"`
	Address *Address `ml:"address"`
	Score   float64
	Skip    bool `ml:"-"`
	hidden  int
}

type Marshaler interface{ MarshalML() string }

type Temp float64

func (t Temp) MarshalML() string { return fmt.Sprintf("%.1f°C", float64(t)) }

type Weather struct {
	Now  Temp            `ml:"now"`
	Days map[string]Temp `ml:"days"`
}

type tag struct {
	name string
	opts map[string]bool
}

func parseTag(f reflect.StructField) (t tag, ok bool) {
	s, has := f.Tag.Lookup("ml")
	if s == "-" || f.PkgPath != "" {
		return t, false
	}
	name, rest, _ := strings.Cut(s, ",")
	if !has || name == "" {
		name = strings.ToLower(f.Name)
	}
	t = tag{name, map[string]bool{}}
	for _, o := range strings.Split(rest, ",") {
		t.opts[o] = true
	}
	return t, true
}

func write(b *strings.Builder, name string, v reflect.Value, depth int) error {
	pad := strings.Repeat(" ", depth)
	if m, ok := v.Interface().(Marshaler); ok {
		fmt.Fprintf(b, "%s<%s>%s</%s>\n", pad, name, m.MarshalML(), name)
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return write(b, name, v.Elem(), depth)
	case reflect.Slice:
		for i := range v.Len() {
			if err := write(b, name, v.Index(i), depth); err != nil {
				return err
			}
		}
	case reflect.Map:
		keys := v.MapKeys()
		sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
		for _, k := range keys {
			if err := write(b, k.String(), v.MapIndex(k), depth); err != nil {
				return err
			}
		}
	case reflect.Struct:
		t := v.Type()
		fmt.Fprintf(b, "%s<%s", pad, name)
		var children []int
		for i := 0; i < t.NumField(); i++ {
			tg, ok := parseTag(t.Field(i))
			if !ok {
				continue
			}
			if tg.opts["attr"] {
				fmt.Fprintf(b, " %s=%q", tg.name, fmt.Sprint(v.Field(i)))
			} else {
				children = append(children, i)
			}
		}
		b.WriteString(">\n")
		for _, i := range children {
			tg, _ := parseTag(t.Field(i))
			if err := write(b, tg.name, v.Field(i), depth+1); err != nil {
				return fmt.Errorf("%s: %w", t.Field(i).Name, err)
			}
		}
		fmt.Fprintf(b, "%s</%s>\n", pad, name)
	case reflect.String, reflect.Int, reflect.Float64, reflect.Bool:
		fmt.Fprintf(b, "%s<%s>%v</%s>\n", pad, name, v, name)
	default:
		return &UnsupportedError{v.Type()}
	}
	return nil
}

type UnsupportedError struct{ Type reflect.Type }

func (e *UnsupportedError) Error() string { return "unsupported type " + e.Type.String() }

func Marshal(name string, v any) (string, error) {
	var b strings.Builder
	err := write(&b, name, reflect.ValueOf(v), 0)
	return b.String(), err
}

// setAttrs fills the fields of *v from name=value pairs.
func setAttrs(v any, attrs map[string]string) error {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Pointer || rv.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("need a pointer to a struct, have %T", v)
	}
	rv = rv.Elem()
	for i := range rv.NumField() {
		tg, ok := parseTag(rv.Type().Field(i))
		s, given := attrs[tg.name]
		if !ok || !given {
			continue
		}
		switch f := rv.Field(i); f.Kind() {
		case reflect.String:
			f.SetString(s)
		case reflect.Int:
			n, err := strconv.ParseInt(s, 10, f.Type().Bits())
			if err != nil {
				return err
			}
			f.SetInt(n)
		case reflect.Slice:
			f.Set(reflect.Append(f, reflect.ValueOf(s)))
		}
	}
	return nil
}

func main() {
	p := Person{Name: "Ann", Age: 33, Emails: []string{"a@x", "ann@y"}, Address: &Address{"Main 1", "Wien"}, Score: 1.5, hidden: 3}
	s, err := Marshal("person", p)
	fmt.Print(s, err, "\n")
	s, err = Marshal("w", &Weather{-3.25, map[string]Temp{"tue": 4, "mon": 2.5}})
	fmt.Print(s, err, "\n")
	_, err = Marshal("bad", struct {
		A int
		F func()
	}{})
	var ue *UnsupportedError
	fmt.Println(err, errors.As(err, &ue), ue.Type)
	var q Person
	fmt.Println(setAttrs(&q, map[string]string{"name": "Bob", "age": "44", "email": "b@z"}), q.Name, q.Age, q.Emails)
	fmt.Println(setAttrs(&q, map[string]string{"age": "old"}))
	fmt.Println(setAttrs(q, nil))
	t := reflect.TypeOf(p)
	for i := range t.NumField() {
		f := t.Field(i)
		fmt.Printf("%s %v %q %t;", f.Name, f.Type, f.Tag.Get("ml"), f.IsExported())
	}
	fmt.Println()
	m := reflect.TypeOf(Temp(0))
	fmt.Println(m.NumMethod(), m.Method(0).Name, m.Kind(), m, m.Name(), t.PkgPath(), reflect.TypeFor[Marshaler]().Kind())
	out := reflect.ValueOf(Temp(20)).MethodByName("MarshalML").Call(nil)
	fmt.Println(out[0], reflect.DeepEqual(p, p), reflect.Zero(t).Field(1).Int())
}
