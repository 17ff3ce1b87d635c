package wire

import (
	"fmt"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// ReceiveBuffer is what OpenCable asks for, in bytes, to hold the frames that
// the hub has not read yet. Linux gives at most net.core.rmem_max, and counts
// its own bookkeeping too.
const ReceiveBuffer = 1 << 20

// packetCable is a Cable on a network interface, by packet(7).
type packetCable struct {
	file *os.File
	conn syscall.RawConn
	oob  [64]byte
}

// OpenCable returns the cable whose end is the named interface of the calling
// thread's network namespace. It needs CAP_NET_RAW there.
func OpenCable(ifname string) (Cable, error) {
	ifi, err := net.InterfaceByName(ifname)
	if err != nil {
		return nil, fmt.Errorf("open cable %s: %w", ifname, err)
	}
	// Protocol 0: nothing is received before all options are set.
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("open cable %s: %w", ifname, os.NewSyscallError("socket", err))
	}
	for _, o := range []struct {
		name              string
		level, opt, value int
	}{
		{"SO_RCVBUF", unix.SOL_SOCKET, unix.SO_RCVBUF, ReceiveBuffer},
		{"SO_TIMESTAMPNS", unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1},
		{"PACKET_IGNORE_OUTGOING", unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1},
	} {
		if err := unix.SetsockoptInt(fd, o.level, o.opt, o.value); err != nil {
			unix.Close(fd)
			return nil, fmt.Errorf("open cable %s: %s: %w", ifname, o.name, err)
		}
	}
	all := uint16(unix.ETH_P_ALL)<<8 | unix.ETH_P_ALL>>8 // in network order
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: ifi.Index}); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("open cable %s: %w", ifname, os.NewSyscallError("bind", err))
	}
	c := &packetCable{file: os.NewFile(uintptr(fd), "cable "+ifname)}
	if c.conn, err = c.file.SyscallConn(); err != nil {
		c.file.Close()
		return nil, fmt.Errorf("open cable %s: %w", ifname, err)
	}
	return c, nil
}

// ReadFrame implements Cable.
func (c *packetCable) ReadFrame(b []byte, wait bool) (n int, t time.Time, err error) {
	var oobn int
	rerr := c.conn.Read(func(fd uintptr) bool {
		for {
			n, oobn, _, _, err = unix.Recvmsg(int(fd), b, c.oob[:], 0)
			// ENETDOWN is said once, when the interface goes down.
			if err != unix.EINTR && err != unix.ENETDOWN {
				return err != unix.EAGAIN || !wait
			}
		}
	})
	if rerr != nil {
		return 0, t, rerr
	}
	if err == unix.EAGAIN {
		return 0, t, nil
	}
	if err != nil {
		return 0, t, os.NewSyscallError("recvmsg", err)
	}
	return n, timestamp(c.oob[:oobn]), nil
}

// timestamp finds the time at which the kernel got a packet.
func timestamp(oob []byte) time.Time {
	for len(oob) >= unix.SizeofCmsghdr {
		h, data, rest, err := unix.ParseOneSocketControlMessage(oob)
		if err != nil {
			break
		}
		if h.Level == unix.SOL_SOCKET && h.Type == unix.SO_TIMESTAMPNS {
			return timespec(data)
		}
		oob = rest
	}
	return time.Now()
}

// WriteFrame implements Cable. It waits while the queue of the interface is full.
func (c *packetCable) WriteFrame(b []byte) error {
	_, err := c.file.Write(b)
	return err
}

// Lost implements Cable.
func (c *packetCable) Lost() (n uint64) {
	err := c.conn.Control(func(fd uintptr) {
		if st, err := unix.GetsockoptTpacketStats(int(fd), unix.SOL_PACKET, unix.PACKET_STATISTICS); err == nil {
			n = uint64(st.Drops)
		}
	})
	if err != nil {
		return 0
	}
	return n
}

// Close implements Cable.
func (c *packetCable) Close() error { return c.file.Close() }
