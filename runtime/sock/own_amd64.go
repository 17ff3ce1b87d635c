package sock

import "golang.org/x/sys/unix"

// Calls that only amd64 has.
func init() {
	descriptorTraps[unix.SYS_DUP2] = []int{0, 1}
	descriptorTraps[unix.SYS_EPOLL_WAIT] = []int{0}
}
