package transport

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// Sizes of what ZMTP 3 sends (RFC 23), in bytes.
const (
	greetingSize = 64
	maxCommand   = 64 << 10 // of ours: a READY or SUBSCRIBE command at most
	maxUnread    = 16 << 10 // of ours: what zmq4 may allocate for a frame of which nothing came yet
	readBuffer   = 4 << 10
)

// Flags of a ZMTP frame.
const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

var errFrame = errors.New("malformed ZMTP frame")

// wire is the net.Conn that zmq4 works on. Reads go through a check of every frame's header before zmq4 sees it, since
// zmq4 allocates whatever size a peer announces. Commands that follow the handshake stay here: PING is answered, and
// SUBSCRIBE and CANCEL of ZMTP 3.1 become the messages that they were in 3.0, for zmq4 drops a command's name. Writes
// gather in a buffer until Flush.
//
// One goroutine may read and another one write.
type wire struct {
	net.Conn
	lim  limits
	ping func(context []byte) // called while reading; answers a PING

	// Reading.
	r        *bufio.Reader
	greeting int  // bytes of the greeting that are still to come
	open     bool // the handshake is over
	header   [9]byte
	pending  []byte // checked bytes to hand out first
	body     uint64 // bytes of the current frame's body to hand out then
	frames   int    // of the current message so far; 0 between messages
	size     uint64 // of the current message so far

	// Writing.
	w *bufio.Writer
}

func newWire(c net.Conn, lim limits, ping func([]byte), out *bufio.Writer) *wire {
	return &wire{
		Conn: c, lim: lim, ping: ping,
		r: bufio.NewReaderSize(c, readBuffer), greeting: greetingSize,
		w: out,
	}
}

// established ends the handshake: messages may come, and reading no longer flushes.
func (w *wire) established() error {
	w.open = true
	return w.w.Flush()
}

// Write puts p into the buffer.
func (w *wire) Write(p []byte) (int, error) { return w.w.Write(p) }

// Flush sends what the buffer holds.
func (w *wire) Flush() error { return w.w.Flush() }

// Read gives bytes of checked frames.
func (w *wire) Read(p []byte) (int, error) {
	if !w.open { // the handshake takes turns: what was said must be out before we listen
		if err := w.w.Flush(); err != nil {
			return 0, err
		}
	}
	for len(p) > 0 {
		switch {
		case len(w.pending) > 0:
			n := copy(p, w.pending)
			if w.pending = w.pending[n:]; len(w.pending) == 0 {
				w.pending = nil // which may have been a large frame
			}
			return n, nil
		case w.greeting > 0:
			n, err := w.r.Read(p[:min(len(p), w.greeting)])
			w.greeting -= n
			return n, err
		case w.body > 0:
			n, err := w.r.Read(p[:min(uint64(len(p)), w.body)])
			w.body -= uint64(n)
			return n, err
		}
		if err := w.next(); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// next reads the header of a frame, and decides what zmq4 gets to see of it.
func (w *wire) next() error {
	flags, err := w.r.ReadByte()
	if err != nil {
		return err
	}
	n := 2
	if flags&flagLong != 0 {
		n = 9
	}
	w.header[0] = flags
	if _, err := io.ReadFull(w.r, w.header[1:n]); err != nil {
		return err
	}
	size := uint64(w.header[1])
	if n == 9 {
		size = binary.BigEndian.Uint64(w.header[1:])
	}
	if flags&^(flagMore|flagLong|flagCommand) != 0 {
		return fmt.Errorf("%w: flags %#x", errFrame, flags)
	}
	if flags&flagCommand == 0 {
		err = w.message(flags, size)
	} else {
		if flags&flagMore != 0 || w.frames > 0 {
			return fmt.Errorf("%w: a command within a message", errFrame)
		}
		if size == 0 || size > maxCommand {
			return fmt.Errorf("%w: a command of %d bytes, want 1 to %d", errFrame, size, maxCommand)
		}
		if w.open {
			return w.command(size)
		}
	}
	if err != nil {
		return err
	}
	w.pending, w.body = w.header[:n], size
	if size > maxUnread {
		return w.fetch()
	}
	return nil
}

// fetch reads the whole body of a large frame in advance. The memory grows with what comes, so that a size that is only
// announced costs nothing.
func (w *wire) fetch() error {
	var frame bytes.Buffer
	frame.Write(w.pending)
	_, err := io.CopyN(&frame, w.r, int64(w.body))
	w.pending, w.body = frame.Bytes(), 0
	return err
}

// message counts a frame of a message in.
func (w *wire) message(flags byte, size uint64) error {
	if !w.open {
		return fmt.Errorf("%w: a message before READY", errFrame)
	}
	if size > w.lim.frame {
		return fmt.Errorf("%w: %d bytes, at most %d", errFrame, size, w.lim.frame)
	}
	w.frames++
	w.size += size
	if w.frames > w.lim.frames || w.size > w.lim.message {
		return fmt.Errorf("%w: a message of %d frames and %d bytes, at most %d and %d",
			errFrame, w.frames, w.size, w.lim.frames, w.lim.message)
	}
	if flags&flagMore == 0 {
		w.frames, w.size = 0, 0
	}
	return nil
}

// command reads and obeys a command of size bytes (RFC 37, "Commands").
func (w *wire) command(size uint64) error {
	body := make([]byte, size)
	if _, err := io.ReadFull(w.r, body); err != nil {
		return err
	}
	if int(body[0]) > len(body)-1 {
		return fmt.Errorf("%w: a command without a name", errFrame)
	}
	name, arg := string(body[1:1+body[0]]), body[1+body[0]:]
	switch name {
	case "PING": // a time to live of two bytes, then a context of up to 16 that the PONG repeats
		if len(arg) < 2 || len(arg) > 2+16 {
			return fmt.Errorf("%w: PING of %d bytes", errFrame, len(arg))
		}
		w.ping(arg[2:])
	case "SUBSCRIBE":
		w.pending = messageFrame(append([]byte{1}, arg...))
	case "CANCEL":
		w.pending = messageFrame(append([]byte{0}, arg...))
	case "ERROR":
		return fmt.Errorf("the peer reports an error: %q", arg)
	}
	return nil // PONG, and what later versions may bring, needs no answer
}

// messageFrame is a message of one frame in ZMTP's framing.
func messageFrame(body []byte) []byte {
	if len(body) > 255 {
		return append(binary.BigEndian.AppendUint64([]byte{flagLong}, uint64(len(body))), body...)
	}
	return append([]byte{0, byte(len(body))}, body...)
}

// patient writes to a connection for as long as giveUp says so: it is asked each tick in which the peer took nothing.
type patient struct {
	conn     net.Conn
	tick     time.Duration
	progress func()
	giveUp   func() error
}

func (w *patient) Write(p []byte) (int, error) {
	written := 0
	for {
		if err := w.conn.SetWriteDeadline(time.Now().Add(w.tick)); err != nil {
			return written, err
		}
		n, err := w.conn.Write(p[written:])
		written += n
		if n > 0 {
			w.progress()
		}
		var timeout net.Error
		if err == nil || !errors.As(err, &timeout) || !timeout.Timeout() {
			return written, err
		}
		if err := w.giveUp(); err != nil {
			return written, err
		}
	}
}
