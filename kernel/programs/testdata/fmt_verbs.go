// fmt's verbs on types of one's own: Stringer, GoStringer, Formatter, Scanner,
// nested, nil, pointers, width and flags.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

type Color uint8

const (
	Red Color = iota
	Green
)

func (c Color) String() string   { return [...]string{"Red", "Green"}[c] }
func (c Color) GoString() string { return "Color." + c.String() }

type Vec struct{ X, Y float64 }

func (v Vec) Format(f fmt.State, verb rune) {
	prec, hasPrec := f.Precision()
	width, hasWidth := f.Width()
	switch verb {
	case 'v', 's':
		if f.Flag('+') {
			fmt.Fprintf(f, "X=%g Y=%g", v.X, v.Y)
			return
		}
		fmt.Fprintf(f, "<%g %g>", v.X, v.Y)
	case 'f':
		if !hasPrec {
			prec = 1
		}
		fmt.Fprintf(f, "%.*f/%.*f", prec, v.X, prec, v.Y)
	default:
		fmt.Fprintf(f, "%%!%c(Vec w=%d,%t)", verb, width, hasWidth)
	}
}

type ptrStringer struct{ n int }

func (p *ptrStringer) String() string { return fmt.Sprintf("ptr%d", p.n) }

type secret string

func (secret) String() string { return "****" }

type outer struct {
	C     Color
	S     secret
	P     *ptrStringer
	E     error
	I     any
	M     map[Color]secret
	L     []Color
	inner struct{ c Color }
	F     func()
	T     time.Duration
}

type panicky struct{}

func (panicky) String() string { panic("in String") }

type temp float64
type bytesT []byte
type hexID [4]byte

func (h hexID) String() string { return fmt.Sprintf("%x", h[:]) }

type scanned struct{ a, b int }

func (s *scanned) Scan(st fmt.ScanState, verb rune) error {
	_, err := fmt.Fscanf(st, "%d-%d", &s.a, &s.b)
	return err
}

func main() {
	fmt.Printf("%v %d %s %q %x %#v %T %5v| %-7s| %03d\n", Green, Green, Green, Green, Green, Green, Green, Red, Red, Green)
	v := Vec{1.5, -2}
	fmt.Printf("%v %+v %s %f %.3f %8d %z\n", v, v, v, v, v, v, v)
	fmt.Println(v, []Vec{v}, &v, map[string]Vec{"k": v})

	o := outer{C: Green, S: "pw", P: &ptrStringer{1}, E: errors.New("e"), I: Red, M: map[Color]secret{Green: "x", Red: "y"}, L: []Color{Red, Green}, T: 1500 * time.Millisecond}
	o.inner.c = Green
	s := fmt.Sprintf("%v|%+v", o, o)
	if strings.Contains(s, "ptr1") {
		fmt.Println("pointer printed by its method")
	}
	o.P = nil
	fmt.Printf("%v\n%+v\n", o, o)
	o.E, o.F = nil, nil
	fmt.Printf("%#v\n", o)
	pp := ptrStringer{7}
	fmt.Println(pp, &pp, []*ptrStringer{}, struct{ p ptrStringer }{pp}, [1]fmt.Stringer{&pp})
	fmt.Printf("%v %s %d\n", pp, &pp, pp)

	var np *ptrStringer
	var ns fmt.Stringer
	var ne error
	fmt.Printf("%v %+v %v %s %d\n", ns, ne, np == nil, ne, []any{nil, 1})
	fmt.Printf("%s\n", np)
	fmt.Printf("%v %s\n", panicky{}, panicky{})

	fmt.Printf("%d %!|%d|%s|%v\n", 1, 2)
	fmt.Printf("%d\n", 1, "extra", Green)
	fmt.Printf("%[2]d %[1]d %[3]*.[2]*[1]f|\n", 12.0, 2, 6)
	fmt.Printf("%t %v %08.3f %+d %x %X %o %b %c %U %e %g\n", true, temp(36.6), 3.14159, 5, "hi", []byte{171, 205}, 8, 5, 0x4E16, 0x4E16, 123456.789, 1e21)
	fmt.Printf("%6.2f|%-8s|%8s|%+q|%#x|%# x|%#o|%x\n", 3.14159, "left", "right", "é", 255, "abc", 8, 3.5)
	fmt.Printf("%v %s %x %q\n", bytesT("hi"), bytesT("hi"), bytesT("hi"), bytesT("hi"))
	fmt.Printf("%v %s %d %v\n", hexID{1, 2, 0xab}, hexID{}, hexID{9}, []hexID{{1}})
	fmt.Printf("%v %+v %#v %T\n", struct {
		A int
		b string
	}{1, "x"}, struct{ E error }{errors.New("q")}, struct{ L []int }{nil}, struct{ X, y int }{})
	fmt.Printf("%T %T %T %T %T %T\n", os.Exit, o.M, &o.L, ne, (*error)(nil), [2]map[string]chan<- Color{})
	fmt.Printf("%#v %#v %#v %#v %#v\n", []any{1, "a", nil, Red, 2.0}, map[string]bool{"t": true}, temp(1), uint8(3), 'x')
	fmt.Printf("%v %v %v\n", [3]bool{true}, map[int][]string{2: {"b"}, 1: nil}, complex(1, -2))
	fmt.Printf("%5t|%-5t|%5v|%05d|%+.2e|%x|%X\n", true, false, nil, -42, 12345.678, -255, "Hi")
	fmt.Printf("%*d|%-*d|%.2s|%.0f|%5.1f%%\n", 5, 1, 5, 2, "héllo", 2.5, 99.5)
	fmt.Println(fmt.Sprint("a", 1, 2, "b", "c", 3.0, Red, nil, []string{"x y"}), fmt.Sprintln("end", true))
	fmt.Print(1, 2, "\n", "x", Red, Green, "\n")

	var sc scanned
	var word string
	n, err := fmt.Sscan("12-34 rest", &sc, &word)
	fmt.Println(n, err, sc, word)
	var i int
	var f float64
	var h uint
	n, err = fmt.Sscanf("7:2.5:ff", "%d:%g:%x", &i, &f, &h)
	fmt.Println(n, err, i, f, h)
	n, err = fmt.Sscanf("x", "%d", &i)
	fmt.Println(n, err)
	fmt.Println(utf8.RuneCountInString(fmt.Sprintf("%5s|%-5s", "日本", "é")), fmt.Sprintf("%c%c", 72, 'i'))
	fmt.Fprintf(os.Stderr, "%v to stderr\n", Green)
	fmt.Println(fmt.Errorf("%w: %v", errors.New("base"), Red), fmt.Append(nil, Red, 1))
}
