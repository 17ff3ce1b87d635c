package session

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"sockbook/kernel/history"
	"sockbook/kernel/jupyter"
	"sockbook/kernel/transport"
)

// A request that is no cell waits for the cells before it as long as
// askPatience, so that after a short cell the order is kept. Beside a longer
// one it is answered at once: completion works while a server runs.
const askPatience = 50 * time.Millisecond

// askLimit is how long a worker may take to answer.
const askLimit = 5 * time.Second

func (s *Session) answerAsks(ctx context.Context) {
	for {
		m := s.asks.next(ctx)
		if m == nil {
			return
		}
		for end := time.Now().Add(askPatience); s.queue.busy() && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		s.handle(transport.Shell, m, func() (any, error) { return s.answer(ctx, m) })
		s.stillBusy()
	}
}

// stillBusy repeats the busy status of a running cell: frontends show the last
// status they saw, which was another request's idle.
func (s *Session) stillBusy() {
	s.again.Lock()
	defer s.again.Unlock()
	s.mu.Lock()
	running := s.running
	s.mu.Unlock()
	if running != nil {
		s.publish(*running, status(jupyter.Busy))
	}
}

// answer returns the reply to any request of the shell channel but
// execute_request; nil where the specification has no reply.
func (s *Session) answer(ctx context.Context, m *jupyter.Message) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	switch m.Type() {
	case jupyter.KernelInfoRequestType:
		return s.info(), nil
	case jupyter.CompleteRequestType:
		return s.complete(ctx, m)
	case jupyter.InspectRequestType:
		return s.inspect(ctx, m)
	case jupyter.IsCompleteRequestType:
		return s.isComplete(m)
	case jupyter.HistoryRequestType:
		return s.history(m)
	case jupyter.CommInfoRequestType:
		return s.commInfo(m)
	case jupyter.CommOpenType, jupyter.CommMsgType, jupyter.CommCloseType:
		s.comm(m)
		return nil, nil
	case jupyter.ConnectRequestType:
		c := s.config.Connection
		return jupyter.ConnectReply{Shell: c.ShellPort, IOPub: c.IOPubPort, Stdin: c.StdinPort, Control: c.ControlPort, Heartbeat: c.HeartbeatPort}, nil
	case jupyter.ShutdownRequestType:
		return s.shutdown(m)
	case jupyter.InterruptRequestType:
		s.Interrupt()
		return jupyter.InterruptReply{}, nil
	default:
		s.config.Log.Warn("unknown request", "type", m.Type())
		return nil, nil
	}
}

func (s *Session) complete(ctx context.Context, m *jupyter.Message) (any, error) {
	var req jupyter.CompleteRequest
	if err := m.Unmarshal(&req); err != nil {
		return nil, err
	}
	c, ok := s.completeDirective(req.Code, req.CursorPos)
	if !ok {
		w, code, err := s.processOf(req.Code)
		if err == nil {
			c, err = w.Complete(ctx, code, req.CursorPos)
		}
		if err != nil {
			return nil, fmt.Errorf("complete: %w", err)
		}
	}
	reply := jupyter.CompleteReply{CursorStart: c.Start, CursorEnd: c.End}
	types := []jupyter.CompletionType{}
	for _, match := range c.Matches {
		reply.Matches = append(reply.Matches, match.Text)
		types = append(types, jupyter.CompletionType{Text: match.Text, Type: match.Kind, Signature: match.Signature, Start: match.Start, End: match.End})
	}
	reply.Metadata = jupyter.Object{jupyter.CompletionTypes: types}
	return reply, nil
}

// processOf returns the process to ask about a cell, and the cell with its
// directives' lines made comments of the same length, so that every place in
// it stays where it is.
func (s *Session) processOf(code string) (Worker, string, error) {
	lines, process := strings.Split(code, "\n"), ""
	for i, l := range lines {
		if !strings.HasPrefix(l, "%") {
			break
		}
		if words := strings.Fields(l); words[0] == "%%on" && len(words) > 1 {
			process, _, _ = strings.Cut(words[1], "@")
		}
		lines[i] = strings.Repeat(" ", utf8.RuneCountInString(l))
	}
	w, err := s.config.Asked(process)
	return w, strings.Join(lines, "\n"), err
}

func (s *Session) inspect(ctx context.Context, m *jupyter.Message) (any, error) {
	var req jupyter.InspectRequest
	if err := m.Unmarshal(&req); err != nil {
		return nil, err
	}
	i, ok := s.inspectDirective(req.Code, req.CursorPos)
	if !ok {
		w, code, err := s.processOf(req.Code)
		if err == nil {
			i, err = w.Inspect(ctx, code, req.CursorPos, req.DetailLevel)
		}
		if err != nil {
			return nil, fmt.Errorf("inspect: %w", err)
		}
	}
	reply := jupyter.InspectReply{Found: i.Found, Data: jupyter.MIMEBundle{}}
	for mime, text := range i.Data {
		reply.Data[mime] = text
	}
	return reply, nil
}

func (s *Session) history(m *jupyter.Message) (any, error) {
	var req jupyter.HistoryRequest
	if err := m.Unmarshal(&req); err != nil {
		return nil, err
	}
	n := -1
	if req.N != nil {
		n = *req.N
	}
	stop := -1
	if req.Stop != nil {
		stop = *req.Stop
	}
	var found []history.Entry
	switch req.Access {
	case jupyter.HistoryTail:
		found = s.config.History.Tail(n)
	case jupyter.HistoryRange:
		found = s.config.History.Range(req.Session, req.Start, stop)
	case jupyter.HistorySearch:
		found = s.config.History.Search(req.Pattern, n, req.Unique)
	default:
		return nil, fmt.Errorf("history_request: hist_access_type is %q, want tail, range or search", req.Access)
	}
	reply := jupyter.HistoryReply{}
	for _, e := range found {
		entry := jupyter.HistoryEntry{Session: e.Session, Line: e.Line, Input: e.Input, WithOutput: req.Output}
		if e.Output != "" {
			entry.Output = &e.Output
		}
		reply.History = append(reply.History, entry)
	}
	return reply, nil
}
