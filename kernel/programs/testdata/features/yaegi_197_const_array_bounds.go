// Array lengths of constant expressions, also of later and compiled constants (yaegi #197, #1175, #1451, #1470, #1536, #1285).
package main

import (
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"
)

type Level int8

const (
	lo Level = -1
	hi Level = 5
	n        = hi - lo + 1
)

type counters [n]int
type pool [time.Saturday - time.Sunday + 2]*sync.Pool
type path [len(prefix+rest) + later]byte

const later = 2 * len("ab")
const prefix, rest = "/usr", "/lib"

type kind uint8

const (
	a kind = iota
	b
	last
)

var names = [last + 1]string{a: "a", b: "b"}
var status [http.StatusOK / 100]bool
var t = &struct{ p [12]int8 }{}
var grid [len(t.p) / 4][cap(t.p) % 5]rune

func main() {
	fmt.Println(len(counters{}), len(pool{}), len(path{}), len(names), names, len(status), grid)
	fmt.Printf("%T %T %T\n", pool{}, names, grid)
	const local = 1 << 2
	buf := [local * local]byte{local: 'x'}
	fmt.Println(len(buf), buf[4], len([os.O_RDWR + 1]int{}), len([...]int{last: 1}))
	q := (*[len(buf)]byte)(buf[:])
	q[0] = 'y'
	fmt.Printf("%q %T\n", buf[0], q)
}
