package sandbox_test

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"testing"

	"sockbook/runtime/lab"
	"sockbook/runtime/sandbox"
)

// TestMain is also the child: the test binary runs itself.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == lab.Argument {
		if err := lab.Main(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if place := os.Getenv("SANDBOX_TEST_PLACE"); place != "" && os.Getenv("SANDBOX_TEST_DEED") == "" {
		enterPlace(place)
	}
	if os.Getenv("SANDBOX_TEST_PARENT") != "" {
		parentThatDies()
	}
	if name := os.Getenv("SANDBOX_TEST_DEED"); name != "" {
		child(name)
	}
	os.Exit(m.Run())
}

// attempt is one thing that a child tried.
type attempt struct {
	What string
	Err  string // empty: it worked
	Note string
}

// sayer tells the test what was tried. What must work begins with "ok", and
// what may with "may"; all else must fail.
type sayer func(what string, err error, notes ...any)

// child does a deed in the sandbox and ends.
func child(name string) {
	runtime.LockOSThread()
	if _, err := sandbox.Enter(); err != nil {
		fmt.Fprintln(os.Stderr, "enter:", err)
		os.Exit(99)
	}
	out := json.NewEncoder(os.Stdout)
	var say sayer = func(what string, err error, notes ...any) {
		a := attempt{What: what, Note: fmt.Sprint(notes...)}
		if err != nil {
			a.Err = err.Error()
		}
		out.Encode(a)
	}
	deed, ok := deeds[name]
	if !ok {
		fmt.Fprintln(os.Stderr, "no deed", name)
		os.Exit(98)
	}
	deed(say)
	os.Exit(0)
}
