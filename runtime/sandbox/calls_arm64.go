package sandbox

import "golang.org/x/sys/unix"

const arch = unix.AUDIT_ARCH_AARCH64

// arm64 has only the calls of calls.go.
var (
	archAllowed   = []uint32{unix.SYS_GETRLIMIT}
	archFileCalls []uint32
	archModeCalls []uint32
	archRefused   []refusedCall
)
