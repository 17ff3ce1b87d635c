// Package transport carries Jupyter messages over the five ZeroMQ sockets of a kernel: shell, control and stdin
// (ROUTER), iopub (XPUB) and the heartbeat.
//
// Call Listen; take requests from Shell, Control and Stdin, send with Reply and Publish, end with Close. It knows
// nothing of what messages mean.
//
// Each connection has a queue of its own, so that a frontend that is slow, frozen or gone does not hold up others: see
// Server.Publish and Server.Reply for what happens when a queue grows. Of zmq4 only its connection is used: its
// handshake and its framing, over a net.Conn (type wire) that checks and limits what comes in before zmq4 sees it and
// gathers what goes out.
package transport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"sockbook/kernel/jupyter"

	"github.com/go-zeromq/zmq4"
)

// A Channel names one of the ROUTER sockets.
type Channel string

// The channels that Reply sends on.
const (
	Shell   Channel = "shell"
	Control Channel = "control"
	Stdin   Channel = "stdin"
)

var (
	// ErrClosed is the error of Publish and Reply after Close.
	ErrClosed = errors.New("transport is closed")
	// ErrNoPeer is the error of a Reply to a frontend that is not connected.
	ErrNoPeer = errors.New("no such frontend is connected")
)

// limits are the bounds on what peers may do; tests use smaller ones.
type limits struct {
	handshake time.Duration // for the ZMTP handshake
	peers     int           // connections to one socket, those in their handshake included
	frame     uint64        // bytes of one incoming frame
	message   uint64        // bytes of one incoming message
	frames    int           // frames of one incoming message
	low       int64         // bytes queued for a peer above which Publish waits
	high      int64         // bytes queued for a frozen peer above which Publish waits, and a replied-to peer is cut off
	grace     time.Duration // after which a peer that reads nothing counts as frozen
	frozen    time.Duration // after which a frozen peer is disconnected, if more than low is queued
	flush     time.Duration // for Close to send what is queued
	linger    time.Duration // for peers to close their side, once all is sent
}

var defaultLimits = limits{
	handshake: 10 * time.Second,
	peers:     256,
	frame:     64 << 20,
	message:   128 << 20,
	frames:    1100, // what package jupyter takes at most, and some
	low:       1 << 20,
	high:      64 << 20,
	grace:     time.Second,
	frozen:    30 * time.Second,
	flush:     time.Second,
	linger:    100 * time.Millisecond,
}

// A Server is the kernel's end of the five sockets.
//
// Goroutines, all waited for by Close: one a socket that accepts; one a connection that makes the handshake and then
// reads; one more a connection that writes.
type Server struct {
	self    *jupyter.Origin
	signer  *jupyter.Signer
	log     *slog.Logger
	limits  limits
	bound   jupyter.Connection
	sockets []*socket
	routers map[Channel]*router
	iopub   *publisher

	serial  atomic.Uint64  // of the last connection
	closing chan struct{}  // closed when Close begins
	once    sync.Once      // Close
	wg      sync.WaitGroup // the goroutines above
}

// Listen opens the sockets of conn. self makes the messages that the transport itself sends (iopub_welcome), and names
// the kernel in iopub topics. A port of 0 (tcp only) is any free one; Connection tells which. Only the address in conn
// is bound, so a kernel is reachable from other machines only if its connection file says so.
func Listen(conn jupyter.Connection, self *jupyter.Origin, log *slog.Logger) (*Server, error) {
	return listen(conn, self, log, defaultLimits, bind)
}

// A binder listens on conn's address and *port, and stores what it chose for a port of 0.
type binder func(conn jupyter.Connection, port *int) (net.Listener, error)

