// Length-prefixed framing: messages over a stream, in pieces of any size.
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
)

const MaxFrame = 1 << 10

var ErrTooLarge = errors.New("frame too large")

type Kind uint8

const (
	Hello Kind = iota + 1
	Data
	Bye
)

func (k Kind) String() string {
	switch k {
	case Hello:
		return "HELLO"
	case Data:
		return "DATA"
	case Bye:
		return "BYE"
	default:
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
}

type Frame struct {
	Kind    Kind
	Payload []byte
}

func (f Frame) String() string { return fmt.Sprintf("%v %q", f.Kind, f.Payload) }

// FrameError says which frame was bad.
type FrameError struct {
	N   int
	Err error
}

func (e *FrameError) Error() string { return fmt.Sprintf("frame %d: %v", e.N, e.Err) }
func (e *FrameError) Unwrap() error { return e.Err }

type Encoder struct{ w io.Writer }

func (e Encoder) Encode(f Frame) error {
	head := make([]byte, 0, 5+len(f.Payload))
	head = binary.BigEndian.AppendUint32(head, uint32(len(f.Payload)+1))
	head = append(head, byte(f.Kind))
	_, err := e.w.Write(append(head, f.Payload...))
	return err
}

type Decoder struct {
	r io.Reader
	n int
}

func (d *Decoder) Decode() (f Frame, err error) {
	defer func() {
		if err != nil && err != io.EOF {
			err = &FrameError{d.n, err}
		}
	}()
	d.n++
	var size uint32
	if err := binary.Read(d.r, binary.BigEndian, &size); err != nil {
		return f, err
	}
	if size == 0 || size > MaxFrame {
		return f, fmt.Errorf("%w: %d bytes", ErrTooLarge, size)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(d.r, body); err != nil {
		return f, err
	}
	return Frame{Kind(body[0]), body[1:]}, nil
}

// dribble writes one byte at a time.
type dribble struct{ io.Writer }

func (d dribble) Write(p []byte) (int, error) {
	for i := range p {
		if _, err := d.Writer.Write(p[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(p), nil
}

func main() {
	client, server := net.Pipe()
	go func() {
		defer client.Close()
		enc := Encoder{dribble{client}}
		frames := []Frame{
			{Hello, []byte("I am the client")},
			{Kind: Data, Payload: []byte(strings.Repeat("na ", 5) + "batman")},
			{Kind: Data},
			{Kind(9), []byte{0, 1, 2}},
			{Bye, nil},
		}
		for _, f := range frames {
			if err := enc.Encode(f); err != nil {
				log.Fatal(err)
			}
		}
	}()
	dec := &Decoder{r: server}
	for {
		f, err := dec.Decode()
		if err == io.EOF {
			fmt.Println("end of stream after", dec.n-1, "frames")
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(f)
		fmt.Printf("   %v %+v %d\n", f.Kind, f.Kind, f.Kind)
	}

	for _, bad := range []string{"\x00\x00", "\x00\x00\x00\x05\x02ab", "\xff\xff\xff\xff", "\x00\x00\x00\x00", "\x00\x00\x00\x01\x03"} {
		dec := Decoder{r: bytes.NewReader([]byte(bad))}
		f, err := dec.Decode()
		var fe *FrameError
		switch {
		case errors.Is(err, ErrTooLarge) && errors.As(err, &fe):
			fmt.Println("too large in frame", fe.N, "-", err)
		case errors.Is(err, io.ErrUnexpectedEOF):
			fmt.Println("cut off:", err)
		case err != nil:
			fmt.Println("other:", err)
		default:
			fmt.Println("fine:", f)
		}
	}
	var buf bytes.Buffer
	if err := (Encoder{&buf}).Encode(Frame{Data, []byte("hi")}); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("% x\n", buf.Bytes())
}
