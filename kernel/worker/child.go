package worker

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/display/sink"
	"sockbook/runtime/sandbox"
	"sockbook/runtime/sock"
)

// framesFD is the descriptor on which a child finds its frames.
const framesFD = 3

// lowFDs is below which no descriptor of the worker's own stays, so that the
// numbers a learner's calls return are those a program of its own would get:
// the first socket is 3 (the lowest free number, open(2)).
const lowFDs = 100

// warmAfter is how long a child waits for a cell before it does beforehand what
// cells may need: a process that was made for a cell gets it at once, and should
// spend nothing on what that cell does not need.
const warmAfter = 20 * time.Millisecond

// The collector's percentage (debug.SetGCPercent) while a child starts, when
// what is allocated stays, and from then on.
const (
	startingGC = 400
	usualGC    = 100
)

// Evaluator runs cells in the child. It runs one cell at a time; the other
// methods may be called beside a running cell.
type Evaluator interface {
	// Warm does beforehand what the first cells would wait for. It is called
	// if no cell has come for a moment.
	Warm()
	// Run runs a cell to its end.
	Run(name, text string) Outcome
	// Interrupt makes a running Run return soon, its state kept.
	Interrupt()
	// Complete and Inspect answer for a place in a cell, in code points.
	Complete(text string, cursor int) Completion
	Inspect(text string, cursor, detail int) Inspection
	// Source returns the declarations of names as a cell of its own.
	Source(names []string) Source
	// Rests reports whether a cell runs and all of its goroutines wait.
	Rests() bool
	// Where says which line of which cell the calling goroutine is at; the
	// cell's name is empty if that is not known.
	Where() (cell string, line int)
}

// Main is the child process: it runs what the kernel sends until the kernel
// closes the socket. It returns the error for which it could not start; else
// it does not return. Its goroutines: one reads frames, one runs a cell, one
// for each question; first of all, one makes the evaluator, and one may warm it.
func Main(evaluator func() Evaluator) error {
	debug.SetGCPercent(startingGC)
	conn, err := claimFrames()
	if err != nil {
		return fmt.Errorf("take the frames' socket from descriptor %d: %w (the worker is started by the kernel, not by hand)", framesFD, err)
	}
	c := &child{conn: conn}
	// The runtime's last words shall name the cells that goroutines come from;
	// the parent reads them (see births).
	os.Setenv("GODEBUG", "tracebacklabels=1")
	os.Unsetenv("GOMAXPROCS") // it was for the runtime's start
	// The terminal's interrupt is for the kernel, which tells us.
	signal.Ignore(syscall.SIGINT)
	if err := sock.Hook(); err != nil { // the pictures show less
		fmt.Fprintln(os.Stderr, "sockbook worker:", err)
	}
	made := make(chan Evaluator, 1)
	go func() { made <- evaluator() }() // beside Enter: no cell runs yet
	if _, err := sandbox.Enter(); err != nil {
		return err
	}
	sink.Set(c.display)
	e := <-made
	sock.OwnDescriptors(framesFD)
	sock.FreshNames("/etc/hosts")
	c.recorder = recorder{where: e.Where, send: c.sendCalls}
	c.serve(e)
	os.Exit(0)
	return nil
}

// claimFrames moves the frames' socket, and the runtime's own poll descriptors
// that come with its first use, above lowFDs.
func claimFrames() (*net.UnixConn, error) {
	high, err := unix.FcntlInt(framesFD, unix.F_DUPFD_CLOEXEC, lowFDs)
	if err != nil {
		return nil, err
	}
	var fill []int
	for {
		fd, err := unix.FcntlInt(uintptr(high), unix.F_DUPFD_CLOEXEC, framesFD+1)
		if err != nil {
			return nil, err
		}
		fill = append(fill, fd)
		if fd > lowFDs {
			break
		}
	}
	file := os.NewFile(uintptr(high), "frames")
	conn, err := net.FileConn(file)
	file.Close()
	for _, fd := range append(fill, framesFD) {
		unix.Close(fd)
	}
	if err != nil {
		return nil, err
	}
	unixConn, ok := conn.(*net.UnixConn)
	if !ok {
		return nil, fmt.Errorf("it is a %T", conn)
	}
	return unixConn, nil
}

type child struct {
	conn *net.UnixConn
	mu   sync.Mutex // serialises writes of whole frames

	acks sync.Map // seq of a display → chan struct{}, closed when the kernel has it
	seq  atomic.Uint64

	running     atomic.Uint64 // seq of the cell that runs or ran last
	done        atomic.Uint64 // seq of the cell that ran last
	interrupted atomic.Uint64 // seq of the cell that was to end last

	recorder recorder
	settled  sync.Once // settle: what a cell sets must stay
}

// settle ends what holds only while a child starts.
func settle() { debug.SetGCPercent(usualGC) }

// sendCalls passes calls on; if the kernel is gone, so is who wants them.
func (c *child) sendCalls(calls Calls) { c.send(kindCalls, 0, calls) }

