// Passing descriptors over a UNIX socket with SCM_RIGHTS, and who is there
// with SO_PEERCRED.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

func send(fd int, text string, files ...*os.File) error {
	var fds []int
	for _, f := range files {
		fds = append(fds, int(f.Fd()))
	}
	return unix.Sendmsg(fd, []byte(text), unix.UnixRights(fds...), nil, 0)
}

func receive(fd int) (text string, files []*os.File, err error) {
	buf := make([]byte, 64)
	oob := make([]byte, unix.CmsgSpace(4*4))
	n, oobn, flags, _, err := unix.Recvmsg(fd, buf, oob, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return "", nil, os.NewSyscallError("recvmsg", err)
	}
	if flags&unix.MSG_CTRUNC != 0 {
		return "", nil, fmt.Errorf("control data was cut")
	}
	msgs, err := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil {
		return "", nil, err
	}
	for _, m := range msgs {
		if m.Header.Level != unix.SOL_SOCKET || m.Header.Type != unix.SCM_RIGHTS {
			continue
		}
		fds, err := unix.ParseUnixRights(&m)
		if err != nil {
			return "", nil, err
		}
		for i, fd := range fds {
			files = append(files, os.NewFile(uintptr(fd), fmt.Sprintf("passed-%d", i)))
		}
	}
	return string(buf[:n]), files, nil
}

func withPair() error {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("socketpair: %w", err)
	}
	defer unix.Close(pair[0])
	defer unix.Close(pair[1])

	f, err := os.CreateTemp("", "passed")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	f.WriteString("0123456789")
	f.Seek(3, io.SeekStart)
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	if err := send(pair[0], "a file and a pipe", f, w); err != nil {
		return err
	}
	w.Close()
	f.Close()
	text, files, err := receive(pair[1])
	if err != nil {
		return err
	}
	fmt.Printf("%q with %d descriptors: %s %s\n", text, len(files), files[0].Name(), files[1].Name())
	rest, err := io.ReadAll(files[0])
	fmt.Printf("the file from its offset: %q %v\n", rest, err)
	fmt.Fprint(files[1], "through the passed pipe")
	files[1].Close()
	b, err := io.ReadAll(r)
	fmt.Printf("%q %v\n", b, err)
	if err := send(pair[0], "nothing attached"); err != nil {
		return err
	}
	text, files, err = receive(pair[1])
	fmt.Println(text, len(files), files == nil, err)
	return nil
}

func withNet() error {
	dir, err := os.MkdirTemp("", "sock")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return err
	}
	defer l.Close()
	tcp, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return err
	}
	go func() {
		c, err := l.AcceptUnix()
		if err != nil {
			log.Fatal(err)
		}
		defer c.Close()
		file, err := tcp.File()
		if err != nil {
			log.Fatal(err)
		}
		c.WriteMsgUnix([]byte("listener"), unix.UnixRights(int(file.Fd())), nil)
		file.Close()
		tcp.Close()
	}()
	c, err := net.Dial("unix", path)
	if err != nil {
		return err
	}
	uc := c.(*net.UnixConn)
	raw, err := uc.SyscallConn()
	if err != nil {
		return err
	}
	var cred *unix.Ucred
	var cerr error
	if err := raw.Control(func(fd uintptr) {
		cred, cerr = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	}); err != nil {
		return err
	}
	fmt.Println("peer is me:", cerr, int(cred.Pid) == os.Getpid(), int(cred.Uid) == os.Getuid())
	buf, oob := make([]byte, 32), make([]byte, 64)
	n, oobn, _, _, err := uc.ReadMsgUnix(buf, oob)
	if err != nil {
		return err
	}
	msgs, err := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil {
		return err
	}
	fds, err := unix.ParseUnixRights(&msgs[0])
	if err != nil {
		return err
	}
	f := os.NewFile(uintptr(fds[0]), string(buf[:n]))
	defer f.Close()
	l2, err := net.FileListener(f)
	if err != nil {
		return err
	}
	defer l2.Close()
	go func() {
		c, err := net.Dial(l2.Addr().Network(), l2.Addr().String())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Fprint(c, "hello, passed listener")
		c.Close()
	}()
	conn, err := l2.Accept()
	if err != nil {
		return err
	}
	text, err := io.ReadAll(conn)
	fmt.Printf("%s: %s %v\n", f.Name(), text, err)
	return conn.Close()
}

func main() {
	for _, f := range []func() error{withPair, withNet} {
		if err := f(); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
	}
}
