package session

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"sockbook/kernel/directive"
	"sockbook/kernel/jupyter"
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
	s.handle(transport.Shell, m, func() (any, error) {
		var req jupyter.ExecuteRequest
		if err := m.Unmarshal(&req); err != nil {
			return nil, err
		}
		s.setRunning(&m.Header)
		defer s.setRunning(nil)
		reply := s.runCell(m, req)
		if reply.Status != jupyter.StatusOK && req.StopOnError {
			aborted = s.abort()
		}
		return reply, nil
	})
	return aborted
}

func (s *Session) setRunning(h *jupyter.Header) {
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

func (s *Session) runCell(m *jupyter.Message, req jupyter.ExecuteRequest) jupyter.ExecuteReply {
	count := s.countCell(req.StoreHistory && !req.Silent)
	if !req.Silent {
		s.publish(m.Header, jupyter.ExecuteInputType, jupyter.ExecuteInput{Code: req.Code, ExecutionCount: count})
	}
	out := &output{session: s, request: m, silent: req.Silent, stdin: req.AllowStdin}
	outcome := s.run(fmt.Sprintf("[%d]", count), req.Code, out)
	var result string
	if outcome.Result != nil && outcome.Failure == nil && !req.Silent {
		s.publish(m.Header, jupyter.ExecuteResultType, jupyter.ExecuteResult{ExecutionCount: count, Data: outcome.Result})
		result, _ = outcome.Result["text/plain"].(string)
	}
	reply := jupyter.ExecuteReply{Status: jupyter.StatusOK, ExecutionCount: count}
	if outcome.Failure != nil {
		reply.Status, reply.Error = jupyter.StatusError, errorContent(outcome.Failure)
		if !req.Silent {
			s.publish(m.Header, jupyter.ErrorType, reply.Error)
		}
	} else {
		if out.rewritten != "" {
			reply.Payload = []jupyter.Object{{"source": "set_next_input", "text": out.rewritten, "replace": true}}
		}
		reply.UserExpressions = s.evaluate(count, req.UserExpressions, out)
	}
	if req.StoreHistory && !req.Silent {
		if err := s.config.History.Add(count, req.Code, result); err != nil {
			s.config.Log.Warn("history", "err", err)
		}
	}
	return reply
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

// run runs the text of a cell: its directives, and its Go as they say.
func (s *Session) run(name, text string, out *output) worker.Outcome {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	s.interruptible(cancel)
	defer s.interruptible(nil)
	outcome, err := s.carryOut(ctx, cancel, name, text, out)
	if err != nil {
		return worker.Outcome{Failure: failureOf(err)}
	}
	return outcome
}

// interruptible makes stop what an interrupt calls.
func (s *Session) interruptible(stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop = stop
}

func (s *Session) carryOut(ctx context.Context, cancel func(), name, text string, out *output) (worker.Outcome, error) {
	cell, err := s.set.Split(text)
	if err != nil {
		return worker.Outcome{}, err
	}
	plan := &directive.Plan{}
	for _, call := range cell.Plan {
		if err := call.Cell(ctx, call.Args, plan); err != nil {
			return worker.Outcome{}, call.Mistake(err)
		}
	}
	if plan.Rewrite != nil {
		out.rewritten, err = plan.Rewrite(cell.Rest)
		return worker.Outcome{}, err
	}
	if err := lines(ctx, cell.Before, out); err != nil {
		return worker.Outcome{}, err
	}
	if plan.Background {
		s.runBackground(name, cell, plan, out)
		return worker.Outcome{}, lines(ctx, cell.After, out)
	}
	outcome, err := s.runGo(name, cell, plan, out, func(w Worker) {
		s.interruptible(func() { cancel(); w.Interrupt() })
	})
	s.interruptible(cancel)
	for _, after := range plan.After {
		after(s.ctx, out) // also after an interrupt
	}
	if err == nil && outcome.Failure == nil {
		err = lines(ctx, cell.After, out)
	}
	return outcome, err
}

// lines carries out directives; the first that fails ends it.
func lines(ctx context.Context, calls []directive.Call, out *output) error {
	for _, call := range calls {
		if err := call.Run(ctx, call.Args, out); err != nil {
			return call.Mistake(err)
		}
	}
	return nil
}

// runGo runs the Go of a cell, in the process that the plan says; begin is told
// which.
func (s *Session) runGo(name string, cell *directive.Cell, plan *directive.Plan, out *output, begin func(Worker)) (worker.Outcome, error) {
	if !cell.HasGo() {
		return worker.Outcome{}, nil
	}
	w, err := s.config.Process(plan.Process)
	if err != nil {
		return worker.Outcome{}, err
	}
	begin(w)
	return w.Run(name, cell.Go, out)
}

// runBackground runs the Go of a cell without waiting for it. Its error is
// published under the cell when it comes.
func (s *Session) runBackground(name string, cell *directive.Cell, plan *directive.Plan, out *output) {
	out.stdin = false // the frontend takes no questions of a cell that is done
	s.background.Go(func() {
		outcome, err := s.runGo(name, cell, plan, out, func(Worker) {})
		if err != nil {
			outcome.Failure = failureOf(err)
		}
		if outcome.Failure != nil && s.ctx.Err() == nil {
			s.publish(out.request.Header, jupyter.ErrorType, errorContent(outcome.Failure))
		}
		for _, after := range plan.After {
			after(s.ctx, out)
		}
	})
}

// failureOf turns an error of Sockbook's own into what a cell shows.
func failureOf(err error) *worker.Failure {
	var mistake *directive.Error
	if errors.As(err, &mistake) {
		return &worker.Failure{Name: "directive", Message: mistake.Msg, Traceback: []string{
			fmt.Sprintf("\x1b[0;31mline %d: %s\x1b[0m", mistake.Line, mistake.Msg), "    " + mistake.Text, "Hint: " + mistake.Hint,
		}}
	}
	e := errorOf(err)
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		e.Traceback = append(e.Traceback, "Hint: "+hinted.Hint())
	}
	return &worker.Failure{Name: e.Name, Message: e.Value, Traceback: e.Traceback}
}

// evaluate answers the user_expressions of a request: each is a cell of its
// own, silent, which leaves only its value.
func (s *Session) evaluate(count int, expressions map[string]string, out *output) jupyter.Object {
	values := jupyter.Object{}
	for _, name := range slices.Sorted(maps.Keys(expressions)) {
		quiet := &output{session: s, request: out.request, silent: true}
		outcome := s.run(fmt.Sprintf("[%d] %s", count, name), expressions[name], quiet)
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
