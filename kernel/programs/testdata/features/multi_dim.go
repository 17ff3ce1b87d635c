// Matrices and jagged slices.
package main

import (
	"fmt"
)

type M [2][3]int

func (m M) T() (t [3][2]int) {
	for i, r := range m {
		for j, v := range r {
			t[j][i] = v
		}
	}
	return
}
func (m *M) Fill(f func(i, j int) int) *M {
	for i := range m {
		for j := range m[i] {
			m[i][j] = f(i, j)
		}
	}
	return m
}
func main() {
	var m M
	m.Fill(func(i, j int) int { return 10*i + j })
	n := m
	n[1][2]++
	fmt.Println(m, m.T(), n == m, len(m), len(m[0]))
	tri := make([][]int, 5)
	for i := range tri {
		tri[i] = make([]int, i+1)
		tri[i][0], tri[i][i] = 1, 1
		for j := 1; j < i; j++ {
			tri[i][j] = tri[i-1][j-1] + tri[i-1][j]
		}
	}
	fmt.Println(tri)
	s := m[1][1:]
	s[0] = -1
	rows := m[:]
	rows[0][0] = -2
	fmt.Println(m, rows)
	var cube [2][2][2]string
	cube[1][0][1] = "x"
	c2 := cube
	c2[1][0][1] += "y"
	fmt.Printf("%q %q\n", cube, c2[1])
	i, j := 1, 5
	fmt.Println(m[i][j])
}
