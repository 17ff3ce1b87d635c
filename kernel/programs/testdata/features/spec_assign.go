// Assignment in every form, to every kind of place.
package main

import "fmt"

type In struct {
	n  int
	xs []int
	m  map[string]int
	a  [3]int
	p  *int
}
type Out struct {
	In
	in  In
	pin *In
	ins []In
	mi  map[string]*In
	arr [2]In
	f   func(*In) *In
	any any
}

func two() (int, string)           { return 7, "seven" }
func three() (a, b int, err error) { return 1, 2, nil }
func trace(s string, x int) int    { fmt.Print(s, " "); return x }
func tp(s string, p *int) *int     { fmt.Print(s, " "); return p }

type num int

func (n *num) inc() num { *n++; return *n }

func main() {
	k := 5
	o := &Out{In: In{p: &k, m: map[string]int{}}, pin: &In{}, ins: make([]In, 2), mi: map[string]*In{"a": {}}, f: func(i *In) *In { return i }}
	o.n++
	o.In.n += 2
	o.in.n -= 1
	o.pin.n *= 3
	o.pin.n |= 6
	o.ins[1].n = 4
	o.ins[1].n <<= 2
	o.ins[1].n &^= 16
	o.ins[0].xs = append(o.ins[0].xs, 1, 2)
	o.ins[0].xs[1]++
	o.mi["a"].n--
	o.mi["a"].xs = append(o.mi["a"].xs, o.ins[0].xs...)
	o.mi["a"].xs[0] ^= 7
	o.arr[1].a[2] = 9
	o.arr[1].a[2] %= 4
	*o.p += 10
	*o.p++
	o.m["x"]++
	o.m["x"] += 5
	o.f(&o.in).a[0] = 3
	o.f(&o.in).n++
	(*o).n++
	(*o.pin).a[1]++
	o.any = o.n
	fmt.Println(o.n, o.in, *o.pin, o.ins, *o.mi["a"], o.arr, k, o.m, o.any)
	a, b := two()
	_, c := two()
	d, _ := two()
	var e int
	e, c = two()
	fmt.Println(a, b, c, d, e)
	x, y, err := three()
	x, z, err := three()
	fmt.Println(x, y, z, err)
	xs := []int{0, 1, 2, 3}
	i := 0
	i, xs[i] = 2, 50
	fmt.Println(i, xs)
	i, xs[i], xs[i+1] = xs[i+1], i, xs[0]
	fmt.Println(i, xs)
	xs[0], xs[1], xs[2] = xs[2], xs[0], xs[1]
	fmt.Println(xs)
	p, q := &xs[0], &xs[1]
	*p, *q = *q, *p
	fmt.Println(xs)
	m := map[string]int{"a": 1}
	m["a"], m["b"] = m["b"], m["a"]
	m["c"], i = i, m["a"]
	fmt.Println(m, i)
	var ip *In
	func() {
		defer func() { fmt.Println(recover() != nil, i) }()
		i, ip.n = 99, 1
	}()
	func() {
		defer func() { fmt.Println(recover(), i) }()
		i, xs[10] = 100, trace("rhs", 1)
	}()
	xs[trace("i", 1)], xs[trace("j", 2)] = trace("a", 10), trace("b", 20)
	*tp("p", &xs[0]) = trace("v", 3)
	xs[trace("idx", 0)] += trace("add", 4)
	m[fmt.Sprint(trace("key", 1))] = trace("val", 2)
	fmt.Println(xs, m)
	var n num = 3
	n.inc()
	s := []num{n.inc(), n.inc(), n}
	s[0].inc()
	(&s[1]).inc()
	fmt.Println(n, s)
	var iface any = s
	iface.([]num)[2] = 77
	fmt.Println(iface)
	var arr [3][2]int
	arr[1] = [2]int{4, 5}
	arr[2][0], arr[0] = 6, arr[1]
	for i := range arr {
		arr[i][1] += i
	}
	fmt.Println(arr)
	st := struct {
		a, b int
		c    struct{ d []int }
	}{a: 1}
	st.c.d = append(st.c.d, st.a)
	st.a, st.b = st.b, st.a
	st.c.d[0]--
	cp := st
	cp.c.d[0] = 42
	cp.c.d = nil
	fmt.Println(st, cp)
	var fn func(int) int
	fn = func(n int) int {
		if n == 0 {
			return 0
		}
		return n + fn(n-1)
	}
	g := fn
	fn = nil
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(g(3))
	}()
	var u8 uint8 = 250
	u8 += 10
	var i16 int16 = 32767
	i16++
	u := uint(3)
	u -= 4
	fmt.Println(u8, i16, u == ^uint(0))
	u8 <<= 3
	u8 >>= 1
	i16 >>= 20
	fmt.Println(u8, i16)
	str := "a"
	str += "b" + string(rune(i))
	str2 := str
	str += "!"
	fmt.Println(str, str2)
	f64 := 1.5
	f64 /= 0.5
	f64 -= 1
	c128 := 1 + 2i
	c128 *= c128
	bl := true
	bl = bl && !bl || f64 > 1
	fmt.Println(f64, c128, bl)
	var w, v = 1, "v"
	var (
		t1, t2 = w, v
		t3     float32
	)
	fmt.Println(t1, t2, t3)
	if w, v := v, w; v == 1 {
		fmt.Println(w, v)
	}
	ch := make(chan int, 2)
	ch <- 1
	ch <- 2
	xs[0], xs[1] = <-ch, <-ch
	var ok bool
	xs[2], ok = m["none"]
	o.in.n, o.any = m["a"]
	close(ch)
	xs[3], m["ok"] = <-ch, len(ch)
	_, ok = <-ch
	fmt.Println(xs, ok, o.in.n, o.any, m)
	o.any, ok = o.any.(bool)
	fmt.Println(o.any, ok)
	o.ins[0], o.ins[1] = o.ins[1], o.ins[0]
	o.In, o.in = o.in, o.In
	o.pin, o.mi["a"] = o.mi["a"], o.pin
	fmt.Println(o.ins, o.In.n, o.in.n, o.pin.n, o.mi["a"].n)
}
