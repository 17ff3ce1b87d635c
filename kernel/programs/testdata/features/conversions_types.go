// Conversions between struct, pointer, function, interface and channel types.
package main

import (
	"fmt"
	"io"
	"net/http"
	"sort"
	"time"
)

type A struct {
	X int `a:"1"`
	Y string
}
type B struct {
	X int
	Y string `b:"2"`
}
type PA *A
type Handler func(string) string

func (h Handler) Serve(s string) string { return h(s) }

type Server interface{ Serve(string) string }
type Level int

func (l Level) String() string { return [...]string{"low", "high"}[l] }

type Bi chan int
type R interface{ Read([]byte) (int, error) }

type ones struct{}

func (ones) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '1'
	}
	return len(b), nil
}

func main() {
	a := A{1, "y"}
	b := B(a)
	pb := (*B)(&a)
	pb.X = 5
	fmt.Println(a, b, PA(&a).Y, struct {
		X int
		Y string
	}(b))
	var s Server = Handler(func(s string) string { return s + "!" })
	fmt.Println(s.Serve("hi"), Handler(s.(Handler))("again"))
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Path) })
	fmt.Printf("%T\n", h)
	fmt.Println(Level(1), fmt.Stringer(Level(0)), []fmt.Stringer{Level(1), time.Duration(1500)}, sort.IntSlice([]int{1}).Len())
	c := make(Bi, 1)
	var send chan<- int = (chan int)(c)
	send <- 3
	fmt.Println(<-(<-chan int)(c))
	var r io.Reader = R(ones{})
	buf := make([]byte, 3)
	r.Read(buf)
	fmt.Println(string(buf), R(r) == r, any(r) == any(ones{}))
	var e error = (*myErr)(nil)
	fmt.Println(e == nil, e.(*myErr) == nil, e)
	type C = A
	type D A
	fmt.Println(A(D(C{2, "c"})), D(a) == D{5, "y"})
	x := interface{ String() string }(Level(1))
	y := fmt.Stringer(x)
	fmt.Println(x == y, y.(Level)+0 == 1)
	weekday := time.Weekday(3)
	fmt.Println(weekday, time.Month(2), time.Duration(90)*time.Second, int(weekday)+1)
}

type myErr struct{}

func (m *myErr) Error() string { return fmt.Sprint("nil is fine: ", m == nil) }
