package interp

import (
	_ "embed"
	"os"
	"slices"
	"strings"
	"testing"

	"sockbook/kernel/interp/internal/signals"
)

//go:embed internal/signals/signals.go
var signalsText string

// TestInterrupted: a signal of Go's runtime brings back the calls of cells that
// it brings back in compiled Go, which are those of signal(7), and no other.
func TestInterrupted(t *testing.T) {
	if _, err := os.ReadFile("/proc/self/syscall"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("which call a thread waits in is not to be seen here:", err)
	}
	m := New(Options{})
	_, text, _ := strings.Cut(signalsText, "package signals")
	if _, err := m.Run("signals", text); err != nil {
		t.Fatal(err)
	}
	compiled, err := signals.Interrupted()
	if err != nil {
		t.Fatal(err)
	}
	v, err := m.Run("c", "list, err := Interrupted()\nif err != nil { panic(err) }\nlist")
	if err != nil {
		t.Fatal(err)
	}
	cells, _ := v.values[0].([]string)
	var want []string
	never := map[string]bool{"Poll": true, "Ppoll": true, "Select": true, "Pselect": true, "EpollWait": true, "Nanosleep": true}
	for _, line := range compiled {
		name, _, _ := strings.Cut(line, ":")
		call, timeout := strings.CutSuffix(name, " with a timeout")
		outcome := ": restarted"
		if never[call] || timeout {
			outcome = ": EINTR"
		}
		want = append(want, name+outcome)
	}
	if !slices.Equal(compiled, want) || len(want) != 24 {
		t.Errorf("compiled: %q,\nwant      %q", compiled, want)
	}
	if !slices.Equal(cells, compiled) {
		t.Errorf("in cells: %q,\ncompiled: %q", cells, compiled)
	}
}
