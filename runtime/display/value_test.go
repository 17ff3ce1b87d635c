package display_test

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"sockbook/runtime/display"
)

type point struct{ X, Y int }

type named struct{ n int }

func (n named) String() string { return fmt.Sprint("number ", n.n) }

type shown struct{}

func (shown) Display() display.Bundle {
	return display.Bundle{"text/html": "<b>shown</b>", "text/plain": "shown"}
}

type broken struct{}

func (broken) Display() display.Bundle { panic("no") }

func TestOf(t *testing.T) {
	var conn *net.TCPConn
	tests := []struct {
		name   string
		values []any
		want   string
	}{
		{"nothing", []any{nil}, "nil"},
		{"number", []any{42}, "42"},
		{"string", []any{"a\nb"}, "a\nb"},
		{"bytes", []any{[]byte("hello, world, hello")}, "00000000  68 65 6c 6c 6f 2c 20 77  6f 72 6c 64 2c 20 68 65  |hello, world, he|\n00000010  6c 6c 6f                                          |llo|"},
		{"array of bytes", []any{[2]byte{0, 255}}, "00000000  00 ff                                             |..|"},
		{"no bytes", []any{[]byte{}}, "no bytes"},
		{"error", []any{errors.New("refused")}, "refused"},
		{"duration", []any{1500 * time.Millisecond}, "1.5s"},
		{"struct", []any{point{1, 2}}, "{X:1 Y:2}"},
		{"pointer", []any{&point{1, 2}}, "&{X:1 Y:2}"},
		{"nil pointer", []any{(*point)(nil)}, "nil"},
		{"structs", []any{[]point{{1, 2}, {3, 4}}}, "X  Y\n─  ─\n1  2\n3  4"},
		{"no structs", []any{[]point{}}, "[]"},
		{"speaking structs", []any{[]named{{1}}}, "[number 1]"},
		{"map", []any{map[string]int{"b": 2, "a": 1}}, "map[a:1 b:2]"},
		{"func", []any{strings.ToUpper}, "func(string) string"},
		{"two", []any{point{1, 2}, nil}, "{X:1 Y:2}, nil"},
		{"displayer", []any{shown{}}, "shown"},
		{"broken displayer", []any{broken{}}, "{}"},
		{"zero connection", []any{&net.TCPConn{}}, "*net.TCPConn"},
		{"nil connection", []any{conn}, "*net.TCPConn"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := display.Of(test.values...)["text/plain"]; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if got := display.Of(shown{})["text/html"]; got != "<b>shown</b>" {
		t.Errorf("a displayer's HTML is %v", got)
	}
	if n := len(display.Of(strings.Repeat("é", 1<<20))["text/plain"].(string)); n > 1<<20+100 {
		t.Errorf("%d bytes of a long string are shown", n)
	}
	if n := len(display.Of(make([]byte, 10<<20))["text/plain"].(string)); n > 2<<20 {
		t.Errorf("%d bytes of a long dump are shown", n)
	}
}

func TestConnectionsShowAddresses(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	want := fmt.Sprintf("*net.TCPConn %v→%v, nil", c.LocalAddr(), c.RemoteAddr())
	if got := display.Of(c, nil)["text/plain"]; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := display.Of(l)["text/plain"]; got != "*net.TCPListener "+l.Addr().String() {
		t.Errorf("got %q", got)
	}
}
