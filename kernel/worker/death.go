package worker

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/sys/unix"
)

// lastWords are how the Go runtime begins what it prints before it ends a
// process. Text that begins a line so is held back until it is clear whether
// the process ends: then it becomes part of the error.
var lastWords = [][]byte{
	[]byte("fatal error: "), []byte("panic: "), []byte("runtime: "), []byte("SIG"), []byte("unexpected fault address "),
}

// findLastWords returns where in text a line begins with last words, or -1.
func findLastWords(text []byte, atLineStart bool) int {
	for i := 0; i < len(text); {
		if i > 0 || atLineStart {
			for _, words := range lastWords {
				if bytes.HasPrefix(text[i:], words) {
					return i
				}
			}
		}
		n := bytes.IndexByte(text[i:], '\n')
		if n < 0 {
			return -1
		}
		i += n + 1
	}
	return -1
}

// closedFrames is why a child ends that closed what is not its own: the kernel
// cannot talk to it any more, and Go cannot wait for anything.
const closedFrames = "it closed the descriptor by which the kernel talks to it"

// obituary says how the child ended: why we ended it, or its exit status or
// signal with the runtime's last words.
func obituary(name, why string, exit Exit, words string) *Failure {
	var message string
	f := &Failure{Name: "process ended"}
	switch {
	case why != "":
		message = why
	case exit.Signal != 0:
		message = fmt.Sprintf("signal %d (%s)", int(exit.Signal), unix.SignalName(exit.Signal))
	case strings.Contains(words, "netpoll failed"): // Go noticed before we did
		message = closedFrames
	case words != "":
		message = firstError(words)
	default:
		message = fmt.Sprintf("exit status %d", exit.Status)
	}
	f.Message = message
	f.Traceback = []string{Red(fmt.Sprintf("The Go process %q ended: %s", name, message))}
	if words != "" && why == "" {
		f.Traceback = append(f.Traceback, "Go's last words were:", "    "+strings.ReplaceAll(firstParagraph(words), "\n", "\n    "))
		f.Traceback = append(f.Traceback, births(words)...)
	}
	f.Traceback = append(f.Traceback, "Its variables, goroutines and descriptors are gone. The next cell runs in a fresh process.")
	return f
}

// firstError returns the line of the runtime's last words that names the error.
func firstError(words string) string {
	for line := range strings.Lines(words) {
		if strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "panic: ") {
			return strings.TrimSpace(line)
		}
	}
	line, _, _ := strings.Cut(words, "\n")
	return line
}

// firstParagraph cuts off the goroutines' stacks, which show the interpreter
// and not the cell.
func firstParagraph(words string) string {
	words, _, _ = strings.Cut(words, "\n\n")
	words, _, _ = strings.Cut(words, "\ngoroutine ")
	return strings.TrimSpace(words)
}

// labelled is how the runtime heads the stack of a goroutine that has labels.
var labelled = regexp.MustCompile(`(?m)^goroutine (\d+) .*\[(.*) labels:\{"cell": "(.*)", "line": "(\d+)"\}\]:$`)

// maxBirths is how many goroutines an obituary names.
const maxBirths = 8

// births says of the goroutines in the runtime's last words what they did and
// where in the cells they were started. Their stacks, which show the
// interpreter, are left out.
func births(words string) []string {
	var lines []string
	all := labelled.FindAllStringSubmatch(words, -1)
	for i, m := range all {
		if i == maxBirths {
			lines = append(lines, fmt.Sprintf("    … and %d more goroutines", len(all)-i))
			break
		}
		who := fmt.Sprintf("goroutine %s, started at cell %s, line %s", m[1], m[3], m[4])
		if m[4] == "0" {
			who = fmt.Sprintf("goroutine %s, cell %s itself", m[1], m[3])
		}
		lines = append(lines, fmt.Sprintf("    %s: %s", who, m[2]))
	}
	return lines
}
