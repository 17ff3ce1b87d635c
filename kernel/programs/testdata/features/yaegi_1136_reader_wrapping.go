// Interfaces that hold wrappers of themselves (yaegi #1136, #1425, #1166, #1185, #558, #1187, #1260, #1280).
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

type upper struct{ r io.Reader }

func (u *upper) Read(p []byte) (n int, err error) {
	n, err = u.r.Read(p)
	copy(p, bytes.ToUpper(p[:n]))
	return
}

type counting struct {
	io.Reader
	n *int
}

func (c counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	*c.n += n
	return n, err
}

func (c counting) WriteTo(w io.Writer) (int64, error) {
	b, err := io.ReadAll(c)
	if err != nil {
		return 0, err
	}
	n, err := fmt.Fprintf(w, "<%s>", b)
	return int64(n), err
}

type sink interface {
	io.Writer
	io.Closer
}
type buf []byte

func (b *buf) Write(p []byte) (int, error) { *b = append(*b, p...); return len(p), nil }
func (b *buf) Close() error                { *b = append(*b, '.'); return errors.New("closed twice") }

type value []byte

func (v value) Write(p []byte) (int, error) { return copy(v, p), nil }

type onlyCloser struct{ io.Closer }

func finish(cs ...io.Closer) (err error) {
	for _, c := range cs {
		err = errors.Join(err, c.Close())
	}
	return
}

type rc struct {
	io.Reader
	closed bool
}

func (r *rc) Close() error { r.closed = true; return nil }

func auto(r io.Reader) io.ReadCloser {
	if c, ok := r.(io.ReadCloser); ok {
		return c
	}
	return io.NopCloser(r)
}

func main() {
	var y io.Reader = strings.NewReader("hello world")
	y = &upper{y}
	n := 0
	y = counting{y, &n}
	y = &upper{io.LimitReader(y, 8)}
	b, err := io.ReadAll(y)
	fmt.Println(string(b), err, n)
	var sb strings.Builder
	k, err := io.Copy(&sb, counting{strings.NewReader("copied"), &n})
	fmt.Println(sb.String(), k, err, n)
	var s sink = &buf{}
	fmt.Fprint(s, "te", "st")
	var w io.Writer = s
	w.Write([]byte("!"))
	fmt.Println(finish(s, onlyCloser{s}, &rc{}), string(*s.(*buf)), string(*w.(*buf)))
	v := make(value, 3)
	ws := []io.Writer{v, s, &sb}
	m, err := io.MultiWriter(ws[1:]...).Write([]byte("M"))
	fmt.Fprint(ws[0], "xyzzy"[:3])
	fmt.Println(string(v), m, err, sb.String(), len(*s.(*buf)))
	r := &rc{Reader: strings.NewReader("x")}
	fmt.Println(auto(r) == io.ReadCloser(r), auto(r).Close(), r.closed, auto(y).Close())
	tee := io.TeeReader(io.MultiReader(strings.NewReader("a"), r, bytes.NewBufferString("z")), s)
	all, _ := io.ReadAll(tee)
	fmt.Println(string(all), string(*s.(*buf)))
	_, isSeeker := y.(io.Seeker)
	_, isTo := any(counting{}).(io.WriterTo)
	fmt.Println(isSeeker, isTo)
}
