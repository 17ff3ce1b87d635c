package sandbox

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// loopback does for a process without a network of its own what it asks for,
// as far as that stays on the loopback and among confined processes. It works
// on copies of what was asked, so that nothing can be changed between the
// check and the deed.
type loopback struct {
	guard *Guard
	temp  *tempDir
	lack  string // what this place does not allow

	memory *os.File // the process's, for reading
	pidfd  int      // of the process; -1: its descriptors cannot be had

	mu      sync.Mutex
	closed  bool
	waiting map[int]bool // copies of its sockets that a call is being made on
}

// loopbackWorks tells why mode Loopback is not possible here.
var loopbackWorks = sync.OnceValue(func() error {
	fd, err := loopbackSocket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return fmt.Errorf("tie a socket to the loopback: %w", err)
	}
	return unix.Close(fd)
})

func newLoopback(g *Guard, pid int, temp *tempDir) *loopback {
	l := &loopback{guard: g, temp: temp, pidfd: -1, waiting: map[int]bool{}}
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		l.lack = fmt.Sprintf("sockets cannot be connected: %v", err)
		return l
	}
	l.memory = memory
	pidfd, err := unix.PidfdOpen(pid, 0)
	if err == nil {
		var fd int
		if fd, err = unix.PidfdGetfd(pidfd, 0, 0); err == nil {
			unix.Close(fd)
			l.pidfd = pidfd
			return l
		}
		unix.Close(pidfd)
	}
	l.lack = fmt.Sprintf("addresses are checked, but could be changed just after by a trick; no sendmsg: pidfd_getfd: %v", err)
	return l
}

// close ends calls that are being made. Those on sockets with a path end when
// the socket at the other end does.
func (l *loopback) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for fd := range l.waiting {
		unix.Shutdown(fd, unix.SHUT_RDWR)
	}
	if l.memory != nil {
		l.memory.Close()
	}
	if l.pidfd >= 0 {
		unix.Close(l.pidfd)
	}
}

// copyOf returns a copy of one of the process's descriptors.
func (l *loopback) copyOf(fd uint64) (int, unix.Errno) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return -1, unix.EBADF
	}
	ours, err := unix.PidfdGetfd(l.pidfd, int(int32(fd)), 0)
	if err != nil {
		return -1, errnoOf(err)
	}
	l.waiting[ours] = true
	return ours, 0
}

func (l *loopback) release(fd int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.waiting, fd)
	unix.Close(fd)
}

func errnoOf(err error) unix.Errno {
	var errno unix.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return unix.EPERM
}

func (l *loopback) handle(n notification) {
	args := n.Data.Args
	switch n.Data.Call {
	case unix.SYS_SOCKET:
		l.socket(n.ID, int(int32(args[0])), int(int32(args[1])), int(int32(args[2])))
	case unix.SYS_CONNECT:
		go l.connect(n)
	case unix.SYS_SENDTO:
		go l.sendto(n)
	case unix.SYS_SENDMSG:
		go l.sendmsg(n)
	default:
		l.guard.fail(n.ID, unix.EPERM)
	}
}

// socket makes a socket for the process.
func (l *loopback) socket(id uint64, domain, kind, protocol int) {
	fd, err := loopbackSocket(domain, kind, protocol)
	if err != nil {
		l.guard.fail(id, errnoOf(err))
		return
	}
	defer unix.Close(fd)
	if err := ours.add(fd); err != nil {
		l.guard.fail(id, errnoOf(err))
		return
	}
	l.guard.giveDescriptor(id, fd, kind&unix.SOCK_CLOEXEC != 0)
}

