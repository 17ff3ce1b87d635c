// A method of an embedded compiled interface as a value (yaegi #1330).
package main

import (
	"fmt"
	"io"
	"net"
)

type wrapped struct{ net.Conn }

func main() {
	a, b := net.Pipe()
	var w io.Writer = &wrapped{a}
	go w.Write([]byte("through"))
	buf := make([]byte, 7)
	n, err := wrapped{b}.Read(buf)
	fmt.Println(w.Write != nil, string(buf[:n]), err)
}
