package session

import (
	"sockbook/kernel/cell"
	"sockbook/kernel/jupyter"
)

func (s *Session) isComplete(m *jupyter.Message) (any, error) {
	var req jupyter.IsCompleteRequest
	if err := m.Unmarshal(&req); err != nil {
		return nil, err
	}
	status, indent := cell.IsComplete(req.Code)
	return jupyter.IsCompleteReply{Status: jupyter.Completeness(status), Indent: indent}, nil
}
