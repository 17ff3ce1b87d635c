package worker

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime"
	"sockbook/runtime/sandbox"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// process is one child process. It has four goroutines: pump, which alone
// reads what the child writes and alone calls the sink (ends when the child is
// gone); watch, which looks at its memory (ends with it); one that serves its
// calls (ends with it); and one that waits for its exit status (ends with it).
// While the child reads standard input, one more asks the user.
type process struct {
	config Config
	child  Child

	frames int      // conn's descriptor, for reading; pump's
	stdout *os.File // pump's
	stderr *os.File // pump's
	stdin  *os.File // where the user's lines go
	statm  *os.File // the child's, in /proc (proc_pid_statm(5)); nil: not to be had
	reads  *reads   // of standard input, that wait

	sending sync.Mutex // serialises writes of whole frames
	conn    *net.UnixConn

	asked   atomic.Bool   // somebody asked for its end
	exited  chan struct{} // closed when the child was waited for
	exit    Exit          // how it ended; written before exited is closed
	exitErr error         // why that is not known

	gone  chan struct{} // closed when the child is gone and all it wrote was passed on
	death *Failure      // how it ended; written before gone is closed

	mu      sync.Mutex // guards what is below
	cell    *cell      // the last one; nil before the first
	pending map[uint64]chan frame
	seq     uint64
	why     string // why we ended it; empty if we did not
}

// cell is a running cell, or the last one that ran, whose goroutines may go on.
type cell struct {
	out     Sink
	printed atomic.Int64 // bytes
	flooded atomic.Bool  // printed more than it may
	unasked atomic.Bool  // a question to the user was taken back by an interrupt
	ctx     context.Context
	stop    context.CancelFunc // ends questions to the user
	seq     uint64             // of its run frame
	reply   <-chan frame       // how it ended
	running bool               // guarded by process.mu
}

// start makes a child process, and waits until it is confined.
func start(config Config) (*process, error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("make a socket pair: %w", err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "frames"), os.NewFile(uintptr(pair[1]), "frames")
	defer theirs.Close()
	var files []*os.File
	fail := func(err error) (*process, error) {
		ours.Close()
		for _, f := range files {
			f.Close()
		}
		return nil, err
	}
	for range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			return fail(fmt.Errorf("make a pipe: %w", err))
		}
		files = append(files, r, w)
		unix.FcntlInt(r.Fd(), unix.F_SETPIPE_SZ, pipeSize) // more is faster, less works too
	}
	for _, theirs := range []*os.File{files[0], files[3], files[5]} {
		// They block, as a program's do, and Go's runtime makes no descriptors to wait for them.
		if err := unix.SetNonblock(int(theirs.Fd()), false); err != nil {
			return fail(fmt.Errorf("make a pipe: %w", err))
		}
	}
	c, err := net.FileConn(ours) // a duplicate
	if err != nil {
		return fail(fmt.Errorf("use the socket pair: %w", err))
	}
	conn := c.(*net.UnixConn)
	raw, err := conn.SyscallConn()
	if err != nil {
		return fail(fmt.Errorf("use the socket pair: %w", err))
	}
	var frames int
	raw.Control(func(fd uintptr) { frames = int(fd) })

	reads, err := newReads()
	if err != nil {
		conn.Close()
		return fail(err)
	}
	child, err := config.Launch([]*os.File{files[0], files[3], files[5], theirs})
	if err != nil {
		reads.close()
		conn.Close()
		return fail(err)
	}
	for _, f := range []*os.File{ours, files[0], files[3], files[5]} {
		f.Close()
	}
	p := &process{
		config: config, child: child,
		frames: frames, stdin: files[1], stdout: files[2], stderr: files[4], reads: reads,
		conn: conn, pending: map[uint64]chan frame{},
		exited: make(chan struct{}), gone: make(chan struct{}),
	}
	if pid := child.PID(); pid > 0 {
		p.statm, _ = os.Open("/proc/" + strconv.Itoa(pid) + "/statm") // it may be gone already; then it has exited
	}
	report := child.Report()
	config.Log.Log(context.Background(), level(report), "worker started", "name", config.Name, "pid", child.PID(), "confined", report.String(), "tried", report.Tried)
	go func() {
		if err := child.Serve(reads.add); err != nil {
			p.kill(fmt.Sprintf("its calls cannot be served: %v", err))
		}
	}()
	go func() {
		if p.exit, p.exitErr = child.Wait(); p.exitErr != nil {
			config.Log.Warn("wait for a worker", "err", p.exitErr)
		}
		close(p.exited)
	}()
	go p.watch()
	go p.pump()
	return p, nil
}

