package main

import (
	"fmt"
	"golang.org/x/sys/unix"
	"math"
	"os"
	"strconv"
	"time"
)

type Level int

const (
	Debug Level = iota - 1
	Info
	Warn
	_
	Fatal
)
const (
	KB = 1 << (10 * (iota + 1))
	MB
	GB
)
const (
	a, b = iota, iota * 10
	c, d
)
const name, size = "n" + "m", len("abc")

type Op byte

const (
	Add Op = '+'
	Sub Op = '-'
)

func (l Level) String() string {
	switch l {
	case Debug:
		return "DEBUG"
	case Info:
		return "INFO"
	case Warn:
		return "WARN"
	}
	return "Level(" + strconv.Itoa(int(l)) + ")"
}
func main() {
	fmt.Println(Debug, Info, Warn, Fatal, KB, MB, GB, a, b, c, d, name, size, Add, string(Sub))
	fmt.Printf("%d %v %s %x %T\n", Warn, Warn, Fatal, Warn, Warn)
	const x = 5
	const f = x / 2.0
	var g float32 = x / 2
	fmt.Println(f, g, x/2)
	var arr [x]int
	fmt.Println(len(arr), 'a'+1, "s"[0], -5%3, 07, 0b101, 1_000, 0x1p-2, 'a' < 'b')
	fmt.Println(math.MaxInt64, uint64(math.MaxUint64), math.Pi, time.Second*2, unix.AF_INET, unix.SOCK_STREAM, os.O_RDONLY)
	var e error = unix.EINTR
	fmt.Println(e == unix.EINTR, e)
}
