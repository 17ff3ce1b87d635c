// Package session is one notebook's kernel: it answers a frontend's requests,
// runs cells in the order in which they came, and keeps the order of messages
// that the Jupyter messaging specification asks for. Call [New], then
// [Session.Serve].
//
// It runs no learner's code itself (package worker does) and opens no sockets
// (package transport does).
package session

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"sockbook/kernel/directive"
	"sockbook/kernel/history"
	"sockbook/kernel/jupyter"
	"sockbook/kernel/runner"
	"sockbook/kernel/transport"
	"sockbook/kernel/worker"
)

// Wire carries messages from and to the frontends; *transport.Server is one.
type Wire interface {
	Shell() <-chan *jupyter.Message
	Control() <-chan *jupyter.Message
	Stdin() <-chan *jupyter.Message
	// Reply sends m to the frontend that m.Identities name.
	Reply(c transport.Channel, m *jupyter.Message) error
	// Publish sends messages, one after the other, to every frontend. It blocks
	// while one that reads is behind.
	Publish(ctx context.Context, m ...*jupyter.Message) error
}

// Worker runs the cells of one Go process; *worker.Worker is one.
type Worker interface {
	Run(name, text string, out worker.Sink) (worker.Outcome, error)
	Interrupt()
	Settle(ctx context.Context)
	Complete(ctx context.Context, text string, cursor int) (worker.Completion, error)
	Inspect(ctx context.Context, text string, cursor, detail int) (worker.Inspection, error)
}

// Config is what a session is made of.
type Config struct {
	Wire   Wire
	Origin *jupyter.Origin // makes the messages
	// Process returns the Go process of that name, made on first use; the empty
	// name is the main one.
	Process func(name string) (Worker, error)
	// Asked returns the process that answers questions (completion, inspection)
	// about a cell for the process of that name.
	Asked      func(name string) (Worker, error)
	Reset      func()                // ends all processes; the next cells run in fresh ones
	Close      func()                // ends all processes for good
	Directives []directive.Directive // besides the session's own
	// Instead says what is run and shown in a cell's place; see runner.Runner. It
	// may be nil.
	Instead    func(cell *directive.Cell, text string) (run string, after func(out directive.Output))
	History    *history.Log
	Connection jupyter.Connection // for connect_request
	Version    string             // of Sockbook
	Log        *slog.Logger       // nil: discard
}

// Session is one notebook's kernel. It has four goroutines, which all end when
// Serve's context does or a shutdown_request came: one reads requests from the
// shell channel, one runs cells, one answers all other requests of the shell
// channel, and one answers the control channel. Each cell that runs in the
// background has one more.
type Session struct {
	config Config
	origin *jupyter.Origin
	queue  *queue // execute_requests that wait
	runner runner.Runner
	asks   *queue      // other requests that wait
	down   func()      // ends Serve
	over   atomic.Bool // a shutdown_request was answered

	inputs sync.Mutex // one question to the user at a time
	again  sync.Mutex // held while busy is repeated: no cell is done with meanwhile

	mu      sync.Mutex      // guards what is below
	count   int             // execution count of the last cell that was counted
	stop    func()          // interrupts what runs; nil: nothing runs
	running *jupyter.Header // of the execute_request that runs; nil: none
	ctx     context.Context // Serve's
}

// New returns a session that does nothing until Serve is called.
func New(config Config) *Session {
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.History == nil {
		config.History = history.Open("")
	}
	s := &Session{
		config: config,
		origin: config.Origin,
		queue:  newQueue(),
		asks:   newQueue(),
		ctx:    context.Background(),
	}
	s.runner.Process = func(name string) (runner.Process, error) { return config.Process(name) }
	s.runner.Instead = config.Instead
	s.runner.Set.Add(s.directives()...)
	s.runner.Set.Add(config.Directives...)
	return s
}

// Serve answers requests until a frontend asks for a shutdown or ctx ends.
func (s *Session) Serve(ctx context.Context) {
	ctx, s.down = context.WithCancel(ctx)
	defer s.down()
	s.ctx = ctx
	s.publish(jupyter.Header{}, status(jupyter.Starting))
	var wg sync.WaitGroup
	wg.Go(func() { s.readShell(ctx) })
	wg.Go(func() { s.runCells(ctx) })
	wg.Go(func() { s.answerAsks(ctx) })
	wg.Go(func() { s.serveControl(ctx) })
	<-ctx.Done()
	s.config.Close() // ends a running cell
	wg.Wait()
	s.runner.Wait()
}

// readShell sorts what comes on the shell channel: cells wait for each other;
// other requests need not wait for a long cell.
func (s *Session) readShell(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case m, ok := <-s.config.Wire.Shell():
			if !ok {
				return
			}
			if m.Type() == jupyter.ExecuteRequestType {
				s.queue.add(m)
			} else {
				s.asks.add(m)
			}
		}
	}
}

// handle brackets the work for one request with busy and idle, whatever
// happens in it. A panic of ours becomes an error reply.
func (s *Session) handle(channel transport.Channel, m *jupyter.Message, work func() (content any, err error)) {
	s.publish(m.Header, status(jupyter.Busy))
	content, err := s.guard(work)
	s.conclude(channel, m, content, err)
}

// conclude replies to a request and publishes that it is done with. What is
// still to be published of it goes out together with idle: one write, and one
// waking up of each frontend.
func (s *Session) conclude(channel transport.Channel, m *jupyter.Message, content any, err error, last ...note) {
	if err != nil {
		content = jupyter.NewErrorReply(errorOf(err))
	}
	if content != nil {
		s.reply(channel, m, content)
	}
	s.publish(m.Header, append(last, status(jupyter.Idle))...)
	if s.over.Load() {
		s.down()
	}
}

func (s *Session) guard(work func() (any, error)) (content any, err error) {
	defer func() {
		if r := recover(); r != nil {
			s.config.Log.Error("a bug of Sockbook", "panic", r)
			err = fmt.Errorf("a bug of Sockbook, please report it: %v", r)
		}
	}()
	return work()
}

func (s *Session) reply(channel transport.Channel, to *jupyter.Message, content any) {
	m, err := s.origin.Reply(to, content)
	if err == nil {
		err = s.config.Wire.Reply(channel, m)
	}
	if err != nil {
		s.config.Log.Warn("reply", "type", to.Type(), "err", err)
	}
}

// note is what is published: a message without its headers.
type note struct {
	kind    jupyter.MsgType
	content any
}

func status(state jupyter.ExecutionState) note {
	return note{jupyter.StatusType, jupyter.KernelStatus{ExecutionState: state}}
}

// publish sends notes to all frontends, at once.
func (s *Session) publish(parent jupyter.Header, notes ...note) {
	messages := make([]*jupyter.Message, 0, len(notes))
	for _, n := range notes {
		m, err := s.origin.New(n.kind, parent, n.content)
		if err != nil {
			s.config.Log.Warn("publish", "type", n.kind, "err", err)
			continue
		}
		messages = append(messages, m)
	}
	if err := s.config.Wire.Publish(context.WithoutCancel(s.ctx), messages...); err != nil {
		s.config.Log.Warn("publish", "type", notes[0].kind, "err", err)
	}
}

// errorOf is the one place where errors become Jupyter's.
func errorOf(err error) jupyter.Error {
	return jupyter.Error{Name: "sockbook", Value: err.Error(), Traceback: []string{worker.Red(err.Error())}}
}
