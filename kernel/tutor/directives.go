package tutor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sockbook/kernel/course"
	"sockbook/kernel/directive"
	"sockbook/kernel/runner"
	"sockbook/kernel/worker"
	"sockbook/lessons/check"
	"sockbook/runtime/display"
	"sockbook/runtime/display/sink"
)

// Directives are what cells may ask of the course.
func (t *Tutor) Directives() []directive.Directive {
	return []directive.Directive{
		{Name: "check", Usage: "%check EXERCISE", Run: t.check, Complete: t.exercises,
			Help: "Grade an exercise: run your answer in fresh processes on fresh hosts, and say PASS or what is wrong."},
		{Name: "predict", Usage: "%predict QUESTION [CHOICE|?]", Run: t.predict, Complete: t.questions,
			Help: "Ask the question (?), keep your answer (a letter), or, after the experiment, show it beside what happened."},
		{Name: "progress", Usage: "%progress [LESSON]", Run: t.showProgress, Complete: t.lessons,
			Help: "Show what you have done: predictions, exercises and points of each lesson, or each question and exercise of one."},
	}
}

func (t *Tutor) exercises([]string) []string {
	var ids []string
	for _, l := range t.Course().Lessons {
		ids = append(ids, l.ExerciseIDs()...)
	}
	return ids
}

func (t *Tutor) questions(args []string) []string {
	if len(args) == 2 {
		if p := t.Course().Prediction(args[0]); p != nil {
			return append(p.Letters(), "?")
		}
		return nil
	}
	var ids []string
	for _, l := range t.Course().Lessons {
		ids = append(ids, l.PredictionIDs()...)
	}
	return ids
}

// show shows Markdown, and text beside it.
func show(out directive.Output, markdown, text string) {
	out.Display(sink.Message{Kind: sink.Show, Data: map[string]any{"text/markdown": markdown, "text/plain": text}})
}

func (t *Tutor) check(ctx context.Context, args []string, out directive.Output) error {
	if len(args) != 1 {
		return fmt.Errorf("want the number of one exercise, have %d words", len(args))
	}
	e := t.Course().Exercise(args[0])
	if e == nil {
		return fmt.Errorf("there is no exercise %s", args[0])
	}
	f := t.Checks[e.ID]
	if f == nil {
		return fmt.Errorf("exercise %s has no check; please report it", e.ID)
	}
	v, err := t.verdict(ctx, e, f)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return &worker.Failure{Name: "interrupted", Message: "the check was stopped", Traceback: []string{"The check was stopped."}}
	}
	if v.Lab {
		return &worker.Failure{Name: "check", Message: fmt.Sprintf("exercise %s needs the network of hosts", e.ID), Traceback: []string{
			fmt.Sprintf("Exercise %s was not checked: it needs the network of hosts, which is not there.", e.ID), `"sockbook doctor" says what this place lacks and what would give it.`}}
	}
	if !v.Fault {
		err := t.keep(func(p *course.Progress) {
			c := p.Checks[e.ID]
			p.Checks[e.ID] = course.Checked{Passed: c.Passed || v.Passed, Tries: c.Tries + 1}
		})
		warn(out, err)
	}
	if v.Passed {
		out.Stream("stdout", fmt.Sprintf("PASS  %s %s (%s)\n", e.ID, e.Title, points(e.Points)))
		return nil
	}
	return failure(e, v)
}

// verdict gets the answer and runs the check.
func (t *Tutor) verdict(ctx context.Context, e *course.Exercise, f check.Func) (check.Verdict, error) {
	var set runner.Runner
	set.Set.Add(t.Stage.Directives()...)
	p, err := t.Stage.Process(processOf(&set, e.Stub()))
	if err != nil {
		return check.Verdict{}, err
	}
	answer, err := Answer(ctx, p.Worker, e)
	if err != nil {
		return check.Verdict{}, fmt.Errorf("get your answer: %w", err)
	}
	if answer.Problem != "" {
		return check.Verdict{Words: answer.Problem}, nil
	}
	return Grade(ctx, t.Config, f, answer.Text), nil
}

