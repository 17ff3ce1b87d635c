package trace

import (
	"fmt"
	"net/netip"
)

// nameEnds completes what calls know of their two ends from what other calls
// know: a socket has its port only after bind or connect, and the two ends of a
// socket pair, a pipe or a connection between UNIX-domain sockets are known as
// such only to the calls that made them. The calls are in the order begun.
func nameEnds(calls []Call) {
	n := names{local: map[uint64]netip.AddrPort{}, path: map[uint64]string{}, fd: map[uint64]int{}, other: map[uint64]uint64{}, writer: map[pipeEnd]bool{},
		connected: map[string][]uint64{}, listens: map[uint16]netip.AddrPort{}}
	for i := range calls {
		n.learn(&calls[i])
	}
	for i := range calls {
		n.complete(&calls[i])
	}
}

type pipeEnd struct {
	inode uint64
	fd    int
}

// names is what is known of sockets, by their inodes.
type names struct {
	local     map[uint64]netip.AddrPort
	path      map[uint64]string
	fd        map[uint64]int
	other     map[uint64]uint64         // the socket at the other end
	writer    map[pipeEnd]bool          // whether it is a pipe's end for writing
	connected map[string][]uint64       // path of a listener → sockets that were connected and not yet accepted
	listens   map[uint16]netip.AddrPort // port → a loopback address that somebody has it at
}

func (n *names) learn(c *Call) {
	if c.Local.Port() != 0 && !c.Local.Addr().IsUnspecified() {
		n.listens[c.Local.Port()] = c.Local
	}
	if c.Inode == 0 {
		return
	}
	if c.Pipe {
		if c.Kind == Send || c.Kind == Receive {
			n.writer[pipeEnd{c.Inode, c.FD}] = c.Kind == Send
		}
		if c.Second > 0 { // pipe(2): the first is for reading
			n.writer[pipeEnd{c.Inode, c.FD}], n.writer[pipeEnd{c.Inode, c.Second}] = false, true
		}
		return
	}
	if c.Local.Port() != 0 {
		n.local[c.Inode] = c.Local
	}
	if c.Socket != "" {
		n.path[c.Inode] = c.Socket
	}
	if c.FD > 0 && n.fd[c.Inode] == 0 {
		n.fd[c.Inode] = c.FD
	}
	if c.Other != 0 {
		n.pair(c.Inode, c.Other)
		n.fd[c.Other] = c.Second
	}
	switch {
	case c.Failed:
	case c.Kind == Connect && c.Peer != "":
		n.connected[c.Peer] = append(n.connected[c.Peer], c.Inode)
	case c.Kind == Accept && len(n.connected[c.Socket]) > 0 && c.Socket != "":
		n.pair(c.Inode, n.connected[c.Socket][0])
		n.connected[c.Socket] = n.connected[c.Socket][1:]
	}
}

func (n *names) pair(a, b uint64) { n.other[a], n.other[b] = b, a }

func (n *names) complete(c *Call) {
	if a, ok := n.local[c.Inode]; ok && c.Local.Port() == 0 {
		c.Local = a
	}
	c.Local, c.Remote = n.loopback(c.Local), n.loopback(c.Remote)
	switch {
	case c.Inode == 0 || c.Local.Port() != 0:
	case c.Pipe:
		c.Socket, c.Peer = n.pipe(c.Inode, false), n.pipe(c.Inode, true)
		if n.writer[pipeEnd{c.Inode, c.FD}] {
			c.Socket, c.Peer = c.Peer, c.Socket
		}
	default:
		c.Socket = n.name(c.Inode)
		if o := n.other[c.Inode]; o != 0 {
			c.Peer = n.name(o)
		}
	}
	if !c.Pipe && c.Local.IsValid() && c.Local.Port() == 0 {
		c.Local = netip.AddrPort{} // it has no name yet
	}
}

// loopback gives an address that stands for all of them the one by which it is
// used here.
func (n *names) loopback(a netip.AddrPort) netip.AddrPort {
	if a.Port() == 0 || !a.Addr().IsUnspecified() {
		return a
	}
	if b, ok := n.listens[a.Port()]; ok {
		return b
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), a.Port())
}

// name is how a socket without a port is called.
func (n *names) name(inode uint64) string {
	if p := n.path[inode]; p != "" {
		return p
	}
	if fd := n.fd[inode]; fd != 0 {
		return fmt.Sprintf("fd %d%s%d", fd, hidden, inode)
	}
	return ""
}

// pipe is how an end of a pipe is called.
func (n *names) pipe(inode uint64, write bool) string {
	name := "pipe"
	for end, w := range n.writer {
		if end.inode == inode && w == write {
			name = fmt.Sprintf("pipe, fd %d", end.fd)
		}
	}
	return fmt.Sprintf("%s%s%d %v", name, hidden, inode, write)
}

// hidden begins what tells names apart that look the same.
const hidden = "\x00"
