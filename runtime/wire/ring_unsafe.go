package wire

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// status is the word of a slot in a ring by which it passes from the kernel to
// us and back. Slots are aligned.
func status(slot []byte) *atomic.Uint32 {
	return (*atomic.Uint32)(unsafe.Pointer(unsafe.SliceData(slot)))
}

// header is the kernel's header of a filled slot.
func header(slot []byte) unix.Tpacket2Hdr {
	return *(*unix.Tpacket2Hdr)(unsafe.Pointer(unsafe.SliceData(slot)))
}
