package sock

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// recvNow and sendNow are recv(2) and send(2) that do not wait, without an
// address to allocate for. p is not empty. n is -1 with an error.

func recvNow(fd int, p []byte) (n int, errno unix.Errno) {
	r, _, errno := unix.Syscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)), unix.MSG_DONTWAIT, 0, 0)
	return int(r), errno
}

func sendNow(fd int, p []byte) (n int, errno unix.Errno) {
	r, _, errno := unix.Syscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)), unix.MSG_DONTWAIT, 0, 0)
	return int(r), errno
}
