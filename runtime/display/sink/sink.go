// Package sink is where the display package leaves what it shows. The worker
// sets the sink; a program built with go build has none and prints text.
// It is no package for cells.
package sink

import "sync/atomic"

// Kind says what a Message asks the frontend to do.
type Kind string

const (
	Show   Kind = "display_data"
	Update Kind = "update_display_data"
	Clear  Kind = "clear_output"
)

// Message is one request to a frontend: display_data, update_display_data or
// clear_output of the Jupyter messaging specification.
type Message struct {
	Kind Kind           `json:"kind"`
	Data map[string]any `json:"data,omitempty"` // MIME type → string, or any value that JSON can hold
	// Metadata says how to show the data: MIME type → e.g. {"width": 640}.
	Metadata map[string]any `json:"metadata,omitempty"`
	ID       string         `json:"id,omitempty"`   // display_id
	Wait     bool           `json:"wait,omitempty"` // of Clear: until the next output arrives
}

var current atomic.Pointer[func(Message) error]

// Set makes f receive every message from now on; nil takes it away.
func Set(f func(Message) error) {
	if f == nil {
		current.Store(nil)
		return
	}
	current.Store(&f)
}

// Send hands m to the sink. It reports false if there is none.
func Send(m Message) (bool, error) {
	f := current.Load()
	if f == nil {
		return false, nil
	}
	return true, (*f)(m)
}
