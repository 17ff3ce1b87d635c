package transport

import (
	"net"
	"sync"

	"sockbook/kernel/jupyter"
)

// A memory is a network of synchronous pipes: nothing is taken from a sender until the receiver reads it, so that tests
// decide to the byte who has read what, and in a testing/synctest bubble also when.
type memory struct {
	mu        sync.Mutex // serialises the list
	listeners []*pipeListener
}

// bind is a binder; the ports are 1, 2, … in the order of binding.
func (n *memory) bind(_ jupyter.Connection, port *int) (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	n.listeners = append(n.listeners, l)
	*port = len(n.listeners)
	return l, nil
}

func (n *memory) dial(port int) net.Conn {
	n.mu.Lock()
	l := n.listeners[port-1]
	n.mu.Unlock()
	ours, theirs := net.Pipe()
	l.conns <- theirs
	return &lazyWriter{Conn: ours}
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "unix"} }

// A lazyWriter writes to a pipe from goroutines of its own, in order: without it the two greetings of ZMTP would wait
// for each other.
type lazyWriter struct {
	net.Conn
	mu   sync.Mutex // serialises the order of writes
	last chan struct{}
}

func (w *lazyWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before, done := w.last, make(chan struct{})
	w.last = done
	text := append([]byte(nil), p...)
	go func() {
		defer close(done)
		if before != nil {
			<-before
		}
		w.Conn.Write(text)
	}()
	return len(p), nil
}
