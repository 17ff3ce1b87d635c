package transport

import (
	"bufio"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/go-zeromq/zmq4"
)

var (
	errFrozen = errors.New("it has stopped reading")
	errBehind = errors.New("it leaves too much unread")
	errSilent = errors.New("it does not take part in the handshake")
)

// A peer is one connected frontend socket.
type peer struct {
	serial   uint64 // unlike that of any other peer of the Server
	identity []byte // from the handshake; may be empty, and another peer's too
	raw      net.Conn
	wire     *wire
	conn     *zmq4.Conn
	out      *queue
	socket   *socket
	limits   limits
	log      *slog.Logger

	bad complaints // messages it should not have sent; used by the reading goroutine only
}

func newPeer(k *socket, c net.Conn) *peer {
	p := &peer{
		serial: k.server.serial.Add(1),
		raw:    c,
		out:    newQueue(k.server.limits.low / 2),
		socket: k,
		limits: k.server.limits,
	}
	p.log = k.log.With("peer", p.serial)
	w := &patient{conn: c, tick: p.limits.frozen / 6, progress: p.out.progress, giveUp: p.giveUp}
	p.wire = newWire(c, p.limits, p.out.pong, bufio.NewWriterSize(w, writeBuffer(k.typ)))
	return p
}

// writeBuffer is how many bytes gather for one write: floods come on iopub only.
func writeBuffer(t zmq4.SocketType) int {
	if t == zmq4.XPub {
		return 64 << 10
	}
	return 8 << 10
}

// giveUp says whether a peer that takes nothing is to be dropped.
func (p *peer) giveUp() error {
	if !p.wire.open {
		return errSilent
	}
	if p.out.size() > p.limits.low && p.out.idleFor() >= p.limits.frozen {
		return errFrozen
	}
	return nil
}

// read hands what comes to h until the connection ends.
func (p *peer) read(h handler) error {
	for {
		m, err := p.conn.RecvMsg()
		if err != nil {
			return err
		}
		h.receive(p, m.Frames)
	}
}

// write sends what is queued until the queue is finished or the connection ends. The buffer is flushed whenever nothing
// is left to write.
func (p *peer) write() {
	for {
		batch, ok := p.out.take()
		if !ok {
			p.hangUp()
			return
		}
		if err := p.writeBatch(batch); err != nil {
			p.disconnect(err)
			return
		}
	}
}

func (p *peer) writeBatch(batch batch) error {
	if batch.pong != nil {
		if err := p.conn.SendCmd(zmq4.CmdPong, batch.pong); err != nil {
			return err
		}
	}
	for i, m := range batch.messages {
		batch.messages[i] = outgoing{} // the list outlives the message
		if err := p.conn.SendMsg(zmq4.NewMsgFrom(m.frames...)); err != nil {
			return err
		}
		p.out.written(m.size)
	}
	if p.out.empty() {
		return p.wire.Flush()
	}
	return nil
}

// send queues messages for p, unless p is gone. A peer that leaves too much unread is disconnected.
func (p *peer) send(messages ...outgoing) bool {
	if p.out.size() > p.limits.high {
		p.disconnect(errBehind)
	}
	return p.out.add(messages...)
}

// hangUp ends our side of the connection and leaves the peer a moment to end its own: closing at once could take back
// what it has not read yet.
func (p *peer) hangUp() {
	p.raw.SetReadDeadline(time.Now().Add(p.limits.linger))
	if c, ok := p.raw.(interface{ CloseWrite() error }); ok {
		c.CloseWrite()
	}
}

// disconnect ends the connection now. Only the first reason is logged: others follow from it.
func (p *peer) disconnect(reason error) {
	if errors.Is(reason, errFrozen) || errors.Is(reason, errBehind) {
		reason = fmt.Errorf("%w: %d bytes wait for it, the last were taken %v ago", reason, p.out.size(), p.out.idleFor().Round(time.Millisecond))
	}
	if p.out.abandon() {
		p.socket.farewell(p, reason)
	}
	p.raw.Close()
}
