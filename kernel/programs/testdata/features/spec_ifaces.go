// Interfaces: embedding, nil in them, assertion, type switches of every form.
package main

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
)

type Animal interface {
	Sound() string
}
type Named interface{ Name() string }
type Pet interface {
	Animal
	Named
	fmt.Stringer
}
type Dog struct{ name string }
type Cat struct{ Dog }
type Loud struct {
	Animal
	times int
}
type funcAnimal func() string

func (d Dog) Sound() string        { return "woof" }
func (d Dog) Name() string         { return d.name }
func (d *Dog) Rename(s string)     { d.name = s }
func (d Dog) String() string       { return "Dog(" + d.name + ")" }
func (c Cat) Sound() string        { return "meow" }
func (l Loud) Sound() string       { return strings.Repeat(l.Animal.Sound()+"!", l.times) }
func (f funcAnimal) Sound() string { return f() }

type private interface{ hidden() int }
type impl struct{}

func (impl) hidden() int { return 1 }

type myErr struct{ op string }

func (e *myErr) Error() string { return e.op }
func (e *myErr) Timeout() bool { return true }
func mayFail(fail bool) error {
	var e *myErr
	if fail {
		e = &myErr{"failed"}
	}
	return e
}
func ok() error { return nil }

type reader struct{ s string }

func (r *reader) Read(p []byte) (int, error) {
	if r.s == "" {
		return 0, io.EOF
	}
	n := copy(p, r.s)
	r.s = r.s[n:]
	return n, nil
}

type upper struct{ io.Reader }

func (u upper) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	copy(p, strings.ToUpper(string(p[:n])))
	return n, err
}

type byLen []string

func (b byLen) Len() int           { return len(b) }
func (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLen) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func classify(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case int, int64:
		return fmt.Sprintf("integer %v %T", v, v)
	case float64:
		return fmt.Sprint("float ", v*2)
	case func(int) int:
		return fmt.Sprint("func ", v(3))
	case []any:
		var s []string
		for _, e := range v {
			s = append(s, classify(e))
		}
		return strings.Join(s, "|")
	case map[string]int:
		return fmt.Sprint("map ", len(v), v["a"])
	case *int:
		*v++
		return fmt.Sprint("pointer ", *v)
	case chan int:
		return fmt.Sprint("chan ", cap(v))
	case [2]int:
		v[0] = 100
		return fmt.Sprint("array ", v)
	case struct{ X int }:
		return fmt.Sprint("anon ", v.X)
	case Pet:
		return "pet " + v.Name() + " " + v.Sound()
	case interface{ Timeout() bool }:
		return fmt.Sprint("timeout ", v.Timeout())
	case error:
		return "error " + v.Error()
	case private:
		return fmt.Sprint("private ", v.hidden())
	case interface{ Read([]byte) (int, error) }:
		b, _ := io.ReadAll(v)
		return "reader " + string(b)
	default:
		return fmt.Sprintf("other %T", v)
	}
}

func main() {
	d := Dog{"rex"}
	c := Cat{Dog{"tom"}}
	animals := []Animal{d, &d, c, &c, Loud{c, 2}, &Loud{&d, 1}, Loud{Loud{d, 1}, 2}, funcAnimal(func() string { return "f" })}
	for _, a := range animals {
		_, named := a.(Named)
		_, renamer := a.(interface{ Rename(string) })
		pet, isPet := a.(Pet)
		fmt.Print(a.Sound(), " ", named, renamer, isPet, " ")
		if isPet {
			fmt.Print(pet)
		}
		fmt.Println()
	}
	animals[1].(interface{ Rename(string) }).Rename("max")
	animals[3].(*Cat).Rename("kit")
	fmt.Println(d, c, animals[0], animals[1], animals[3])
	fmt.Println(mayFail(false) == nil, mayFail(true) == nil, ok() == nil, mayFail(false).(*myErr) == nil)
	n := 4
	arr := [2]int{1, 2}
	for _, x := range []any{nil, 1, int64(2), int8(3), 1.5, func(i int) int { return i * i }, []any{1, nil, "s"}, map[string]int{"a": 5}, &n, make(chan int, 3), arr, struct{ X int }{7}, struct{ Y int }{7}, d, &d, c, Loud{d, 1}, mayFail(true), errors.New("plain"), impl{}, &reader{"abc"}, upper{&reader{"xyz"}}, byLen{}, []int{}} {
		fmt.Println(classify(x))
	}
	fmt.Println(n, arr)
	words := byLen{"ccc", "a", "bb"}
	sort.Sort(sort.Reverse(words))
	fmt.Println(words, sort.IsSorted(words))
	sort.Stable(words)
	b, err := io.ReadAll(upper{io.LimitReader(io.MultiReader(&reader{"hello "}, strings.NewReader("world")), 8)})
	fmt.Println(string(b), err)
	var te interface{ Timeout() bool }
	fmt.Println(errors.As(fmt.Errorf("w: %w", mayFail(true)), &te), te.Timeout())
	var a Animal
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(a.Sound())
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(Loud{}.Sound())
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		var p *Dog
		a = p
		fmt.Println(a == nil)
		fmt.Println(a.Sound())
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		a = d
		fmt.Println(a.(*Dog))
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(a.(error))
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		var x any = struct{ A int }{1}
		fmt.Println(x.(struct{ B int }))
	}()
	f := a.Sound
	a = c
	fmt.Println(f(), a.Sound())
	var st fmt.Stringer = c
	a = st.(Animal)
	st, isS := a.(fmt.Stringer)
	_, isE := a.(error)
	fmt.Println(a, st, isS, isE)
	m := map[Animal]int{d: 1, c: 2}
	m[Dog{"max"}]++
	fmt.Println(m[d], m[c], len(m))
	eq := []any{d == animals[0], animals[1] == &d, any(c) == any(Cat{Dog{"kit"}}), animals[0] == animals[0]}
	fmt.Println(eq...)
	var w io.Writer = &strings.Builder{}
	if rw, ok := w.(io.ReadWriter); ok {
		fmt.Println("never", rw)
	}
	if sw, ok := w.(io.StringWriter); ok {
		sw.WriteString("via interface")
		fmt.Println(w)
	}
	type S = struct {
		A int
		b string
	}
	var anon any = S{1, "b"}
	_, same := anon.(struct {
		A int
		b string
	})
	fmt.Println(same)
}
