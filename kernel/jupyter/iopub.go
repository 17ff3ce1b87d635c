package jupyter

// InputRequest asks the user for a line ("Messages on the stdin channel"). It goes to the frontend whose
// execute_request allows it, with that request's identities.
type InputRequest struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"` // do not echo
}

// IOPubWelcome tells a subscriber that its subscription stands ("Welcome message").
type IOPubWelcome struct {
	Subscription string `json:"subscription"` // its topic; empty for all
}

// StreamName is which stream a Stream is part of.
type StreamName string

// The streams.
const (
	Stdout StreamName = "stdout"
	Stderr StreamName = "stderr"
)

// Stream is text that the code wrote ("Streams").
type Stream struct {
	Name StreamName `json:"name"`
	Text string     `json:"text"`
}

// Transient is what a display carries that is not kept in the notebook.
type Transient struct {
	DisplayID string `json:"display_id,omitempty"` // by which UpdateDisplayData finds it
}

// DisplayData shows something ("Display Data").
type DisplayData struct {
	Data      MIMEBundle `json:"data"`
	Metadata  Object     `json:"metadata"`
	Transient Transient  `json:"transient"`
}

// UpdateDisplayData replaces what earlier messages with the same display id show; the id is required.
type UpdateDisplayData DisplayData

func (u *UpdateDisplayData) check(func(string) bool) (field, reason string) {
	if u.Transient.DisplayID == "" {
		return "transient.display_id", isMissing
	}
	return "", ""
}

// ExecuteInput repeats the code of an execute_request to all frontends ("Code inputs").
type ExecuteInput struct {
	Code           string `json:"code"`
	ExecutionCount int    `json:"execution_count"`
}

// ExecuteResult is the value of a cell ("Execution results").
type ExecuteResult struct {
	ExecutionCount int        `json:"execution_count"`
	Data           MIMEBundle `json:"data"`
	Metadata       Object     `json:"metadata"`
	Transient      Transient  `json:"transient"`
}

// ExecutionState is what a KernelStatus says.
type ExecutionState string

// The states; starting is published once, at the kernel's start.
const (
	Busy     ExecutionState = "busy"
	Idle     ExecutionState = "idle"
	Starting ExecutionState = "starting"
)

// KernelStatus is the content of a status message ("Kernel status").
type KernelStatus struct {
	ExecutionState ExecutionState `json:"execution_state"`
}

// ClearOutput empties the output of the cell ("Clear output").
type ClearOutput struct {
	Wait bool `json:"wait"` // until the next output comes
}