// loopbackSocket makes a socket that sends and receives on no other device.
func loopbackSocket(domain, kind, protocol int) (int, error) {
	fd, err := unix.Socket(domain, kind|unix.SOCK_CLOEXEC, protocol)
	if err != nil {
		return -1, err
	}
	if err := unix.BindToDevice(fd, "lo"); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// read copies from the process's memory.
func (l *loopback) read(at, size uint64) ([]byte, unix.Errno) {
	if size == 0 {
		return nil, 0
	}
	if l.memory == nil {
		return nil, unix.EACCES
	}
	buf := make([]byte, size)
	if at >= 1<<63 {
		return nil, unix.EFAULT
	}
	if _, err := l.memory.ReadAt(buf, int64(at)); err != nil {
		return nil, unix.EFAULT
	}
	return buf, 0
}

// maxAddress is the size of struct sockaddr_storage.
const maxAddress = 128

func (l *loopback) connect(n notification) {
	g, args := l.guard, n.Data.Args
	if args[2] > maxAddress {
		g.fail(n.ID, unix.EINVAL)
		return
	}
	address, errno := l.read(args[1], args[2])
	if errno != 0 {
		g.fail(n.ID, errno)
		return
	}
	if l.pidfd < 0 {
		l.checkOnly(n, address)
		return
	}
	fd, errno := l.copyOf(args[0])
	if errno != 0 {
		g.fail(n.ID, errno)
		return
	}
	defer l.release(fd)
	address, done, errno := l.check(n, fd, address)
	if errno == 0 {
		errno = connect(fd, address)
		for errno == unix.EINTR { // by a signal of this process
			errno = connect(fd, address)
		}
		done()
	}
	g.refuse(n, errno) // 0: it did not fail
}

// maxSend is how many bytes a call may send: more than a datagram can hold.
// Streams take what they can, and say how much.
const maxSend = 1 << 20

func (l *loopback) sendto(n notification) {
	g, args := l.guard, n.Data.Args
	if args[5] > maxAddress {
		g.fail(n.ID, unix.EINVAL)
		return
	}
	address, errno := l.read(args[4], args[5])
	if errno != 0 {
		g.fail(n.ID, errno)
		return
	}
	if l.pidfd < 0 {
		l.checkOnly(n, address)
		return
	}
	data, errno := l.read(args[1], min(args[2], maxSend))
	if errno != 0 {
		g.fail(n.ID, errno)
		return
	}
	l.send(n, data, address, nil, int(int32(args[3])))
}

// send makes a call that sends.
func (l *loopback) send(n notification, data, address, control []byte, flags int) {
	g := l.guard
	fd, errno := l.copyOf(n.Data.Args[0])
	if errno != 0 {
		g.fail(n.ID, errno)
		return
	}
	defer l.release(fd)
	done := func() {}
	if len(address) > 0 {
		if address, done, errno = l.check(n, fd, address); errno != 0 {
			g.refuse(n, errno)
			return
		}
	}
	defer done()
	sent, errno := send(fd, data, address, control, flags)
	for errno == unix.EINTR {
		sent, errno = send(fd, data, address, control, flags)
	}
	if errno != 0 {
		g.fail(n.ID, errno)
		return
	}
	g.respond(response{ID: n.ID, Value: int64(sent)})
}

// Struct msghdr (sendmsg(2)) has eight bytes for each of its fields.
const (
	sizeofMsghdr = 56
	maxIovecs    = 1024
	maxControl   = 4 << 10
)

func (l *loopback) sendmsg(n notification) {
	g, args := l.guard, n.Data.Args
	if l.pidfd < 0 {
		g.refuse(n, unix.EACCES)
		return
	}
	header, errno := l.read(args[1], sizeofMsghdr)
	if errno != 0 {
		g.fail(n.ID, errno)
		return
	}
	word := func(i int) uint64 { return binary.NativeEndian.Uint64(header[8*i:]) }
	nameSize := uint64(binary.NativeEndian.Uint32(header[8:]))
	if word(0) == 0 {
		nameSize = 0
	}
	switch {
	case word(3) > maxIovecs, nameSize > maxAddress:
		errno = unix.EINVAL
	case word(5) > maxControl:
		errno = unix.ENOBUFS
	}
	var address, data, control []byte
	if errno == 0 {
		address, errno = l.read(word(0), nameSize)
	}
	if errno == 0 {
		data, errno = l.gather(word(2), word(3))
	}
	if errno == 0 && word(4) != 0 {
		control, errno = l.read(word(4), word(5))
	}
	if errno != 0 {
		g.fail(n.ID, errno)
		return
	}
	control, done, errno := l.control(control)
	defer done()
	if errno != 0 {
		g.fail(n.ID, errno)
		return
	}
	l.send(n, data, address, control, int(int32(args[2])))
}

// gather reads what an array of struct iovec points to.
func (l *loopback) gather(at, count uint64) ([]byte, unix.Errno) {
	vectors, errno := l.read(at, 16*count)
	if errno != 0 {
		return nil, errno
	}
	var all []byte
	for len(vectors) > 0 {
		base, size := binary.NativeEndian.Uint64(vectors), binary.NativeEndian.Uint64(vectors[8:])
		vectors = vectors[16:]
		piece, errno := l.read(base, min(size, maxSend-uint64(len(all))))
		if errno != 0 {
			return nil, errno
		}
		all = append(all, piece...)
	}
	return all, 0
}

// control checks control messages, and puts copies of the process's
// descriptors in the place of their numbers. done lets go of these.
func (l *loopback) control(oob []byte) (checked []byte, done func(), errno unix.Errno) {
	var copies []int
	done = func() {
		for _, fd := range copies {
			l.release(fd)
		}
	}
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil, done, unix.EINVAL
	}
	for _, m := range messages {
		switch [2]int32{m.Header.Level, m.Header.Type} {
		case [2]int32{unix.SOL_SOCKET, unix.SCM_RIGHTS}:
			fds, err := unix.ParseUnixRights(&m)
			if err != nil {
				return nil, done, unix.EINVAL
			}
			var mine []int
			for _, fd := range fds {
				c, errno := l.copyOf(uint64(fd))
				if errno != 0 {
					return nil, done, errno
				}
				copies, mine = append(copies, c), append(mine, c)
			}
			checked = append(checked, unix.UnixRights(mine...)...)
		case [2]int32{unix.IPPROTO_IP, unix.IP_TTL}, [2]int32{unix.IPPROTO_IP, unix.IP_TOS},
			[2]int32{unix.IPPROTO_IPV6, unix.IPV6_HOPLIMIT}, [2]int32{unix.IPPROTO_IPV6, unix.IPV6_TCLASS}:
			c := make([]byte, unix.CmsgSpace(len(m.Data)))
			binary.NativeEndian.PutUint64(c, uint64(unix.CmsgLen(len(m.Data))))
			binary.NativeEndian.PutUint32(c[8:], uint32(m.Header.Level))
			binary.NativeEndian.PutUint32(c[12:], uint32(m.Header.Type))
			copy(c[unix.CmsgLen(0):], m.Data)
			checked = append(checked, c...)
		default: // among them those that choose a device
			return nil, done, unix.EPERM
		}
	}
	return checked, done, 0
}

