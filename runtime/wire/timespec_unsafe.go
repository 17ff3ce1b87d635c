package wire

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// timespec reads a struct timespec of this machine's size from a control
// message.
func timespec(b []byte) time.Time {
	var ts unix.Timespec
	if len(b) < int(unsafe.Sizeof(ts)) {
		return time.Now()
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&ts)), unsafe.Sizeof(ts)), b)
	return time.Unix(ts.Unix())
}
