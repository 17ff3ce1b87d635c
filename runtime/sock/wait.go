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

// read is read(2).
func (c *Calls) read(fd int, p []byte) (n int, err error) {
	if isOwn(fd) {
		return -1, unix.EBADF
	}
	return told(fd, p, c.plainRead, rawReads)
}

func (c *Calls) plainRead(fd int, p []byte) (n int, err error) {
	if isInput(fd) {
		return unix.Read(fd, p)
	}
	return c.waitingData(unix.Read, fd, p)
}

// write is write(2).
func (c *Calls) write(fd int, p []byte) (n int, err error) {
	if isOwn(fd) {
		return -1, unix.EBADF
	}
	return told(fd, p, c.plainWrite, rawWrites)
}

func (c *Calls) plainWrite(fd int, p []byte) (n int, err error) {
	return c.waitingData(unix.Write, fd, p)
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
