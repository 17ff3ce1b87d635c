package complete

import (
	"strings"
	"testing"

	"sockbook/kernel/cell"
)

// TestManualNames looks the names up in the packages that they are of.
func TestManualNames(t *testing.T) {
	env := cell.NewEnv()
	unix, err := env.Import("golang.org/x/sys/unix")
	if err != nil {
		t.Fatal(err)
	}
	syscall, err := env.Import("syscall")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []map[string]manual{calls, options} {
		for name := range table {
			if unix.Scope().Lookup(name) == nil && syscall.Scope().Lookup(name) == nil {
				t.Errorf("neither unix nor syscall has %s", name)
			}
		}
	}
	net, err := env.Import("net")
	if err != nil {
		t.Fatal(err)
	}
	for key := range underlying {
		name, _, _ := strings.Cut(strings.TrimPrefix(key, "net."), ".")
		if net.Scope().Lookup(name) == nil {
			t.Errorf("net has no %s", name)
		}
	}
}

// TestManualPages reads the names of the pages as linked does.
func TestManualPages(t *testing.T) {
	check := func(pages string) {
		for p := range strings.SplitSeq(pages, ", ") {
			if page.FindString(p) != p || p == "" {
				t.Errorf("%q is no page", p)
			}
		}
	}
	for _, table := range []map[string]manual{calls, options} {
		for _, m := range table {
			check(m.pages)
		}
	}
	for _, f := range families {
		check(f.page)
	}
	for _, s := range underlying {
		check(s)
	}
}

func TestLinked(t *testing.T) {
	if got, want := linked("socket(2), timeval(3type)"), "[socket(2)](https://man7.org/linux/man-pages/man2/socket.2.html), [timeval(3type)](https://man7.org/linux/man-pages/man3/timeval.3type.html)"; got != want {
		t.Errorf("linked = %s, want %s", got, want)
	}
}
