// JSON through an interface parameter, promoted (yaegi #1605, #1486, #633, #781).
package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

type Foo interface{}
type Foo1 struct{ Bar string }

func (f Foo1) MarshalJSON() ([]byte, error) { return []byte(`{"test":"` + f.Bar + `"}`), nil }

type Foo2 struct {
	Bar2 string
	Foo1
}
type Inner struct{ Timestamp int64 }
type Outer struct {
	Inner
	Name string
}
type Str struct{ B string }

func (s Str) String() string { return "S:" + s.B }

type Obj struct{ First, Last string }

func (o *Obj) MarshalJSON() ([]byte, error) { return json.Marshal(o.First + " " + o.Last) }
func (o *Obj) UnmarshalJSON(b []byte) error {
	var s string
	err := json.Unmarshal(b, &s)
	o.First, o.Last, _ = strings.Cut(s, " ")
	return err
}
func show(f Foo) { b, err := json.Marshal(f); fmt.Println(string(b), err) }
func main() {
	show(Foo1{"x"})
	show(&Foo2{"y", Foo1{"z"}})
	show(Outer{Inner{5}, "n"})
	var st fmt.Stringer = &Str{"b"}
	show(st)
	show([]Obj{{"A", "B"}})
	show([]*Obj{{"A", "B"}})
	show(map[string]Obj{"k": {"c", "d"}})
	var back []Obj
	fmt.Println(json.Unmarshal([]byte(`["x y","z w"]`), &back), back)
}
