// Literals of every form: separators, bases, hexadecimal floats, runes, strings.
package main

import "fmt"

const (
	big   = 1_000_000
	hexa  = 0x_FF_ff
	oct   = 0o7_55
	old   = 0755
	bin   = 0b1010_1010
	hexf  = 0x1p-2
	hexg  = 0x1.8p+3
	dot   = .5e+1
	imag  = 0x10i
	imagf = 1.5e1i
)

func main() {
	fmt.Println(big, hexa, oct, old, bin, oct == old)
	fmt.Println(hexf, hexg, dot, imag, imagf, 0i == 0)
	fmt.Println('a', '\a', '\'', '\\', '\x41', '\u00e9', '\U0001F600', '\101', '日')
	fmt.Printf("%T %T %T %T\n", 'x', 1.0, 1i, 1)
	fmt.Printf("%q %q\n", "\a\b\f\n\r\t\v\\\"\377\xff\u12e4\U00101234", `raw \n "x"`)
	fmt.Println(len("日本語"), len("\xe6\x97\xa5"), "\u65e5" == "\xe6\x97\xa5", len("\xff"))
	raw := `a
	b\
c`
	fmt.Printf("%q %d\n", raw, len(raw))
	fmt.Println("\U0001F600"[0], []rune("é\xff日"), string([]rune{0xd800, 0x10ffff + 1}) == "\ufffd\ufffd")
}
