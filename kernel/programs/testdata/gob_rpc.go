// gob over a pipe, with interfaces registered; net/rpc over TCP; CSV.
package main

import (
	"bytes"
	"encoding/csv"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/rpc"
	"strings"
)

type Animal interface{ Sound() string }

type Dog struct{ Name string }
type Cat struct {
	Name  string
	Lives int
}

func (d Dog) Sound() string  { return d.Name + ": woof" }
func (c *Cat) Sound() string { return fmt.Sprintf("%s: meow (%d lives)", c.Name, c.Lives) }

type Zoo struct {
	Title   string
	Animals []Animal
	Index   map[string]int
	Matrix  [2][2]float64
	private string
}

type Args struct{ A, B int }
type Quotient struct{ Quo, Rem int }

type Arith int

func (t *Arith) Multiply(args *Args, reply *int) error {
	*reply = args.A * args.B
	return nil
}

func (t *Arith) Divide(args Args, quo *Quotient) error {
	if args.B == 0 {
		return errors.New("divide by zero")
	}
	quo.Quo, quo.Rem = args.A/args.B, args.A%args.B
	return nil
}

type secret struct{ text string }

func (s secret) GobEncode() ([]byte, error) { return []byte(strings.ToUpper(s.text)), nil }
func (s *secret) GobDecode(b []byte) error {
	s.text = "decoded " + string(b)
	return nil
}

func main() {
	gob.Register(Dog{})
	gob.Register(&Cat{})
	var network bytes.Buffer
	z := Zoo{"city", []Animal{Dog{"Rex"}, &Cat{"Tom", 9}}, map[string]int{"Rex": 0}, [2][2]float64{{1, 2}, {3, 4}}, "hidden"}
	if err := gob.NewEncoder(&network).Encode(z); err != nil {
		log.Fatal("encode: ", err)
	}
	var back Zoo
	if err := gob.NewDecoder(&network).Decode(&back); err != nil {
		log.Fatal("decode: ", err)
	}
	fmt.Println(back.Title, back.Index, back.Matrix, back.private == "")
	for _, a := range back.Animals {
		fmt.Printf("%T %s\n", a, a.Sound())
	}
	network.Reset()
	gob.NewEncoder(&network).Encode(struct{ S secret }{secret{"x"}})
	var got struct{ S secret }
	fmt.Println(gob.NewDecoder(&network).Decode(&got), got.S.text)

	srv := rpc.NewServer()
	if err := srv.Register(new(Arith)); err != nil {
		log.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go srv.Accept(l)
	client, err := rpc.Dial("tcp", l.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	var product int
	err = client.Call("Arith.Multiply", &Args{7, 8}, &product)
	fmt.Println(product, err)
	var q Quotient
	call := <-client.Go("Arith.Divide", Args{17, 5}, &q, nil).Done
	fmt.Println(q, call.Error, call.ServiceMethod)
	err = client.Call("Arith.Divide", &Args{1, 0}, &q)
	var se rpc.ServerError
	fmt.Println(err, errors.As(err, &se))
	fmt.Println(client.Call("Arith.Add", &Args{}, nil))
	client.Close()
	fmt.Println(client.Call("Arith.Multiply", &Args{}, &product) == rpc.ErrShutdown)

	r := csv.NewReader(strings.NewReader("name,port\n# comment\nhttp,80\n\"quo\"\"ted\",\"a,b\"\nbad,1,2\n"))
	r.Comment = '#'
	for {
		rec, err := r.Read()
		if err == io.EOF {
			break
		}
		var pe *csv.ParseError
		if errors.As(err, &pe) {
			fmt.Println("line", pe.Line, pe.Err == csv.ErrFieldCount)
			continue
		}
		fmt.Printf("%q\n", rec)
	}
	var sb strings.Builder
	w := csv.NewWriter(&sb)
	w.Write([]string{"a b", "c,d", `e"f`, ""})
	w.Flush()
	fmt.Print(sb.String(), w.Error() == nil, "\n")
}
