package lab

import (
	"fmt"
	"net/netip"
	"time"

	"sockbook/runtime/lab/inetdiag"
	"sockbook/runtime/wire"
)

// Socket is one socket of a host.
type Socket struct {
	Host          string
	Protocol      string // "tcp" or "udp"
	IPv6          bool   // made as AF_INET6; it may serve IPv4 too
	State         string // of TCP by wire.State; of UDP "connected" or "unconnected"
	Local, Remote netip.AddrPort
	// PID and FD are the process that has the socket and its descriptor there;
	// zero if none has, or if it cannot be seen. Holders is how many
	// descriptors there are, in all processes.
	PID, FD, Holders int
	// ReceiveQueue and SendQueue are bytes that wait: for the process to read
	// them, and for the peer to acknowledge them. A FIN counts as one byte.
	ReceiveQueue, SendQueue int
	// Waiting and Backlog are of a listener: connections that wait for accept,
	// and what listen was told. Linux lets Backlog+1 wait.
	Waiting, Backlog int
	// ReceiveBuffer and SendBuffer are SO_RCVBUF and SO_SNDBUF, in bytes.
	ReceiveBuffer, SendBuffer int
	Drops                     int // datagrams that did not fit; for TCP, segments of no use
	// Timer says what the socket waits for; Expires is when, from now.
	Timer   string
	Expires time.Duration
	Retries int
	// Options are those set that are not as they are at first, for example
	// "SO_REUSEADDR" or "SO_LINGER 0s".
	Options []string
	TCP     *TCPInfo // nil for UDP, TIME_WAIT and SYN_RECV
	// Words says what is going on, a sentence each.
	Words []string
}

// TCPInfo is a part of the kernel's struct tcp_info (tcp(7)).
type TCPInfo struct {
	RTT, RTO                     time.Duration
	MSS, Window                  int // bytes; Window is the peer's
	SendScale, ReceiveScale      int // of the windows, in bits
	CongestionWindow             int // segments
	Congestion                   string
	Retransmitted, Unacked, Lost int // segments
	BytesSent, BytesReceived     int64
}

var timers = map[inetdiag.Timer]string{
	inetdiag.Retransmit:      "retransmit",
	inetdiag.Keepalive:       "keepalive",
	inetdiag.TimeWait:        "TIME_WAIT",
	inetdiag.ZeroWindowProbe: "zero window probe",
}

// newSocket tells of a socket what inet_diag does.
func newSocket(host string, d inetdiag.Socket) Socket {
	s := Socket{
		Host: host, Protocol: d.Protocol.String(), IPv6: d.IPv6, State: d.State.String(), Local: d.Local, Remote: d.Remote,
		ReceiveQueue: int(d.ReceiveQueue), SendQueue: int(d.SendQueue), Drops: int(d.Drops),
		Timer: timers[d.Timer], Expires: d.Expires, Retries: d.Retries,
	}
	if d.Protocol == inetdiag.UDP {
		s.State = "unconnected"
		if d.State == wire.Established {
			s.State = "connected"
		}
	}
	if d.State == wire.Listen {
		s.Waiting, s.Backlog, s.ReceiveQueue, s.SendQueue = s.ReceiveQueue, s.SendQueue, 0, 0
	}
	if d.Memory != nil {
		s.ReceiveBuffer, s.SendBuffer = int(d.Memory.ReceiveBuffer), int(d.Memory.SendBuffer)
	}
	if d.State != wire.Listen {
		s.TCP = tcpInfo(d)
	}
	return s
}

// data returns the queues without the FIN, which counts as one byte in them.
func (s *Socket) data() (unread, unacked int) {
	unread, unacked = s.ReceiveQueue, s.SendQueue
	switch s.State {
	case wire.FinWait1.String():
		unacked = max(unacked-1, 0)
	case wire.CloseWait.String():
		unread = max(unread-1, 0)
	case wire.Closing.String(), wire.LastAck.String():
		unread, unacked = max(unread-1, 0), max(unacked-1, 0)
	}
	return unread, unacked
}

// words says in sentences what the numbers mean.
func (s *Socket) words() (w []string) {
	say := func(format string, args ...any) { w = append(w, fmt.Sprintf(format, args...)) }
	switch s.State {
	case wire.Listen.String():
		say("waits for connections: %d of at most %d wait for accept", s.Waiting, s.Backlog+1)
		if s.Waiting > s.Backlog {
			say("its accept queue is full: Linux ignores what more comes")
		}
	case wire.SynSent.String():
		say("has sent a SYN and waits for the answer")
	case wire.SynRecv.String():
		say("has answered a SYN and waits for the ACK")
	case wire.CloseWait.String():
		say("the peer has sent its FIN; this side has yet to close")
	case wire.FinWait1.String(), wire.LastAck.String(), wire.Closing.String():
		say("its FIN is not acknowledged yet")
	case wire.FinWait2.String():
		say("has closed its direction; waits for the peer's FIN")
	}
	unread, unacked := s.data()
	if unread > 0 {
		say("%d B have arrived that the process has not read", unread)
	}
	if unacked > 0 {
		say("%d B are not acknowledged by the peer", unacked)
	}
	switch {
	case s.Drops > 0 && s.Protocol == "tcp": // probes of keepalive and old segments are counted, too
		say("%d segments were of no use: old, out of the window, or without room", s.Drops)
	case s.Drops > 0:
		say("%d datagrams were dropped, its receive buffer being full", s.Drops)
	}
	in := s.Expires.Round(time.Millisecond)
	switch s.Timer {
	case "retransmit":
		say("sends again in %v (retransmission %d)", in, s.Retries+1)
	case "keepalive":
		say("looks in %v whether to send a keepalive probe; %d unanswered", in, s.Retries)
	case "TIME_WAIT":
		say("keeps the four-tuple for %v more", in)
	case "zero window probe":
		say("the peer's window is closed: probes it in %v", in)
	}
	if s.Holders == 0 && s.Protocol == "tcp" {
		switch s.State {
		case wire.Established.String(), wire.CloseWait.String():
			say("no process has accepted it yet") // no orphan is in these states
		case wire.SynRecv.String(), wire.TimeWait.String():
		default:
			if s.Timer != "TIME_WAIT" {
				say("no process has it any more")
			}
		}
	}
	if s.Holders > 1 {
		say("%d descriptors refer to it: it closes with the last", s.Holders)
	}
	return w
}
