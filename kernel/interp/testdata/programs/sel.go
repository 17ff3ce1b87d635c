package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

type kind uint8

const (
	kData kind = iota + 1
	kAck
)

type packet struct {
	kind kind
	seq  uint16
	data []byte
}

func (p packet) marshal() []byte {
	b := []byte{byte(p.kind), byte(p.seq >> 8), byte(p.seq)}
	return append(b, p.data...)
}

func parse(b []byte) (p packet, err error) {
	if len(b) < 3 {
		return p, fmt.Errorf("short packet: %d bytes", len(b))
	}
	p.kind, p.seq, p.data = kind(b[0]), uint16(b[1])<<8|uint16(b[2]), b[3:]
	return
}

func checksum(b []byte) uint16 {
	var sum uint32
	for i := 0; i+1 < len(b); i += 2 {
		sum += uint32(b[i])<<8 | uint32(b[i+1])
	}
	if len(b)%2 == 1 {
		sum += uint32(b[len(b)-1]) << 8
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

func htons(v uint16) uint16 { return v<<8 | v>>8 }

func main() {
	var x uint32 = 0x01020304
	p := (*[4]byte)(unsafe.Pointer(&x))
	fmt.Println(p[0] == 4, unsafe.Sizeof(x), *p)
	fmt.Printf("%#x %#04x\n", htons(80), checksum([]byte("hello world")))
	pk := packet{kAck, 513, []byte("abc")}
	b := pk.marshal()
	q, err := parse(b)
	fmt.Println(b, q, err)
	_, err = parse(b[:2])
	fmt.Println(err)
	fds := make([]int, 2)
	if err := unix.Pipe2(fds, unix.O_NONBLOCK); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	_, err = unix.Read(fds[0], make([]byte, 4))
	fmt.Println(err == unix.EAGAIN, err)
	unix.Write(fds[1], []byte("ping"))
	pfd := []unix.PollFd{{Fd: int32(fds[0]), Events: unix.POLLIN}, {Fd: int32(fds[1]), Events: unix.POLLOUT}}
	n, err := unix.Poll(pfd, 100)
	fmt.Println(n, err, pfd[0].Revents&unix.POLLIN != 0, pfd[1].Revents == unix.POLLOUT)
	var set unix.FdSet
	set.Zero()
	set.Set(fds[0])
	tv := unix.Timeval{Sec: 1}
	n, err = unix.Select(fds[0]+1, &set, nil, nil, &tv)
	fmt.Println(n, err, set.IsSet(fds[0]))
	s, err := unix.Socket(unix.AF_INET6, unix.SOCK_DGRAM, 0)
	v, err := unix.GetsockoptInt(s, unix.SOL_SOCKET, unix.SO_TYPE)
	fmt.Println(v == unix.SOCK_DGRAM, err)
	err = unix.SetsockoptLinger(s, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1, Linger: 2})
	fmt.Println(err)
	var sa unix.Sockaddr = &unix.SockaddrInet6{Port: 0}
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		fmt.Println("v4", a.Port)
	case *unix.SockaddrInet6:
		fmt.Println("v6", a.Addr)
	}
	sp, _ := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	unix.Sendto(sp[0], []byte("one"), 0, nil)
	unix.Send(sp[0], []byte("two"), 0)
	buf := make([]byte, 10)
	for range 2 {
		n, _, err := unix.Recvfrom(sp[1], buf, 0)
		fmt.Println(string(buf[:n]), err)
	}
	err = unix.Shutdown(sp[0], unix.SHUT_WR)
	fmt.Println(err)
	var errno unix.Errno = unix.ECONNRESET
	fmt.Println(errno, errno.Is(os.ErrNotExist), errno.Temporary(), unix.ErrnoName(errno))
	pid := unix.Getpid()
	fmt.Println(pid == os.Getpid(), runtime.GOOS, strings.Count("cheese", "e"))
	var u unix.Utsname
	fmt.Println(unix.Uname(&u), unix.ByteSliceToString(u.Sysname[:]))
	words := strings.Fields("the quick brown fox")
	sort.Sort(sort.Reverse(sort.StringSlice(words)))
	fmt.Println(words)
	defer fmt.Println("deferred")
	var arr []int
	idx := 5
	fmt.Println(arr[idx])
}
