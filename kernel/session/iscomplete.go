package session

import (
	"sockbook/kernel/jupyter"
)

func (s *Session) isComplete(m *jupyter.Message) (any, error) {
	var req jupyter.IsCompleteRequest
	if err := m.Unmarshal(&req); err != nil {
		return nil, err
	}
	return jupyter.IsCompleteReply{Status: jupyter.UnknownIfComplete}, nil
}
