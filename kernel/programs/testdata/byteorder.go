// Byte order: what memory holds, what the wire wants.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"unsafe"

	"golang.org/x/sys/unix"
)

func htons(v uint16) uint16 { return v<<8 | v>>8 }

func htonl(v uint32) uint32 {
	return v<<24 | v&0xff00<<8 | v>>8&0xff00 | v>>24
}

func bytesOf(v uint32) (b [4]byte) {
	p := unsafe.Pointer(&v)
	for i := range b {
		b[i] = *(*byte)(unsafe.Pointer(uintptr(p) + uintptr(i)))
	}
	return b
}

func isLittle() bool {
	x := uint16(0x0102)
	return *(*byte)(unsafe.Pointer(&x)) == 2
}

type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

type header struct {
	Magic   uint32
	Version uint8
	_       [3]byte
	Length  int64
	Ratio   float32
	Flags   [2]uint16
}

type padded struct {
	a bool
	b int64
	c bool
	d int16
	e [3]byte
}

func show(name string, o order) {
	var b []byte
	b = o.AppendUint16(b, 0x0102)
	b = o.AppendUint32(b, 0x03040506)
	b = o.AppendUint64(b, math.Float64bits(1.5))
	fmt.Printf("%-8s % x -> %#x %#x %v  (%v)\n", name, b, o.Uint16(b), o.Uint32(b[2:]), math.Float64frombits(o.Uint64(b[6:])), o)
}

func main() {
	fmt.Println("little endian:", isLittle())
	fmt.Printf("%x\n", bytesOf(0x01020304))
	fmt.Printf("htons(8080)=%d htonl(127.0.0.1)=%#08x\n", htons(8080), htonl(0x7f000001))
	fmt.Println(htons(htons(54321)) == 54321, htonl(0xdeadbeef) == bits.ReverseBytes32(0xdeadbeef))

	show("big", binary.BigEndian)
	show("little", binary.LittleEndian)
	for i, o := range []order{binary.BigEndian, binary.LittleEndian} {
		var x uint32 = 1 << 24
		b := (*[4]byte)(unsafe.Pointer(&x))[:]
		fmt.Println(i, o.Uint32(b), o.String())
	}

	h := header{Magic: 0xCAFEBABE, Version: 2, Length: -2, Ratio: 0.5, Flags: [2]uint16{1, 0x8000}}
	var buf bytes.Buffer
	if err := binary.Write(&buf, binary.BigEndian, h); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("% x\n", buf.Bytes())
	var back header
	err := binary.Read(bytes.NewReader(buf.Bytes()), binary.BigEndian, &back)
	fmt.Printf("%+v %v %t\n", back, err, back == h)
	err = binary.Read(bytes.NewReader(buf.Bytes()[:7]), binary.LittleEndian, &back)
	fmt.Println(err)
	fmt.Println("sizes:", binary.Size(h), unsafe.Sizeof(h), unsafe.Sizeof(padded{}), unsafe.Alignof(h.Length))
	var p padded
	fmt.Println("offsets:", unsafe.Offsetof(p.a), unsafe.Offsetof(p.b), unsafe.Offsetof(p.c), unsafe.Offsetof(p.d), unsafe.Offsetof(p.e))

	// The port of a sockaddr is in network order in the raw structure.
	raw := unix.RawSockaddrInet4{Family: unix.AF_INET, Port: htons(80), Addr: [4]byte{10, 0, 0, 1}}
	mem := unsafe.Slice((*byte)(unsafe.Pointer(&raw)), unsafe.Sizeof(raw))
	fmt.Printf("% x\n", mem)
	mem[3] = 81
	fmt.Println(raw.Port == htons(81), int(unsafe.Sizeof(raw)) == unix.SizeofSockaddrInet4)

	f := float32(3.14)
	u := *(*uint32)(unsafe.Pointer(&f))
	fmt.Printf("%#x %t\n", u, u == math.Float32bits(f))
	s := "string header"
	fmt.Println(unsafe.String(unsafe.StringData(s), 6), len(s))

	buf.Reset()
	for _, v := range []int64{0, -1, 63, -64, 64, 300, math.MinInt64} {
		b := binary.AppendVarint(nil, v)
		back, n := binary.Varint(b)
		fmt.Printf("%d:%x:%t ", v, b, back == v && n == len(b))
	}
	fmt.Println()
}
