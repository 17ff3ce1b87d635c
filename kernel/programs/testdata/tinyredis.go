// A tiny Redis: RESP on the wire, a map behind it.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// Value is what RESP can say.
type Value interface{ encode(w *bufio.Writer) }

type (
	Simple  string
	Bulk    []byte
	Integer int64
	Array   []Value
	Err     struct{ Kind, Msg string }
	Null    struct{}
)

func (s Simple) encode(w *bufio.Writer)  { fmt.Fprintf(w, "+%s\r\n", string(s)) }
func (b Bulk) encode(w *bufio.Writer)    { fmt.Fprintf(w, "$%d\r\n%s\r\n", len(b), []byte(b)) }
func (i Integer) encode(w *bufio.Writer) { fmt.Fprintf(w, ":%d\r\n", i) }
func (Null) encode(w *bufio.Writer)      { w.WriteString("$-1\r\n") }
func (e Err) encode(w *bufio.Writer)     { fmt.Fprintf(w, "-%s\r\n", e.Error()) }
func (a Array) encode(w *bufio.Writer) {
	fmt.Fprintf(w, "*%d\r\n", len(a))
	for _, v := range a {
		v.encode(w)
	}
}

func (e Err) Error() string { return e.Kind + " " + e.Msg }

func (i Integer) String() string { return "(integer) " + strconv.FormatInt(int64(i), 10) }
func (b Bulk) String() string    { return strconv.Quote(string(b)) }
func (Null) String() string      { return "(nil)" }
func (a Array) String() string {
	parts := make([]string, len(a))
	for i, v := range a {
		parts[i] = fmt.Sprintf("%d) %v", i+1, v)
	}
	return strings.Join(parts, " ")
}

func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(line, "\r\n"), nil
}

func decode(r *bufio.Reader) (Value, error) {
	line, err := readLine(r)
	if err != nil {
		return nil, err
	}
	if line == "" {
		return nil, errors.New("empty line")
	}
	rest := line[1:]
	switch kind := line[0]; kind {
	case '+':
		return Simple(rest), nil
	case '-':
		kind, msg, _ := strings.Cut(rest, " ")
		return Err{kind, msg}, nil
	case ':':
		n, err := strconv.ParseInt(rest, 10, 64)
		return Integer(n), err
	case '$', '*':
		n, err := strconv.Atoi(rest)
		if err != nil {
			return nil, fmt.Errorf("bad length: %w", err)
		}
		if n < 0 {
			return Null{}, nil
		}
		if kind == '$' {
			buf := make([]byte, n+2)
			if _, err := io.ReadFull(r, buf); err != nil {
				return nil, err
			}
			return Bulk(buf[:n]), nil
		}
		a := make(Array, 0, n)
		for range n {
			v, err := decode(r)
			if err != nil {
				return nil, err
			}
			a = append(a, v)
		}
		return a, nil
	default:
		return nil, fmt.Errorf("unknown type %q", kind)
	}
}

type store struct {
	sync.RWMutex
	data  map[string][]byte
	lists map[string][]string
}

func (s *store) do(args []string) Value {
	s.Lock()
	defer s.Unlock()
	need := func(n int) bool { return len(args) == n+1 }
	switch cmd := strings.ToUpper(args[0]); {
	case cmd == "PING":
		return Simple("PONG")
	case cmd == "SET" && need(2):
		s.data[args[1]] = []byte(args[2])
		return Simple("OK")
	case cmd == "GET" && need(1):
		if v, ok := s.data[args[1]]; ok {
			return Bulk(v)
		}
		return Null{}
	case cmd == "INCR" && need(1):
		n, err := strconv.ParseInt(string(s.data[args[1]]), 10, 64)
		if err != nil && s.data[args[1]] != nil {
			return Err{"ERR", err.(*strconv.NumError).Err.Error()}
		}
		n++
		s.data[args[1]] = strconv.AppendInt(nil, n, 10)
		return Integer(n)
	case cmd == "DEL":
		var n Integer
		for _, k := range args[1:] {
			if _, ok := s.data[k]; ok {
				delete(s.data, k)
				n++
			}
		}
		return n
	case cmd == "RPUSH" && len(args) > 2:
		l := append(s.lists[args[1]], args[2:]...)
		s.lists[args[1]] = l
		return Integer(len(l))
	case cmd == "LRANGE" && need(3):
		l := s.lists[args[1]]
		from, _ := strconv.Atoi(args[2])
		to, _ := strconv.Atoi(args[3])
		if to < 0 {
			to += len(l)
		}
		a := Array{}
		for _, x := range l[from:min(to+1, len(l))] {
			a = append(a, Bulk(x))
		}
		return a
	case cmd == "KEYS":
		var keys []string
		for k := range s.data {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		a := make(Array, len(keys))
		for i, k := range keys {
			a[i] = Bulk(k)
		}
		return a
	default:
		return Err{"ERR", "unknown command '" + args[0] + "'"}
	}
}

func (s *store) serve(c net.Conn) {
	defer c.Close()
	r, w := bufio.NewReader(c), bufio.NewWriter(c)
	for {
		v, err := decode(r)
		if err != nil {
			return
		}
		var args []string
		for _, x := range v.(Array) {
			args = append(args, string(x.(Bulk)))
		}
		s.do(args).encode(w)
		if r.Buffered() == 0 {
			w.Flush()
		}
	}
}

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	s := &store{data: map[string][]byte{}, lists: make(map[string][]string)}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	w, r := bufio.NewWriter(c), bufio.NewReader(c)
	for _, line := range []string{"PING", "SET name Antirez", "GET name", "GET nothing", "INCR n", "INCR n", "INCR name",
		"RPUSH l a b c d", "LRANGE l 1 -1", "LRANGE l 0 0", "KEYS *", "DEL name n x", "FLY away"} {
		a := Array{}
		for _, f := range strings.Fields(line) {
			a = append(a, Bulk(f))
		}
		Value(a).encode(w)
		w.Flush()
		v, err := decode(r)
		if err != nil {
			log.Fatal(err)
		}
		switch v := v.(type) {
		case Err:
			fmt.Printf("%-18s -> (error) %v\n", line, error(v))
		case fmt.Stringer:
			fmt.Printf("%-18s -> %v  %T\n", line, v, v)
		default:
			fmt.Printf("%-18s -> %v  %T\n", line, v, v)
		}
	}
	_, err = decode(bufio.NewReader(strings.NewReader("*2\r\n$1\r\nx\r\n?\r\n")))
	fmt.Println(err)
	_, err = decode(bufio.NewReader(strings.NewReader("$abc\r\n")))
	fmt.Println(err, errors.Is(err, strconv.ErrSyntax))
}
