package trace

import (
	"fmt"
	"strings"
)

// NoteKind says what is special about a packet among its neighbours.
type NoteKind uint8

const (
	Retransmission   NoteKind = iota + 1 // bytes that were sent before; N: how often again
	PartlyNew                            // begins with bytes that were sent before, and goes on
	FastRetransmit                       // sent again because of duplicate ACKs (RFC 5681 section 3.2), not of a timer
	Keepalive                            // a probe of an idle connection; N: which one in a row
	KeepaliveReply                       // the answer to it
	WindowProbe                          // asks whether the window has opened; N: which one in a row
	ProbeReply                           // the answer to it
	ZeroWindow                           // the sender of this packet can take no more bytes
	WindowOpens                          // it can again
	FillsWindow                          // takes the last byte of the receiver's window
	DuplicateAck                         // acknowledges the same byte again; N: how often
	ChallengeAck                         // answers a SYN out of an older connection, with that one's numbers (RFC 5961 section 4)
	Gap                                  // arrived before bytes that come first; N: how many are missing
	Duplicate                            // the receiver had all of these bytes
	Ignored                              // a SYN like one that arrived, which the receiver has not answered
	ResetCause                           // why an RST was sent; Text
	SimultaneousOpen                     // a SYN that crosses one of the other side
	Copy                                 // not sent by the host: a rule of the wire doubled it
)

// Note is something special about a packet, concluded from the packets
// before it.
type Note struct {
	Kind NoteKind
	N    int
	Text string // for ResetCause
}

// String says it in words, short enough for a picture.
func (n Note) String() string {
	switch n.Kind {
	case Retransmission:
		return fmt.Sprintf("retransmission %d", n.N)
	case PartlyNew:
		return "partly retransmission"
	case FastRetransmit:
		return "fast retransmit"
	case Keepalive:
		return fmt.Sprintf("keepalive %d", n.N)
	case KeepaliveReply:
		return "alive"
	case WindowProbe:
		return fmt.Sprintf("window probe %d", n.N)
	case ProbeReply:
		return "probe answered"
	case ZeroWindow:
		return "zero window"
	case WindowOpens:
		return "window opens"
	case FillsWindow:
		return "fills the window"
	case DuplicateAck:
		return fmt.Sprintf("duplicate ACK %d", n.N)
	case ChallengeAck:
		return "challenge ACK"
	case Gap:
		return fmt.Sprintf("%d B before it missing", n.N)
	case Duplicate:
		return "receiver had it"
	case Ignored:
		return "ignored earlier"
	case ResetCause:
		return n.Text
	case Copy:
		return "copy made by the wire"
	case SimultaneousOpen:
		return "simultaneous open"
	}
	return ""
}

// Remarks joins a packet's notes, in the order in which they were concluded.
func (p *Packet) Remarks() string {
	var s []string
	for _, n := range p.Notes {
		s = append(s, n.String())
	}
	return strings.Join(s, ", ")
}
