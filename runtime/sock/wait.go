package sock

import (
	"golang.org/x/sys/unix"
)

// A raw call that waits does so in the kernel, on a thread of its own, as in
// any Go program. What brings it back is a signal to that thread, whose handler
// does not restart system calls: the call fails with EINTR (signal(7)).

// A Call is a system call that may wait, under way in the calling goroutine.
type Call interface {
	// Returned ends it. err is the call's; after EINTR it does not return if
	// the goroutine is to end, and reports whether the call is to be made
	// again, because the signal was not the cell's.
	Returned(err error) (again bool)
}

// waiting does a system call that may wait.
func (c *Calls) waiting(do func() error) {
	if c.Waits == nil {
		do()
		return
	}
	for {
		call := c.Waits()
		if call == nil {
			do()
			return
		}
		if err := do(); !call.Returned(err) {
			return
		}
	}
}

// read is read(2). While nobody records it allocates nothing.
func (c *Calls) read(fd int, p []byte) (n int, err error) {
	if isOwn(fd) {
		return -1, unix.EBADF
	}
	if current.Load() == nil {
		n, err = c.plainRead(fd, p)
		if current.Load() != nil {
			tellRaw(record{}, fd, p, n, err, reads)
		}
		return n, err
	}
	r := start(func(e *Entry) { fillRaw(e, fd, p, reads) })
	n, err = c.plainRead(fd, p)
	tellRaw(r, fd, p, n, err, reads)
	return n, err
}

func (c *Calls) plainRead(fd int, p []byte) (n int, err error) {
	if isInput(fd) {
		return unix.Read(fd, p)
	}
	return c.waitingData(unix.Read, fd, p)
}

// write is write(2). While nobody records it allocates nothing.
func (c *Calls) write(fd int, p []byte) (n int, err error) {
	if isOwn(fd) {
		return -1, unix.EBADF
	}
	if current.Load() == nil {
		n, err = c.waitingData(unix.Write, fd, p)
		if current.Load() != nil {
			tellRaw(record{}, fd, p, n, err, writes)
		}
		return n, err
	}
	r := start(func(e *Entry) { fillRaw(e, fd, p, writes) })
	n, err = c.waitingData(unix.Write, fd, p)
	tellRaw(r, fd, p, n, err, writes)
	return n, err
}

func fillRaw(e *Entry, fd int, p []byte, d direction) {
	if d == reads {
		beginFD(e, "read", Receiving, fd)
		return
	}
	beginFD(e, "write", Sending, fd)
	e.Args, e.Bytes = sizeWord(len(p)), len(p)
}

func tellRaw(r record, fd int, p []byte, n int, err error, d direction) {
	r.finish(func(e *Entry) { fillRaw(e, fd, p, d) }, func(e *Entry) { e.moved(n, p, err, d) })
}

// waitingData is waiting for the calls that are made most often.
func (c *Calls) waitingData(do func(int, []byte) (int, error), fd int, p []byte) (n int, err error) {
	for {
		var call Call
		if c.Waits != nil {
			call = c.Waits()
		}
		n, err = do(fd, p)
		if call == nil || !call.Returned(err) {
			return n, err
		}
	}
}

// input is what descriptor 0 was when the process began.
var input = func() (st unix.Stat_t) {
	unix.Fstat(0, &st) // an error leaves it zero, which no file is
	return st
}()

// isInput reports whether fd is standard input: the read itself is what the
// kernel sees, asks the user for, and lets fail at an interrupt.
func isInput(fd int) bool {
	var st unix.Stat_t
	return fd == 0 && unix.Fstat(0, &st) == nil && st.Ino == input.Ino && st.Dev == input.Dev
}
