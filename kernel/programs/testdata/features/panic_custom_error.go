// Panic with an own error type.
package main

import (
	"fmt"
)

type E struct{ Code int }

func (e E) Error() string { return fmt.Sprintf("code %d\nsecond line", e.Code) }
func main()               { panic(E{3}) }