func listen(conn jupyter.Connection, self *jupyter.Origin, log *slog.Logger, lim limits, bind binder) (*Server, error) {
	signer, err := conn.Signer()
	if err != nil {
		return nil, err
	}
	s := &Server{
		self: self, signer: signer, log: log, limits: lim, bound: conn,
		routers: make(map[Channel]*router),
		closing: make(chan struct{}),
	}
	for _, c := range []Channel{Shell, Control, Stdin} {
		s.routers[c] = newRouter(s, c)
	}
	s.iopub = newPublisher(s)
	for _, k := range []struct {
		port *int
		name string
		typ  zmq4.SocketType
		handler
	}{
		{&s.bound.ShellPort, "shell", zmq4.Router, s.routers[Shell]},
		{&s.bound.ControlPort, "control", zmq4.Router, s.routers[Control]},
		{&s.bound.StdinPort, "stdin", zmq4.Router, s.routers[Stdin]},
		{&s.bound.IOPubPort, "iopub", zmq4.XPub, s.iopub},
		{&s.bound.HeartbeatPort, "heartbeat", zmq4.Router, heartbeat{}},
	} {
		l, err := bind(conn, k.port)
		if err != nil {
			s.closeListeners()
			return nil, fmt.Errorf("listen for %s: %w", k.name, err)
		}
		s.sockets = append(s.sockets, newSocket(s, k.name, k.typ, l, k.handler))
	}
	for _, k := range s.sockets {
		s.wg.Go(k.accept)
	}
	return s, nil
}

// Connection is what Listen was given, with the ports that were bound.
func (s *Server) Connection() jupyter.Connection { return s.bound }

// Shell gives the messages that arrive on the shell socket, in order for each frontend. A message's Identities begin
// with the route to the connection it came from, to be left in replies. The channel is closed by Close. A frontend
// whose messages are not taken is made to wait.
func (s *Server) Shell() <-chan *jupyter.Message { return s.routers[Shell].in }

// Control is Shell for the control socket.
func (s *Server) Control() <-chan *jupyter.Message { return s.routers[Control].in }

// Stdin is Shell for the stdin socket.
func (s *Server) Stdin() <-chan *jupyter.Message { return s.routers[Stdin].in }

// Reply sends m on channel c to the frontend that m.Identities name: those of a request. The connection the request came
// by gets it, or if that is gone or on another socket (an input_request goes to stdin, with the identities of a shell
// request) the newest one with the same ZeroMQ identity; ErrNoPeer if there is none. Reply does not wait for the
// frontend: one that leaves more than 64 MiB of replies unread is disconnected.
func (s *Server) Reply(c Channel, m *jupyter.Message) error {
	r := s.routers[c]
	if r == nil {
		return fmt.Errorf("reply on unknown channel %q", c)
	}
	return r.send(m)
}

// Publish sends messages, one after the other, to every frontend whose subscription matches its topic: kernel.SESSION.TYPE unless m.Identities has
// another one. Messages reach all frontends in the same order.
//
// While a frontend has more than 1 MiB waiting for it, Publish blocks until ctx is done: nothing is dropped for a
// frontend that reads. One that has read nothing for a second no longer holds up the others until 64 MiB wait for it,
// and is disconnected if it has read nothing for 30 s and more than 1 MiB waits. If ctx ends, nobody gets m.
func (s *Server) Publish(ctx context.Context, m ...*jupyter.Message) error {
	return s.iopub.send(ctx, m)
}

// Close stops listening, sends what is queued for at most a second, disconnects everybody, waits for all goroutines and
// closes the channels. It may be called more than once.
func (s *Server) Close() {
	s.once.Do(s.shutDown)
}

func (s *Server) shutDown() {
	close(s.closing)
	s.closeListeners()
	cut := time.AfterFunc(s.limits.flush, func() {
		for _, k := range s.sockets {
			k.closeAll()
		}
	})
	for _, k := range s.sockets {
		k.finish()
	}
	s.wg.Wait()
	cut.Stop()
	for _, r := range s.routers {
		close(r.in)
	}
}

// closed reports whether Close has begun.
func (s *Server) closed() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}

func (s *Server) closeListeners() {
	for _, k := range s.sockets {
		k.listener.Close()
	}
}
