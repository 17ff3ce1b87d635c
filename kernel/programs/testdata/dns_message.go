// DNS messages (RFC 1035): encode a query, answer it over UDP, decode with
// compression pointers.
package main

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log"
	"net"
	"net/netip"
	"strings"
)

type Type uint16

const (
	A     Type = 1
	NS    Type = 2
	CNAME Type = 5
	AAAA  Type = 28
)

//go:generate stringer -type=Type
var typeNames = map[Type]string{A: "A", NS: "NS", CNAME: "CNAME", AAAA: "AAAA"}

func (t Type) String() string {
	if s, ok := typeNames[t]; ok {
		return s
	}
	return fmt.Sprintf("TYPE%d", uint16(t))
}

type Flags uint16

const (
	QR Flags = 1 << (15 - iota)
	_
	_
	_
	_
	AAFlag
	TC
	RD
	RA
)

func (f Flags) Has(x Flags) bool { return f&x != 0 }
func (f Flags) RCode() int       { return int(f & 0xf) }
func (f Flags) String() string {
	var out []string
	for _, x := range [...]struct {
		f Flags
		s string
	}{{QR, "qr"}, {AAFlag, "aa"}, {TC, "tc"}, {RD, "rd"}, {RA, "ra"}} {
		if f.Has(x.f) {
			out = append(out, x.s)
		}
	}
	return strings.Join(out, "|")
}

type Question struct {
	Name string
	Type Type
}

type Record struct {
	Question
	TTL  uint32
	Data any // netip.Addr or string
}

type Message struct {
	ID        uint16
	Flags     Flags
	Questions []Question
	Answers   []Record
}

type builder struct {
	buf   []byte
	names map[string]int
}

func (b *builder) u16(v uint16) { b.buf = binary.BigEndian.AppendUint16(b.buf, v) }

func (b *builder) name(n string) {
	for n != "" {
		if at, ok := b.names[n]; ok {
			b.u16(0xc000 | uint16(at))
			return
		}
		b.names[n] = len(b.buf)
		label, rest, _ := strings.Cut(n, ".")
		b.buf = append(b.buf, byte(len(label)))
		b.buf = append(b.buf, label...)
		n = rest
	}
	b.buf = append(b.buf, 0)
}

func (m *Message) Pack() []byte {
	b := &builder{names: map[string]int{}}
	for _, v := range []uint16{m.ID, uint16(m.Flags), uint16(len(m.Questions)), uint16(len(m.Answers)), 0, 0} {
		b.u16(v)
	}
	for _, q := range m.Questions {
		b.name(q.Name)
		b.u16(uint16(q.Type))
		b.u16(1)
	}
	for _, r := range m.Answers {
		b.name(r.Name)
		b.u16(uint16(r.Type))
		b.u16(1)
		b.buf = binary.BigEndian.AppendUint32(b.buf, r.TTL)
		at := len(b.buf)
		b.u16(0)
		switch d := r.Data.(type) {
		case netip.Addr:
			b.buf = append(b.buf, d.AsSlice()...)
		case string:
			b.name(d)
		}
		binary.BigEndian.PutUint16(b.buf[at:], uint16(len(b.buf)-at-2))
	}
	return b.buf
}

var (
	errShort = errors.New("message too short")
	errLoop  = errors.New("compression loop")
)

type parser struct {
	msg []byte
	off int
}

func (p *parser) u16() uint16 {
	if p.off+2 > len(p.msg) {
		panic(errShort)
	}
	p.off += 2
	return binary.BigEndian.Uint16(p.msg[p.off-2:])
}

