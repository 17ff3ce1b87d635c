// A panic in a deferred function after a recovered one, with values of several kinds.
package main

import (
	"errors"
	"fmt"
)

type level uint8

func (l level) String() string { return fmt.Sprintf("level-%d", uint8(l)) }

func cleanup() {
	if r := recover(); r != nil {
		fmt.Println("cleanup saw", r)
		panic(fmt.Errorf("cleanup failed: %w", r.(error)))
	}
}

func work() {
	defer cleanup()
	defer func() {
		defer func() { fmt.Println("inner", recover()) }()
		panic(level(3))
	}()
	panic(errors.New("work failed"))
}

func main() {
	defer func() { fmt.Println("main's deferred") }()
	work()
}
