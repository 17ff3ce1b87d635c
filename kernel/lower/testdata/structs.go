package main

import (
	"encoding/json"
	"fmt"
	"sync"
	"unsafe"
)

type Addr struct {
	Street string
	City   *City
}
type City struct {
	Name string
	Zip  [2]int
}
type Person struct {
	Name string `json:"name"`
	Age  int
	Addr
	Tags []string
	meta map[string]any
	fn   func()
}

func main() {
	c := City{"X", [2]int{1, 2}}
	p := Person{Name: "A", Addr: Addr{"S", &c}, Tags: []string{"t"}}
	q := p
	q.Name = "B"
	q.Tags[0] = "changed"
	q.City.Name = "Y"
	fmt.Println(p.Name, p.Tags, p.City.Name, c.Name)
	fmt.Printf("%+v\n", c)
	fmt.Printf("%v %+v\n", p.Addr.City.Zip, struct{ A, B int }{1, 2})
	pts := []struct{ X, Y int }{{1, 2}, {3, 4}}
	for _, pt := range pts {
		pt.X = 9
	}
	fmt.Println(pts)
	a, b := City{"a", [2]int{1, 1}}, City{"a", [2]int{1, 1}}
	fmt.Println(a == b, &a == &b, a != City{})
	type local struct {
		n    int
		next *local
	}
	l := &local{1, &local{2, nil}}
	for x := l; x != nil; x = x.next {
		fmt.Print(x.n, " ")
	}
	fmt.Println()
	var z Person
	fmt.Println(z.Tags == nil, z.City == nil, z.fn == nil, z.Age, len(z.meta))
	m := map[City]string{a: "found"}
	fmt.Println(m[b])
	var anon struct {
		sync.Mutex
		n int
	}
	anon.Lock()
	anon.n++
	anon.Unlock()
	fmt.Println(anon.n)
	j, err := json.Marshal(p)
	fmt.Println(string(j), err)
	var back Person
	fmt.Println(json.Unmarshal(j, &back), back.Name, back.Street, back.City.Name, back.Tags)
	x := &p.Age
	*x = 41
	*x++
	fmt.Println(p.Age)
	pp := &p
	pp.Addr.Street = "new"
	(*pp).Age--
	fmt.Println(p.Street, p.Age)
	var e1, e2 struct{}
	fmt.Println(e1 == e2, unsafe.Sizeof(e1), unsafe.Sizeof(p.Zip), unsafe.Offsetof(c.Zip))
}
