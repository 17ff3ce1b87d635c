package session

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"sockbook/kernel/jupyter"
	"sockbook/kernel/runner"
	"sockbook/kernel/transport"
	"sockbook/kernel/worker"
)

// A frontend that runs a whole notebook sends its cells one after the other
// without waiting. What arrives before the error reply leaves was sent without
// knowing of the error, so the reply waits until nothing has come for
// abortQuiet, at most abortMost; all that came is aborted.
const (
	abortQuiet = 5 * time.Millisecond
	abortMost  = 50 * time.Millisecond
)

// runCells runs cells in the order in which they came.
func (s *Session) runCells(ctx context.Context) {
	for {
		m := s.queue.next(ctx)
		if m == nil {
			return
		}
		for _, waiting := range s.execute(m) {
			s.handle(transport.Shell, waiting, func() (any, error) {
				return jupyter.ExecuteReply{Status: jupyter.StatusAborted}, nil
			})
		}
	}
}

// execute runs one cell. It returns the requests that are aborted because it
// failed.
func (s *Session) execute(m *jupyter.Message) (aborted []*jupyter.Message) {
	keep := func() {} // in the history, after idle: nobody waits for the disk
	defer func() { keep() }()
	var req jupyter.ExecuteRequest
	if err := m.Unmarshal(&req); err != nil {
		s.handle(transport.Shell, m, func() (any, error) { return nil, err })
		return nil
	}
	count := s.countCell(req.StoreHistory && !req.Silent)
	first := []note{status(jupyter.Busy)}
	if !req.Silent {
		first = append(first, note{jupyter.ExecuteInputType, jupyter.ExecuteInput{Code: req.Code, ExecutionCount: count}})
	}
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	s.interruptible(cancel)
	s.setRunning(&m.Header)
	s.publish(m.Header, first...)
	var last []note
	content, err := s.guard(func() (any, error) {
		defer s.setRunning(nil)
		defer s.interruptible(nil)
		reply, result := s.runCell(ctx, m, req, count)
		if result != nil && !req.Silent {
			last = append(last, note{jupyter.ExecuteResultType, jupyter.ExecuteResult{ExecutionCount: count, Data: result}})
		}
		if req.StoreHistory && !req.Silent {
			text, _ := result["text/plain"].(string)
			keep = func() { s.keep(count, req.Code, text) }
		}
		if reply.Status != jupyter.StatusOK && req.StopOnError {
			aborted = s.abort()
		}
		return reply, nil
	})
	s.conclude(transport.Shell, m, content, err, last...)
	return aborted
}

// setRunning notes which cell runs: before its busy, and none before its idle.
func (s *Session) setRunning(h *jupyter.Header) {
	s.again.Lock()
	defer s.again.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = h
}

func (s *Session) abort() []*jupyter.Message {
	failed := time.Now()
	for {
		quiet := time.Since(s.queue.lastAfter(failed))
		if quiet >= abortQuiet || time.Since(failed) >= abortMost {
			break
		}
		time.Sleep(abortQuiet - quiet)
	}
	return s.queue.takeAll()
}

// runCell runs a cell, and returns its reply and its result.
func (s *Session) runCell(ctx context.Context, m *jupyter.Message, req jupyter.ExecuteRequest, count int) (reply jupyter.ExecuteReply, result jupyter.MIMEBundle) {
	out := &output{session: s, request: m, silent: req.Silent, stdin: req.AllowStdin}
	outcome := s.run(ctx, fmt.Sprintf("[%d]", count), req.Code, out)
	reply = jupyter.ExecuteReply{Status: jupyter.StatusOK, ExecutionCount: count}
	if outcome.Failure != nil {
		reply.Status, reply.Error = jupyter.StatusError, errorContent(outcome.Failure)
		if !req.Silent {
			s.publish(m.Header, note{jupyter.ErrorType, reply.Error})
		}
	} else {
		result = outcome.Result
		if outcome.Rewritten != "" {
			reply.Payload = []jupyter.Object{{"source": "set_next_input", "text": outcome.Rewritten, "replace": true}}
		}
		reply.UserExpressions = s.evaluate(ctx, count, req.UserExpressions, out)
	}
	return reply, result
}

func (s *Session) keep(count int, input, result string) {
	if err := s.config.History.Add(count, input, result); err != nil {
		s.config.Log.Warn("history", "err", err)
	}
}

// countCell returns the execution count of a cell: the next if it is counted,
// else that of the last one.
func (s *Session) countCell(counted bool) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if counted {
		s.count++
	}
	return s.count
}

func errorContent(f *worker.Failure) jupyter.Error {
	return jupyter.Error{Name: f.Name, Value: f.Message, Traceback: f.Traceback}
}

// run runs the text of a cell until ctx ends.
func (s *Session) run(ctx context.Context, name, text string, out *output) runner.Result {
	return s.runner.Run(ctx, name, text, out, func(o worker.Outcome) {
		if o.Failure != nil && !o.Asked && s.ctx.Err() == nil {
			s.publish(out.request.Header, note{jupyter.ErrorType, errorContent(o.Failure)})
		}
	})
}

// interruptible makes stop what an interrupt calls.
func (s *Session) interruptible(stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop = stop
}

// evaluate answers the user_expressions of a request: each is a cell of its
// own, silent, which leaves only its value.
func (s *Session) evaluate(ctx context.Context, count int, expressions map[string]string, out *output) jupyter.Object {
	values := jupyter.Object{}
	for _, name := range slices.Sorted(maps.Keys(expressions)) {
		quiet := &output{session: s, request: out.request, silent: true}
		outcome := s.run(ctx, fmt.Sprintf("[%d] %s", count, name), expressions[name], quiet)
		if outcome.Failure != nil {
			values[name] = jupyter.NewErrorReply(errorContent(outcome.Failure))
			continue
		}
		values[name] = struct {
			Status   jupyter.Status     `json:"status"`
			Data     jupyter.MIMEBundle `json:"data"`
			Metadata jupyter.Object     `json:"metadata"`
		}{jupyter.StatusOK, outcome.Result, nil}
	}
	return values
}
