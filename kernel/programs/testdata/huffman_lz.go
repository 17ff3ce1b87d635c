// Huffman coding and LZ77, there and back.
package main

import (
	"bytes"
	"container/heap"
	"errors"
	"fmt"
	"sort"
	"strings"
)

type tree interface{ weight() int }

type leaf struct {
	n int
	c byte
}
type inner struct {
	n           int
	left, right tree
}

func (l leaf) weight() int   { return l.n }
func (i *inner) weight() int { return i.n }

type forest []tree

func (f forest) Len() int { return len(f) }
func (f forest) Less(i, j int) bool {
	if f[i].weight() != f[j].weight() {
		return f[i].weight() < f[j].weight()
	}
	return first(f[i]) < first(f[j])
}
func (f forest) Swap(i, j int)       { f[i], f[j] = f[j], f[i] }
func (f *forest) Push(x interface{}) { *f = append(*f, x.(tree)) }
func (f *forest) Pop() interface{} {
	last := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return last
}

func first(t tree) byte {
	switch t := t.(type) {
	case leaf:
		return t.c
	case *inner:
		return min(first(t.left), first(t.right))
	}
	panic("unknown tree")
}

func build(text []byte) tree {
	var freq [256]int
	for _, c := range text {
		freq[c]++
	}
	var f forest
	for c, n := range freq {
		if n > 0 {
			f = append(f, leaf{n, byte(c)})
		}
	}
	heap.Init(&f)
	for f.Len() > 1 {
		a, b := heap.Pop(&f).(tree), heap.Pop(&f).(tree)
		heap.Push(&f, &inner{a.weight() + b.weight(), a, b})
	}
	return f[0]
}

func codes(t tree, prefix string, m map[byte]string) map[byte]string {
	switch t := t.(type) {
	case leaf:
		m[t.c] = prefix
	case *inner:
		codes(t.left, prefix+"0", m)
		codes(t.right, prefix+"1", m)
	}
	return m
}

type bitWriter struct {
	bytes.Buffer
	acc  uint8
	n    uint
	bits int
}

func (w *bitWriter) bit(b bool) {
	w.acc <<= 1
	if b {
		w.acc |= 1
	}
	w.bits++
	if w.n++; w.n == 8 {
		w.WriteByte(w.acc)
		w.acc, w.n = 0, 0
	}
}

func (w *bitWriter) flush() []byte {
	for w.n != 0 {
		w.bit(false)
	}
	return w.Bytes()
}

func decode(t tree, data []byte, n int) string {
	var out strings.Builder
	at := t
	for i := 0; out.Len() < n; i++ {
		in, ok := at.(*inner)
		if !ok {
			break
		}
		if data[i/8]>>(7-i%8)&1 == 0 {
			at = in.left
		} else {
			at = in.right
		}
		if l, ok := at.(leaf); ok {
			out.WriteByte(l.c)
			at = t
		}
	}
	return out.String()
}

type token struct {
	dist, length int
	next         byte
}

func compress(s string, window int) (out []token) {
	for i := 0; i < len(s); {
		best := token{next: s[i]}
		for j := max(0, i-window); j < i; j++ {
			k := 0
			for i+k < len(s)-1 && s[j+k] == s[i+k] {
				k++
			}
			if k > best.length {
				best = token{i - j, k, s[i+k]}
			}
		}
		out = append(out, best)
		i += best.length + 1
	}
	return
}

var errCorrupt = errors.New("corrupt")

func expand(ts []token) (_ string, err error) {
	defer func() {
		if recover() != nil {
			err = errCorrupt
		}
	}()
	var b []byte
	for _, t := range ts {
		for range t.length {
			b = append(b, b[len(b)-t.dist])
		}
		b = append(b, t.next)
	}
	return string(b), nil
}

func main() {
	text := "she sells sea shells by the sea shore"
	t := build([]byte(text))
	m := codes(t, "", map[byte]string{})
	keys := make([]int, 0)
	for c := range m {
		keys = append(keys, int(c))
	}
	sort.Slice(keys, func(i, j int) bool {
		a, b := m[byte(keys[i])], m[byte(keys[j])]
		return len(a) < len(b) || len(a) == len(b) && a < b
	})
	var w bitWriter
	for _, k := range keys {
		fmt.Printf("%q:%s ", k, m[byte(k)])
	}
	fmt.Println()
	for i := range len(text) {
		for _, b := range m[text[i]] {
			w.bit(b == '1')
		}
	}
	bits := w.bits
	data := w.flush()
	fmt.Printf("%d bits of %d, %x\n", bits, len(text)*8, data)
	fmt.Println(decode(t, data, len(text)) == text, t.weight())

	for _, s := range []string{"abracadabra abracadabra", strings.Repeat("ab", 10) + "c", "xyz", ""} {
		ts := compress(s, 16)
		back, err := expand(ts)
		fmt.Println(len(s), len(ts), back == s, err)
		if len(ts) < 6 {
			fmt.Printf("  %v %+v\n", ts, ts)
		}
	}
	_, err := expand([]token{{5, 1, 'x'}})
	fmt.Println(err, err == errCorrupt)
}
