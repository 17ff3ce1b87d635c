package session

import (
	"context"
	"encoding/json"
	"fmt"

	"sockbook/kernel/jupyter"
	"sockbook/kernel/transport"
)

// serveControl answers the control channel, also while a cell runs.
func (s *Session) serveControl(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case m, ok := <-s.config.Wire.Control():
			if !ok {
				return
			}
			s.handle(transport.Control, m, func() (any, error) { return s.control(m) })
			s.stillBusy()
		}
	}
}

func (s *Session) control(m *jupyter.Message) (any, error) {
	switch m.Type() {
	case jupyter.KernelInfoRequestType:
		return s.info(), nil
	case jupyter.InterruptRequestType:
		s.Interrupt()
		return jupyter.InterruptReply{}, nil
	case jupyter.ShutdownRequestType:
		return s.shutdown(m)
	case jupyter.DebugRequestType:
		return s.debug(m)
	case jupyter.CreateSubshellRequestType, jupyter.DeleteSubshellRequestType, jupyter.ListSubshellRequestType:
		return nil, fmt.Errorf("%s: this kernel has no subshells; it answers other requests beside a running cell anyway", m.Type())
	default:
		s.config.Log.Warn("unknown control request", "type", m.Type())
		return nil, nil
	}
}

// Interrupt ends the running cell, its state kept. Between cells it does
// nothing.
func (s *Session) Interrupt() {
	s.mu.Lock()
	stop := s.stop
	s.mu.Unlock()
	if stop != nil {
		stop()
	}
}

func (s *Session) shutdown(m *jupyter.Message) (any, error) {
	var req jupyter.ShutdownRequest
	if err := m.Unmarshal(&req); err != nil {
		return nil, err
	}
	reply := jupyter.ShutdownReply{Restart: req.Restart}
	s.publish(m.Header, note{jupyter.ShutdownReplyType, reply})
	s.over.Store(true)
	return reply, nil
}

// debug refuses in the words of the Debug Adapter Protocol: there is no
// debugger.
func (s *Session) debug(m *jupyter.Message) (any, error) {
	var req jupyter.DebugRequest
	if err := json.Unmarshal(m.Content, &req); err != nil {
		return nil, fmt.Errorf("debug_request: %w", err)
	}
	return jupyter.DebugReply{
		Seq: 1, Type: "response", RequestSeq: req.Seq, Success: false, Command: req.Command,
		Message: "this kernel has no debugger",
	}, nil
}
