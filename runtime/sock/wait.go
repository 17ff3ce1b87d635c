package sock

import "golang.org/x/sys/unix"

// Raw calls on a blocking descriptor wait in poll(2), together with the
// descriptor that tells the end of the cell, and not in the call itself, from
// which nothing brings a goroutine back.

// read is read(2). Most often there is something to read, or there soon is: so
// it asks first, without waiting, and looks only then whether it may wait.
func (c *Calls) read(fd int, p []byte) (n int, err error) {
	r := start(func(e *Entry) { beginFD(e, "read", Receiving, fd) })
	n, err = c.readFD(fd, p)
	if r.wanted() {
		r.finish(func(e *Entry) { beginFD(e, "read", Receiving, fd) }, func(e *Entry) { e.took(n, err, len(p) > 0 && e.Socket.Network != "udp") })
	}
	return n, err
}

func (c *Calls) readFD(fd int, p []byte) (int, error) {
	wake := c.wake()
	if wake < 0 || len(p) == 0 {
		return unix.Read(fd, p)
	}
	for {
		n, errno := recvNow(fd, p)
		switch {
		case errno == unix.ENOTSOCK:
			if !isInput(fd) {
				c.waitFD(fd, "Read", unix.POLLIN)
			}
			return unix.Read(fd, p)
		case errno == 0:
			return n, nil
		case errno != unix.EAGAIN || !blocking(fd):
			return n, errno
		case timed(fd, unix.SO_RCVTIMEO): // it ends by itself, and only the kernel knows when
			return unix.Read(fd, p)
		}
		c.untilReady(fd, unix.POLLIN, wake)
	}
}

// input is what descriptor 0 was when the process began.
var input = func() (st unix.Stat_t) {
	unix.Fstat(0, &st) // an error leaves it zero, which no file is
	return st
}()

// isInput reports whether fd is standard input, which must be read without
// asking first: the read itself is what the kernel sees, asks the user for,
// and lets fail at an interrupt.
func isInput(fd int) bool {
	var st unix.Stat_t
	return fd == 0 && unix.Fstat(0, &st) == nil && st.Ino == input.Ino && st.Dev == input.Dev
}

// write is write(2). A blocking one returns when all is written.
func (c *Calls) write(fd int, p []byte) (n int, err error) {
	fill := func(e *Entry) {
		beginFD(e, "write", Sending, fd)
		e.Args, e.Bytes = sizeWord(len(p)), len(p)
	}
	r := start(fill)
	n, err = c.writeFD(fd, p)
	if r.wanted() {
		r.finish(fill, func(e *Entry) { e.gave(n, len(p), err) })
	}
	return n, err
}

func (c *Calls) writeFD(fd int, p []byte) (int, error) {
	wake := c.wake()
	if wake < 0 || len(p) == 0 {
		return unix.Write(fd, p)
	}
	for sent := 0; ; {
		n, errno := sendNow(fd, p[sent:])
		switch {
		case errno == unix.ENOTSOCK:
			c.waitFD(fd, "Write", unix.POLLOUT)
			return unix.Write(fd, p)
		case errno == 0:
			if sent += n; sent == len(p) {
				return sent, nil
			}
			continue
		case errno != unix.EAGAIN || !blocking(fd):
			if sent > 0 {
				return sent, nil
			}
			return n, errno
		case timed(fd, unix.SO_SNDTIMEO):
			n, err := unix.Write(fd, p[sent:])
			if sent > 0 {
				return sent + max(n, 0), nil
			}
			return n, err
		}
		c.untilReady(fd, unix.POLLOUT, wake)
	}
}

// waitFD waits until a blocking descriptor is ready for a call.
func (c *Calls) waitFD(fd int, call string, events int16) {
	wake := c.wake()
	if wake < 0 || !blocking(fd) || !canWait(fd, call, events) {
		return
	}
	opt := unix.SO_RCVTIMEO
	if events == unix.POLLOUT {
		opt = unix.SO_SNDTIMEO
	}
	if !timed(fd, opt) {
		c.untilReady(fd, events, wake)
	}
}

// wake is -1 where nothing ends the calling goroutine.
func (c *Calls) wake() int {
	if c.Wake == nil {
		return -1
	}
	return c.Wake()
}

// untilReady polls a descriptor until it is ready, or has an error to tell.
func (c *Calls) untilReady(fd int, events int16, wake int) {
	for {
		fds := [2]unix.PollFd{{Fd: int32(fd), Events: events}, {Fd: int32(wake), Events: unix.POLLIN}}
		if _, err := unix.Poll(fds[:], -1); err == unix.EINTR {
			continue
		} else if err != nil {
			return // the call itself will say it
		}
		if fds[1].Revents != 0 {
			c.Woken()
		}
		if fds[0].Revents != 0 {
			return
		}
	}
}

// neverWait are the flags with which a call on a socket does not wait (recv(2)).
const neverWait = unix.MSG_DONTWAIT | unix.MSG_OOB | unix.MSG_ERRQUEUE

// canWait tells whether the call may wait for the descriptor: not one for
// sockets on what is none, and not one against the direction of a pipe or file
// (open(2)), for which poll would wait for ever. They fail at once.
func canWait(fd int, call string, events int16) bool {
	fl, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	mode := fl & unix.O_ACCMODE
	if err != nil || events == unix.POLLIN && mode == unix.O_WRONLY || events == unix.POLLOUT && mode == unix.O_RDONLY {
		return false
	}
	switch call {
	case "Read", "Readv", "Write", "Writev":
		return true
	}
	_, err = unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	return err == nil
}

func blocking(fd int) bool {
	fl, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	return err == nil && fl&unix.O_NONBLOCK == 0
}

// timed tells whether a socket has a time limit of its own.
func timed(fd, opt int) bool {
	tv, err := unix.GetsockoptTimeval(fd, unix.SOL_SOCKET, opt)
	return err == nil && (tv.Sec != 0 || tv.Usec != 0)
}
