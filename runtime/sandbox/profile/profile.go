// Package profile makes the seccomp profile of a container in which labs can be
// made: Docker's own, and the few calls that it refuses and a lab needs. Call
// [Docker] or [Kubernetes]. It installs nothing.
package profile

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/moby/profiles/seccomp"
	"github.com/opencontainers/runtime-spec/specs-go"
)

// Added are the system calls that a lab needs besides those of Docker's default
// profile. All of them still need rights: inside a user namespace of its own a
// process has these over what is in there, and over nothing else. Each was
// found to be needed by leaving it out.
var Added = []string{
	"clone",       // makes namespaces
	"unshare",     // a network for each host
	"setns",       // a process goes to its host
	"mount",       // a /proc and a root directory of their own
	"umount2",     // lets go of the old root directory
	"pivot_root",  // changes it
	"sethostname", // of each host
}

// changed returns Docker's default profile with Added.
func changed() *seccomp.Seccomp {
	p := seccomp.DefaultProfile()
	p.Syscalls = append(p.Syscalls, &seccomp.Syscall{
		LinuxSyscall: specs.LinuxSyscall{Names: slices.Clone(Added), Action: specs.ActAllow},
		Comment:      "Sockbook: user namespaces and what its network in miniature does in them",
	})
	return p
}

// Docker returns the profile as a file for docker run and podman run
// (--security-opt seccomp=FILE), for every architecture.
func Docker() ([]byte, error) { return encode(changed()) }

// Kubernetes returns the profile as a file for a node's directory of seccomp
// profiles (seccompProfile, type Localhost). The container runtimes there do not
// know Docker's conditions and would take every rule as it stands, so these are
// resolved: for a container without capabilities, on the architecture and kernel
// that this process runs on.
func Kubernetes() ([]byte, error) {
	text, err := Docker()
	if err != nil {
		return nil, err
	}
	none := &specs.Spec{Process: &specs.Process{Capabilities: &specs.LinuxCapabilities{}}}
	resolved, err := seccomp.LoadProfile(string(text), none)
	if err != nil {
		return nil, fmt.Errorf("resolve the seccomp profile: %w", err)
	}
	return encode(resolved)
}

func encode(p any) ([]byte, error) {
	text, err := json.MarshalIndent(p, "", "\t")
	if err != nil {
		return nil, fmt.Errorf("encode the seccomp profile: %w", err)
	}
	return append(text, '\n'), nil
}
