package session

import (
	"context"
	"errors"
	"fmt"

	"sockbook/kernel/jupyter"
	"sockbook/kernel/transport"
	"sockbook/kernel/worker"
	"sockbook/runtime/display/sink"
)

// output is where a cell's output goes: to all frontends, as the child of its
// execute_request.
type output struct {
	session *Session
	request *jupyter.Message
	silent  bool // nothing is shown
	stdin   bool // the frontend can be asked for input
}

// Stream publishes printed text.
func (o *output) Stream(name, text string) {
	if !o.silent {
		o.session.publish(o.request.Header, note{jupyter.StreamType, jupyter.Stream{Name: jupyter.StreamName(name), Text: text}})
	}
}

// Display publishes rich output.
func (o *output) Display(m sink.Message) {
	if o.silent {
		return
	}
	data := jupyter.DisplayData{Data: m.Data, Metadata: m.Metadata, Transient: jupyter.Transient{DisplayID: m.ID}}
	switch m.Kind {
	case sink.Clear:
		o.session.publish(o.request.Header, note{jupyter.ClearOutputType, jupyter.ClearOutput{Wait: m.Wait}})
	case sink.Update:
		o.session.publish(o.request.Header, note{jupyter.UpdateDisplayDataType, jupyter.UpdateDisplayData(data)})
	default:
		o.session.publish(o.request.Header, note{jupyter.DisplayDataType, data})
	}
}

// Input asks the frontend that sent the cell for a line.
func (o *output) Input(ctx context.Context) (string, error) {
	if !o.stdin {
		return "", worker.ErrNoInput
	}
	s := o.session
	s.inputs.Lock()
	defer s.inputs.Unlock()
	for len(s.config.Wire.Stdin()) > 0 { // an answer to a question that was interrupted
		<-s.config.Wire.Stdin()
	}
	question, err := s.origin.New(jupyter.InputRequestType, o.request.Header, jupyter.InputRequest{})
	if err != nil {
		return "", err
	}
	question.Identities = o.request.Identities
	if err := s.config.Wire.Reply(transport.Stdin, question); err != nil {
		if errors.Is(err, transport.ErrNoPeer) { // it allows input but has not connected the stdin socket
			return "", worker.ErrNoInput
		}
		return "", fmt.Errorf("ask for input: %w", err)
	}
	for {
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-s.ctx.Done():
			return "", s.ctx.Err()
		case m := <-s.config.Wire.Stdin():
			if m == nil {
				return "", worker.ErrNoInput
			}
			if m.Type() != jupyter.InputReplyType || !m.Parent.IsZero() && m.Parent.ID != question.Header.ID && m.Parent.ID != o.request.Header.ID {
				continue
			}
			var reply jupyter.InputReply
			if err := m.Unmarshal(&reply); err != nil {
				s.config.Log.Warn("input_reply", "err", err)
				continue
			}
			return reply.Value, nil
		}
	}
}