// failure is the error of a cell whose check did not pass.
func failure(e *course.Exercise, v check.Verdict) *worker.Failure {
	head := worker.Red("NOT YET  " + e.ID + " " + e.Title)
	if v.Fault {
		head = worker.Red("NOT CHECKED  " + e.ID + " " + e.Title)
	}
	lines := []string{head, v.Words}
	if len(v.Details) > 0 {
		lines = append(append(lines, ""), v.Details[:min(len(v.Details), 24)]...)
	}
	return &worker.Failure{Name: "check", Message: v.Words, Traceback: lines}
}

func points(n int) string {
	if n == 1 {
		return "1 point"
	}
	return fmt.Sprintf("%d points", n)
}

// warn says that something could not be kept.
func warn(out directive.Output, err error) {
	if err != nil {
		out.Stream("stderr", fmt.Sprintf("Note: %v. What you do is remembered only until this kernel ends.\n", err))
	}
}

func (t *Tutor) predict(_ context.Context, args []string, out directive.Output) error {
	if len(args) < 1 || len(args) > 2 {
		return fmt.Errorf("want the number of a question, and perhaps a letter")
	}
	p := t.Course().Prediction(args[0])
	if p == nil {
		return fmt.Errorf("there is no question %s", args[0])
	}
	switch {
	case len(args) == 1:
		return t.compare(p, out)
	case args[1] == "?":
		ask(p, out)
		return nil
	}
	return t.answer(p, strings.ToLower(strings.TrimRight(args[1], ").")), out)
}

// ask shows a question.
func ask(p *course.Prediction, out directive.Output) {
	var md, text strings.Builder
	fmt.Fprintf(&md, "**Predict %s.** %s\n\n", p.ID, p.Question)
	fmt.Fprintf(&text, "Predict %s. %s\n", p.ID, p.Question)
	for _, letter := range p.Letters() {
		fmt.Fprintf(&md, "- **%s** %s\n", letter, p.Choices[letter])
		fmt.Fprintf(&text, "  %s  %s\n", letter, p.Choices[letter])
	}
	how := fmt.Sprintf("write a letter in place of the question mark (`%%predict %s %s`) and run the cell again", p.ID, p.Letters()[0])
	fmt.Fprintf(&md, "\nTo answer, %s.", how)
	fmt.Fprintf(&text, "To answer, %s.", strings.ReplaceAll(how, "`", ""))
	show(out, md.String(), text.String())
}

// answer keeps a choice.
func (t *Tutor) answer(p *course.Prediction, letter string, out directive.Output) error {
	if !slices.Contains(p.Letters(), letter) {
		return fmt.Errorf("question %s has no choice %q: it has %s", p.ID, letter, strings.Join(p.Letters(), ", "))
	}
	if had := t.progress().Predictions[p.ID]; had.Seen && had.Answer != letter {
		out.Stream("stdout", fmt.Sprintf("You have seen what happens; your prediction stays %s.\n", had.Answer))
		return nil
	}
	warn(out, t.keep(func(all *course.Progress) {
		all.Predictions[p.ID] = course.Predicted{Answer: letter, Seen: all.Predictions[p.ID].Seen}
	}))
	out.Stream("stdout", fmt.Sprintf("Your prediction is kept: %s) %s. Now run the experiment.\n", letter, strings.TrimSuffix(p.Choices[letter], ".")))
	return nil
}

