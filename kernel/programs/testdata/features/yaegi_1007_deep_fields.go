// Deep chains of fields, pointers, elements and calls, read and written (yaegi #1007, #1300, #580, #969).
package main

import "fmt"

type A struct {
	B  B
	PB *B
	M  map[string]*B
}
type B struct {
	C  []C
	F  func(int) *C
	N  int
	Up *A
}
type C struct {
	Val string
	Arr [2]D
	D   *D
}
type D struct {
	Name string
	Tags map[string][]string
	Self *D
}

func build() *A {
	a := &A{B: B{C: []C{{Val: "c0", D: &D{Name: "d"}}, {Val: "c1"}}}, PB: &B{N: 1}}
	a.M = map[string]*B{"self": &a.B, "pb": a.PB}
	a.PB.Up, a.B.Up = a, a
	a.B.F = func(i int) *C { return &a.B.C[i] }
	return a
}

func (b *B) at(i int) *C    { return &b.C[i] }
func (c C) copyVal() string { c.Val += "!"; return c.Val }
func (d *D) chain(n int) (p *D) {
	for p = d; n > 0; n-- {
		p.Self = &D{Name: p.Name + fmt.Sprint(n)}
		p = p.Self
	}
	return
}

func main() {
	a := build()
	a.M["self"].C[0].D.Name += "x"
	a.PB.Up.B.at(1).Val = "changed"
	a.B.F(1).Arr[1].Name = "arr"
	a.M["pb"].Up.M["self"].Up.PB.N++
	fmt.Println(a.B.C[0].D.Name, a.B.C[1].Val, a.B.C[1].Arr[1].Name, a.PB.N)
	d := &a.B.F(0).Arr[0]
	d.Tags = map[string][]string{"k": {"v"}}
	d.Tags["k"] = append(d.Tags["k"], "w")
	d.Tags["k"][0] += "2"
	fmt.Println(a.B.C[0].Arr[0].Tags["k"], len(a.B.C[0].Arr[0].Tags["none"]))
	fmt.Println(a.B.C[0].D.chain(3).Name, a.B.C[0].D.Self.Self.Self.Name, a.B.at(0).copyVal(), a.B.C[0].Val)
	c := a.B.C
	a.B.C = append(a.B.C, C{})
	a.B.C[0].Val = "new array"
	fmt.Println(c[0].Val, a.B.F(0).Val, len(a.M["self"].C))
	pp := &a.M["pb"].Up.B.C[1].D
	*pp = &D{Name: "set"}
	(*pp).Name = (**pp).Name + "?"
	fmt.Println(a.B.C[1].D.Name)
	*a.PB = B{N: a.PB.N * 100, C: []C{{Val: "in pb"}}}
	fmt.Println(a.M["pb"].N, a.PB.C[0].Val, a.M["pb"].Up == nil)
	b2 := *a.M["self"]
	b2.N, b2.C[0].Val = 7, "shared"
	fmt.Println(a.B.N, a.B.C[0].Val)
	defer func() { fmt.Println(recover()) }()
	fmt.Println(a.M["pb"].Up.B.C[0].Val)
}
