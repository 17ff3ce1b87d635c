// Own types given to the library's interfaces: flag.Value, sort, heap, json, encoding, scanning (yaegi #1276, #1128, #1328, #1167).
package main

import (
	"bufio"
	"container/list"
	"crypto/sha1"
	"encoding"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"
	"text/template"
)

type listFlag []string

func (l *listFlag) String() string { return strings.Join(*l, ",") }
func (l *listFlag) Set(s string) error {
	if s == "bad" {
		return errors.New("bad value")
	}
	*l = append(*l, s)
	return nil
}

type Color struct{ r, g uint8 }

func (c Color) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%02x%02x", c.r, c.g), nil }
func (c *Color) UnmarshalText(b []byte) error {
	_, err := fmt.Sscanf(string(b), "%02x%02x", &c.r, &c.g)
	return err
}

type rot13 struct{ r io.Reader }

func (r rot13) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	for i, c := range p[:n] {
		if c >= 'a' && c <= 'z' {
			p[i] = 'a' + (c-'a'+13)%26
		}
	}
	return n, err
}

type Celsius float64

func (c Celsius) Format(f fmt.State, verb rune) { fmt.Fprintf(f, "%.1f°%c", float64(c), verb) }

type money int

func (m money) GoString() string { return "money!" }
func (m *money) Scan(s fmt.ScanState, verb rune) error {
	_, err := fmt.Fscanf(s, "$%d", (*int)(m))
	return err
}

func main() {
	var l listFlag
	fs := flag.NewFlagSet("x", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Var(&l, "l", "list")
	n := fs.Int("n", 3, "number")
	err := fs.Parse([]string{"-l", "a", "-l=b", "-n", "5", "rest"})
	fmt.Println(l, *n, err, fs.Args(), fs.Lookup("l").Value)
	fmt.Println(fs.Parse([]string{"-l", "bad"}))
	b, err := json.Marshal(map[Color][]Color{{1, 2}: {{255, 0}}})
	fmt.Println(string(b), err)
	var back map[Color][]*Color
	err = json.Unmarshal(b, &back)
	fmt.Println(len(back), *back[Color{1, 2}][0], err)
	var _ encoding.TextMarshaler = Color{}
	sc := bufio.NewScanner(rot13{strings.NewReader("uryyb\njbeyq")})
	for sc.Scan() {
		fmt.Println(sc.Text())
	}
	fmt.Printf("%c %v|%#v\n", Celsius(21.55), Celsius(-1), money(3))
	var m money
	k, err := fmt.Sscan("$42", &m)
	fmt.Println(int(m), k, err)
	c := append(net.Buffers{}, []byte("ab"), []byte("c"))
	var sb strings.Builder
	w, err := c.WriteTo(&sb)
	fmt.Println(w, err, sb.String(), len(c))
	sum := sha1.Sum([]byte("hello"))
	fmt.Println(hex.EncodeToString(sum[:4]), len(sum))
	ls := list.New()
	ls.PushBack(Color{1, 1})
	ls.PushFront("x")
	for e := ls.Front(); e != nil; e = e.Next() {
		fmt.Print(e.Value, " ")
	}
	fmt.Println()
	tm := template.Must(template.New("t").Funcs(template.FuncMap{"up": strings.ToUpper}).Parse(`{{range .}}{{.N | up}}={{.Get 2}} {{end}}`))
	fmt.Println(tm.Execute(&sb, []item{{"a", 1}, {"b", 2}}), sb.String())
}

type item struct {
	N string
	v int
}

func (i item) Get(k int) int { return i.v * k }
