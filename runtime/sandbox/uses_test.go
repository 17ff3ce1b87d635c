package sandbox_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// useSockets does what lessons do.
func useSockets(say sayer) {
	for _, network := range []string{"tcp4", "tcp6", "unix"} {
		address := map[string]string{"tcp4": "127.0.0.1:0", "tcp6": "[::1]:0", "unix": "stream"}[network]
		say("ok "+network, echo(network, address))
	}
	absolute, err := filepath.Abs("absolute")
	say("ok abs", err)
	say("ok unix, absolute", echo("unix", absolute))
	say("ok listen on all", echo("tcp", ":0"))
	say("ok UDP", datagrams("udp4", "127.0.0.1:0"))
	say("ok UDP over IPv6", datagrams("udp6", "[::1]:0"))
	say("ok unix datagrams", datagrams("unixgram", "datagrams"))
	say("ok nobody listens", expect(unix.ECONNREFUSED, func() error {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		if err != nil {
			return err
		}
		return unix.Connect(fd, &unix.SockaddrInet4{Port: 9877, Addr: [4]byte{127, 0, 0, 1}})
	}()))
	say("ok no such socket", expect(unix.ENOENT, func() error {
		_, err := net.Dial("unix", "nowhere")
		return err
	}()))
	say("ok raw calls", rawCalls())
	say("ok descriptors over a socket", passDescriptor())
	say("ok HTTP", serveHTTP())
	say("ok full backlog", fullBacklog())
	say("ok resolve localhost", func() error {
		_, err := net.LookupHost("localhost")
		return err
	}())
	say("ok first descriptors are free", firstDescriptor())
}

func expect(want syscall.Errno, err error) error {
	if !errors.Is(err, want) {
		return fmt.Errorf("error %v, want %v", err, want)
	}
	return nil
}

// echo sends 3 MB there and back.
func echo(network, address string) error {
	l, err := net.Listen(network, address)
	if err != nil {
		return err
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err == nil {
			io.Copy(c, c)
			c.Close()
		}
	}()
	c, err := net.Dial(network, l.Addr().String())
	if err != nil {
		return err
	}
	defer c.Close()
	data := make([]byte, 3<<20)
	rand.Read(data)
	go func() {
		c.Write(data)
		c.(interface{ CloseWrite() error }).CloseWrite()
	}()
	back, err := io.ReadAll(c)
	if err == nil && !bytes.Equal(back, data) {
		err = fmt.Errorf("%d bytes came back, other than the %d that were sent", len(back), len(data))
	}
	return err
}

// datagrams sends in all the ways there are.
func datagrams(network, address string) error {
	server, err := net.ListenPacket(network, address)
	if err != nil {
		return err
	}
	defer server.Close()
	client, err := net.Dial(network, server.LocalAddr().String())
	if err != nil {
		return err
	}
	defer client.Close()
	other, err := net.ListenPacket(network, map[string]string{"unixgram": "other"}[network])
	if err != nil {
		return err
	}
	defer other.Close()
	send := []func() error{
		func() error { _, err := client.Write([]byte("datagram")); return err },
		func() error { _, err := other.WriteTo([]byte("datagram"), server.LocalAddr()); return err },
		func() (err error) {
			switch c := other.(type) {
			case *net.UDPConn:
				_, _, err = c.WriteMsgUDP([]byte("datagram"), nil, server.LocalAddr().(*net.UDPAddr))
			case *net.UnixConn:
				_, _, err = c.WriteMsgUnix([]byte("datagram"), nil, server.LocalAddr().(*net.UnixAddr))
			}
			return err
		},
	}
	for i, f := range send {
		if err := f(); err != nil {
			return fmt.Errorf("way %d: %w", i, err)
		}
		buf := make([]byte, 100)
		server.SetReadDeadline(time.Now().Add(5 * time.Second))
		n, _, err := server.ReadFrom(buf)
		if err != nil || string(buf[:n]) != "datagram" {
			return fmt.Errorf("way %d: %q, %w", i, buf[:n], err)
		}
	}
	return nil
}

