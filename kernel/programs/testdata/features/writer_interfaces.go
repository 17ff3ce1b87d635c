// Own io.Writer and io.Reader passed to the library.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
)

type up struct{ w io.Writer }

func (u up) Write(p []byte) (int, error) { return u.w.Write(bytes.ToUpper(p)) }

type zeros int

func (z *zeros) Read(p []byte) (int, error) {
	if *z == 0 {
		return 0, io.EOF
	}
	n := min(len(p), int(*z))
	for i := range n {
		p[i] = '0'
	}
	*z -= zeros(n)
	return n, nil
}

type lines struct {
	*bufio.Reader
	n int
}

func (l *lines) ReadString(d byte) (string, error) { l.n++; return l.Reader.ReadString(d) }

type nopCloser struct{ io.Reader }

func (nopCloser) Close() error { return errors.New("closed") }
func main() {
	fmt.Fprintf(up{os.Stdout}, "hello %d\n", 1)
	z := zeros(5)
	b, err := io.ReadAll(&z)
	fmt.Println(string(b), err, z)
	l := &lines{Reader: bufio.NewReader(strings.NewReader("a\nb\n"))}
	l.ReadString('\n')
	s, _ := l.ReadString('\n')
	fmt.Printf("%q %d\n", s, l.n)
	var rc io.ReadCloser = nopCloser{strings.NewReader("x")}
	n, err := io.Copy(io.Discard, rc)
	fmt.Println(n, err, rc.Close())
	w := bufio.NewWriter(up{os.Stdout})
	w.WriteString("buffered\n")
	w.Flush()
	lg := log.New(up{os.Stdout}, "l: ", 0)
	lg.Print("log")
	var sw io.StringWriter = &strings.Builder{}
	sw.WriteString("x")
	fmt.Println(sw)
}
