package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// progress shows how far something is: on a terminal in one line that changes,
// elsewhere a line for each new kind of step.
type progress struct {
	w        io.Writer
	terminal bool
	last     string
}

func newProgress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	return &progress{w: w, terminal: ok && term.IsTerminal(int(f.Fd()))}
}

// step shows that what is being done, the done-th of total steps; 0 of 0 where
// there is no telling.
func (p *progress) step(what string, done, total int) {
	if p.terminal {
		if total > 0 {
			what = fmt.Sprintf("%3d%% %s", 100*done/total, what)
		}
		if width, _, err := term.GetSize(int(p.w.(*os.File).Fd())); err == nil && len(what) >= width && width > 0 {
			what = what[:width-1]
		}
		fmt.Fprintf(p.w, "\r\x1b[K%s", what)
		p.last = what
		return
	}
	kind := what
	if total > 0 {
		kind, _, _ = strings.Cut(what, " ")
		what = fmt.Sprintf("%s (%d packages)", kind, total)
	}
	if kind != p.last {
		fmt.Fprintf(p.w, "sockbook: %s\n", what)
		p.last = kind
	}
}

// end takes the line away.
func (p *progress) end() {
	if p.terminal && p.last != "" {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