// level says how loud it is to be said how a child is confined: a warning if
// it should be better.
func level(r sandbox.Report) slog.Level {
	if r.Mode != sandbox.Open && r.Landlock > 0 && len(r.Tried) == 0 {
		return slog.LevelInfo
	}
	return slog.LevelWarn
}

// begin makes out the place for what the child shows from now on.
func (p *process) begin(out Sink) *cell {
	ctx, stop := context.WithCancel(context.Background())
	c := &cell{out: out, ctx: ctx, stop: stop, running: true}
	c.reply, c.seq = p.expect()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cell = c
	return c
}

func (p *process) end(c *cell) {
	p.mu.Lock()
	c.running = false
	p.mu.Unlock()
	c.stop()
}

// busy reports whether a cell runs, or waits to be told that the child ended.
func (p *process) busy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cell != nil && p.cell.running
}

func (p *process) current() *cell {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cell
}

// expect returns where the answer to the request with the number seq will come.
func (p *process) expect() (answer <-chan frame, seq uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seq++
	c := make(chan frame, 1)
	p.pending[p.seq] = c
	return c, p.seq
}

func (p *process) write(k kind, seq uint64, body any) error {
	data, err := encode(k, seq, body)
	if err != nil {
		return err
	}
	p.sending.Lock()
	defer p.sending.Unlock()
	p.conn.SetWriteDeadline(time.Now().Add(grace))
	if _, err := p.conn.Write(data); err != nil {
		return fmt.Errorf("send %s: %w", k, err)
	}
	return nil
}

// answer hands f to who waits for it.
func (p *process) answer(f frame) {
	p.mu.Lock()
	reply := p.pending[f.Seq]
	delete(p.pending, f.Seq)
	p.mu.Unlock()
	if reply != nil {
		reply <- f
		runtime.Gosched() // who waits goes on at once; the pump's next system call would keep it from that
	}
}

// interrupt asks the child to end its cell, wakes it if it was stopped, and
// ends it if it does not react.
func (p *process) interrupt() {
	c := p.current()
	if c == nil {
		return
	}
	p.child.Signal(unix.SIGCONT) // in case it was stopped; else it does nothing
	defer c.stop()               // after the child was told: a read of standard input that fails must not look like the cell's own
	p.mu.Lock()
	running := c.running
	p.mu.Unlock()
	if !running {
		return
	}
	if err := p.write(kindInterrupt, 0, interruptRequest{Cell: c.seq}); err != nil {
		p.kill(fmt.Sprintf("it did not take the interrupt: %v", err))
		return
	}
	go func() {
		select {
		case <-p.gone:
		case <-time.After(grace):
			p.mu.Lock()
			hangs := p.cell == c && c.running
			p.mu.Unlock()
			if hangs {
				p.kill(fmt.Sprintf("it did not react to the interrupt for %v", grace))
			}
		}
	}()
}

// ended reports whether the child has ended, also when that has not been
// noticed yet: then it has no memory, or nothing can be read of it
// (proc_pid_statm(5)).
func (p *process) ended() bool {
	return closed(p.exited) || p.statm != nil && resident(p.statm) == 0
}

// kill ends the child; why is said to the learner. The first reason counts.
func (p *process) kill(why string) {
	p.explain(why)
	if err := p.child.Signal(unix.SIGKILL); err != nil && !closed(p.exited) {
		p.config.Log.Debug("end a worker", "err", err)
	}
}

// explain says why the child ends, if it does.
func (p *process) explain(why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.why == "" {
		p.why = why
	}
}
