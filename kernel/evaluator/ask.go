package evaluator

import (
	"sockbook/kernel/cell"
	"sockbook/kernel/complete"
	"sockbook/kernel/worker"
)

// Complete returns what may stand at cursor, in code points.
func (e *Evaluator) Complete(text string, cursor int) worker.Completion {
	var c complete.Completion
	e.machine.Look(func(env *cell.Env) { c = complete.Complete(env, text, cursor) })
	answer := worker.Completion{Start: c.Start, End: c.End}
	for _, m := range c.Matches {
		answer.Matches = append(answer.Matches, worker.Match{
			Text: m.Text, Kind: string(m.Kind), Signature: m.Signature, Start: c.Start, End: c.End,
		})
	}
	return answer
}

// Inspect returns what is known of the name at cursor, in code points.
func (e *Evaluator) Inspect(text string, cursor, detail int) worker.Inspection {
	var i complete.Inspection
	e.machine.Look(func(env *cell.Env) { i = complete.Inspect(env, text, cursor, detail) })
	if !i.Found() {
		return worker.Inspection{}
	}
	return worker.Inspection{Found: true, Data: map[string]string{"text/plain": i.Plain, "text/markdown": i.Markdown}}
}

// Source returns the declarations of names as Go of its own.
func (e *Evaluator) Source(names []string) worker.Source {
	var s worker.Source
	e.machine.Look(func(env *cell.Env) {
		text, err := env.Source(names...)
		if err != nil {
			s.Problem = err.Error()
			return
		}
		s.Text = text
	})
	return s
}
