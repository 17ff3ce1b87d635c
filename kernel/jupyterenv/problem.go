package jupyterenv

// Problem is an error that the user can do something about.
type Problem struct {
	Err error
	// What to do, a sentence.
	What string
}

func (p *Problem) Error() string { return p.Err.Error() }
func (p *Problem) Unwrap() error { return p.Err }

// Hint returns what to do about the problem.
func (p *Problem) Hint() string { return p.What }
