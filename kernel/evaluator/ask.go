package evaluator

import "sockbook/kernel/worker"

// Complete returns what may stand at cursor, in code points.
func (e *Evaluator) Complete(text string, cursor int) worker.Completion {
	return worker.Completion{Start: cursor, End: cursor}
}

// Inspect returns what is known of the name at cursor, in code points.
func (e *Evaluator) Inspect(text string, cursor, detail int) worker.Inspection {
	return worker.Inspection{}
}
