package jupyter

import (
	"encoding/json"
	"fmt"
)

// Status says how a request went ("Request-Reply"). The zero value is sent as "ok".
type Status string

// The values of a reply's status.
const (
	StatusOK      Status = "ok"
	StatusError   Status = "error"
	StatusAborted Status = "aborted"
)

// MarshalText gives "ok" for the zero Status.
func (s Status) MarshalText() ([]byte, error) {
	if s == "" {
		s = StatusOK
	}
	return []byte(s), nil
}

// Object is a JSON object that is sent as {} if nil.
type Object map[string]any

// MarshalJSON gives {} for a nil Object.
func (o Object) MarshalJSON() ([]byte, error) {
	if o == nil {
		return []byte("{}"), nil
	}
	return marshal(map[string]any(o))
}

// A MIMEBundle holds one thing in several forms: MIME type to text, base64 of bytes, or for application/json a value.
type MIMEBundle = Object

// Strings is a list that is sent as [] if nil.
type Strings []string

// MarshalJSON gives [] for nil Strings.
func (s Strings) MarshalJSON() ([]byte, error) {
	if s == nil {
		return []byte("[]"), nil
	}
	return marshal([]string(s))
}

// Error is what went wrong: the content of an error message on iopub ("Execution errors"), and part of error replies.
type Error struct {
	Name      string  `json:"ename"`
	Value     string  `json:"evalue"`
	Traceback Strings `json:"traceback"` // lines; may hold ANSI colours
}

// ErrorReply answers any request but an execute_request that failed ("Request-Reply").
type ErrorReply struct {
	Status Status `json:"status"`
	Error
}

// NewErrorReply is the reply that says e.
func NewErrorReply(e Error) ErrorReply { return ErrorReply{StatusError, e} }

// ExecuteReply ends an execution ("Execution results"). Its status decides which other fields are sent: Payload and
// UserExpressions if ok, those of Error if error, none if aborted.
type ExecuteReply struct {
	Status          Status   `json:"status"`
	ExecutionCount  int      `json:"execution_count"`
	UserExpressions Object   `json:"user_expressions"`
	Payload         []Object `json:"payload"` // deprecated, but how a pager is opened
	Error
}

// MarshalJSON sends the fields that belong to the status.
func (r ExecuteReply) MarshalJSON() ([]byte, error) {
	type common struct {
		Status         Status `json:"status"`
		ExecutionCount int    `json:"execution_count"`
	}
	head := common{r.Status, r.ExecutionCount}
	switch r.Status {
	case StatusAborted:
		return marshal(head)
	case StatusError:
		return marshal(struct {
			common
			Error
		}{head, r.Error})
	}
	payload := r.Payload
	if payload == nil {
		payload = []Object{}
	}
	return marshal(struct {
		common
		UserExpressions Object   `json:"user_expressions"`
		Payload         []Object `json:"payload"`
	}{head, r.UserExpressions, payload})
}

// InspectReply describes what is at the cursor ("Introspection").
type InspectReply struct {
	Status   Status     `json:"status"`
	Found    bool       `json:"found"`
	Data     MIMEBundle `json:"data"`
	Metadata Object     `json:"metadata"`
}

// CompleteReply lists what could stand between CursorStart and CursorEnd, in code points ("Completion").
type CompleteReply struct {
	Status      Status  `json:"status"`
	Matches     Strings `json:"matches"`
	CursorStart int     `json:"cursor_start"`
	CursorEnd   int     `json:"cursor_end"`
	Metadata    Object  `json:"metadata"`
}

// CompletionTypes is the key in CompleteReply.Metadata for a []CompletionType, which JupyterLab shows beside the matches.
const CompletionTypes = "_jupyter_types_experimental"

// CompletionType describes one match of a CompleteReply.
type CompletionType struct {
	Text      string `json:"text"`
	Type      string `json:"type"` // "function", "keyword", …
	Signature string `json:"signature,omitempty"`
	Start     int    `json:"start"`
	End       int    `json:"end"`
}

// HistoryReply lists earlier cells ("History").
type HistoryReply struct {
	Status  Status         `json:"status"`
	History []HistoryEntry `json:"history"`
}

// MarshalJSON gives [] for no entries.
func (r HistoryReply) MarshalJSON() ([]byte, error) {
	type plain HistoryReply
	if r.History == nil {
		r.History = []HistoryEntry{}
	}
	return marshal(plain(r))
}

// HistoryEntry is one earlier cell: on the wire [session, line, input] or [session, line, [input, output]].
type HistoryEntry struct {
	Session, Line int
	Input         string
	WithOutput    bool    // the request asked for outputs
	Output        *string // nil (null) if the cell had none
}

// MarshalJSON gives the list form.
func (e HistoryEntry) MarshalJSON() ([]byte, error) {
	if e.WithOutput {
		return marshal([]any{e.Session, e.Line, []any{e.Input, e.Output}})
	}
	return marshal([]any{e.Session, e.Line, e.Input})
}

