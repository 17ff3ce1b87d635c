package main

import (
	"encoding/binary"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

type header struct {
	Magic  uint16
	Length uint32
	Kind   uint8
	_      uint8
}

func main() {
	sp, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		panic(err)
	}
	f, _ := os.CreateTemp("", "x")
	defer os.Remove(f.Name())
	f.WriteString("through the socket")
	if err := unix.Sendmsg(sp[0], []byte("fd"), unix.UnixRights(int(f.Fd())), nil, 0); err != nil {
		panic(err)
	}
	buf, oob := make([]byte, 16), make([]byte, unix.CmsgSpace(4))
	n, oobn, _, _, err := unix.Recvmsg(sp[1], buf, oob, 0)
	fmt.Println(n, oobn > 0, err)
	scms, err := unix.ParseSocketControlMessage(oob[:oobn])
	fds, err := unix.ParseUnixRights(&scms[0])
	g := os.NewFile(uintptr(fds[0]), "passed")
	g.Seek(0, 0)
	b := make([]byte, 100)
	k, _ := g.Read(b)
	fmt.Println(string(b[:k]))
	h := header{Magic: 0xBEEF, Length: 7, Kind: 2}
	var out []byte
	out, err = binary.Append(out, binary.BigEndian, h)
	fmt.Printf("% x %v %d\n", out, err, binary.Size(h))
	var back header
	m, err := binary.Decode(out, binary.BigEndian, &back)
	fmt.Println(m, err, back == h, back)
	out = binary.BigEndian.AppendUint32(nil, 0x01020304)
	order := binary.LittleEndian
	fmt.Println(out, order.Uint32(out), order)
	for _, o := range []binary.ByteOrder{binary.BigEndian, binary.LittleEndian} {
		fmt.Println(o, o.Uint16([]byte{1, 2}))
	}
}
