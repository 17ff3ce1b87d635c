package lab

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/netns"
	"sockbook/runtime/wire"
)

// op names what is asked of the lab process.
type op string

// All that can be asked. Each has its arguments and its result below.
const (
	opHello    op = "hello"
	opCancel   op = "cancel" // the question with the same ID
	opDown     op = "down"
	opAddHost  op = "add host"
	opHosts    op = "hosts"
	opStart    op = "start"
	opSignal   op = "signal"
	opPower    op = "power"
	opAddRule  op = "add rule"
	opDelRules op = "delete rules"
	opRules    op = "rules"
	opForget   op = "forget neighbours"
	opSysctl   op = "sysctl"
	opSockets  op = "sockets"
	opRead     op = "read frames"
	opMark     op = "mark"
	opProbe    op = "probe"
)

type helloResult struct {
	Lacks   []string
	OwnProc bool // /proc shows the lab's processes
}

type startArgs struct {
	Host    string
	Argv    []string
	Env     []string
	Dir     string
	Isolate *Isolate
	Files   []bool // for each descriptor from 0 on, whether a file is sent for it
}

type startResult struct{ PID int }

type signalArgs struct {
	PID    int
	Signal syscall.Signal
}

type powerArgs struct {
	Host  string
	Power Power // what to make it: Crashed, Off, or On for a reboot
	Grace time.Duration
}

type delRulesArgs struct {
	All     bool
	Rule    *wire.Rule // one like this
	Between [2]string  // those of this link
}

type forgetArgs struct{ A, B string }

type sysctlArgs struct {
	Host, Name string
	Value      *string // nil to read
}

// readResult is the mark; the frames are in the message's Raw part.
type readResult struct {
	Mark wire.Mark
}

// message is a question, an answer with its ID, or an event.
type message struct {
	ID     uint64          `json:",omitempty"`
	Op     op              `json:",omitempty"` // of a question
	Body   json.RawMessage `json:",omitempty"` // arguments or result
	Error  *remoteError    `json:",omitempty"` // of an answer
	Exited *exited         `json:",omitempty"` // an event
	Raw    int             `json:",omitempty"` // how many bytes follow the JSON
	Files  int             `json:",omitempty"` // how many descriptors come with it

	raw   []byte // follows the JSON: what would be slow in it
	files []*os.File
}

// exited is the event that a started process has ended.
type exited struct {
	PID  int
	Exit Exit
}

func (m *message) encode(v any) (err error) {
	if v != nil {
		m.Body, err = json.Marshal(v)
	}
	return err
}

func (m *message) decode(v any) error {
	if v == nil {
		return nil
	}
	return json.Unmarshal(m.Body, v)
}

// remoteError carries an error between the processes with what can be asked of
// it: the number of the system's error, and the types of this package.
type remoteError struct {
	Msg     string
	Hint    string        `json:",omitempty"`
	Errno   syscall.Errno `json:",omitempty"`
	Op      string        `json:",omitempty"`
	Missing string        `json:",omitempty"` // of a NotAllowedError
}

func encodeError(err error) *remoteError {
	r := &remoteError{Msg: err.Error()}
	errors.As(err, &r.Errno)
	var mine *Error
	var not *netns.NotAllowedError
	switch {
	case errors.As(err, &not):
		r.Op, r.Missing, r.Hint = not.Op, not.Missing, not.Hint
	case errors.As(err, &mine):
		r.Msg, r.Hint = mine.Msg, mine.Hint
	}
	return r
}

func (r *remoteError) decode() error {
	var err error
	if r.Errno != 0 {
		err = r.Errno
	}
	if r.Missing != "" {
		return &netns.NotAllowedError{Op: r.Op, Missing: r.Missing, Hint: r.Hint, Err: err}
	}
	if r.Hint == "" && err != nil {
		return &answer{r.Msg, err}
	}
	return &Error{Msg: r.Msg, Hint: r.Hint, Err: err}
}

// answer is an error whose text already has what it wraps.
type answer struct {
	msg string
	err error
}

func (a *answer) Error() string { return a.msg }
func (a *answer) Unwrap() error { return a.err }

// The limits of a message, against memory used for nonsense.
const (
	maxMessage = 64 << 20
	maxFiles   = 16
)

// errProtocol is the end of a conversation that makes no sense.
var errProtocol = errors.New("lab: bad message")

// conn carries messages: the length of the whole in four bytes, the length of
// the JSON in four bytes, JSON, and other bytes; and descriptors beside them.
type conn struct {
	*net.UnixConn
	sending sync.Mutex // one message at a time

	buf   []byte // received bytes not yet used
	files []*os.File
}