// checkOnly is for places where the call cannot be made for the process: it is
// looked at, and then goes on, though the process might change what it says in
// between. Its sockets stay on the loopback all the same.
func (l *loopback) checkOnly(n notification, address []byte) {
	if len(address) >= 2 && binary.NativeEndian.Uint16(address) == unix.AF_UNIX {
		l.guard.refuse(n, unix.EACCES)
		return
	}
	for _, protocol := range []string{"tcp", "udp"} {
		if errno := checkInternet(address, protocol); errno != 0 {
			l.guard.refuse(n, errno)
			return
		}
	}
	l.guard.respond(response{ID: n.ID, Flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE})
}

// check tells whether the process may reach an address, and returns the one to
// use instead. done lets go of what that needs.
func (l *loopback) check(n notification, fd int, address []byte) (use []byte, done func(), errno unix.Errno) {
	done = func() {}
	if len(address) >= 2 && binary.NativeEndian.Uint16(address) == unix.AF_UNIX {
		return l.checkUnix(n, address)
	}
	protocol := "tcp"
	if kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE); err != nil {
		return nil, done, errnoOf(err)
	} else if kind != unix.SOCK_STREAM {
		protocol = "udp"
	}
	return address, done, checkInternet(address, protocol)
}

// checkInternet tells whether an Internet address is on the loopback, and none
// but a confined process listens there.
func checkInternet(address []byte, protocol string) unix.Errno {
	if len(address) < 2 {
		return unix.EINVAL
	}
	var ip netip.Addr
	switch binary.NativeEndian.Uint16(address) {
	case unix.AF_UNSPEC: // ends a connection
		return 0
	case unix.AF_INET:
		if len(address) < unix.SizeofSockaddrInet4 {
			return unix.EINVAL
		}
		ip = netip.AddrFrom4([4]byte(address[4:8]))
	case unix.AF_INET6:
		if len(address) < unix.SizeofSockaddrInet6 {
			return unix.EINVAL
		}
		ip = netip.AddrFrom16([16]byte(address[8:24])).Unmap()
	default:
		return unix.EAFNOSUPPORT
	}
	if !ip.IsLoopback() && !ip.IsUnspecified() {
		return unix.EACCES
	}
	if foreign(protocol, netip.AddrPortFrom(ip, binary.BigEndian.Uint16(address[2:]))) {
		return unix.EACCES
	}
	return 0
}

// checkUnix finds the socket of a path, which must be in the temporary
// directory, and names it by a descriptor: nothing can be put in its place.
func (l *loopback) checkUnix(n notification, address []byte) (use []byte, done func(), errno unix.Errno) {
	done = func() {}
	name := string(address[2:])
	if name == "" || name[0] == 0 {
		return nil, done, unix.EACCES // an abstract one, which may be anybody's
	}
	name, _, _ = strings.Cut(name, "\x00")
	if !filepath.IsAbs(name) {
		dir, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", n.PID))
		if err != nil {
			return nil, done, unix.EACCES
		}
		name = dir + "/" + name
	}
	inside, err := filepath.Rel(l.temp.path, filepath.Clean(name))
	if err != nil || !filepath.IsLocal(inside) {
		return nil, done, unix.EACCES
	}
	l.mu.Lock() // so that the directory is not closed now
	defer l.mu.Unlock()
	if l.closed {
		return nil, done, unix.EACCES
	}
	fd, err := unix.Openat2(l.temp.dir, inside, &unix.OpenHow{
		Flags:   unix.O_PATH | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS,
	})
	if err != nil {
		return nil, done, errnoOf(err)
	}
	use = binary.NativeEndian.AppendUint16(nil, unix.AF_UNIX)
	use = append(use, "/proc/self/fd/"+strconv.Itoa(fd)+"\x00"...)
	return use, func() { unix.Close(fd) }, 0
}
