// Package doctor finds out what a place allows: it runs cells, builds a network
// of two hosts, and says in plain words which lessons lose what, and the one
// option that gives it back. Call [Examine]. It changes nothing, and says
// nothing about how Sockbook is installed.
package doctor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"

	"sockbook/kernel/worker"
	"sockbook/runtime/lab"
	"sockbook/runtime/netns"
	"sockbook/runtime/sandbox"
)

// Cells run one after the other in a notebook of their own; the doctor's trials
// are some.
type Cells interface {
	Run(name, text string, out worker.Sink) (worker.Outcome, error)
	Interrupt()
	Close()
}

// Config says what is examined. It is inert.
type Config struct {
	// Program is Sockbook; its commands "worker" and "netns" are started.
	Program string
	// Cells makes a notebook, without a lab if noLab.
	Cells func(noLab bool) Cells
	// Lessons are judged by what works; see LessonsOf.
	Lessons []Lesson
}

// Name is what an ability is called, also in JSON.
type Name string

// The abilities that a place may have.
const (
	Run      Name = "cells"    // cells run, with sockets on one machine
	Confined Name = "confined" // cells cannot reach what is not theirs
	Hosts    Name = "hosts"    // a network in miniature
	Settings Name = "settings" // %sysctl
	Pictures Name = "pictures" // %%wire between hosts
)

// Ability is something that a place may allow.
type Ability struct {
	Name  Name     `json:"name"`
	Works bool     `json:"works"`
	About string   `json:"about"`           // what it is, in plain words
	Notes []string `json:"notes,omitempty"` // what is lacking though it works
	Why   string   `json:"why,omitempty"`   // it does not work
	Give  string   `json:"give,omitempty"`  // the one option that would give it
}

// Report is what was found.
type Report struct {
	System    string    `json:"system"`              // e.g. "Linux 6.18.1 amd64"
	User      int       `json:"user"`                // the user's number
	Container string    `json:"container,omitempty"` // "docker", "podman", "kubernetes"; empty: none was seen
	Full      bool      `json:"full"`                // all lessons work whole, confined as well as can be
	Abilities []Ability `json:"abilities"`
	Lessons   []Lesson  `json:"lessons"`
}

// Has returns an ability.
func (r *Report) Has(name Name) Ability {
	for _, a := range r.Abilities {
		if a.Name == name {
			return a
		}
	}
	return Ability{Name: name, Why: "it was not tried"}
}

// Examine tries everything. It takes about a second.
func Examine(ctx context.Context, c Config) *Report {
	r := &Report{System: system(), User: os.Getuid(), Container: container()}
	lacks, labErr := lab.Probe(ctx, []string{c.Program, lab.Argument})
	found := c.trial(ctx, labErr != nil)
	r.Abilities = append(r.Abilities, found.ability(Run, "Go cells, with sockets on one machine"), r.confined(c.Program))
	r.Abilities = append(r.Abilities, r.network(lacks, labErr, found)...)
	r.Full = true
	for _, a := range r.Abilities {
		r.Full = r.Full && a.Works
	}
	for _, l := range c.Lessons {
		r.Lessons = append(r.Lessons, r.judge(l))
	}
	return r
}

// network judges what needs hosts.
func (r *Report) network(lacks []string, labErr error, found *trial) []Ability {
	all := []Ability{
		found.ability(Hosts, "hosts joined by a network, each with processes that can be killed, and cables that can be cut"),
		found.ability(Settings, "the settings of each host's TCP (%sysctl), which make minutes seconds"),
		found.ability(Pictures, "a picture of every packet between hosts (%%wire)"),
	}
	all[0].Notes = lacks
	for i := range all {
		a := &all[i]
		switch {
		case a.Works:
		case labErr != nil && i == 0:
			a.Why, a.Give = labErr.Error(), r.give(labErr)
		case labErr != nil:
			a.Why = "there are no hosts"
		case a.Give == "":
			a.Give = reportBug
		}
	}
	return all
}

// confined judges what keeps cells from what is not theirs.
func (r *Report) confined(program string) Ability {
	a := Ability{Name: Confined}
	found, err := probe(program)
	if err != nil {
		a.About, a.Why, a.Give = "cells are kept from the machine", err.Error(), reportBug
		return a
	}
	for _, f := range found {
		switch {
		case f.Works:
			a.About, a.Notes = fmt.Sprintf("%s (Landlock %d)", f.Means, f.Landlock), f.Lacks
			a.Works = a.Why == ""
			if !a.Works {
				a.About = f.Means
			}
			return a
		case a.Why == "":
			a.About, a.Why, a.Give = f.Means, f.Why, r.giveMode(f)
		}
	}
	a.Why += "; and so no cell runs"
	return a
}

// probe starts workers that have nothing to do, in each way to confine them.
func probe(program string) ([]sandbox.Finding, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("socketpair", err)
	}
	unix.Close(pair[0]) // so that a worker finds its work done
	frames := os.NewFile(uintptr(pair[1]), "frames")
	defer frames.Close()
	return sandbox.Probe(sandbox.Command{Argv: []string{program, "worker"}, Env: []string{}, Files: []*os.File{null, null, null, frames}}), nil
}

const reportBug = "this should have worked: please report it with what \"sockbook doctor --json\" prints"

// What each kind of container takes to allow namespaces, and a whole /proc.
var containerGives = map[string]struct{ namespaces, proc string }{
	"docker": {
		"docker run --security-opt seccomp=sockbook.json --security-opt systempaths=unconfined …  (\"sockbook doctor --seccomp-profile > sockbook.json\" writes the file)",
		"docker run --security-opt systempaths=unconfined …",
	},
	"podman": {
		"podman run --security-opt seccomp=sockbook.json --security-opt unmask=ALL …  (\"sockbook doctor --seccomp-profile > sockbook.json\" writes the file)",
		"podman run --security-opt unmask=ALL …",
	},
	"kubernetes": {
		"in the pod: hostUsers: false; in the container's securityContext: seccompProfile of type Localhost, and procMount: Unmasked  (\"sockbook doctor --seccomp-profile=kubernetes\" writes the file for the node)",
		"in the pod: hostUsers: false; in the container's securityContext: procMount: Unmasked",
	},
}

// give returns the option that lets a lab be built.
func (r *Report) give(err error) string {
	var refused *netns.NotAllowedError
	if !errors.As(err, &refused) {
		return reportBug
	}
	options, known := containerGives[r.Container]
	switch {
	case known && strings.Contains(refused.Missing, "/proc"):
		return options.proc
	case known && strings.Contains(refused.Missing, "seccomp"):
		return options.namespaces
	}
	return refused.Hint
}

// giveMode returns what gives a way to confine cells.
func (r *Report) giveMode(f sandbox.Finding) string {
	if options, known := containerGives[r.Container]; known && strings.Contains(f.Why, "seccomp") {
		return options.namespaces
	}
	return f.Hint
}

// container returns what kind of container this is.
func container() string {
	exists := func(path string) bool { _, err := os.Stat(path); return err == nil }
	switch {
	case os.Getenv("KUBERNETES_SERVICE_HOST") != "":
		return "kubernetes"
	case exists("/run/.containerenv"):
		return "podman"
	case exists("/.dockerenv"):
		return "docker"
	}
	return ""
}

func system() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return runtime.GOOS + " " + runtime.GOARCH
	}
	text := func(b []byte) string { b, _, _ = bytes.Cut(b, []byte{0}); return string(b) }
	return fmt.Sprintf("%s %s %s", text(u.Sysname[:]), text(u.Release[:]), runtime.GOARCH)
}
