package sock

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Kind says what a call does to a connection.
type Kind string

// The kinds of calls.
const (
	Other        Kind = ""
	Connecting   Kind = "connect"  // connect, net.Dial
	Accepting    Kind = "accept"   // accept, Listener.Accept
	Sending      Kind = "send"     // write, send, sendto, Conn.Write
	Receiving    Kind = "receive"  // read, recvfrom, Conn.Read
	ClosingDown  Kind = "close"    // close, Conn.Close
	ShuttingDown Kind = "shutdown" // shutdown, Conn.CloseWrite
)

// Entry is a call that a cell made, or that compiled code made for it: what
// io.Copy reads and writes is here too.
type Entry struct {
	ID         uint64    `json:"id"`               // grows with each call of a process
	Begin, End time.Time `json:",omitzero"`        // Begin is zero if it was before the recording, End if it waits
	Cell       string    `json:"cell,omitempty"`   // the name of the learner's cell; empty: not known
	Line       int       `json:"line,omitempty"`   // of the learner's call; in a goroutine of compiled code, that of the go statement it comes from; 0: the cell's own goroutine began it
	Kind       Kind      `json:"kind,omitempty"`   // what it does
	Name       string    `json:"name"`             // "write" for a system call, "Write" for a method or function of package net
	Args       string    `json:"args,omitempty"`   // the ones that matter: "14 B", ":7777"
	Result     string    `json:"result,omitempty"` // "ETIMEDOUT", "6 B", "fd 5"; empty for plain success
	Failed     bool      `json:"failed,omitempty"` // Result is an error
	Bytes      int       `json:"bytes,omitempty"`  // handed over or taken
	Socket     Socket    `json:"socket"`
}

// Socket is what is known of the descriptor that a call is about.
type Socket struct {
	FD            int            `json:"fd,omitempty"`     // 0: not known
	Inode         uint64         `json:"inode,omitempty"`  // names the socket or pipe, whichever descriptor it has (proc_pid_fd(5))
	Network       string         `json:"net,omitempty"`    // "tcp", "udp", "unix", "pipe"; empty: not known
	Local, Remote netip.AddrPort `json:",omitzero"`        // of TCP and UDP
	Path          string         `json:"path,omitempty"`   // of a UNIX-domain socket; "@" begins an abstract one
	PeerPath      string         `json:"peer,omitempty"`   // of the socket that it is connected to
	Other         uint64         `json:"other,omitempty"`  // the inode of the other end, if the call made both
	Second        int            `json:"second,omitempty"` // its descriptor
	file          bool           // neither socket nor pipe: nothing to tell
}

// MaxEntries is how many calls a Log writes down; more are counted only.
const MaxEntries = 20_000

// Log is a list of calls under construction. Make one with NewLog, have it
// written by Record, and read it with Take.
type Log struct {
	where func() (cell string, line int)
	ready chan struct{}

	mu      sync.Mutex
	last    uint64            // ID
	done    []Entry           // ended, not taken yet
	waiting map[uint64]Entry  // begun and not ended
	known   map[uint64]Socket // by inode: whom it was connected to, which it forgets when it fails
	total   int
	lost    int
}

// NewLog makes an empty log. where tells which line of which cell the calling
// goroutine is at; the cell's name is empty if that is not known.
func NewLog(where func() (cell string, line int)) *Log {
	return &Log{where: where, ready: make(chan struct{}, 1), last: uint64(time.Now().UnixMicro()) << 10, waiting: map[uint64]Entry{}, known: map[uint64]Socket{}}
}

// current is where calls are written down; nil: nowhere.
var current atomic.Pointer[Log]

// Record has all socket calls of this process written to l from now on, and to
// no other; nil ends it. Calls that have begun are written when they end.
func Record(l *Log) { current.Store(l) }

// Ready gets a value when there is something to take.
func (l *Log) Ready() <-chan struct{} { return l.ready }

// Take returns the calls that have ended since it was called last, and with
// waiting those that have not ended yet, which are returned again later. lost
// is the number of calls that were too many.
func (l *Log) Take(waiting bool) (entries []Entry, lost int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries, l.done = l.done, nil
	if waiting {
		for _, e := range l.waiting {
			entries = append(entries, e)
		}
	}
	return entries, l.lost
}

// begin writes down the start of a call.
func (l *Log) begin(e *Entry) {
	if e.Socket.file {
		return
	}
	if l.where != nil {
		e.Cell, e.Line = l.where()
	}
	e.Begin = time.Now().Round(0) // the wall clock, which stamps frames too
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.total++; l.total > MaxEntries {
		l.lost++
		return
	}
	l.last++
	e.ID = l.last
	l.rememberLocked(&e.Socket)
	l.waiting[e.ID] = *e
}

// rememberLocked keeps whom a socket is connected to, or completes it.
func (l *Log) rememberLocked(s *Socket) {
	switch {
	case s.Inode == 0 || s.Network == "udp":
	case s.Remote.IsValid():
		l.known[s.Inode] = *s
	case s.Local.IsValid() && l.known[s.Inode].Local == s.Local:
		s.Remote = l.known[s.Inode].Remote
	}
}

// end writes down the end of a call; one that began before the log has no ID.
func (l *Log) end(e *Entry) {
	if e.Socket.file {
		return
	}
	e.End = time.Now().Round(0)
	if e.Begin.IsZero() && l.where != nil {
		e.Cell, e.Line = l.where()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.ID == 0 {
		if !e.Begin.IsZero() {
			return // was one too many
		}
		if l.total++; l.total > MaxEntries {
			l.lost++
			return
		}
		l.last++
		e.ID = l.last
	}
	l.rememberLocked(&e.Socket)
	delete(l.waiting, e.ID)
	l.done = append(l.done, *e)
	select {
	case l.ready <- struct{}{}:
	default:
	}
}

// record is a call under way. Its log is nil while nobody records.
type record struct {
	log *Log
	Entry
}

// start begins a record if somebody records; fill tells what is known then.
func start(fill func(e *Entry)) (r record) {
	if l := current.Load(); l != nil {
		r.log = l
		fill(&r.Entry)
		l.begin(&r.Entry)
	}
	return r
}

// wanted tells whether the end of the call is to be written down.
func (r *record) wanted() bool { return r.log != nil || current.Load() != nil }

// finish writes down the end. A call that began before the recording is filled
// in now.
func (r *record) finish(fill, result func(e *Entry)) {
	l := r.log
	if l == nil {
		if l = current.Load(); l == nil {
			return
		}
		fill(&r.Entry)
	}
	result(&r.Entry)
	l.end(&r.Entry)
}
