package profile

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/moby/profiles/seccomp"
	"github.com/opencontainers/runtime-spec/specs-go"
)

// contained is the process of a container without capabilities, or with all
// that Docker gives if they are named.
func contained(caps ...string) *specs.Spec {
	return &specs.Spec{Process: &specs.Process{Capabilities: &specs.LinuxCapabilities{Bounding: caps}}}
}

// free returns the calls that a profile allows whatever their arguments.
func free(p *specs.LinuxSeccomp) map[string]bool {
	calls := map[string]bool{}
	for _, rule := range p.Syscalls {
		if rule.Action != specs.ActAllow || len(rule.Args) > 0 {
			continue
		}
		for _, name := range rule.Names {
			calls[name] = true
		}
	}
	return calls
}

// The profile allows what Docker's allows and Added, and no more, with and
// without capabilities.
func TestSmallestChange(t *testing.T) {
	text, err := Docker()
	if err != nil {
		t.Fatal(err)
	}
	for _, caps := range [][]string{nil, {"CAP_CHOWN", "CAP_NET_RAW", "CAP_SYS_CHROOT"}} {
		ours, err := seccomp.LoadProfile(string(text), contained(caps...))
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := seccomp.GetDefaultProfile(contained(caps...))
		if err != nil {
			t.Fatal(err)
		}
		if ours.DefaultAction != specs.ActErrno {
			t.Errorf("what no rule names: %s", ours.DefaultAction)
		}
		more := free(ours)
		for name := range free(theirs) {
			if !more[name] {
				t.Errorf("%s is lost", name)
			}
			if slices.Contains(Added, name) {
				t.Errorf("%s is added, but Docker allows it", name)
			}
			delete(more, name)
		}
		for _, name := range Added {
			if !more[name] {
				t.Errorf("%s is not allowed", name)
			}
			delete(more, name)
		}
		if len(more) > 0 {
			t.Errorf("it also allows %v", more)
		}
	}
}

// A node's runtime reads the rules alone: none may be there that Docker would
// have taken by a condition.
func TestKubernetesIsResolved(t *testing.T) {
	text, err := Kubernetes()
	if err != nil {
		t.Fatal(err)
	}
	var plain specs.LinuxSeccomp
	if err := json.Unmarshal(text, &plain); err != nil {
		t.Fatal(err)
	}
	calls := free(&plain)
	for _, name := range []string{"bpf", "init_module", "kexec_load", "open_by_handle_at", "perf_event_open", "settimeofday", "fsopen", "move_mount"} {
		if calls[name] {
			t.Errorf("%s is allowed", name)
		}
	}
	for _, name := range append([]string{"read", "socket", "seccomp", "landlock_restrict_self"}, Added...) {
		// socket has conditions on its arguments
		if !calls[name] && name != "socket" {
			t.Errorf("%s is not allowed", name)
		}
	}
	if len(plain.Architectures) == 0 {
		t.Error("it names no architecture")
	}
}
