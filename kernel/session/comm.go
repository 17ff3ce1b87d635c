package session

import "sockbook/kernel/jupyter"

// The kernel knows no comm targets, so each comm that a frontend opens is
// closed at once, as the specification asks ("Opening a Comm"), and none is
// ever open.

func (s *Session) commInfo(m *jupyter.Message) (any, error) {
	var req jupyter.CommInfoRequest
	if err := m.Unmarshal(&req); err != nil {
		return nil, err
	}
	return jupyter.CommInfoReply{}, nil
}

// comm handles the messages of the comm protocol, which have no replies.
func (s *Session) comm(m *jupyter.Message) {
	if m.Type() != jupyter.CommOpenType {
		return // for a comm that was closed when it was opened
	}
	var open jupyter.CommOpen
	if err := m.Unmarshal(&open); err != nil {
		s.config.Log.Warn("comm_open", "err", err)
		return
	}
	s.publish(m.Header, note{jupyter.CommCloseType, jupyter.CommClose{CommID: open.CommID}})
}
