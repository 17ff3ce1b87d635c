package sandbox

import (
	"errors"

	"sockbook/runtime/netns"
)

// Finding is what Probe found of a mode. It is data to be printed, or encoded.
type Finding struct {
	Mode     Mode     `json:"mode"`
	Works    bool     `json:"works"`
	Landlock int      `json:"landlock"`        // its version; 0: none
	Lacks    []string `json:"lacks,omitempty"` // what this place does not allow in this mode
	Why      string   `json:"why,omitempty"`   // it does not work
	Hint     string   `json:"hint,omitempty"`  // what would help
	Means    string   `json:"means"`           // for whoever runs cells so
}

// means says what a mode is, in plain words.
var means = map[Mode]string{
	Namespaces: "cells have namespaces of their own: nothing of this machine's files, processes and networks is in reach",
	Loopback:   "cells have no namespaces: they see the machine's loopback, and reach only each other on it; Landlock keeps files from them",
}

// Probe finds out which of the confining modes this place allows by starting a
// process in each. The command's program calls Enter and ends.
func Probe(command Command) []Finding {
	var findings []Finding
	for _, mode := range DefaultModes {
		f := Finding{Mode: mode, Means: means[mode], Landlock: landlockABI()}
		if r, err := probe(mode, command); err != nil {
			f.Why = err.Error()
			var refused *netns.NotAllowedError
			if errors.As(err, &refused) {
				f.Hint = refused.Hint
			}
		} else {
			f.Works, f.Landlock, f.Lacks = true, r.Landlock, r.Lacks
		}
		findings = append(findings, f)
	}
	return findings
}

func probe(mode Mode, command Command) (Report, error) {
	p, err := startIn(mode, command, Config{Memory: 1 << 30})
	if err != nil {
		return Report{}, err
	}
	served := make(chan error, 1)
	go func() { served <- p.Serve(func(r Read) { r.EOF() }) }()
	_, err = p.Wait()
	return p.Report(), errors.Join(err, <-served)
}
