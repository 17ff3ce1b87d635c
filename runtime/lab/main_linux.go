package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/wire"
)

// Main is the lab process: it does what the Lab in its parent asks for, until
// that goes away. It is for a program that was started with Argument, and
// takes over the whole process. Its error is what hindered it; nil if the lab
// was taken down or its parent has ended.
func Main() error {
	if unix.Getpid() != 1 {
		return errors.New("a lab is started by another process, in namespaces of its own")
	}
	c, err := newConn(os.NewFile(3, "lab"))
	if err != nil {
		return err
	}
	s := &server{conn: c, cancel: map[uint64]context.CancelFunc{}}
	s.world, s.broken = newWorld(s.exited)
	return s.serve()
}

// server answers questions.
//
// Goroutines: one for each question, until it is answered; those of the hub and
// of procs. All end with the process, which ends when serve returns.
type server struct {
	conn   *conn
	world  *world
	broken error // why there is no world

	mu     sync.Mutex
	cancel map[uint64]context.CancelFunc // of questions being answered
}

func (s *server) serve() error {
	for {
		m, err := s.conn.receive()
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, unix.ECONNRESET):
			return nil // the parent has ended: so do we, and all processes with us
		case err != nil:
			return fmt.Errorf("lab: receive: %w", err)
		}
		s.mu.Lock()
		if m.Op == opCancel {
			if cancel := s.cancel[m.ID]; cancel != nil {
				cancel()
			}
			s.mu.Unlock()
			continue
		}
		ctx, cancel := context.WithCancel(context.Background())
		s.cancel[m.ID] = cancel
		s.mu.Unlock()
		if m.Op == opDown {
			return s.down(m)
		}
		go s.answer(ctx, m)
	}
}

func (s *server) answer(ctx context.Context, m message) {
	reply := message{ID: m.ID}
	var result any
	var files []*os.File
	var err error
	if m.Op == opRead {
		result, reply.raw, err = s.read(ctx, m)
	} else {
		result, files, err = s.do(ctx, m)
	}
	if err == nil {
		err = reply.encode(result)
	}
	if err != nil {
		reply.Error = encodeError(err)
	} else {
		reply.files = files
	}
	s.mu.Lock()
	s.cancel[m.ID]()
	delete(s.cancel, m.ID)
	s.mu.Unlock()
	s.conn.send(reply) // if this fails the parent has ended, and serve sees it
	closeAll(files)
}

func (s *server) exited(pid int, e Exit) {
	s.conn.send(message{Exited: &exited{PID: pid, Exit: e}})
}

// down takes the world down and answers as the last thing. Whatever still waits,
// as a host that is being shut down does, is given up.
func (s *server) down(m message) error {
	s.mu.Lock()
	for _, cancel := range s.cancel {
		cancel()
	}
	s.mu.Unlock()
	reply := message{ID: m.ID}
	if s.world != nil {
		if err := s.world.down(); err != nil {
			reply.Error = encodeError(err)
		}
	}
	return s.conn.send(reply)
}

// do does what is asked.
func (s *server) do(ctx context.Context, m message) (result any, files []*os.File, err error) {
	if m.Op != opStart {
		closeAll(m.files)
	}
	if s.broken != nil {
		return nil, nil, s.broken
	}
	w := s.world
	switch m.Op {
	case opHello:
		return helloResult{Lacks: w.lacks, OwnProc: ownProc()}, nil, nil
	case opAddHost:
		result, err = with(m, func(h Host) (HostInfo, error) { return w.addHost(h) })
	case opHosts:
		return w.infos(), nil, nil
	case opStart:
		var a startArgs
		if err := json.Unmarshal(m.Body, &a); err != nil {
			return nil, nil, err
		}
		result, files, err := w.start(a, m.files)
		if started, ok := result.(startResult); ok && ctx.Err() != nil { // nobody would know of it
			closeAll(files)
			return nil, nil, errors.Join(ctx.Err(), w.procs.signal(started.PID, unix.SIGKILL))
		}
		return result, files, err
	case opSignal:
		result, err = with(m, func(a signalArgs) (any, error) { return nil, w.procs.signal(a.PID, a.Signal) })
	case opPower:
		result, err = with(m, func(a powerArgs) (any, error) { return nil, w.power(ctx, a) })
	case opProbe:
		return nil, nil, w.probe(ctx)
	case opSysctl:
		result, err = with(m, w.sysctl)
	case opSockets:
		result, err = with(m, w.sockets)
	default:
		result, err = s.doWire(ctx, m)
	}
	return result, nil, err
}

// read waits for frames. Those are much, and go beside the JSON.
func (s *server) read(ctx context.Context, m message) (result any, raw []byte, err error) {
	if s.broken != nil {
		return nil, nil, s.broken
	}
	hub := s.world.hub
	result, err = with(m, func(since wire.Mark) (readResult, error) {
		hub.CountLost()
		frames, mark, err := hub.Capture.Read(ctx, since)
		raw = wire.AppendFrames(nil, frames)
		return readResult{mark}, errors.Join(err, hub.Err())
	})
	return result, raw, err
}

// doWire does what concerns the hub.
func (s *server) doWire(ctx context.Context, m message) (any, error) {
	w := s.world
	switch m.Op {
	case opAddRule:
		return with(m, w.addRule)
	case opDelRules:
		return with(m, w.delRules)
	case opRules:
		return w.hub.Rules(), nil
	case opForget:
		return with(m, w.forget)
	case opMark:
		w.hub.CountLost()
		busy := w.hub.Busy() // asked first: what it has then, the mark counts
		mark, err := w.hub.Capture.Mark(ctx)
		mark.Busy = busy
		return mark, errors.Join(err, w.hub.Err())
	}
	return nil, fmt.Errorf("%w: %q cannot be asked", errProtocol, m.Op)
}

// with decodes the arguments of a question.
func with[A, R any](m message, f func(A) (R, error)) (any, error) {
	var args A
	if len(m.Body) > 0 {
		if err := json.Unmarshal(m.Body, &args); err != nil {
			return nil, fmt.Errorf("%w: %w", errProtocol, err)
		}
	}
	return f(args)
}

// killWait is how long killed processes are waited for. One that is in the
// kernel's hands (state D) may take longer, and dies then.
const killWait = 2 * time.Second
