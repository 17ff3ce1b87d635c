// select(2) on pipes and a socketpair, with FdSet.
package main

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

type source struct {
	name string
	fd   int
	got  []string
	eof  bool
}

func fatal(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

func readable(sources []*source, timeout *unix.Timeval) []*source {
	var set unix.FdSet
	set.Zero()
	max := -1
	for _, s := range sources {
		if !s.eof {
			set.Set(s.fd)
			if s.fd > max {
				max = s.fd
			}
		}
	}
	if max < 0 {
		return nil
	}
again:
	n, err := unix.Select(max+1, &set, nil, nil, timeout)
	if err == unix.EINTR {
		goto again
	}
	if err != nil {
		fatal("select: %v", err)
	}
	if n == 0 {
		return nil
	}
	var ready []*source
	for _, s := range sources {
		if !s.eof && set.IsSet(s.fd) {
			ready = append(ready, s)
		}
	}
	if len(ready) != n {
		fatal("select said %d, the set %d", n, len(ready))
	}
	return ready
}

func names(ss []*source) string {
	var out []string
	for _, s := range ss {
		out = append(out, s.name)
	}
	return "[" + strings.Join(out, " ") + "]"
}

func main() {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		fatal("pipe: %v", err)
	}
	sp, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		fatal("socketpair: %v", err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		fatal("os.Pipe: %v", err)
	}
	defer r.Close()
	sources := []*source{{name: "pipe", fd: p[0]}, {name: "socket", fd: sp[0]}, {name: "file", fd: int(r.Fd())}}
	now := func() *unix.Timeval { return &unix.Timeval{} }

	fmt.Println("nothing:", names(readable(sources, now())))
	unix.Write(p[1], []byte("to the pipe"))
	fmt.Println("one:", names(readable(sources, now())))
	unix.Write(sp[1], []byte("to the socket"))
	w.WriteString("to the file")
	fmt.Println("all:", names(readable(sources, nil)))

	steps := []func(){
		func() { unix.Close(p[1]) },
		func() { unix.Shutdown(sp[1], unix.SHUT_WR) },
		func() { w.Close() },
	}
	buf := make([]byte, 100)
	for round := 1; ; round++ {
		ready := readable(sources, now())
		if len(ready) == 0 && len(steps) == 0 {
			break
		}
		for _, s := range ready {
			n, err := unix.Read(s.fd, buf)
			if err != nil {
				fatal("read %s: %v", s.name, err)
			}
			if n == 0 {
				s.eof = true
				fmt.Println(round, s.name, "end of file")
				continue
			}
			s.got = append(s.got, string(buf[:n]))
			fmt.Println(round, s.name, n, "bytes")
		}
		if len(steps) > 0 {
			steps[0]()
			steps = steps[1:]
		}
	}
	for _, s := range sources {
		fmt.Printf("%-7s%q eof=%t\n", s.name, s.got, s.eof)
	}
	// The other way still works after a half-close.
	unix.Write(sp[0], []byte("back"))
	n, err := unix.Read(sp[1], buf)
	fmt.Println(string(buf[:n]), err)
	t := unix.NsecToTimeval(1_500_000_000)
	fmt.Println(t.Sec, t.Usec, unix.TimevalToNsec(t))
}
