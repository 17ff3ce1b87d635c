// Variables declared in a loop's body are new ones in each pass, compiled types too (yaegi #1381, #1177).
package main

import (
	"bytes"
	"fmt"
	"strings"
)

type counters [3][16]int
type node struct {
	v    int
	next *node
	sub  struct{ a [2]*int }
}

func main() {
	var bufs []*bytes.Buffer
	var sbs []*strings.Builder
	for i := range 3 {
		one := bytes.Buffer{}
		two := &bytes.Buffer{}
		var three bytes.Buffer
		four := new(bytes.Buffer)
		var sb strings.Builder
		for _, b := range []*bytes.Buffer{&one, two, &three, four} {
			fmt.Fprint(b, i)
			bufs = append(bufs, b)
		}
		sb.WriteString(fmt.Sprint("s", i))
		sbs = append(sbs, &sb)
	}
	seen := map[*bytes.Buffer]bool{}
	all := ""
	for _, b := range bufs {
		seen[b] = true
		all += b.String()
	}
	fmt.Println(len(seen), all, sbs[0], sbs[1].String(), sbs[2].Len())
	cs := &counters{}
	p, q := &cs[0][1], &cs[2]
	*p = 2
	q[15] += *p
	r := cs[2][14:]
	r[0]++
	fmt.Println(cs[0][:3], q[13:], r)
	var list *node
	var vals []*int
	for i := 0; i < 3; i++ {
		n := node{v: i, next: list}
		n.sub.a[i%2] = &n.v
		list = &n
		x := i
		vals = append(vals, &x, &n.v, &i)
	}
	for n := list; n != nil; n = n.next {
		*n.sub.a[n.v%2] += 10
		fmt.Print(n.v, " ")
	}
	for _, v := range vals {
		fmt.Print(*v, " ")
	}
	fmt.Println()
	type pt struct{ x, y int }
	var ps []*pt
	for _, v := range []pt{{1, 2}, {3, 4}} {
		ps = append(ps, &v)
		v.x *= 100
	}
	arr := []pt{{5, 6}}
	for i := range arr {
		e := &arr[i]
		e.y++
		ps = append(ps, e)
	}
	arr[0].x = 50
	fmt.Println(*ps[0], *ps[1], *ps[2])
}
