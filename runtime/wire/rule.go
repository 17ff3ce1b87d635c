package wire

import (
	"math/rand/v2"
	"time"
)

// Rule says which frames something happens to, and what. It is plain data; the
// zero value passes everything. Rules are asked in order: the first that drops
// or refuses a frame decides, the delays of several add up.
//
// A rule counts the frames that reach it and match all of A, B, From, Kind and
// Port; First, Count and Share choose among those.
type Rule struct {
	// A and B are the ends of the link, in any order. With B empty every link
	// of A is meant, with both empty every link.
	A, B string
	// From restricts the rule to frames sent by this host.
	From string
	// Kind restricts it to frames of one kind.
	Kind Kind
	// Port restricts it to TCP and UDP from or to this port.
	Port uint16
	// First is the number of the first matching frame that the rule acts on,
	// counted from 1; zero means 1. Count is the number of frames that it acts
	// on from there; zero means all.
	First, Count int
	// Share is the part of the matching frames that the rule acts on, chosen at
	// random by Seed: above 0 and below 1. Zero means all.
	Share float64
	Seed  uint64

	Action Action
	// Delay is how long Action Delay holds a frame.
	Delay time.Duration
	// Code is what Action Unreachable says.
	Code Code
}

// Action is what a rule does to a frame.
type Action uint8

// The actions.
const (
	Pass        Action = iota // nothing
	Drop                      // the frame is lost
	Cut                       // the same, as a cable that is cut: also for frames under way
	Delay                     // the frame arrives later; frames keep their order if all are delayed alike
	Duplicate                 // the frame arrives twice
	Unreachable               // the frame is lost and a router says so by ICMP; what may not be answered so passes
)

// Kind is what a frame carries.
type Kind uint8

// The kinds of frames.
const (
	AnyFrame  Kind = iota
	SYN            // the first of the handshake: SYN without ACK
	SYNACK         // the second
	ACK            // an acknowledgement and nothing else: no data, no SYN, FIN, RST
	FIN            // any segment with FIN
	RST            // any segment with RST
	Data           // a TCP segment with data
	TCP            // any TCP segment
	UDP            // any UDP datagram
	ICMP           // ICMP or ICMPv6, without the latter's ARP
	ARP            // ARP, and neighbour solicitation and advertisement of IPv6
	NotARP         // everything that is not ARP
	kindCount = iota
)

// Code is the reason that a router gives for not passing on a packet.
type Code uint8

// The reasons, with the error that they become in a connecting socket on Linux.
const (
	HostUnreachable Code = iota // EHOSTUNREACH
	NetUnreachable              // ENETUNREACH
	PortUnreachable             // ECONNREFUSED
	Prohibited                  // EHOSTUNREACH (IPv4), EACCES (IPv6)
	codeCount       = iota
)

// is tells whether the packet is of this kind.
func (k Kind) is(p *packet) bool {
	const control = flagSYN | flagFIN | flagRST
	arp := p.etherType == typeARP || p.isNeighbour()
	switch k {
	case AnyFrame:
		return true
	case SYN:
		return p.tcp && p.flags&(flagSYN|flagACK) == flagSYN
	case SYNACK:
		return p.tcp && p.flags&(flagSYN|flagACK) == flagSYN|flagACK
	case ACK:
		return p.tcp && p.flags&flagACK != 0 && p.flags&control == 0 && p.payload == 0
	case FIN:
		return p.tcp && p.flags&flagFIN != 0
	case RST:
		return p.tcp && p.flags&flagRST != 0
	case Data:
		return p.tcp && p.payload > 0
	case TCP:
		return p.tcp
	case UDP:
		return p.proto == protoUDP
	case ICMP:
		return (p.proto == protoICMP || p.proto == protoICMPv6) && !arp
	case ARP:
		return arp
	case NotARP:
		return !arp
	}
	return false
}

// matches tells whether the rule counts a frame from one host to another.
func (r *Rule) matches(from, to string, p *packet) bool {
	switch {
	case r.A != "" && r.A != from && r.A != to,
		r.B != "" && r.B != from && r.B != to,
		r.A != "" && r.A == r.B,
		r.From != "" && r.From != from,
		r.Port != 0 && r.Port != p.srcPort && r.Port != p.dstPort:
		return false
	}
	return r.Kind.is(p)
}

// ruleState is a rule at work: what it has counted, and its own random numbers.
type ruleState struct {
	Rule
	text string
	seen int
	rand *rand.Rand
}

func newRuleState(r Rule) *ruleState {
	return &ruleState{Rule: r, text: r.String(), rand: rand.New(rand.NewPCG(r.Seed, 0))}
}

// acts counts the frame if it matches and tells whether the rule acts on it.
func (r *ruleState) acts(from, to string, p *packet) bool {
	if r.Action == Pass || !r.matches(from, to, p) {
		return false
	}
	r.seen++
	first := max(r.First, 1)
	if r.seen < first || r.Count > 0 && r.seen-first >= r.Count {
		return false
	}
	return r.Share == 0 || r.rand.Float64() < r.Share
}