// rawCalls is a server and a client as books write them, with options.
func rawCalls() error {
	l, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	defer unix.Close(l)
	for _, option := range [][2]int{{unix.SOL_SOCKET, unix.SO_REUSEADDR}, {unix.SOL_SOCKET, unix.SO_REUSEPORT}, {unix.SOL_SOCKET, unix.SO_KEEPALIVE}, {unix.IPPROTO_TCP, unix.TCP_NODELAY}} {
		if err := unix.SetsockoptInt(l, option[0], option[1], 1); err != nil {
			return fmt.Errorf("setsockopt %v: %w", option, err)
		}
	}
	if err := unix.Bind(l, &unix.SockaddrInet4{Port: 9988}); err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	if err := unix.Listen(l, 5); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	c, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	defer unix.Close(c)
	if err := unix.Connect(c, &unix.SockaddrInet4{Port: 9988, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	s, _, err := unix.Accept(l)
	if err != nil {
		return fmt.Errorf("accept: %w", err)
	}
	defer unix.Close(s)
	if _, err := unix.Write(c, []byte("x")); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if _, err := unix.Poll([]unix.PollFd{{Fd: int32(s), Events: unix.POLLIN}}, 1000); err != nil {
		return fmt.Errorf("poll: %w", err)
	}
	var set unix.FdSet
	set.Set(s)
	if _, err := unix.Select(s+1, &set, nil, nil, &unix.Timeval{Sec: 1}); err != nil {
		return fmt.Errorf("select: %w", err)
	}
	if _, err := unix.IoctlGetInt(s, unix.TIOCINQ); err != nil {
		return fmt.Errorf("FIONREAD: %w", err)
	}
	if _, err := unix.GetsockoptTCPInfo(s, unix.IPPROTO_TCP, unix.TCP_INFO); err != nil {
		return fmt.Errorf("TCP_INFO: %w", err)
	}
	return nil
}

func passDescriptor() error {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	defer unix.Close(pair[0])
	defer unix.Close(pair[1])
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	defer w.Close()
	if err := unix.Sendmsg(pair[0], []byte("one"), unix.UnixRights(int(w.Fd())), nil, 0); err != nil {
		return fmt.Errorf("sendmsg: %w", err)
	}
	buf, oob := make([]byte, 10), make([]byte, 100)
	n, oobn, _, _, err := unix.Recvmsg(pair[1], buf, oob, 0)
	if err != nil || string(buf[:n]) != "one" {
		return fmt.Errorf("recvmsg: %q, %w", buf[:n], err)
	}
	messages, err := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil || len(messages) != 1 {
		return fmt.Errorf("%d control messages: %w", len(messages), err)
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil {
		return err
	}
	defer unix.Close(fds[0])
	if _, err := unix.Write(fds[0], []byte("through")); err != nil {
		return err
	}
	n, err = r.Read(buf)
	if err != nil || string(buf[:n]) != "through" {
		return fmt.Errorf("the passed descriptor: %q, %w", buf[:n], err)
	}
	return nil
}

func serveHTTP() error {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return err
	}
	defer l.Close()
	go http.Serve(l, http.NotFoundHandler())
	r, err := http.Get("http://" + l.Addr().String())
	if err == nil {
		r.Body.Close()
	}
	return err
}

// fullBacklog connects more often than listen(fd, 1) holds: one connect must
// hang and be ended by its deadline, and all else go on.
func fullBacklog() error {
	l, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	defer unix.Close(l)
	if err := unix.Bind(l, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return err
	}
	if err := unix.Listen(l, 1); err != nil {
		return err
	}
	address, err := unix.Getsockname(l)
	if err != nil {
		return err
	}
	to := fmt.Sprint("127.0.0.1:", address.(*unix.SockaddrInet4).Port)
	for i := range 3 {
		c, err := net.DialTimeout("tcp", to, 300*time.Millisecond)
		if i < 2 && err != nil || i == 2 && err == nil {
			return fmt.Errorf("connection %d of a listener for 2: %v", i+1, err)
		}
		if c != nil {
			defer c.Close()
		}
	}
	return nil
}

func firstDescriptor() error {
	fd, err := unix.Dup(0)
	if err != nil {
		return err
	}
	if fd > 20 {
		return fmt.Errorf("the lowest free descriptor is %d", fd)
	}
	return unix.Close(fd)
}

func useFiles(say sayer) {
	say("ok write", os.WriteFile("a", []byte("x"), 0o644))
	say("ok rename", os.Rename("a", "b"))
	_, err := os.ReadFile("b")
	say("ok read", err)
	say("ok make a directory", os.Mkdir("dir", 0o755))
	_, err = os.MkdirTemp("", "x")
	say("ok make a temporary directory", err)
	_, err = os.ReadDir(".")
	say("ok list", err)
	say("ok remove", os.RemoveAll("dir"))
	_, err = os.ReadFile("/etc/hosts")
	say("ok hosts", err)
	_, err = os.ReadFile("/proc/sys/net/core/somaxconn")
	say("ok somaxconn", err)
	say("ok /dev/null", os.WriteFile("/dev/null", []byte("x"), 0))
	if _, err := os.Stat("/usr/share/zoneinfo/Europe"); err == nil {
		_, err = time.LoadLocation("Europe/Berlin")
		say("ok time zone", err)
	}
}
