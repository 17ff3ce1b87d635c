// Package check15 has the hidden checks of lesson 15. Call them through
// [Checks].
package check15

import (
	"fmt"
	"strings"
	"time"

	"sockbook/lessons/check"
)

// Checks are the exercises of this lesson.
var Checks = check.Set{"15.1": writeAll}

// server has little room. At 7771 it sleeps, then reads to the end and tells
// what came; at 7772 it resets the connection after a while.
const server = `
import ("fmt"; "io"; "log"; "net"; "time")

open := func(port int) *net.TCPListener {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{Port: port})
	if err != nil {
		log.Fatal(err)
	}
	return l
}
take := func(l *net.TCPListener) *net.TCPConn {
	c, err := l.AcceptTCP()
	if err != nil {
		log.Fatal(err)
	}
	c.SetReadBuffer(8192)
	return c
}
slow, reset := open(7771), open(7772)
got := make(chan string, 1)
go func() {
	c := take(slow)
	time.Sleep(time.Second)
	data, err := io.ReadAll(c)
	wrong := -1
	for i, b := range data {
		if b != byte(i%251) {
			wrong = i
			break
		}
	}
	c.Close()
	got <- fmt.Sprint(len(data), " ", wrong, " ", err)
}()
go func() {
	c := take(reset)
	time.Sleep(300 * time.Millisecond)
	c.SetLinger(0)
	c.Close()
}()
`

const client = `
import ("fmt"; "log"; "net"; "os"; "strings"; "time"; "golang.org/x/sys/unix")

// writes is how many write calls this process has made (proc_pid_io(5), syscw).
writes := func() (n int) {
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), "syscw: ")
	fmt.Sscan(after, &n)
	return n
}

// run sends 300,000 bytes by writeAll and tells what it did.
run := func(addr string) {
	a, err := net.ResolveTCPAddr("tcp4", addr)
	if err != nil {
		log.Fatal(err)
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		log.Fatal(err)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, 20000); err != nil {
		log.Fatal(err)
	}
	if err := unix.Connect(fd, &unix.SockaddrInet4{Port: a.Port, Addr: [4]byte(a.IP.To4())}); err != nil {
		log.Fatal(err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		log.Fatal(err)
	}
	b := make([]byte, 300_000)
	for i := range b {
		b[i] = byte(i % 251)
	}
	var before, after unix.Rusage
	unix.Getrusage(unix.RUSAGE_SELF, &before)
	begin, calls := time.Now(), writes()
	err = writeAll(fd, b)
	took := time.Since(begin)
	calls = writes() - calls
	unix.Getrusage(unix.RUSAGE_SELF, &after)
	used := time.Duration(after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano())
	flags, _ := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	// A busy machine leaves little computing time even to who asks again and again, but many calls.
	busy := calls > 3000 || used > 120*time.Millisecond && used > took/10
	fmt.Printf("busy=%t nonblocking=%t again=%t nil=%t %v", busy, flags&unix.O_NONBLOCK != 0, err == unix.EAGAIN, err == nil, err)
	unix.Close(fd)
}
`

// writeAll is func writeAll(fd int, b []byte) error.
func writeAll(t *check.T) {
	t.Define("client")
	t.Run("%%on server" + server)
	t.Run("%%on client" + client)
	run := func(port int) string {
		return t.Run(fmt.Sprintf("%%%%on client\nrun(%q)", t.Addr("server", port))).Stdout()
	}

	t.Limit(8*time.Second, "the reader was slow for a second and then read everything, and writeAll did not come back: it waits for something that does not come (POLLOUT is said when there is room)")
	said := run(7771)
	arrived := t.Run("%%on server\nselect {\ncase s := <-got:\n\tfmt.Print(s)\ncase <-time.After(3 * time.Second):\n}").Stdout()
	n, wrong := 0, 0
	fmt.Sscan(arrived, &n, &wrong)
	switch {
	case strings.Contains(said, "again=true"):
		t.Failf("writeAll returned \"resource temporarily unavailable\": EAGAIN is no failure, it says that the send buffer is full now; a part of the 300000 bytes had been taken")
	case !strings.Contains(said, "nil=true"):
		t.Failf("the reader is slow, and writeAll returned an error: %s", said)
	case wrong >= 0:
		t.Failf("byte %d is not what was written there, and %d bytes arrived: after a short write only the rest must be written, not all of it from the start again", wrong, n)
	case n < 300000:
		t.Failf("only a part of 300000 bytes arrived, and writeAll returned nil: write returns how many bytes it has taken")
	case n > 300000:
		t.Failf("%d bytes arrived instead of 300000: some were written from the start again", n)
	case strings.Contains(said, "busy=true"):
		t.Failf("while the send buffer was full writeAll used computing time all along: wait with poll until there is room")
	case strings.Contains(said, "nonblocking=false"):
		t.Failf("the descriptor is no longer non-blocking: that changes it for everybody who has it")
	}

	t.Limit(5*time.Second, "the server reset the connection, and writeAll did not come back")
	if said := run(7772); strings.Contains(said, "nil=true") {
		t.Failf("the server reset the connection before it had read everything, and writeAll returned nil")
	}
}