func (p *parser) name() string {
	var labels []string
	off, jumped := p.off, 0
	for {
		if off >= len(p.msg) {
			panic(errShort)
		}
		n := int(p.msg[off])
		off++
		switch {
		case n == 0:
			if jumped == 0 {
				p.off = off
			}
			return strings.Join(labels, ".")
		case n&0xc0 == 0xc0:
			if jumped++; jumped > 5 {
				panic(errLoop)
			}
			if jumped == 1 {
				p.off = off + 1
			}
			off = (n&0x3f)<<8 | int(p.msg[off])
		default:
			if off+n > len(p.msg) {
				panic(fmt.Errorf("label at %d: %w", off, errShort))
			}
			labels = append(labels, string(p.msg[off:off+n]))
			off += n
		}
	}
}

func Unpack(b []byte) (m *Message, err error) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case error:
			m, err = nil, e
		default:
			panic(e)
		}
	}()
	p := &parser{msg: b}
	m = &Message{ID: p.u16(), Flags: Flags(p.u16())}
	qd, an := p.u16(), p.u16()
	p.off += 4
	for range qd {
		q := Question{p.name(), Type(p.u16())}
		p.u16()
		m.Questions = append(m.Questions, q)
	}
	for range an {
		r := Record{Question: Question{Name: p.name(), Type: Type(p.u16())}}
		p.u16()
		r.TTL = uint32(p.u16())<<16 | uint32(p.u16())
		n := int(p.u16())
		switch r.Type {
		case A, AAAA:
			a, ok := netip.AddrFromSlice(b[p.off : p.off+n])
			if !ok {
				return nil, fmt.Errorf("bad address of %d bytes", n)
			}
			r.Data = a
			p.off += n
		case CNAME, NS:
			r.Data = p.name()
		default:
			r.Data = b[p.off : p.off+n]
			p.off += n
		}
		m.Answers = append(m.Answers, r)
	}
	return m, nil
}

func main() {
	zone := map[Question][]any{
		{"www.example.org", A}:    {"web.example.org", netip.MustParseAddr("192.0.2.7")},
		{"www.example.org", AAAA}: {netip.MustParseAddr("2001:db8::7")},
	}
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		buf := make([]byte, 512)
		for {
			n, from, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			q, err := Unpack(buf[:n])
			if err != nil {
				continue
			}
			a := *q
			a.Flags |= QR | RA
			name := q.Questions[0].Name
			for _, d := range zone[q.Questions[0]] {
				r := Record{Question{name, q.Questions[0].Type}, 300, d}
				if alias, ok := d.(string); ok {
					r.Type = CNAME
					name = alias
				}
				a.Answers = append(a.Answers, r)
			}
			if len(a.Answers) == 0 {
				a.Flags |= 3
			}
			pc.WriteTo(a.Pack(), from)
		}
	}()
	c, err := net.Dial("udp", pc.LocalAddr().String())
	if err != nil {
		log.Fatal(err)
	}
	buf := make([]byte, 512)
	for i, q := range []Question{{"www.example.org", A}, {"www.example.org", AAAA}, {"nope.example.org", A}, {"x", 99}} {
		m := &Message{ID: uint16(1000 + i), Flags: RD, Questions: []Question{q}}
		if i == 0 {
			fmt.Print(hex.Dump(m.Pack()))
		}
		c.Write(m.Pack())
		n, err := c.Read(buf)
		if err != nil {
			log.Fatal(err)
		}
		a, err := Unpack(buf[:n])
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%d bytes: %+v\n", n, *a)
		for _, r := range a.Answers {
			fmt.Printf("   %s %d %v %v (%T)\n", r.Name, r.TTL, r.Type, r.Data, r.Data)
		}
		fmt.Println("   rcode", a.Flags.RCode())
	}
	for _, bad := range [][]byte{nil, make([]byte, 5), append(make([]byte, 5), 1, 0, 0, 0, 0, 0, 0, 0xc0, 12), append(make([]byte, 5), 1, 0, 0, 0, 0, 0, 0, 9, 'x')} {
		_, err := Unpack(bad)
		fmt.Println(err, errors.Is(err, errShort), errors.Is(err, errLoop))
	}
}
