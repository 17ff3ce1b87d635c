// Package syscall and x/sys/unix side by side: pipes, files, dup, fcntl, stat,
// raw echo over a socketpair, errno values, getaddr functions by hand.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

type FD int

func (fd FD) Write(p []byte) (int, error) {
	n, err := unix.Write(int(fd), p)
	if err != nil {
		return n, os.NewSyscallError("write", err)
	}
	return n, nil
}

func (fd FD) Read(p []byte) (int, error) { return unix.Read(int(fd), p) }
func (fd FD) Close() error               { return unix.Close(int(fd)) }

func inetAton(s string) (a [4]byte, err error) {
	parts := strings.Split(s, ".")
	if len(parts) != 4 {
		return a, fmt.Errorf("%q is no dotted decimal", s)
	}
	for i, p := range parts {
		n := 0
		for _, c := range p {
			if c < '0' || c > '9' {
				return a, fmt.Errorf("%q has %q", s, c)
			}
			n = n*10 + int(c-'0')
		}
		if n > 255 || p == "" {
			return a, fmt.Errorf("%q: %q out of range", s, p)
		}
		a[i] = byte(n)
	}
	return a, nil
}

func addrOf(sa unix.Sockaddr) string {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port)).String()
	case *unix.SockaddrInet6:
		return net.JoinHostPort(net.IP(sa.Addr[:]).String(), fmt.Sprint(sa.Port))
	case *unix.SockaddrUnix:
		return "unix:" + sa.Name
	default:
		return fmt.Sprintf("%T", sa)
	}
}

func main() {
	var p [2]int
	if err := syscall.Pipe(p[:]); err != nil {
		panic(err)
	}
	r, w := FD(p[0]), FD(p[1])
	fmt.Fprintf(w, "through %s %d", "a pipe", 1)
	buf := make([]byte, 64)
	n, err := r.Read(buf)
	fmt.Printf("%q %v\n", buf[:n], err)
	dup, err := unix.Dup(int(w))
	fmt.Println(dup > int(w), err, w.Close())
	fmt.Fprint(FD(dup), "dup")
	unix.Close(dup)
	n, _ = r.Read(buf)
	m, err := r.Read(buf)
	fmt.Println(n, m, err)
	_, err = unix.Seek(int(r), 0, 0)
	fmt.Println(err, err == unix.ESPIPE, r.Close(), r.Close())
	_, err = w.Write([]byte("x"))
	var se *os.SyscallError
	fmt.Println(err, errors.As(err, &se), errors.Is(err, syscall.EBADF))

	dir, err := os.MkdirTemp("", "sys")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "file.txt")
	fd, err := unix.Open(name, unix.O_CREAT|unix.O_RDWR|unix.O_EXCL, 0o640)
	fmt.Println(fd > 2, err)
	_, err = unix.Open(name, unix.O_CREAT|unix.O_EXCL, 0)
	fmt.Println(err, errors.Is(err, fs.ErrExist), err.(syscall.Errno) == unix.EEXIST, err.(unix.Errno).Is(os.ErrExist))
	unix.Write(fd, []byte("0123456789"))
	n, err = unix.Pread(fd, buf[:4], 3)
	fmt.Println(string(buf[:n]), err)
	var st unix.Stat_t
	fmt.Println(unix.Fstat(fd, &st), st.Size, st.Mode&unix.S_IFMT == unix.S_IFREG, fs.FileMode(st.Mode&0o777&^0o022))
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	fmt.Println(flags&unix.O_ACCMODE == unix.O_RDWR, err)
	unix.SetNonblock(fd, true)
	flags, _ = unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	fmt.Println(flags&unix.O_NONBLOCK != 0)
	fmt.Println(unix.Ftruncate(fd, 3), unix.Close(fd))
	text, err := os.ReadFile(name)
	fmt.Println(string(text), err)

	sp, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET, 0)
	if err != nil {
		panic(err)
	}
	for _, s := range []string{"one", "", "three"} {
		if s != "" {
			unix.Write(sp[0], []byte(s))
		}
	}
	for range 2 {
		n, _, err := unix.Recvfrom(sp[1], buf, 0)
		fmt.Print(string(buf[:n]), " ", err, "; ")
	}
	n, err = unix.SendmsgN(sp[1], []byte("msg"), nil, nil, 0)
	fmt.Println(n, err)
	n, _, err = unix.Recvfrom(sp[0], buf[:2], unix.MSG_TRUNC)
	fmt.Println(n, string(buf[:2]), err)
	unix.Close(sp[1])
	_, err = unix.Write(sp[0], []byte("x"))
	fmt.Println(err, errors.Is(err, unix.EPIPE))
	sa, err := unix.Getsockname(sp[0])
	fmt.Println(addrOf(sa), err)

	u, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		panic(err)
	}
	defer unix.Close(u)
	for _, s := range []string{"127.0.0.1", "1.2.3", "1.2.3.256", "a.b.c.d", "1..2.3"} {
		a, err := inetAton(s)
		fmt.Println(a, err)
		if err == nil {
			fmt.Println(unix.Bind(u, &unix.SockaddrInet4{Addr: a}))
		}
	}
	sa, _ = unix.Getsockname(u)
	in4 := sa.(*unix.SockaddrInet4)
	fmt.Println(in4.Addr, in4.Port > 1023, strings.HasPrefix(addrOf(sa), "127.0.0.1:"), unix.Bind(u, sa) == unix.EINVAL)
	fmt.Println(unix.Sendto(u, []byte("to myself"), 0, sa))
	n, from, err := unix.Recvfrom(u, buf, 0)
	fmt.Println(string(buf[:n]), addrOf(from) == addrOf(sa), err)
	fmt.Println(addrOf(&unix.SockaddrInet6{Port: 53, Addr: [16]byte{15: 1}}), addrOf(&unix.SockaddrUnix{Name: "@x"}), addrOf(nil))
	ip := net.ParseIP("192.168.1.77")
	_, ipnet, _ := net.ParseCIDR("192.168.0.0/16")
	fmt.Println(ip.To4()[3], ipnet.Contains(ip), ip.Mask(net.CIDRMask(24, 32)), net.IPv4Mask(255, 255, 0, 0), ip.IsPrivate())
	for _, e := range []syscall.Errno{unix.ECONNREFUSED, syscall.ETIMEDOUT, 0, 9999} {
		fmt.Printf("%d %v %q %t %t\n", int(e), e, unix.ErrnoName(e), e.Timeout(), e.Temporary())
	}
	fmt.Println(unix.SignalName(unix.SIGPIPE), syscall.SIGTERM, unsafe.Sizeof(unix.RawSockaddrAny{}))
}
