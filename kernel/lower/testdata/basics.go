package main

import "fmt"

type Shape interface{ Area() float64 }
type Sq struct{ s float64 }

func (s Sq) Area() float64 { return s.s * s.s }
func (s *Sq) Grow()        { s.s *= 2 }

type E struct{ q string }

func (e E) Error() string { return "E:" + e.q }

func f(n int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("rec: %v", r)
		}
	}()
	var a []int
	_ = a[n]
	return E{"x"}
}

func Map[T, U any](xs []T, f func(T) U) (r []U) {
	for _, x := range xs {
		r = append(r, f(x))
	}
	return
}

func main() {
	var sh Shape = Sq{3}
	fmt.Println(sh.Area(), sh)
	fmt.Printf("%T %v %+v\n", sh, sh, sh)
	var err error = E{"hi"}
	fmt.Println(err)
	fmt.Println(f(3))
	fmt.Println(Map([]int{1, 2, 3}, func(i int) string { return fmt.Sprint(i * i) }))
	s := &Sq{2}
	s.Grow()
	fmt.Println(*s, s)
	var fs []func()
	for i := range 3 {
		fs = append(fs, func() { fmt.Print(i, " ") })
	}
	for _, f := range fs {
		f()
	}
	switch x := err.(type) {
	case E:
		fmt.Println("E", x.q)
	}
}
