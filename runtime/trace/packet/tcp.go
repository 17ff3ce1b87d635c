package packet

import (
	"encoding/binary"
	"strings"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// Flags are the control bits of a TCP header, RFC 9293 section 3.1, at the
// places they have there.
type Flags uint8

const (
	FIN Flags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
	ECE
	CWR
)

// The order in which the flags are named: what opens or ends a connection
// first, as tcpdump's readers and textbooks do.
var flagNames = []struct {
	bit  Flags
	name string
}{{SYN, "SYN"}, {FIN, "FIN"}, {RST, "RST"}, {PSH, "PSH"}, {ACK, "ACK"}, {URG, "URG"}, {ECE, "ECE"}, {CWR, "CWR"}}

// String names the flags: "SYN,ACK". No flag at all is "none".
func (f Flags) String() string {
	var names []string
	for _, n := range flagNames {
		if f&n.bit != 0 {
			names = append(names, n.name)
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, ",")
}

// Has tells whether all the given flags are set.
func (f Flags) Has(g Flags) bool { return f&g == g }

// TCPInfo is a TCP header and its payload.
type TCPInfo struct {
	SrcPort, DstPort uint16
	Seq, Ack         uint32 // as on the wire, not relative
	Flags            Flags
	Window           uint16 // as on the wire, not scaled
	Urgent           uint16
	Options          Options
	Size             int    // bytes of data on the wire, as the headers say
	Payload          []byte // what the capture kept of them
}

// Len is the length of the segment in sequence space: its bytes of data, and
// one each for SYN and FIN (RFC 9293 section 3.4).
func (t *TCPInfo) Len() uint32 {
	n := uint32(t.Size)
	if t.Flags&SYN != 0 {
		n++
	}
	if t.Flags&FIN != 0 {
		n++
	}
	return n
}

// Options are the TCP options that say something to a learner.
type Options struct {
	MSS           int // kind 2; 0 if absent
	WindowScale   int // kind 3, shift count; -1 if absent
	SACKPermitted bool
	SACK          []Block // kind 5, at most four, RFC 2018
	Timestamps    bool    // kind 8, RFC 7323
	TSVal, TSEcr  uint32
	Multipath     bool    // kind 30, RFC 8684
	FastOpen      bool    // kind 34, RFC 7413
	Unknown       []uint8 // kinds not named here
	Malformed     bool    // a length that cannot be
}

// Block is a range of sequence numbers, Left included, Right not.
type Block struct{ Left, Right uint32 }

func (p *Packet) tcp(b []byte, size int) {
	var t layers.TCP
	if err := t.DecodeFromBytes(b, gopacket.NilDecodeFeedback); err != nil {
		p.Malformed = "TCP: " + err.Error()
		return
	}
	p.Kind = TCP
	p.TCP = &TCPInfo{
		SrcPort: uint16(t.SrcPort), DstPort: uint16(t.DstPort), Seq: t.Seq, Ack: t.Ack, Flags: Flags(b[13]),
		Window: t.Window, Urgent: t.Urgent, Payload: t.Payload, Size: max(0, size-int(t.DataOffset)*4),
		Options: DecodeOptions(b[20 : int(t.DataOffset)*4]),
	}
}

// DecodeOptions reads the options part of a TCP header, at most 40 bytes. It
// stops at the first option whose length cannot be, and says so.
func DecodeOptions(b []byte) Options {
	o := Options{WindowScale: -1}
	for len(b) > 0 && layers.TCPOptionKind(b[0]) != layers.TCPOptionKindEndList {
		if layers.TCPOptionKind(b[0]) == layers.TCPOptionKindNop {
			b = b[1:]
			continue
		}
		if len(b) < 2 || b[1] < 2 || int(b[1]) > len(b) {
			o.Malformed = true
			return o
		}
		o.add(layers.TCPOptionKind(b[0]), b[2:b[1]])
		b = b[b[1]:]
	}
	return o
}

// optionLength is the one length that the data of an option can have.
var optionLength = map[layers.TCPOptionKind]int{
	layers.TCPOptionKindMSS: 2, layers.TCPOptionKindWindowScale: 1,
	layers.TCPOptionKindSACKPermitted: 0, layers.TCPOptionKindTimestamps: 8,
}

func (o *Options) add(kind layers.TCPOptionKind, d []byte) {
	if n, ok := optionLength[kind]; ok && n != len(d) {
		o.Malformed = true
		return
	}
	switch kind {
	case layers.TCPOptionKindMSS:
		o.MSS = int(binary.BigEndian.Uint16(d))
	case layers.TCPOptionKindWindowScale:
		o.WindowScale = min(int(d[0]), 14) // RFC 7323 section 2.3: more than 14 is used as 14
	case layers.TCPOptionKindSACKPermitted:
		o.SACKPermitted = true
	case layers.TCPOptionKindSACK:
		if len(d) == 0 || len(d)%8 != 0 {
			o.Malformed = true
			return
		}
		for ; len(d) > 0; d = d[8:] {
			o.SACK = append(o.SACK, Block{binary.BigEndian.Uint32(d), binary.BigEndian.Uint32(d[4:])})
		}
	case layers.TCPOptionKindTimestamps:
		o.Timestamps = true
		o.TSVal, o.TSEcr = binary.BigEndian.Uint32(d), binary.BigEndian.Uint32(d[4:])
	case layers.TCPOptionKindMultipathTCP:
		o.Multipath = true
	case 34:
		o.FastOpen = true
	default:
		o.Unknown = append(o.Unknown, uint8(kind))
	}
}
