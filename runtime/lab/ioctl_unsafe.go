package lab

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ethtoolValue is struct ethtool_value, and ifreqData the struct ifreq that
// points to one (SIOCETHTOOL).
type ethtoolValue struct{ cmd, data uint32 }

type ifreqData struct {
	name [unix.IFNAMSIZ]byte
	data unsafe.Pointer
	_    [16]byte
}

// offloadsOff makes eth0 of the calling thread's network send frames as they
// would be on a cable: with their checksums, none longer than the MTU.
func offloadsOff() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return os.NewSyscallError("socket", err)
	}
	defer unix.Close(fd)
	for _, o := range []struct {
		name string
		cmd  uint32
	}{{"tx-checksum", unix.ETHTOOL_STXCSUM}, {"TSO", unix.ETHTOOL_STSO}, {"GSO", unix.ETHTOOL_SGSO}} {
		value := &ethtoolValue{cmd: o.cmd}
		req := &ifreqData{data: unsafe.Pointer(value)}
		copy(req.name[:], hostDevice)
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCETHTOOL, uintptr(unsafe.Pointer(req)))
		runtime.KeepAlive(req)
		if errno != 0 && !errors.Is(errno, unix.EOPNOTSUPP) {
			return fmt.Errorf("%s: %w", o.name, errno)
		}
	}
	return nil
}

// linger reads SO_LINGER.
func linger(fd int) (on bool, seconds int) {
	var l unix.Linger
	size := uint32(unsafe.Sizeof(l))
	_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(fd), unix.SOL_SOCKET, unix.SO_LINGER,
		uintptr(unsafe.Pointer(&l)), uintptr(unsafe.Pointer(&size)), 0)
	return errno == 0 && l.Onoff != 0, int(l.Linger)
}

// tcpInfoOf reads as much of struct tcp_info as the kernel gave; the rest is zero.
func tcpInfoOf(b []byte) (info unix.TCPInfo) {
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&info)), unsafe.Sizeof(info)), b)
	return info
}