// compare shows a prediction and what happened side by side.
func (t *Tutor) compare(p *course.Prediction, out directive.Output) error {
	mine := t.progress().Predictions[p.ID]
	if mine.Answer != "" && !mine.Seen {
		warn(out, t.keep(func(all *course.Progress) {
			had := all.Predictions[p.ID]
			had.Seen = true
			all.Predictions[p.ID] = had
		}))
	}
	said, verdict := "you made no prediction", "Answer its question before you run the next experiment: a wrong guess is what you will remember."
	if text, ok := p.Choices[mine.Answer]; ok {
		said = mine.Answer + ") " + text
		verdict = "Not what happened: this is the place to learn something."
		if mine.Answer == p.Answer {
			verdict = "As you predicted."
		}
	}
	happened := p.Answer + ") " + p.Choices[p.Answer]
	md := fmt.Sprintf("| you predicted | what happened |\n|---|---|\n| %s | %s |\n\n**%s** %s", cellText(said), cellText(happened), verdict, p.Why)
	text := fmt.Sprintf("you predicted  %s\nwhat happened  %s\n%s %s", said, happened, verdict, p.Why)
	show(out, md, text)
	return nil
}

// cellText is a text in a cell of a Markdown table.
func cellText(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func (t *Tutor) lessons([]string) []string {
	var names []string
	for _, l := range t.Course().Lessons {
		names = append(names, fmt.Sprint(l.Number))
	}
	return names
}

func (t *Tutor) showProgress(_ context.Context, args []string, out directive.Output) error {
	rows := progressTable(t.Course(), t.progress())
	switch {
	case len(args) > 1:
		return fmt.Errorf("want the number of one lesson, have %q", args)
	case len(args) == 1:
		l := t.Course().Lesson(args[0])
		if l == nil {
			return fmt.Errorf("there is no lesson %s", args[0])
		}
		rows = lessonTable(l, t.progress())
	}
	b, err := display.TableOf(rows)
	if err != nil {
		return err
	}
	out.Display(sink.Message{Kind: sink.Show, Data: b.Wire()})
	return nil
}

// lessonTable has a row for each question and exercise of a lesson.
func lessonTable(l *course.Lesson, p course.Progress) [][]string {
	rows := [][]string{{"", "what", "you"}}
	for _, id := range l.PredictionIDs() {
		q, had := l.Predict[id], p.Predictions[id]
		did := "no prediction yet"
		switch {
		case had.Answer != "" && !had.Seen:
			did = "predicted " + had.Answer
		case had.Answer == q.Answer && had.Answer != "":
			did = "predicted " + had.Answer + ", rightly"
		case had.Answer != "":
			did = fmt.Sprintf("predicted %s; it was %s", had.Answer, q.Answer)
		}
		rows = append(rows, []string{id, "question", did})
	}
	for _, id := range l.ExerciseIDs() {
		e, had := l.Exercises[id], p.Checks[id]
		did := "not tried yet"
		switch {
		case had.Passed:
			did = fmt.Sprintf("passed: %d of %s", e.Points, points(e.Points))
		case had.Tries == 1:
			did = "not passed yet, tried once"
		case had.Tries > 1:
			did = fmt.Sprintf("not passed yet, tried %d times", had.Tries)
		}
		rows = append(rows, []string{id, "exercise: " + e.Title, did})
	}
	return rows
}

// progressTable has a row for each lesson and the sum.
func progressTable(c *course.Course, p course.Progress) [][]string {
	rows := [][]string{{"lesson", "predicted", "of them right", "exercises passed", "points"}}
	var all [7]int
	for _, l := range c.Lessons {
		var n [7]int // questions, answered, right, exercises, passed, points, of
		for id, q := range l.Predict {
			n[0]++
			if answer := p.Predictions[id].Answer; answer != "" {
				n[1]++
				if answer == q.Answer {
					n[2]++
				}
			}
		}
		for id, e := range l.Exercises {
			n[3]++
			n[6] += e.Points
			if p.Checks[id].Passed {
				n[4]++
				n[5] += e.Points
			}
		}
		for i := range n {
			all[i] += n[i]
		}
		rows = append(rows, progressRow(fmt.Sprintf("%02d %s", l.Number, l.Title), n))
	}
	return append(rows, progressRow("all", all))
}

func progressRow(name string, n [7]int) []string {
	of := func(a, b int) string { return fmt.Sprintf("%d of %d", a, b) }
	return []string{name, of(n[1], n[0]), fmt.Sprint(n[2]), of(n[4], n[3]), of(n[5], n[6])}
}
