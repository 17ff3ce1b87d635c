package jupyter

import "encoding/json"

// ExecuteRequest asks to run code ("Execute").
type ExecuteRequest struct {
	Code string `json:"code"`
	// Silent asks for no output on iopub, no result, no count and no history.
	Silent bool `json:"silent"`
	// StoreHistory is true by default and always false if Silent.
	StoreHistory bool `json:"store_history"`
	// UserExpressions are evaluated after the code, each under its name.
	UserExpressions map[string]string `json:"user_expressions"`
	// AllowStdin permits input requests; true by default.
	AllowStdin bool `json:"allow_stdin"`
	// StopOnError aborts the requests that wait if this one fails; true by default.
	StopOnError bool `json:"stop_on_error"`
}

func (r *ExecuteRequest) setDefaults() {
	*r = ExecuteRequest{StoreHistory: true, AllowStdin: true, StopOnError: true}
}

func (r *ExecuteRequest) check(has func(string) bool) (field, reason string) {
	r.StoreHistory = r.StoreHistory && !r.Silent
	return need(has, "code")
}

// InspectRequest asks what is at the cursor ("Introspection").
type InspectRequest struct {
	Code string `json:"code"`
	// CursorPos counts Unicode code points; the end of the code if not given.
	CursorPos int `json:"cursor_pos"`
	// DetailLevel is 0, or 1 for more (a second press of the key, or ??).
	DetailLevel int `json:"detail_level"`
}

func (r *InspectRequest) check(has func(string) bool) (field, reason string) {
	if r.DetailLevel != 0 && r.DetailLevel != 1 {
		return "detail_level", "must be 0 or 1"
	}
	return checkCursor(has, r.Code, &r.CursorPos)
}

// CompleteRequest asks what could stand at the cursor ("Completion").
type CompleteRequest struct {
	Code string `json:"code"`
	// CursorPos counts Unicode code points; the end of the code if not given.
	CursorPos int `json:"cursor_pos"`
}

func (r *CompleteRequest) check(has func(string) bool) (field, reason string) {
	return checkCursor(has, r.Code, &r.CursorPos)
}

// HistoryAccess is the kind of a HistoryRequest.
type HistoryAccess string

// The kinds of history requests.
const (
	HistoryRange  HistoryAccess = "range"  // cells Start to Stop of Session
	HistoryTail   HistoryAccess = "tail"   // the last N cells
	HistorySearch HistoryAccess = "search" // the last N cells that match Pattern
)

// HistoryRequest asks for earlier cells ("History").
type HistoryRequest struct {
	Output bool          `json:"output"` // results too
	Raw    bool          `json:"raw"`    // the code as typed; true by default, as in ipykernel
	Access HistoryAccess `json:"hist_access_type"`
	// Session counts up from 1 with each start of the kernel; 0 and below count back from this one.
	Session int `json:"session"`
	// Start is the first cell, Stop the one after the last, nil for no end.
	Start int  `json:"start"`
	Stop  *int `json:"stop"`
	// N bounds tail and search; nil for no bound.
	N *int `json:"n"`
	// Pattern is a glob with * and ?.
	Pattern string `json:"pattern"`
	Unique  bool   `json:"unique"` // each text once
}

func (r *HistoryRequest) setDefaults() { *r = HistoryRequest{Raw: true, Pattern: "*"} }

func (r *HistoryRequest) check(has func(string) bool) (field, reason string) {
	if field, reason = need(has, "hist_access_type"); reason != "" {
		return field, reason
	}
	switch r.Access {
	case HistoryRange, HistoryTail, HistorySearch:
	default:
		return "hist_access_type", `must be "range", "tail" or "search"`
	}
	if r.N != nil && *r.N < 0 {
		return "n", "must not be negative"
	}
	return "", ""
}

// IsCompleteRequest asks whether a console should run the code or let the user go on typing ("Code completeness").
type IsCompleteRequest struct {
	Code string `json:"code"`
}

func (r *IsCompleteRequest) check(has func(string) bool) (field, reason string) {
	return need(has, "code")
}

// ConnectRequest asks for the kernel's ports ("Connect"; deprecated).
type ConnectRequest struct{}

// CommInfoRequest asks for the open comms ("Comm info").
type CommInfoRequest struct {
	// TargetName limits the answer to one target; empty for all.
	TargetName string `json:"target_name"`
}

// KernelInfoRequest asks what the kernel is ("Kernel info").
type KernelInfoRequest struct{}

// ShutdownRequest asks the kernel to end ("Kernel shutdown").
type ShutdownRequest struct {
	Restart bool `json:"restart"` // another one will follow
}

// InterruptRequest asks to stop the running code ("Kernel interrupt").
type InterruptRequest struct{}

// DebugRequest is a request of the Debug Adapter Protocol ("Debug request").
type DebugRequest struct {
	Seq       int             `json:"seq"`
	Type      string          `json:"type"`
	Command   string          `json:"command"`
	Arguments json.RawMessage `json:"arguments,omitempty"`
}

// InputReply is a line that the user typed ("Messages on the stdin channel").
type InputReply struct {
	Value string `json:"value"`
}

func (r *InputReply) check(has func(string) bool) (field, reason string) { return need(has, "value") }

// CommOpen opens a comm: a channel between a frontend's object and a kernel's ("Custom Messages").
type CommOpen struct {
	CommID     string `json:"comm_id"`
	TargetName string `json:"target_name"`
	Data       Object `json:"data"`
}

func (c *CommOpen) check(has func(string) bool) (field, reason string) {
	return need(has, "comm_id", "target_name")
}

// CommMsg carries data over a comm.
type CommMsg struct {
	CommID string `json:"comm_id"`
	Data   Object `json:"data"`
}

func (c *CommMsg) check(has func(string) bool) (field, reason string) { return need(has, "comm_id") }

// CommClose ends a comm.
type CommClose struct {
	CommID string `json:"comm_id"`
	Data   Object `json:"data"`
}

func (c *CommClose) check(has func(string) bool) (field, reason string) { return need(has, "comm_id") }
