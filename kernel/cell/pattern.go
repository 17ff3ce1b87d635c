package cell

import (
	"regexp"
	"sync"
)

// pattern returns a regular expression that is compiled when it is first
// needed: most processes that have this package never are in need of any, and
// all of them start faster.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