// UnmarshalJSON reads the list form.
func (e *HistoryEntry) UnmarshalJSON(text []byte) error {
	var list []json.RawMessage
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	if len(list) != 3 {
		return fmt.Errorf("history entry of %d parts, want 3", len(list))
	}
	*e = HistoryEntry{}
	if err := json.Unmarshal(list[0], &e.Session); err != nil {
		return err
	}
	if err := json.Unmarshal(list[1], &e.Line); err != nil {
		return err
	}
	if err := json.Unmarshal(list[2], &e.Input); err == nil {
		return nil
	}
	var pair []*string
	if err := json.Unmarshal(list[2], &pair); err != nil {
		return err
	}
	if len(pair) != 2 || pair[0] == nil {
		return fmt.Errorf("history entry's third part: want input or [input, output]")
	}
	e.Input, e.Output, e.WithOutput = *pair[0], pair[1], true
	return nil
}

// Completeness is the status of an IsCompleteReply.
type Completeness string

// The values of Completeness ("Code completeness").
const (
	Complete          Completeness = "complete"
	Incomplete        Completeness = "incomplete"
	Invalid           Completeness = "invalid"
	UnknownIfComplete Completeness = "unknown"
)

// IsCompleteReply says whether code is ready to run.
type IsCompleteReply struct {
	Status Completeness `json:"status"`
	Indent string       `json:"indent"` // for the next line; sent only if incomplete
}

// MarshalJSON leaves out the indent unless the status is incomplete.
func (r IsCompleteReply) MarshalJSON() ([]byte, error) {
	type plain IsCompleteReply
	if r.Status == Incomplete {
		return marshal(plain(r))
	}
	return marshal(struct {
		Status Completeness `json:"status"`
	}{r.Status})
}

// ConnectReply tells the kernel's ports ("Connect"; deprecated).
type ConnectReply struct {
	Status    Status `json:"status"`
	Shell     int    `json:"shell_port"`
	IOPub     int    `json:"iopub_port"`
	Stdin     int    `json:"stdin_port"`
	Control   int    `json:"control_port"`
	Heartbeat int    `json:"hb_port"`
}

// CommInfoReply lists the open comms by their id ("Comm info").
type CommInfoReply struct {
	Status Status              `json:"status"`
	Comms  map[string]CommInfo `json:"comms"`
}

// CommInfo is one comm of a CommInfoReply.
type CommInfo struct {
	TargetName string `json:"target_name"`
}

// MarshalJSON gives {} for no comms.
func (r CommInfoReply) MarshalJSON() ([]byte, error) {
	type plain CommInfoReply
	if r.Comms == nil {
		r.Comms = map[string]CommInfo{}
	}
	return marshal(plain(r))
}

// KernelInfoReply says what the kernel is ("Kernel info").
type KernelInfoReply struct {
	Status                Status       `json:"status"`
	ProtocolVersion       string       `json:"protocol_version"`
	Implementation        string       `json:"implementation"`
	ImplementationVersion string       `json:"implementation_version"`
	LanguageInfo          LanguageInfo `json:"language_info"`
	Banner                string       `json:"banner"`
	Debugger              bool         `json:"debugger"` // deprecated; SupportedFeatures says it
	HelpLinks             []HelpLink   `json:"help_links"`
	SupportedFeatures     Strings      `json:"supported_features"`
}

// MarshalJSON gives [] for no help links.
func (r KernelInfoReply) MarshalJSON() ([]byte, error) {
	type plain KernelInfoReply
	if r.HelpLinks == nil {
		r.HelpLinks = []HelpLink{}
	}
	return marshal(plain(r))
}

// LanguageInfo tells frontends how to treat the code.
type LanguageInfo struct {
	Name              string `json:"name"`
	Version           string `json:"version"`
	MIMEType          string `json:"mimetype"`
	FileExtension     string `json:"file_extension"` // with the dot
	PygmentsLexer     string `json:"pygments_lexer,omitempty"`
	CodeMirrorMode    any    `json:"codemirror_mode,omitempty"` // a string or an object
	NBConvertExporter string `json:"nbconvert_exporter,omitempty"`
}

// HelpLink is an entry of the frontend's help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// ShutdownReply confirms a ShutdownRequest ("Kernel shutdown"); it is published on iopub too.
type ShutdownReply struct {
	Status  Status `json:"status"`
	Restart bool   `json:"restart"`
}

// InterruptReply confirms an InterruptRequest ("Kernel interrupt").
type InterruptReply struct {
	Status Status `json:"status"`
}

// DebugReply is a response of the Debug Adapter Protocol ("Debug request").
type DebugReply struct {
	Seq        int             `json:"seq"`
	Type       string          `json:"type"` // "response"
	RequestSeq int             `json:"request_seq"`
	Success    bool            `json:"success"`
	Command    string          `json:"command"`
	Message    string          `json:"message,omitempty"` // why not, if not Success
	Body       json.RawMessage `json:"body,omitempty"`
}
