// A worker pool: jobs in, results out, errors collected, panics contained.
package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"sync"
)

type Job[In any] struct {
	ID int
	In In
}

type Result[In, Out any] struct {
	Job[In]
	Out Out
	Err error
}

type PanicError struct {
	Value any
}

func (p PanicError) Error() string { return fmt.Sprintf("panic in worker: %v", p.Value) }
func (p PanicError) Unwrap() error {
	if err, ok := p.Value.(error); ok {
		return err
	}
	return nil
}

type Pool[In, Out any] struct {
	n    int
	work func(In) (Out, error)
}

func (p Pool[In, Out]) one(j Job[In]) (r Result[In, Out]) {
	r.Job = j
	defer func() {
		if v := recover(); v != nil {
			r.Err = PanicError{v}
		}
	}()
	r.Out, r.Err = p.work(j.In)
	return
}

func (p Pool[In, Out]) Run(inputs ...In) []Result[In, Out] {
	jobs := make(chan Job[In])
	results := make(chan Result[In, Out], len(inputs))
	var wg sync.WaitGroup
	for w := 0; w < p.n; w++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range jobs {
				results <- p.one(j)
			}
		}()
	}
	for i, in := range inputs {
		jobs <- Job[In]{i, in}
	}
	close(jobs)
	wg.Wait()
	close(results)
	var out []Result[In, Out]
	for r := range results {
		out = append(out, r)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

var errOdd = errors.New("odd number")

func half(n int) (int, error) {
	if n%2 != 0 {
		return 0, fmt.Errorf("half of %d: %w", n, errOdd)
	}
	return n / 2, nil
}

func crash(s string) (rune, error) {
	switch s {
	case "index":
		return rune(s[10]), nil
	case "nil":
		var m map[string][]int
		m[s] = append(m[s], 1)
	case "custom":
		panic(fmt.Errorf("wrapped: %w", errOdd))
	case "conv":
		var x any = s
		return rune(x.(int)), nil
	case "div":
		z := len(s) - 3
		return rune(10 / z), nil
	}
	return []rune(s)[0], nil
}

func main() {
	p := Pool[int, int]{n: 4, work: half}
	for _, r := range p.Run(10, 11, 12, 13, 0) {
		fmt.Printf("%d: %d -> %d %v %t\n", r.ID, r.In, r.Out, r.Err, errors.Is(r.Err, errOdd))
	}
	q := Pool[string, rune]{3, crash}
	for _, r := range q.Run("żółw", "index", "nil", "custom", "conv", "div") {
		var pe PanicError
		fmt.Printf("%d %-7s %q %v | %t %t\n", r.ID, r.In, r.Out, r.Err, errors.As(r.Err, &pe), errors.Is(r.Err, errOdd))
	}
	upper := Pool[string, string]{work: func(s string) (string, error) { return strings.ToUpper(s), nil }, n: 1}
	fmt.Printf("%+v\n", upper.Run("a", "b"))
	fmt.Printf("%T %T\n", upper, upper.Run("x")[0])
	fmt.Println(len(upper.Run()))
}