// newConn takes over a socket.
func newConn(f *os.File) (*conn, error) {
	defer f.Close()
	c, err := net.FileConn(f)
	if err != nil {
		return nil, fmt.Errorf("open the lab's socket: %w", err)
	}
	u, ok := c.(*net.UnixConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("open the lab's socket: it is a %T", c), c.Close())
	}
	return &conn{UnixConn: u}, nil
}

func (c *conn) send(m message) error {
	if len(m.files) > maxFiles {
		return fmt.Errorf("send %d descriptors: at most %d", len(m.files), maxFiles)
	}
	m.Files, m.Raw = len(m.files), len(m.raw)
	b, err := m.frame()
	if err != nil {
		return err
	}
	var fds []int
	for _, f := range m.files {
		fd, err := descriptor(f)
		if err != nil {
			return err
		}
		fds = append(fds, fd)
	}
	defer runtime.KeepAlive(m.files)
	c.sending.Lock()
	defer c.sending.Unlock()
	var oob []byte
	if fds != nil {
		oob = unix.UnixRights(fds...)
	}
	n, _, err := c.WriteMsgUnix(b, oob, nil)
	if err == nil && n < len(b) {
		_, err = c.Write(b[n:])
	}
	return err
}

// frame lays a message out for sending.
func (m *message) frame() ([]byte, error) {
	j, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	n := 4 + len(j) + len(m.raw)
	if n > maxMessage {
		return nil, fmt.Errorf("send %d B: at most %d", n, maxMessage)
	}
	b := make([]byte, 0, 4+n)
	b = binary.BigEndian.AppendUint32(b, uint32(n))
	b = binary.BigEndian.AppendUint32(b, uint32(len(j)))
	return append(append(b, j...), m.raw...), nil
}

// receive waits for the next message. It is called by one goroutine.
func (c *conn) receive() (message, error) {
	for {
		b, err := split(&c.buf)
		if err != nil {
			return message{}, err
		}
		if b == nil {
			if err := c.fill(); err != nil {
				return message{}, err
			}
			continue
		}
		return c.message(b)
	}
}

func (c *conn) message(b []byte) (message, error) {
	m, err := decodeMessage(b)
	if err != nil {
		return m, err
	}
	if m.Files > len(c.files) {
		return m, errProtocol
	}
	m.files, c.files = c.files[:m.Files:m.Files], c.files[m.Files:]
	return m, nil
}

func decodeMessage(b []byte) (m message, err error) {
	if len(b) < 4 {
		return m, errProtocol
	}
	n := int(binary.BigEndian.Uint32(b))
	if b = b[4:]; n > len(b) {
		return m, errProtocol
	}
	if err := json.Unmarshal(b[:n], &m); err != nil {
		return m, fmt.Errorf("%w: %w", errProtocol, err)
	}
	if m.raw = b[n:]; m.Raw != len(m.raw) || m.Files < 0 || m.Files > maxFiles {
		return m, errProtocol
	}
	return m, nil
}

// split cuts the first whole message off buf, or returns nil.
func split(buf *[]byte) ([]byte, error) {
	b := *buf
	if len(b) < 4 {
		return nil, nil
	}
	n := int(binary.BigEndian.Uint32(b))
	if n > maxMessage {
		return nil, errProtocol
	}
	if len(b) < 4+n {
		return nil, nil
	}
	*buf = b[4+n:]
	return b[4 : 4+n], nil
}

// fill receives more bytes and descriptors.
func (c *conn) fill() error {
	var oob [256]byte // room for maxFiles
	c.buf = slices.Grow(c.buf, 256<<10)
	b := c.buf[len(c.buf):cap(c.buf)]
	n, oobn, _, _, err := c.ReadMsgUnix(b, oob[:])
	if err != nil {
		return err
	}
	if n == 0 {
		return io.EOF
	}
	c.buf = c.buf[:len(c.buf)+n]
	if oobn == 0 {
		return nil
	}
	messages, err := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil {
		return os.NewSyscallError("recvmsg", err)
	}
	for _, m := range messages {
		fds, err := unix.ParseUnixRights(&m)
		if err != nil {
			return os.NewSyscallError("recvmsg", err)
		}
		for _, fd := range fds {
			c.files = append(c.files, os.NewFile(uintptr(fd), "received"))
		}
	}
	return nil
}

// descriptor returns a file's descriptor, for as long as f is kept alive. Unlike
// f.Fd it does not make the file blocking for everybody who has it open.
func descriptor(f *os.File) (int, error) {
	raw, err := f.SyscallConn()
	if err != nil {
		return 0, fmt.Errorf("descriptor of %s: %w", f.Name(), err)
	}
	n := -1
	err = raw.Control(func(fd uintptr) { n = int(fd) })
	return n, err
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}
