package evaluator

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"sockbook/kernel/interp"
	"sockbook/kernel/worker"
)

// maxFrames is how many calls of a stack are shown.
const maxFrames = 16

func (e *Evaluator) panicFailure(p *interp.Panic) *worker.Failure {
	lines := []string{worker.Red("panic: " + p.Text)}
	lines = append(lines, e.quote(p.Frames)...)
	if p.Started.Func != "" {
		lines = append(lines, "in the goroutine started at "+place(p.Started), "The goroutine has ended; variables and other goroutines go on.")
	}
	return &worker.Failure{Name: "panic", Message: p.Text, Traceback: lines}
}

func (e *Evaluator) interruptFailure(i *interp.Interrupted) *worker.Failure {
	message := "the cell was stopped"
	if len(i.Frames) > 0 {
		message += " at " + place(i.Frames[0])
	}
	lines := append([]string{worker.Red("interrupted: " + message)}, e.quote(i.Frames)...)
	if i.Abandoned {
		lines = append(lines, "It did not come back and was left behind; variables are kept.")
	}
	if len(i.Goroutines) > 0 {
		lines = append(lines, "", "What its goroutines were doing:")
		for _, g := range i.Goroutines {
			lines = append(lines, "  "+describe(g))
		}
	}
	return &worker.Failure{Name: "interrupted", Message: message, Traceback: lines}
}

// describe says in one line what a goroutine was doing.
func describe(g interp.Goroutine) string {
	who := fmt.Sprintf("goroutine %d", g.ID)
	if g.Started.Func != "" {
		who += " (started at " + place(g.Started) + ")"
	} else {
		who += " (the cell itself)"
	}
	where := ""
	if g.At.Line > 0 {
		where = ", at " + place(g.At)
	}
	return who + ": " + inWords(g.State) + where
}

// inWords turns the runtime's names of goroutine states into sentences.
func inWords(state string) string {
	words := map[string]string{
		"running": "running", "runnable": "running", "syscall": "in a system call",
		"chan receive": "waits to receive from a channel", "chan send": "waits to send to a channel",
		"chan receive (nil chan)": "waits for ever to receive from a nil channel", "chan send (nil chan)": "waits for ever to send to a nil channel",
		"select": "waits in select", "select (no cases)": "waits for ever in an empty select",
		"sleep": "sleeps", "IO wait": "waits for the network",
		"semacquire": "waits for a lock or a WaitGroup", "sync.Mutex.Lock": "waits for a Mutex", "sync.RWMutex.Lock": "waits for a RWMutex",
		"sync.RWMutex.RLock": "waits for a RWMutex", "sync.WaitGroup.Wait": "waits for a WaitGroup", "sync.Cond.Wait": "waits for a Cond",
	}
	if text, ok := words[state]; ok {
		return text
	}
	return state
}

func place(f interp.Frame) string {
	if f.Line == 0 {
		return "cell " + f.Cell
	}
	return fmt.Sprintf("cell %s, line %d", f.Cell, f.Line)
}

// quote shows the calls of a stack with their lines and a caret.
func (e *Evaluator) quote(frames []interp.Frame) []string {
	var lines []string
	for i := 0; i < len(frames); i++ {
		f := frames[i]
		if i >= maxFrames {
			lines = append(lines, fmt.Sprintf("  … %d more calls", len(frames)-i))
			break
		}
		head := place(f)
		if f.Func != "" && f.Func != "main" { // main is the top of a cell
			head += ", in " + strings.TrimPrefix(f.Func, "main.")
		}
		lines = append(lines, "  "+head)
		e.mu.Lock()
		text, ok := e.cells[f.Cell]
		e.mu.Unlock()
		if ok {
			lines = append(lines, caret(text, f.Line, f.Column)...)
		}
		same := 0
		for i+1 < len(frames) && frames[i+1] == f {
			i++
			same++
		}
		if same > 0 {
			lines = append(lines, fmt.Sprintf("  … the same %d more times", same))
		}
	}
	return lines
}

// caret shows one line of text with a caret below the column, which counts
// bytes from 1; 0: no caret.
func caret(text string, line, column int) []string {
	all := strings.Split(text, "\n")
	if line < 1 || line > len(all) {
		return nil
	}
	source := all[line-1]
	number := fmt.Sprintf("%6d │ ", line)
	shown := []string{number + strings.ReplaceAll(source, "\t", "    ")}
	if column < 1 || column > len(source)+1 {
		return shown
	}
	before := strings.ReplaceAll(source[:column-1], "\t", "    ")
	return append(shown, "       │ "+strings.Repeat(" ", utf8.RuneCountInString(before))+green("^"))
}

func green(s string) string { return "\x1b[0;32m" + s + "\x1b[0m" }
