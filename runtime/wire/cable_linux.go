package wire

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// The ring into which the kernel puts what a host sends, until the hub has read
// it: 2048 slots, each with room for a frame of Ethernet's usual size, 4 MiB in
// all. That holds what one TCP connection may have on the way by Linux's usual
// limit on its send buffer, however late the hub comes to read. A receive buffer
// would be simpler, but most systems let it be no larger than some hundred
// frames (net.core.rmem_max), and a frame that finds no room is lost.
const (
	slotSize  = 2048
	ringSlots = 2048
	blockSize = 64 << 10
)

// PacketCable is a Cable on a network interface, by packet(7) and its ring in
// shared memory (Documentation/networking/packet_mmap.rst, TPACKET_V2). Make it
// with NewPacketCable, then Plug it in.
type PacketCable struct {
	file *os.File
	conn syscall.RawConn
	ring []byte
	next atomic.Int32 // the slot that is filled next; only ReadFrame changes it

	tooLong atomic.Uint64 // frames that did not fit into a slot
}

// NewPacketCable returns a cable for an interface of the calling thread's
// network namespace. It needs CAP_NET_RAW there.
func NewPacketCable() (*PacketCable, error) {
	// Protocol 0: nothing is received before all options are set.
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("make a cable: %w", os.NewSyscallError("socket", err))
	}
	c := &PacketCable{file: os.NewFile(uintptr(fd), "cable")}
	if err := c.prepare(fd); err != nil {
		return nil, errors.Join(fmt.Errorf("make a cable: %w", err), c.Close())
	}
	return c, nil
}

func (c *PacketCable) prepare(fd int) (err error) {
	if c.conn, err = c.file.SyscallConn(); err != nil {
		return err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1); err != nil {
		return fmt.Errorf("PACKET_IGNORE_OUTGOING: %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_VERSION, unix.TPACKET_V2); err != nil {
		return fmt.Errorf("PACKET_VERSION: %w", err)
	}
	return nil
}

// Plug connects the cable with the interface of that index; only then may its
// other methods be called, but for Close. It takes some milliseconds, since
// Linux waits for all processors before a ring is in use (synchronize_net).
func (c *PacketCable) Plug(ifindex int) error {
	var err error
	if e := c.conn.Control(func(fd uintptr) { err = c.open(int(fd), ifindex) }); e != nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("plug in a cable: %w", err)
	}
	return nil
}

func (c *PacketCable) open(fd, ifindex int) (err error) {
	req := unix.TpacketReq{Block_size: blockSize, Block_nr: ringSlots * slotSize / blockSize, Frame_size: slotSize, Frame_nr: ringSlots}
	if err := unix.SetsockoptTpacketReq(fd, unix.SOL_PACKET, unix.PACKET_RX_RING, &req); err != nil {
		return fmt.Errorf("PACKET_RX_RING: %w", err)
	}
	if c.ring, err = unix.Mmap(fd, 0, ringSlots*slotSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED); err != nil {
		return os.NewSyscallError("mmap", err)
	}
	all := uint16(unix.ETH_P_ALL)<<8 | unix.ETH_P_ALL>>8 // in network order
	err = unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: ifindex})
	return os.NewSyscallError("bind", err)
}

// ReadFrame implements Cable.
func (c *PacketCable) ReadFrame(b []byte, wait bool) (n int, t time.Time, err error) {
	// In the function the descriptor cannot be closed, and so the ring not unmapped.
	err = c.conn.Read(func(uintptr) bool {
		n, t = c.take(b)
		return n > 0 || !wait
	})
	return n, t, err
}

// take copies the next frame out of the ring, if there is one.
func (c *PacketCable) take(b []byte) (int, time.Time) {
	for {
		next := int(c.next.Load())
		slot := c.ring[next*slotSize : (next+1)*slotSize]
		if status(slot).Load()&unix.TP_STATUS_USER == 0 {
			return 0, time.Time{}
		}
		h := header(slot)
		start, n := int(h.Mac), int(h.Snaplen)
		whole := h.Snaplen == h.Len && start+n <= len(slot)
		t := time.Unix(int64(h.Sec), int64(h.Nsec))
		if whole {
			n = copy(b, slot[start:start+n])
		}
		status(slot).Store(unix.TP_STATUS_KERNEL)
		c.next.Store(int32((next + 1) % ringSlots))
		if whole && n > 0 {
			return n, t
		}
		c.tooLong.Add(1)
	}
}

// Waiting tells whether a frame waits to be read.
func (c *PacketCable) Waiting() (waiting bool) {
	c.conn.Control(func(uintptr) { // the ring is there meanwhile
		next := int(c.next.Load())
		waiting = status(c.ring[next*slotSize:(next+1)*slotSize]).Load()&unix.TP_STATUS_USER != 0
	})
	return waiting
}

// WriteFrame implements Cable. It waits while the queue of the interface is full.
func (c *PacketCable) WriteFrame(b []byte) error {
	_, err := c.file.Write(b)
	return err
}

// Lost implements Cable.
func (c *PacketCable) Lost() (n uint64) {
	err := c.conn.Control(func(fd uintptr) {
		if st, err := unix.GetsockoptTpacketStats(int(fd), unix.SOL_PACKET, unix.PACKET_STATISTICS); err == nil {
			n = uint64(st.Drops)
		}
	})
	if err != nil {
		return 0
	}
	return n + c.tooLong.Swap(0)
}

// Close implements Cable.
func (c *PacketCable) Close() error {
	err := c.file.Close() // waits until ReadFrame is out of the ring
	if c.ring != nil {
		err = errors.Join(err, os.NewSyscallError("munmap", unix.Munmap(c.ring)))
		c.ring = nil
	}
	return err
}
