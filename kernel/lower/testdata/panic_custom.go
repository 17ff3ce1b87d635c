package main

import (
	"fmt"
)

type E struct {
	Code int
	Msg  string
}

func (e *E) Error() string { return fmt.Sprintf("E%d: %s", e.Code, e.Msg) }
func main() {
	defer fmt.Println("deferred runs")
	var err error = &E{7, "bad"}
	panic(fmt.Errorf("wrap: %w", err))
}
