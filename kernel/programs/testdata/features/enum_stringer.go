// Stringer of enumerations everywhere fmt looks.
package main

import (
	"errors"
	"fmt"
)

type Level int

const (
	Low Level = iota
	Mid
	High
)

func (l Level) String() string {
	switch l {
	case Low:
		return "low"
	case Mid:
		return "mid"
	case High:
		return "high"
	}
	return fmt.Sprintf("Level(%d)", int(l))
}

type Rec struct {
	L Level
	P *Level
	M map[Level]Level
	A [2]Level
	I any
	l Level
}

func main() {
	l := Mid
	r := Rec{L: High, M: map[Level]Level{Low: Mid, High: 9}, A: [2]Level{1, 2}, I: l, l: Mid}
	fmt.Println(l, &l == nil, []Level{0, 5}, r)
	fmt.Printf("%v %+v %s %d %q %x %6v|%-6s|\n", l, r, High, High, Low, Mid, l, l)
	fmt.Printf("%v %s\n", []any{l, r.A}, map[string]Level{"k": 2})
	fmt.Println(fmt.Sprint(High)+"!", l+1, Level(7), l == 1, errors.New(l.String()))
}