// display sends rich output and waits until the kernel has passed it on, so
// that what is printed next comes after it.
func (c *child) display(m sink.Message) error {
	seq := c.seq.Add(1)
	ack := make(chan struct{})
	c.acks.Store(seq, ack)
	if err := c.send(kindDisplay, seq, m); err != nil {
		c.acks.Delete(seq)
		return err
	}
	<-ack
	return nil
}

func (c *child) send(k kind, seq uint64, body any) error {
	data, err := encode(k, seq, body)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.conn.Write(data); err != nil {
		return fmt.Errorf("send %s to the kernel: %w", k, err)
	}
	return nil
}

// reply sends what must arrive. Where it cannot be encoded, an error goes in
// its place.
func (c *child) reply(k kind, seq uint64, body any) {
	if err := c.send(k, seq, body); err != nil {
		c.send(k, seq, Outcome{Failure: &Failure{Name: "result", Message: err.Error(), Traceback: []string{Red(err.Error())}}})
	}
}

// serve handles frames until the kernel closes the socket. One goroutine runs
// all cells: its stack has grown to what checking a cell takes.
func (c *child) serve(e Evaluator) {
	cells := make(chan frame, 1)
	go func() {
		for f := range cells {
			c.runFrame(e, f)
		}
	}()
	in := &inbox{from: own{c.conn}}
	time.AfterFunc(warmAfter, func() {
		c.settled.Do(settle)
		if c.running.Load() == 0 {
			e.Warm()
		}
	})
	for {
		f, err := in.next()
		if err != nil {
			if err != io.EOF {
				fmt.Fprintln(os.Stderr, "sockbook worker:", err)
			}
			return
		}
		if f.Kind == kindRun {
			cells <- f
		} else {
			c.handle(e, f)
		}
	}
}

// own is the frames' socket as no cell's: what is read from it by an interface
// would be told (see sock.Hook).
type own struct{ c *net.UnixConn }

func (o own) Read(p []byte) (int, error) { return o.c.Read(p) }

// inbox cuts what comes from the kernel into frames.
type inbox struct {
	from io.Reader
	data []byte // read, not yet taken
}

// next waits for a frame. The error is io.EOF at the end, between frames or
// not: the kernel is gone.
func (in *inbox) next() (frame, error) {
	for {
		f, rest, ok, err := decode(in.data)
		in.data = rest
		if ok || err != nil {
			return f, err
		}
		if cap(in.data)-len(in.data) < 4<<10 {
			in.data = slices.Grow(in.data, 64<<10)
		}
		n, err := in.from.Read(in.data[len(in.data):cap(in.data)])
		in.data = in.data[:len(in.data)+n]
		if n == 0 && err == nil {
			err = io.EOF
		}
		if err != nil {
			return frame{}, err
		}
	}
}

func (c *child) runFrame(e Evaluator, f frame) {
	var r runRequest
	if json.Unmarshal(f.Body, &r) == nil {
		o := c.run(e, f.Seq, r)
		c.recorder.flush(false)
		c.reply(kindDone, f.Seq, o)
	}
}

func (c *child) run(e Evaluator, seq uint64, r runRequest) Outcome {
	c.settled.Do(settle)
	c.running.Store(seq)
	defer c.done.Store(seq)
	if c.interrupted.Load() >= seq {
		return Outcome{Failure: &Failure{Name: "interrupted", Message: "before the cell began", Traceback: []string{Red("interrupted before the cell began")}}}
	}
	return e.Run(r.Name, r.Text)
}

// interrupt ends the cell if it still runs. It says so more than once: the
// first may come just before the evaluator hears.
func (c *child) interrupt(e Evaluator, cell uint64) {
	for range 40 {
		if c.running.Load() != cell || c.done.Load() >= cell {
			return
		}
		e.Interrupt()
		time.Sleep(grace / 40)
	}
}

func (c *child) handle(e Evaluator, f frame) {
	switch f.Kind {
	case kindInterrupt:
		var r interruptRequest
		if json.Unmarshal(f.Body, &r) == nil {
			c.interrupted.Store(r.Cell)
			go c.interrupt(e, r.Cell)
		}
	case kindRecord:
		var r recordRequest
		if json.Unmarshal(f.Body, &r) == nil {
			c.recorder.record(r.On)
		}
	case kindFlush:
		c.recorder.flush(true)
		c.reply(kindAnswer, f.Seq, true)
	case kindAck:
		if ack, ok := c.acks.LoadAndDelete(f.Seq); ok {
			close(ack.(chan struct{}))
		}
	case kindRest:
		go func() { c.reply(kindAnswer, f.Seq, e.Rests()) }()
	case kindSource:
		go func() {
			var r sourceRequest
			if json.Unmarshal(f.Body, &r) == nil {
				c.reply(kindAnswer, f.Seq, e.Source(r.Names))
			}
		}()
	case kindComplete, kindInspect:
		go func() {
			var r askRequest
			if json.Unmarshal(f.Body, &r) != nil {
				return
			}
			if f.Kind == kindComplete {
				c.reply(kindAnswer, f.Seq, e.Complete(r.Text, r.Cursor))
			} else {
				c.reply(kindAnswer, f.Seq, e.Inspect(r.Text, r.Cursor, r.Detail))
			}
		}()
	}
}
