// IPv4, TCP and UDP headers as views of bytes, in the style of gVisor.
package main

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

type IPv4 []byte

const minIPv4 = 20

func (b IPv4) Version() uint8          { return b[0] >> 4 }
func (b IPv4) HeaderLength() int       { return int(b[0]&0xf) * 4 }
func (b IPv4) TotalLength() int        { return int(binary.BigEndian.Uint16(b[2:])) }
func (b IPv4) TTL() uint8              { return b[8] }
func (b IPv4) Protocol() Protocol      { return Protocol(b[9]) }
func (b IPv4) Source() netip.Addr      { return netip.AddrFrom4([4]byte(b[12:16])) }
func (b IPv4) Destination() netip.Addr { return netip.AddrFrom4([4]byte(b[16:20])) }
func (b IPv4) Payload() []byte         { return b[b.HeaderLength():b.TotalLength()] }
func (b IPv4) SetTTL(v uint8)          { b[8] = v }

type Protocol uint8

const (
	ICMP Protocol = 1
	TCPp Protocol = 6
	UDPp Protocol = 17
)

func (p Protocol) String() string {
	return map[Protocol]string{ICMP: "ICMP", TCPp: "TCP", UDPp: "UDP"}[p]
}

type TCP []byte

type TCPFlags uint8

const (
	FIN TCPFlags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
)

func (f TCPFlags) String() string {
	var b strings.Builder
	for i, c := range "FSRPAU" {
		if f&(1<<i) != 0 {
			b.WriteRune(c)
		}
	}
	return b.String()
}

func (b TCP) Ports() (src, dst uint16) {
	return binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
}
func (b TCP) Seq() uint32     { return binary.BigEndian.Uint32(b[4:]) }
func (b TCP) Flags() TCPFlags { return TCPFlags(b[13] & 0x3f) }
func (b TCP) Offset() int     { return int(b[12]>>4) << 2 }

type Option struct {
	Kind byte
	Data []byte
}

func (o Option) String() string {
	switch o.Kind {
	case 2:
		return fmt.Sprintf("MSS %d", binary.BigEndian.Uint16(o.Data))
	case 3:
		return fmt.Sprintf("WScale %d", o.Data[0])
	case 4:
		return "SACK permitted"
	default:
		return fmt.Sprintf("option %d % x", o.Kind, o.Data)
	}
}

func (b TCP) Options() func(yield func(int, Option) bool) {
	return func(yield func(int, Option) bool) {
		opts := b[minTCP:b.Offset()]
		for i := 0; len(opts) > 0; i++ {
			switch opts[0] {
			case 0:
				return
			case 1:
				opts = opts[1:]
				continue
			}
			n := opts[1]
			if !yield(i, Option{opts[0], opts[2:n]}) {
				return
			}
			opts = opts[n:]
		}
	}
}

const minTCP = 20

type headerError struct {
	layer string
	have  int
	need  int
}

func (e headerError) Error() string {
	return fmt.Sprintf("%s header: have %d bytes, need %d", e.layer, e.have, e.need)
}

var ErrVersion = errors.New("not IPv4")

func Parse(b []byte) (ip IPv4, tcp TCP, err error) {
	if len(b) < minIPv4 {
		return nil, nil, headerError{"IPv4", len(b), minIPv4}
	}
	ip = IPv4(b)
	if v := ip.Version(); v != 4 {
		return nil, nil, fmt.Errorf("version %d: %w", v, ErrVersion)
	}
	if ip.Protocol() != TCPp {
		return ip, nil, nil
	}
	if p := ip.Payload(); len(p) >= minTCP {
		return ip, TCP(p), nil
	} else {
		return ip, nil, headerError{layer: "TCP", have: len(p), need: minTCP}
	}
}

const syn = `4500 003c 1c46 4000 4006 b1e6 ac10 0a63
ac10 0a0c 9c40 0050 0000 1000 0000 0000
a002 7210 0000 0000 0204 05b4 0402 0101
0303 0701 0101 0100 0000 0000`

func main() {
	raw, err := hex.DecodeString(strings.NewReplacer(" ", "", "\n", "").Replace(syn))
	if err != nil {
		fmt.Println(err)
		return
	}
	ip, tcp, err := Parse(raw)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ip.Version(), ip.HeaderLength(), ip.TotalLength(), len(raw), ip.TTL(), ip.Protocol(), ip.Source(), "→", ip.Destination())
	src, dst := tcp.Ports()
	fmt.Printf("%d → %d seq %d flags %v %08b offset %d\n", src, dst, tcp.Seq(), tcp.Flags(), tcp.Flags(), tcp.Offset())
	for i, o := range tcp.Options() {
		fmt.Println(" ", i, o)
	}
	for _, o := range tcp.Options() {
		fmt.Println("first:", o)
		break
	}
	ip.SetTTL(ip.TTL() - 1)
	fmt.Println("ttl", raw[8], len(IPv4.Payload(ip)))
	fmt.Println((SYN | ACK).String(), FIN|RST|URG, TCPFlags(0) == 0)

	for _, bad := range [][]byte{raw[:10], append([]byte{0x60}, raw[1:]...), raw[:0]} {
		_, _, err := Parse(bad)
		var he headerError
		fmt.Println(err, errors.As(err, &he), he.need, errors.Is(err, ErrVersion), err == headerError{"IPv4", 0, 20})
	}
	short := append([]byte(nil), raw...)
	short[3] = 30
	_, _, err = Parse(short)
	fmt.Printf("%v\n%+v\n%#v\n", err, err, err)
	short[3] = 200
	defer fmt.Println("deferred before the panic")
	Parse(short)
}
