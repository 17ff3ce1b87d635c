package sandbox

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// ours are the sockets that were made for confined processes of this one, by
// their inodes: the only ones that these may reach.
var ours = socketSet{inodes: map[uint64]bool{}}

type socketSet struct {
	mu     sync.Mutex
	inodes map[uint64]bool
	order  []uint64 // oldest first
}

// maxOurs bounds what is remembered. A socket that was forgotten cannot be
// reached any more.
const maxOurs = 1 << 16

func (s *socketSet) add(fd int) error {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inodes[st.Ino] {
		return nil
	}
	s.inodes[st.Ino] = true
	s.order = append(s.order, st.Ino)
	if len(s.order) > maxOurs {
		delete(s.inodes, s.order[0])
		s.order = s.order[1:]
	}
	return nil
}

func (s *socketSet) has(inode uint64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inodes[inode]
}

// foreign tells whether somebody else has a socket of the protocol, "tcp" or
// "udp", that would get what is sent to an address, and no confined process.
// Where that cannot be seen, it is so.
func foreign(protocol string, to netip.AddrPort) bool {
	theirs := false
	for _, table := range []string{protocol, protocol + "6"} {
		entries, err := readTable("/proc/thread-self/net/"+table, protocol == "tcp")
		if os.IsNotExist(err) && strings.HasSuffix(table, "6") {
			continue // a kernel without IPv6
		}
		if err != nil {
			return true
		}
		for _, e := range entries {
			at := e.local.Addr()
			switch {
			case e.local.Port() != to.Port():
				continue
			case at != to.Addr() && !at.IsUnspecified() && !to.Addr().IsUnspecified():
				continue
			case ours.has(e.inode):
				return false
			}
			theirs = true
		}
	}
	return theirs
}

// stateListen is TCP_LISTEN of linux/tcp_states.h.
const stateListen = 10

// entry is a socket in a table of proc_net(5).
type entry struct {
	local netip.AddrPort
	state uint8
	inode uint64
}

// readTable reads a table of sockets, or only its listeners, which come first
// in a table of TCP (Documentation/networking/proc_net_tcp.rst): a connect does
// not wait longer the more connections there are.
func readTable(path string, listeners bool) ([]entry, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	var entries []entry
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 10 || fields[0] == "sl" {
			continue
		}
		e, err := parseEntry(fields)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if listeners && e.state != stateListen {
			break
		}
		entries = append(entries, e)
	}
	return entries, lines.Err()
}

// parseEntry reads the fields of a line: 1 is the local address, 3 the state,
// 9 the inode.
func parseEntry(fields []string) (e entry, err error) {
	if e.local, err = parseAddress(fields[1]); err != nil {
		return e, err
	}
	state, err := strconv.ParseUint(fields[3], 16, 8)
	if err != nil {
		return e, err
	}
	e.state = uint8(state)
	e.inode, err = strconv.ParseUint(fields[9], 10, 64)
	return e, err
}

// parseAddress reads an address as these tables have it: words of four bytes in
// the machine's order, and the port, in hexadecimal.
func parseAddress(text string) (netip.AddrPort, error) {
	host, port, _ := strings.Cut(text, ":")
	raw, err := hex.DecodeString(host)
	if err != nil || len(raw) != 4 && len(raw) != 16 {
		return netip.AddrPort{}, fmt.Errorf("%q is not an address", text)
	}
	for i := 0; i < len(raw); i += 4 {
		binary.BigEndian.PutUint32(raw[i:], binary.NativeEndian.Uint32(raw[i:]))
	}
	ip, _ := netip.AddrFromSlice(raw)
	n, err := strconv.ParseUint(port, 16, 16)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("%q is not an address", text)
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(n)), nil
}
