// Names of packages as variables, fields, parameters, labels and types (yaegi #1593, #1360, #1101).
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

type time_ struct{ time time.Duration }
type holder struct {
	context context.Context
	errors  []error
	strings map[string]string
}

func check(ctx context.Context, os string) (errors error) {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if os == "" {
		errors = fmt.Errorf("no os")
	}
	return
}

func (strings holder) join() string {
	out := ""
	for _, e := range strings.errors {
		out += e.Error() + ";"
	}
	return out
}

func main() {
	h := holder{context: context.Background(), strings: map[string]string{"a": "b"}}
	h.errors = append(h.errors, errors.New("x"), check(h.context, ""), check(context.TODO(), "linux"))
	h.errors = h.errors[:2]
	fmt.Println(h.join(), h.strings["a"], strings.ToUpper("s"))
	ctx, cancel := context.WithCancel(h.context)
	cancel()
	fmt.Println(check(ctx, "x") == context.Canceled)
	context := "shadow"
	fmt.Println(context)
	{
		strings := []string{"own"}
		strings = append(strings, "list")
		fmt.Println(len(strings), strings[0])
	}
	fmt.Println(strings.Repeat("-", 3), time_{time.Second}.time)
time:
	for i := range 3 {
		for os := range 3 {
			if os == i {
				continue time
			}
			if i == 2 {
				break time
			}
		}
	}
	fmt.Println(len(os.Args) > 0, time.Minute)
	for errors, fmt_ := range []string{"e"} {
		fmt.Println(errors, fmt_)
	}
	type os struct{ fmt string }
	fmt.Println(os{"type"}.fmt)
	func(fmt func(string) string) { println(fmt("to stderr")) }(strings.ToUpper)
}
