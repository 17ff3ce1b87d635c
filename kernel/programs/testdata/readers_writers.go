// Readers and writers around readers and writers: counting, teeing, limiting,
// XOR, slow, broken; with the standard library's own on top.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
)

type CountingReader struct {
	io.Reader
	N, Calls int
}

func (c *CountingReader) Read(p []byte) (n int, err error) {
	n, err = c.Reader.Read(p)
	c.N += n
	c.Calls++
	return
}

type CountingWriter struct {
	W io.Writer
	N int64
}

func (c *CountingWriter) Write(p []byte) (int, error) {
	n, err := c.W.Write(p)
	c.N += int64(n)
	return n, err
}

type xorer struct {
	key []byte
	pos int
}

func (x *xorer) apply(p []byte) {
	for i := range p {
		p[i] ^= x.key[x.pos%len(x.key)]
		x.pos++
	}
}

type XORReader struct {
	xorer
	r io.Reader
}

func (x *XORReader) Read(p []byte) (int, error) {
	n, err := x.r.Read(p)
	x.apply(p[:n])
	return n, err
}

type XORWriter struct {
	*xorer
	w io.Writer
}

func (x XORWriter) Write(p []byte) (int, error) {
	q := bytes.Clone(p)
	x.apply(q)
	return x.w.Write(q)
}

type rot13 struct{ io.ByteReader }

func (r rot13) Read(p []byte) (n int, err error) {
	for n < len(p) {
		var b byte
		if b, err = r.ReadByte(); err != nil {
			return n, err
		}
		switch {
		case 'a' <= b && b <= 'z':
			b = 'a' + (b-'a'+13)%26
		case 'A' <= b && b <= 'Z':
			b = 'A' + (b-'A'+13)%26
		}
		p[n] = b
		n++
	}
	return n, nil
}

type limitWriter struct {
	w    io.Writer
	left int
}

var errFull = errors.New("device is full")

func (l *limitWriter) Write(p []byte) (int, error) {
	if len(p) > l.left {
		n, err := l.w.Write(p[:l.left])
		l.left -= n
		return n, errors.Join(errFull, err)
	}
	l.left -= len(p)
	return l.w.Write(p)
}

type oneByte struct{ io.Reader }

func (o oneByte) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	return o.Reader.Read(p[:1])
}

type brokenAfter struct {
	r io.Reader
	n int
}

func (b *brokenAfter) Read(p []byte) (int, error) {
	if b.n <= 0 {
		return 0, &os.PathError{Op: "read", Path: "cable", Err: io.ErrClosedPipe}
	}
	n, err := b.r.Read(p[:min(len(p), b.n)])
	b.n -= n
	return n, err
}

type upper struct{ strings.Builder }

func (u *upper) WriteRune(r rune) (int, error) { return u.Builder.WriteRune(unicode.ToUpper(r)) }

type funcWriter func(string)

func (f funcWriter) Write(p []byte) (int, error) {
	f(string(p))
	return len(p), nil
}

func main() {
	text := "Go is a tool for managing Go source code."
	cr := &CountingReader{Reader: strings.NewReader(text)}
	var buf bytes.Buffer
	cw := &CountingWriter{W: &buf}
	n, err := io.Copy(cw, oneByte{cr})
	fmt.Println(n, err, cr.N, cr.Calls, cw.N, buf.String() == text)

	key := []byte("k3y")
	var secret bytes.Buffer
	w := XORWriter{&xorer{key: key}, &secret}
	for _, s := range strings.SplitAfter(text, " ") {
		io.WriteString(w, s)
	}
	fmt.Println(hex.EncodeToString(secret.Bytes()[:12]))
	plain, err := io.ReadAll(&XORReader{xorer{key: key}, &secret})
	fmt.Println(string(plain), err)

	r := rot13{bufio.NewReader(strings.NewReader("Uryyb, Jbeyq!"))}
	io.Copy(os.Stdout, r)
	fmt.Println()
	rr := rot13{bytes.NewBufferString("abc")}
	b, err := io.ReadAll(io.LimitReader(io.MultiReader(rr, strings.NewReader("defg")), 5))
	fmt.Printf("%s %v\n", b, err)

	buf.Reset()
	lw := &limitWriter{&buf, 10}
	n64, err := io.Copy(lw, strings.NewReader("exactly ten and more"))
	fmt.Println(n64, err, errors.Is(err, errFull), buf.String())
	_, err = fmt.Fprintf(lw, "%d", 1)
	fmt.Println(err == nil, errors.Is(err, errFull))

	bw := bufio.NewWriterSize(&limitWriter{io.Discard, 20}, 16)
	for i := 0; i < 30 && err != nil || i == 0; i++ {
		_, err = bw.WriteString("12345")
	}
	fmt.Println(bw.Flush(), bw.Buffered(), bw.Available())

	var log []string
	tee := io.TeeReader(&brokenAfter{strings.NewReader(text), 9}, funcWriter(func(s string) { log = append(log, s) }))
	out, err := io.ReadAll(tee)
	var pe *os.PathError
	fmt.Printf("%q %v %t %q\n", out, err, errors.As(err, &pe) && pe.Err == io.ErrClosedPipe, log)

	mw := io.MultiWriter(&buf, funcWriter(func(s string) { fmt.Printf("[%s]", s) }), io.Discard)
	fmt.Fprintf(mw, "%s-%d", "multi", 7)
	fmt.Println(buf.String())

	var u upper
	for _, c := range "ströme" {
		u.WriteRune(c)
	}
	u.WriteString(" end")
	fmt.Println(u.String(), u.Len())

	pr, pw := io.Pipe()
	go func() {
		enc := base64.NewEncoder(base64.StdEncoding, pw)
		enc.Write([]byte(text))
		enc.Close()
		pw.CloseWithError(errFull)
	}()
	dec := base64.NewDecoder(base64.StdEncoding, pr)
	all, err := io.ReadAll(dec)
	fmt.Println(string(all), err)

	var rd io.Reader = cr
	if _, ok := rd.(io.Writer); !ok {
		fmt.Printf("%T is no writer\n", rd)
	}
	if rs, ok := cr.Reader.(io.ReadSeeker); ok {
		at, err := rs.Seek(-5, io.SeekEnd)
		rest, _ := io.ReadAll(rd)
		fmt.Println(at, err, string(rest), cr.N)
	}
	_, err = io.ReadFull(rd, make([]byte, 3))
	_, err2 := io.ReadAtLeast(strings.NewReader("ab"), make([]byte, 5), 3)
	fmt.Println(err, err2, err2 == io.ErrUnexpectedEOF)
	sr := io.NewSectionReader(strings.NewReader(text), 3, 8)
	var word1, word2 string
	fmt.Fscan(sr, &word1, &word2)
	fmt.Println(word1, word2, sr.Size())
}
