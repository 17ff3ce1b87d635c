// The Internet checksum (RFC 1071), CRC-32, Fletcher and Adler, by hand.
package main

import (
	"encoding/binary"
	"fmt"
	"hash"
	"hash/crc32"
	"math/bits"
	"strings"
)

func Internet(b []byte) uint16 {
	var sum uint32
	for ; len(b) >= 2; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

// Update is RFC 1624's incremental update: HC' = ~(~HC + ~m + m').
func Update(hc, m, m2 uint16) uint16 {
	sum := uint32(^hc) + uint32(^m) + uint32(m2)
	sum = sum&0xffff + sum>>16
	sum += sum >> 16
	return ^uint16(sum)
}

type crcTable [256]uint32

func makeTable(poly uint32) (t crcTable) {
	for i := range t {
		c := uint32(i)
		for range 8 {
			if c&1 == 1 {
				c = c>>1 ^ poly
			} else {
				c >>= 1
			}
		}
		t[i] = c
	}
	return
}

type crc struct {
	table *crcTable
	sum   uint32
}

func newCRC() hash.Hash32 {
	t := makeTable(bits.Reverse32(0x04C11DB7))
	return &crc{table: &t}
}

func (c *crc) Write(p []byte) (int, error) {
	s := ^c.sum
	for _, b := range p {
		s = c.table[byte(s)^b] ^ s>>8
	}
	c.sum = ^s
	return len(p), nil
}
func (c *crc) Sum(b []byte) []byte { return binary.BigEndian.AppendUint32(b, c.sum) }
func (c *crc) Reset()              { c.sum = 0 }
func (c *crc) Size() int           { return 4 }
func (c *crc) BlockSize() int      { return 1 }
func (c *crc) Sum32() uint32       { return c.sum }

func fletcher16(p []byte) uint16 {
	var a, b uint16
	for _, x := range p {
		a = (a + uint16(x)) % 255
		b = (b + a) % 255
	}
	return b<<8 | a
}

func adler32(p []byte) uint32 {
	const mod = 65521
	a, b := uint32(1), uint32(0)
	for len(p) > 0 {
		chunk := p[:min(len(p), 5552)]
		p = p[len(chunk):]
		for _, x := range chunk {
			a += uint32(x)
			b += a
		}
		a, b = a%mod, b%mod
	}
	return b<<16 | a
}

// pseudo is TCP's and UDP's pseudo header.
type pseudo struct {
	Src, Dst [4]byte
	Zero     uint8
	Proto    uint8
	Length   uint16
}

func main() {
	// From Wikipedia's example of an IPv4 header.
	header := []byte{0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, 0, 0, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0, 0xc7}
	sum := Internet(header)
	fmt.Printf("%#04x\n", sum)
	binary.BigEndian.PutUint16(header[10:], sum)
	fmt.Printf("with the sum in place: %#04x\n", Internet(header))
	old := binary.BigEndian.Uint16(header[8:])
	header[8]-- // TTL
	updated := Update(sum, old, binary.BigEndian.Uint16(header[8:]))
	header[10], header[11] = 0, 0
	fmt.Printf("after TTL-1: %#04x %t\n", updated, updated == Internet(header))

	ph := pseudo{Src: [4]byte{127, 0, 0, 1}, Dst: [...]byte{127, 0, 0, 2}, Proto: 17, Length: 13}
	var buf strings.Builder
	if err := binary.Write(&buf, binary.BigEndian, ph); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("% x (%d bytes, binary.Size %d)\n", buf.String(), buf.Len(), binary.Size(ph))
	datagram := []byte{0x30, 0x39, 0, 53, 0, 13, 0, 0, 'h', 'e', 'l', 'l', 'o'}
	fmt.Printf("udp: %#04x\n", Internet(append([]byte(buf.String()), datagram...)))

	for _, s := range []string{"", "a", "123456789", "The quick brown fox jumps over the lazy dog", strings.Repeat("\xff", 6000)} {
		h := newCRC()
		fmt.Fprint(h, s)
		same := h.Sum32() == crc32.ChecksumIEEE([]byte(s))
		if len(s) > 10 {
			s = s[:10] + "…"
		}
		fmt.Printf("%-15q crc %08x %t  sum %x\n", s, h.Sum32(), same, h.Sum([]byte{0xee}))
	}
	for _, s := range []string{"abcde", "abcdef", "Wikipedia"} {
		fmt.Printf("%s fletcher %04x adler %08x\n", s, fletcher16([]byte(s)), adler32([]byte(s)))
	}
	t := makeTable(0xEDB88320)
	u := t
	u[1] = 0
	fmt.Println(t == u, t[1] == crc32.IEEETable[1], len(t))
}
