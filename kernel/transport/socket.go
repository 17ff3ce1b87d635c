package transport

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A handler is what sets one socket apart from the others. Its methods are called for one peer in order, for different
// peers at the same time.
type handler interface {
	join(*peer)              // after the handshake
	leave(*peer)             // at the end
	receive(*peer, [][]byte) // a message came
}

// A socket accepts connections for a handler.
type socket struct {
	server   *Server
	name     string
	typ      zmq4.SocketType
	listener net.Listener
	handler  handler
	log      *slog.Logger

	mu       sync.Mutex         // serialises who is connected
	open     map[net.Conn]*peer // nil during the handshake
	finished bool               // no more connections
	full     bool               // the last connection was refused
	failures complaints         // about handshakes, and peers thrown out
}

func newSocket(s *Server, name string, typ zmq4.SocketType, l net.Listener, h handler) *socket {
	return &socket{
		server: s, name: name, typ: typ, listener: l, handler: h,
		log:  s.log.With("socket", name),
		open: make(map[net.Conn]*peer),
	}
}

// complaints bounds how often a kind of thing is logged.
type complaints int

const maxComplaints = 10

// log says msg and why, unless that was said too often.
func (n *complaints) log(log *slog.Logger, msg string, err error) {
	*n++
	switch {
	case *n < maxComplaints:
		log.Warn(msg, "err", err)
	case *n == maxComplaints:
		log.Warn(msg+" (the next ones are not logged)", "err", err)
	}
}

// accept takes connections until the listener is closed.
func (k *socket) accept() {
	pause := time.Millisecond
	for {
		c, err := k.listener.Accept()
		switch {
		case err == nil:
			pause = time.Millisecond
			if k.add(c) {
				k.server.wg.Go(func() { k.serve(c) })
			} else {
				c.Close()
			}
		case errors.Is(err, net.ErrClosed):
			return
		default: // out of descriptors, or the peer left again: neither is the end
			k.log.Warn("accept failed", "err", err)
			select {
			case <-time.After(pause):
				pause = min(2*pause, time.Second)
			case <-k.server.closing:
				return
			}
		}
	}
}

// add notes a new connection, and reports whether there is room for it.
func (k *socket) add(c net.Conn) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.finished {
		return false
	}
	if len(k.open) >= k.server.limits.peers {
		if !k.full {
			k.log.Warn("too many connections: refusing more", "limit", k.server.limits.peers)
		}
		k.full = true
		return false
	}
	k.full = false
	k.open[c] = nil
	return true
}

func (k *socket) remove(c net.Conn) {
	c.Close()
	k.mu.Lock()
	delete(k.open, c)
	k.mu.Unlock()
}

// serve makes the handshake on c, and handles the peer until it is gone.
func (k *socket) serve(c net.Conn) {
	defer k.remove(c)
	p, err := k.handshake(c)
	k.mu.Lock()
	switch {
	case k.finished && err == nil:
		p.out.finish()
	case !k.finished && hungUp(err):
		k.log.Debug("a peer left during the handshake")
	case !k.finished && err != nil:
		k.failures.log(k.log, "handshake failed", err)
	}
	k.open[c] = p
	k.mu.Unlock()
	if err != nil {
		return
	}
	written := make(chan struct{})
	k.server.wg.Go(func() {
		defer close(written)
		p.write()
	})
	k.handler.join(p)
	p.log.Debug("frontend connected")
	err = p.read(k.handler)
	k.handler.leave(p)
	p.disconnect(err)
	<-written
}

// farewell logs why p is gone: one that leaves is no news, one that is thrown out is.
func (k *socket) farewell(p *peer, reason error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.finished || hungUp(reason) {
		p.log.Debug("frontend left", "reason", reason)
		return
	}
	k.failures.log(p.log, "frontend disconnected", reason)
}

// hungUp reports whether err is that of a connection which the peer ended.
func hungUp(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// handshake makes a peer of c, or fails within the time allowed.
func (k *socket) handshake(c net.Conn) (*peer, error) {
	p := newPeer(k, c)
	if err := c.SetDeadline(time.Now().Add(k.server.limits.handshake)); err != nil {
		return nil, err
	}
	mech := &null{typ: k.typ}
	var err error
	if p.conn, err = zmq4.Open(p.wire, mech, k.typ, nil, true, nil); err != nil {
		return nil, err
	}
	if err := p.wire.established(); err != nil {
		return nil, err
	}
	if err := c.SetDeadline(time.Time{}); err != nil {
		return nil, err
	}
	p.identity = mech.identity
	return p, nil
}

// finish lets every peer leave when what is queued for it is sent, and ends handshakes.
func (k *socket) finish() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.finished = true
	for c, p := range k.open {
		if p == nil {
			c.Close()
		} else {
			p.out.finish()
		}
	}
}

func (k *socket) closeAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for c := range k.open {
		c.Close()
	}
}
