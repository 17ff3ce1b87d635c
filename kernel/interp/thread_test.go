package interp

import (
	"runtime"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// The runtime's own note of a thread's id is where this program looks for it:
// else every call of a cell costs another system call.
func TestRuntimeThread(t *testing.T) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			if got, want := runtimeThread(), unix.Gettid(); got != uint64(want) {
				t.Errorf("the runtime's note is %d, gettid %d", got, want)
			}
		})
	}
	all.Wait()
}
