package tutor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"sockbook/kernel/runner"
	"sockbook/kernel/stage"
	"sockbook/kernel/worker"
	"sockbook/lessons/check"
	"sockbook/runtime/display/sink"
	"sockbook/runtime/lab"
	"sockbook/runtime/trace"
)

// fresh is the stage of one check. It implements check.Stage.
type fresh struct {
	stage  *stage.Stage
	runner *runner.Runner
	answer string
	count  int // cells run so far
}

func newFresh(config stage.Config, answer string) *fresh {
	f := &fresh{stage: stage.New(config), runner: &runner.Runner{}, answer: answer}
	f.runner.Process = func(name string) (runner.Process, error) { return f.stage.Process(cmp.Or(name, stage.Main)) }
	f.runner.Set.Add(f.stage.Directives()...)
	return f
}

func (f *fresh) close() {
	f.stage.Close()
	f.runner.Wait()
}

func (f *fresh) Answer() string { return f.answer }

func (f *fresh) Lab() bool {
	_, err := f.stage.Lab()
	return err == nil
}

func (f *fresh) Run(ctx context.Context, text string, c *check.Cell) {
	f.count++
	name := fmt.Sprintf("[check %d]", f.count)
	if f.answer != "" && strings.HasSuffix(text, f.answer) {
		name = "[your answer]"
	}
	result := f.runner.Run(ctx, name, text, printer{c}, func(o worker.Outcome) { end(c, o, nil) })
	if !result.Background || result.Failure != nil {
		end(c, result.Outcome, result.Err)
	}
}

// end tells a check's cell how it ended.
func end(c *check.Cell, o worker.Outcome, err error) {
	value, _ := o.Result["text/plain"].(string)
	if o.Failure == nil {
		c.End(value, nil)
		return
	}
	f := &check.Failure{Kind: o.Failure.Name, Message: o.Failure.Message, Ended: o.Ended, NoLab: errors.Is(err, stage.ErrNoLab)}
	for _, line := range o.Failure.Traceback {
		f.Traceback = append(f.Traceback, colours.ReplaceAllString(line, ""))
	}
	c.End(value, f)
}

// colours matches ANSI's SGR sequences (ECMA-48, section 8.3.117).
var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

func (f *fresh) Sockets(ctx context.Context, host string) ([]lab.Socket, error) {
	l, err := f.stage.Lab()
	if err != nil {
		return nil, noLab(err)
	}
	return l.Sockets(ctx, host)
}

func (f *fresh) Trace(ctx context.Context) (*trace.Trace, error) {
	t, err := f.stage.Trace(ctx)
	return t, noLab(err)
}

// noLab says in the check's terms that there is no lab.
func noLab(err error) error {
	if errors.Is(err, stage.ErrNoLab) {
		return fmt.Errorf("%w: %w", check.ErrNoLab, err)
	}
	return err
}

// printer is the output of a check's cell. It implements worker.Sink.
type printer struct{ cell *check.Cell }

func (p printer) Stream(name, text string) { p.cell.Print(name, text) }

func (p printer) Display(m sink.Message) {
	for _, mime := range []string{"text/plain", "text/markdown"} {
		if text, ok := m.Data[mime].(string); ok {
			p.cell.Print("stdout", strings.TrimSuffix(text, "\n")+"\n")
			return
		}
	}
}

func (p printer) Input(context.Context) (string, error) { return "", worker.ErrNoInput }

// cutHost takes PROCESS@HOST apart.
func cutHost(name string) (process, host string, found bool) { return strings.Cut(name, "@") }
