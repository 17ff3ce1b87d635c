package lab

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/lab/inetdiag"
)

// sockets lists the sockets of a host, or of all that are up.
func (w *world) sockets(name string) ([]Socket, error) {
	w.mu.RLock()
	hosts := slices.Clone(w.hosts)
	w.mu.RUnlock()
	if name != "" {
		h, err := w.host(name)
		if err != nil {
			return nil, err
		}
		if err := h.isOn(); err != nil {
			return nil, err
		}
		hosts = []*host{h}
	}
	holders := findHolders()
	all := []Socket{}
	for _, h := range hosts {
		diag := h.diag.Load()
		if diag == nil {
			continue
		}
		for _, proto := range []inetdiag.Protocol{inetdiag.TCP, inetdiag.UDP} {
			found, err := diag.Dump(proto)
			if err != nil {
				return nil, fmt.Errorf("host %s: %w", h.desc.Name, err)
			}
			for _, d := range found {
				s := newSocket(h.desc.Name, d)
				if at := holders[d.Inode]; d.Inode != 0 && len(at) > 0 {
					s.PID, s.FD, s.Holders = at[0].pid, at[0].fd, len(at)
					s.Options = options(at[0], d.Protocol)
				}
				s.Words = s.words()
				all = append(all, s)
			}
		}
	}
	order := map[string]int{}
	for i, h := range hosts {
		order[h.desc.Name] = i
	}
	slices.SortStableFunc(all, func(a, b Socket) int {
		return cmp.Or(cmp.Compare(order[a.Host], order[b.Host]), cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(rank(a.State), rank(b.State)),
			cmp.Compare(a.Local.Port(), b.Local.Port()), cmp.Compare(a.Remote.Port(), b.Remote.Port()))
	})
	return all, nil
}

// rank orders states as the life of a connection does, listeners first.
// Ephemeral ports come in no order, so they should not decide about rows that
// differ otherwise.
func rank(state string) int {
	return slices.Index([]string{"LISTEN", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "CLOSE_WAIT", "LAST_ACK",
		"FIN_WAIT1", "FIN_WAIT2", "CLOSING", "TIME_WAIT", "CLOSED"}, state)
}

// holder is a descriptor of a process.
type holder struct{ pid, fd int }

// findHolders finds out by /proc which descriptors are sockets. Processes that
// may not be looked into are left out.
func findHolders() map[uint32][]holder {
	found := map[uint32][]holder{}
	if !ownProc() {
		return found
	}
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*") // the pattern is right
	for _, l := range links {
		target, err := os.Readlink(l)
		num, ok := strings.CutPrefix(target, "socket:[")
		if err != nil || !ok {
			continue
		}
		inode, err := strconv.ParseUint(strings.TrimSuffix(num, "]"), 10, 32)
		if err != nil {
			continue
		}
		parts := strings.Split(l, "/")
		pid, _ := strconv.Atoi(parts[2])
		fd, _ := strconv.Atoi(parts[4])
		if pid > 1 {
			found[uint32(inode)] = append(found[uint32(inode)], holder{pid, fd})
		}
	}
	for _, at := range found {
		slices.SortFunc(at, func(a, b holder) int { return cmp.Or(a.pid-b.pid, a.fd-b.fd) })
	}
	return found
}

// options asks for a socket's options on a copy of the descriptor, where that
// may be had (pidfd_getfd(2)). While the copy is there, some microseconds, a
// close by the process is not yet the last.
func options(at holder, proto inetdiag.Protocol) (set []string) {
	pidfd, err := unix.PidfdOpen(at.pid, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(pidfd)
	fd, err := unix.PidfdGetfd(pidfd, at.fd, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	get := func(level, opt int) int {
		n, err := unix.GetsockoptInt(fd, level, opt)
		if err != nil {
			return 0
		}
		return n
	}
	add := func(format string, args ...any) { set = append(set, fmt.Sprintf(format, args...)) }
	for _, o := range []struct {
		name       string
		level, opt int
	}{
		{"SO_REUSEADDR", unix.SOL_SOCKET, unix.SO_REUSEADDR}, {"SO_REUSEPORT", unix.SOL_SOCKET, unix.SO_REUSEPORT},
		{"SO_BROADCAST", unix.SOL_SOCKET, unix.SO_BROADCAST}, {"SO_OOBINLINE", unix.SOL_SOCKET, unix.SO_OOBINLINE},
	} {
		if get(o.level, o.opt) != 0 {
			add("%s", o.name)
		}
	}
	if on, seconds := linger(fd); on {
		add("SO_LINGER %ds", seconds)
	}
	if proto != inetdiag.TCP {
		return set
	}
	if get(unix.SOL_SOCKET, unix.SO_KEEPALIVE) != 0 {
		add("SO_KEEPALIVE idle %ds, every %ds, %d times", get(unix.IPPROTO_TCP, unix.TCP_KEEPIDLE),
			get(unix.IPPROTO_TCP, unix.TCP_KEEPINTVL), get(unix.IPPROTO_TCP, unix.TCP_KEEPCNT))
	}
	if get(unix.IPPROTO_TCP, unix.TCP_NODELAY) != 0 {
		add("TCP_NODELAY")
	}
	if get(unix.IPPROTO_TCP, unix.TCP_CORK) != 0 {
		add("TCP_CORK")
	}
	if ms := get(unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT); ms != 0 {
		add("TCP_USER_TIMEOUT %v", time.Duration(ms)*time.Millisecond)
	}
	return set
}

// tcpInfo picks what a learner asks for from struct tcp_info.
func tcpInfo(d inetdiag.Socket) *TCPInfo {
	if d.Info == nil {
		return nil
	}
	info := tcpInfoOf(d.Info)
	us := func(n uint32) time.Duration { return time.Duration(n) * time.Microsecond }
	t := &TCPInfo{
		RTT: us(info.Rtt), RTO: us(info.Rto), MSS: int(info.Snd_mss), Window: int(info.Snd_wnd),
		CongestionWindow: int(info.Snd_cwnd), Congestion: d.Congestion,
		Retransmitted: int(info.Total_retrans), Unacked: int(info.Unacked), Lost: int(info.Lost),
		BytesSent: int64(info.Bytes_sent), BytesReceived: int64(info.Bytes_received),
	}
	if len(d.Info) > 6 { // two bit fields of four bits (tcpi_snd_wscale, tcpi_rcv_wscale)
		t.SendScale, t.ReceiveScale = int(d.Info[6]&15), int(d.Info[6]>>4)
	}
	return t
}
