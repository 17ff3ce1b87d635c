package interp

import (
	"strconv"
	"unsafe"
)

// goroutineLabels is what label set for the calling goroutine, or for the one
// that started it: runtime/pprof's labelMap.
//
//go:linkname goroutineLabels runtime/pprof.runtime_getProfLabel
func goroutineLabels() unsafe.Pointer

// born is the place of birth that label gave the calling goroutine, or the one
// that it goes back to.
func born() (f Frame) {
	labels := (*[]struct{ key, value string })(goroutineLabels())
	if labels == nil {
		return f
	}
	for _, l := range *labels {
		switch l.key {
		case "cell":
			f.Cell = l.value
		case "line":
			f.Line, _ = strconv.Atoi(l.value)
		}
	}
	return f
}
