package transport

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sync"

	"sockbook/kernel/jupyter"
)

// A router is a ROUTER socket for Jupyter messages.
//
// The first of the identities of a message that it gives out is the route to the connection the message came by: the
// peer's ZeroMQ identity followed by the peer's serial number in 8 bytes. Frontends use the same identity for shell and
// stdin, which is how an input_request finds its way; and two connections may come with the same identity when a
// frontend reconnects before the old connection is seen to be dead, which is why the identity alone will not do.
type router struct {
	server *Server
	name   Channel
	in     chan *jupyter.Message

	mu    sync.Mutex // serialises who is connected
	peers []*peer    // oldest first
}

// arrived is how many messages wait in a router's channel before their senders are made to wait.
const arrived = 16

func newRouter(s *Server, name Channel) *router {
	return &router{server: s, name: name, in: make(chan *jupyter.Message, arrived)}
}

func (r *router) join(p *peer) {
	r.mu.Lock()
	r.peers = append(r.peers, p)
	r.mu.Unlock()
}

func (r *router) leave(p *peer) {
	r.mu.Lock()
	r.peers = slices.DeleteFunc(r.peers, func(q *peer) bool { return q == p })
	r.mu.Unlock()
}

func (r *router) receive(p *peer, frames [][]byte) {
	m, err := r.server.signer.Decode(frames)
	if err != nil {
		p.bad.log(p.log, "message dropped", err)
		return
	}
	m.Identities = append([][]byte{route(p)}, m.Identities...)
	select {
	case r.in <- m:
	case <-r.server.closing:
	}
}

func (r *router) send(m *jupyter.Message) error {
	if len(m.Identities) == 0 {
		return fmt.Errorf("reply with %s: it has no identities", m.Type())
	}
	if r.server.closed() {
		return ErrClosed
	}
	p := r.find(m.Identities[0])
	if p == nil {
		return fmt.Errorf("reply with %s on %s: %w", m.Type(), r.name, ErrNoPeer)
	}
	routed := *m
	routed.Identities = m.Identities[1:]
	frames, err := r.server.signer.Encode(&routed)
	if err != nil {
		return err
	}
	if !p.send(newOutgoing(frames)) {
		return fmt.Errorf("reply with %s on %s: %w", m.Type(), r.name, ErrNoPeer)
	}
	return nil
}

// route is the identity frame by which send finds p again.
func route(p *peer) []byte {
	return binary.BigEndian.AppendUint64(slices.Clip(p.identity), p.serial)
}

// find gives the peer that a route leads to, or else the newest one with the same identity, or nil.
func (r *router) find(route []byte) *peer {
	at := len(route) - 8
	if at < 0 {
		return nil
	}
	identity, serial := string(route[:at]), binary.BigEndian.Uint64(route[at:])
	r.mu.Lock()
	defer r.mu.Unlock()
	var found *peer
	for _, p := range r.peers {
		if p.serial == serial {
			return p
		}
		if identity != "" && identity == string(p.identity) {
			found = p
		}
	}
	return found
}

// heartbeat echoes every message ("Heartbeat for kernels").
type heartbeat struct{}

func (heartbeat) join(*peer)  {}
func (heartbeat) leave(*peer) {}

func (heartbeat) receive(p *peer, frames [][]byte) {
	p.send(newOutgoing(frames))
}
