package interp

import (
	"sync"

	"golang.org/x/sys/unix"
)

// bell is a descriptor (eventfd(2)) that a system call which waits looks at,
// beside its own: who rings it ends the waiting. It is made on first use.
type bell struct {
	mu     sync.Mutex
	fd     int // 0: none yet
	rung   bool
	closed bool
}

// lowFDs is below which a bell's number does not stay: the lowest free ones
// are for what cells open.
const lowFDs = 100

// get gives the descriptor, -1 if there can be none.
func (b *bell) get() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return -1
	}
	if b.fd == 0 {
		low, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
		if err != nil {
			return -1
		}
		b.fd, err = unix.FcntlInt(uintptr(low), unix.F_DUPFD_CLOEXEC, lowFDs)
		unix.Close(low)
		if err != nil {
			b.fd = 0
			return -1
		}
		if b.rung {
			unix.Write(b.fd, one64)
		}
	}
	return b.fd
}

var one64 = []byte{1, 0, 0, 0, 0, 0, 0, 0}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung = true
	if b.fd > 0 {
		unix.Write(b.fd, one64)
	}
}

// hush makes the descriptor unreadable again.
func (b *bell) hush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung = false
	if b.fd > 0 {
		unix.Read(b.fd, make([]byte, 8))
	}
}

func (b *bell) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	if b.fd > 0 {
		unix.Close(b.fd)
		b.fd = 0
	}
}
