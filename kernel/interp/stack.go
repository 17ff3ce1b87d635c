package interp

import (
	"math"
	"math/bits"
	"runtime/debug"
)

// stackUsed is the number of bytes between the caller and the beginning of its
// goroutine's stack.
func stackUsed() uintptr

// maxStack is half of the largest stack that the runtime makes: stacks double,
// and a gigabyte is above its limit of 1,000,000,000 bytes. An interpreted call
// takes 400 bytes of it or more, and as much for its variables.
const maxStack = 256 << 20

// stackLimit is how much stack a goroutine of cells may use: maxStack, or what
// fits twice into a third of the process's memory, since it is copied when it
// grows. A sixteenth is left for the compiled code that the last call makes, and
// for deferred calls.
func stackLimit() uintptr {
	limit := uint64(maxStack)
	if memory := debug.SetMemoryLimit(-1); memory < math.MaxInt64 && memory > 0 {
		if third := uint64(memory) / 3; third < limit {
			limit = max(uint64(1)<<(bits.Len64(third)-1), 1<<20)
		}
	}
	return uintptr(limit - limit/16)
}
