// Package wire carries every frame between the hosts of a lab: a hub in user
// space that captures frames and does to them what rules say.
//
// A reader of captures starts with Source and Frame. Whoever builds a network
// starts with NewHub, gives it a port for each host, and tells it rules
// (ParseRule). The package does not make namespaces or links, does not draw,
// and does not decode more of a frame than its rules need.
package wire

import (
	"net/netip"
	"slices"
	"time"
)

// Router is the name of the hub itself where it answers as a router or sends
// an ICMP message. No host may have this name.
const Router = "router"

// Frame is one Ethernet frame on its way from one host to another. A frame
// sent to all hosts is one Frame for each of them, with the same Sent number.
type Frame struct {
	// Seq numbers what the hub took in: 1, 2, 3 … An answer always comes after
	// what it answers; frames of two hosts that have nothing to do with each
	// other may come in another order than their Times, on a busy hub. Numbers
	// missing from a capture are frames that it could not keep.
	Seq uint64
	// Sent is the number of the frame as its sender sent it. Copies of one
	// broadcast share it; a duplicate made by a rule has its original's.
	Sent uint64
	// Time is when the sender's packet left its host, by the kernel's clock.
	Time time.Time
	// Arrived is when the frame was given to To. It is zero for a frame that
	// never was, and for one that is still under way.
	Arrived time.Time
	// From and To are the names of the hosts, or Router. To is empty if no
	// host has the frame's address.
	From, To string
	// Data is the frame from its Ethernet header on, without the checksum.
	// It may be cut short in a full capture: Len is the true length in bytes.
	Data []byte
	Len  int
	// Fate is what became of the frame, and By says through whom: the text of
	// the rule ("drop client server third SYN"), or of what was done to the
	// host or link ("crash server", "cut client server"). Empty if nothing
	// was done to the frame.
	Fate Fate
	By   string
	// Made is true for frames that no host sent: answers of the hub as a
	// router, and duplicates made by a rule.
	Made bool
	// Before and After are the two ends of the connection that a TCP frame
	// belongs to, sender's first, as inet_diag reports them: Before the frame is
	// passed on, and After. Since a host changes its own state before it
	// sends, the sender's state in Before already includes this frame.
	// Both are empty for other frames, and After for a frame that did not
	// arrive. They are also empty for frames of a connection that was
	// ESTABLISHED at both ends less than a millisecond before, so that bulk is
	// not slowed down; frames with SYN, FIN or RST always have them.
	Before, After []Sample
}

// Link names the pair of hosts that the frame travels between, in the order
// of their names: "client server".
func (f Frame) Link() string { return linkName(f.From, f.To) }

func linkName(a, b string) string {
	if a > b {
		a, b = b, a
	}
	return a + " " + b
}

// Fate is what became of a frame.
type Fate uint8

// The fates of a frame.
const (
	UnderWay  Fate = iota // taken in and, because of a delay, not yet passed on
	Delivered             // given to the receiver
	Dropped               // lost on the wire; By says why
	Refused               // dropped, and the sender was told by ICMP
)

var fates = [...]string{"under way", "delivered", "dropped", "refused"}

// String returns the fate in words.
func (f Fate) String() string {
	if int(f) < len(fates) {
		return fates[f]
	}
	return "unknown"
}

// Delay is how long the hub held the frame, from Time to Arrived.
func (f Frame) Delay() time.Duration {
	if f.Arrived.IsZero() {
		return 0
	}
	return f.Arrived.Sub(f.Time)
}

// Sample is one end of a TCP connection, as its own host sees it.
type Sample struct {
	Host          string
	Local, Remote netip.AddrPort
	State         State
}

// State is the state of a TCP socket, with the kernel's numbers
// (include/net/tcp_states.h). Zero means that it could not be asked.
type State uint8

// The eleven states of RFC 9293. Closed also stands for "there is no such
// socket".
const (
	Established State = iota + 1
	SynSent
	SynRecv
	FinWait1
	FinWait2
	TimeWait
	Closed
	CloseWait
	LastAck
	Listen
	Closing
	newSynRecv // the kernel's name for a connection that is not yet a socket
)

var states = [...]string{"unknown", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",
	"TIME_WAIT", "CLOSED", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "SYN_RECV"}

// String returns the state's name as ss(8) and the kernel write it, but for
// CLOSED, which they call CLOSE.
func (s State) String() string {
	if int(s) < len(states) {
		return states[s]
	}
	return "unknown"
}

// ParseState gives the state that String writes so; zero for another text.
func ParseState(s string) State {
	for st := Established; st < newSynRecv; st++ {
		if st.String() == s {
			return st
		}
	}
	return 0
}

// Merge puts frames read later into those read before: a frame with a known
// Seq takes the place of the older one, others are added. Both must be in
// order of Seq, as Source gives them; so is the result.
func Merge(frames, more []Frame) []Frame {
	for _, f := range more {
		i, found := slices.BinarySearchFunc(frames, f.Seq, func(f Frame, seq uint64) int {
			switch {
			case f.Seq < seq:
				return -1
			case f.Seq > seq:
				return 1
			}
			return 0
		})
		if found {
			frames[i] = f
		} else {
			frames = slices.Insert(frames, i, f)
		}
	}
	return frames
}
