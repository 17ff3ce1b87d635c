// Complex arithmetic.
package main

import (
	"fmt"
)

func main() {
	var c complex128 = 1 + 2i
	d := complex(real(c), -imag(c))
	var z complex64 = complex64(c)
	c *= d
	c += 1i
	fmt.Println(c, d, z*z, real(z), -d, c == 5+1i, c != d, 1/d, 3i*3i)
	const k = 2i * 2i
	fmt.Println(k == -4, real(k), int(k))
	fmt.Printf("%v %.1f %T %T\n", d, c, z, real(z))
	var zero complex128
	m := map[complex128]string{1 + 1i: "x"}
	fmt.Println(m[complex(1, 1)], 1/zero == 1/zero, any(c))
}
