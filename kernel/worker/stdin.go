package worker

import (
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sys/unix"

	"sockbook/runtime/sandbox"
)

// A cell reads standard input when it likes: with fmt.Scan, a bufio.Reader or
// read(2) itself. The kernel must know just then, to ask the user. So each
// read(2) of descriptor 0 in the child waits until the kernel has written the
// user's line into the pipe.

// reads are the reads of standard input that wait and that pump has not seen.
type reads struct {
	wake int // readable while there are any: an eventfd(2)

	mu   sync.Mutex
	list []sandbox.Read
}

func newReads() (*reads, error) {
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("make an event descriptor: %w", err)
	}
	return &reads{wake: wake}, nil
}

func (r *reads) add(x sandbox.Read) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, x)
	unix.Write(r.wake, []byte{1, 0, 0, 0, 0, 0, 0, 1}) // not 0 in either order of bytes
}

func (r *reads) take() []sandbox.Read {
	r.mu.Lock()
	defer r.mu.Unlock()
	unix.Read(r.wake, make([]byte, 8)) // sets it to 0
	list := r.list
	r.list = nil
	return list
}

// close is called when nothing is added any more.
func (r *reads) close() { unix.Close(r.wake) }

// readsStdin handles one read of standard input. It asks the user, unless the
// pipe still holds what the user gave before.
func (p *process) readsStdin(r sandbox.Read) {
	if p.unread() > 0 {
		r.Go()
		return
	}
	c := p.current()
	if c == nil {
		r.EOF()
		return
	}
	go p.ask(c, r)
}

// ask asks the user for a line and says how the read goes on: it finds the
// line in the pipe, or it fails with ECANCELED, or it sees the end of the file.
func (p *process) ask(c *cell, r sandbox.Read) {
	line, err := c.out.Input(c.ctx)
	if errors.Is(err, ErrNoInput) {
		r.EOF()
		return
	}
	if err == nil {
		_, err = p.stdin.WriteString(line + "\n")
	}
	if err != nil {
		c.unasked.Store(true)
		r.Fail(unix.ECANCELED)
		return
	}
	r.Go()
}

// unread returns how many bytes of input the child has not read yet.
func (p *process) unread() int {
	n, err := unix.IoctlGetInt(int(p.stdin.Fd()), unix.TIOCINQ)
	if err != nil {
		return 0
	}
	return n
}
