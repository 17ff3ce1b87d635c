package packet

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// ICMPInfo is an ICMP or ICMPv6 message.
type ICMPInfo struct {
	Type, Code uint8
	Text       string     // what it says, in words: "port unreachable"
	ID, Seq    uint16     // of an echo request or reply
	Target     netip.Addr // of a neighbour solicitation or advertisement
	Quoted     *Quoted    // the packet an error is about
	Error      bool       // an error message, not an enquiry (RFC 1122 section 3.2.2)
}

// Quoted is the beginning of the packet that an ICMP error sends back: the
// IP header and at least eight bytes after it, enough to find the socket.
type Quoted struct {
	Protocol         uint8
	Src, Dst         netip.Addr
	SrcPort, DstPort uint16 // of TCP and UDP
	Seq              uint32 // of TCP
}

func (p *Packet) icmp(b []byte, kind Kind) {
	if len(b) < 8 {
		p.Malformed = fmt.Sprintf("%v: %d bytes are fewer than 8", kind, len(b))
		return
	}
	m := &ICMPInfo{Type: b[0], Code: b[1]}
	p.Kind, p.ICMP = kind, m
	var echo bool
	if kind == ICMP {
		m.Text, m.Error = icmpText(m.Type, m.Code)
		echo = m.Type == layers.ICMPv4TypeEchoRequest || m.Type == layers.ICMPv4TypeEchoReply
	} else {
		m.Text, m.Error = icmp6Text(m.Type, m.Code)
		echo = m.Type == layers.ICMPv6TypeEchoRequest || m.Type == layers.ICMPv6TypeEchoReply
		if t := m.Type; (t == layers.ICMPv6TypeNeighborSolicitation || t == layers.ICMPv6TypeNeighborAdvertisement) && len(b) >= 24 {
			m.Target = addr(b[8:24])
		}
	}
	if echo {
		m.ID, m.Seq = binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:])
	}
	if m.Error {
		m.Quoted = quoted(b[8:])
	}
}

// quoted reads what an ICMP error carries, or nil if that is no IP packet.
func quoted(b []byte) *Quoted {
	if len(b) == 0 {
		return nil
	}
	var q Quoted
	switch b[0] >> 4 {
	case 4:
		var ip layers.IPv4
		if ip.DecodeFromBytes(b, gopacket.NilDecodeFeedback) != nil {
			return nil
		}
		q = Quoted{Protocol: uint8(ip.Protocol), Src: addr(ip.SrcIP), Dst: addr(ip.DstIP)}
		b = ip.Payload
	case 6:
		var ip layers.IPv6
		if ip.DecodeFromBytes(b, gopacket.NilDecodeFeedback) != nil || ip.HopByHop != nil {
			return nil
		}
		q = Quoted{Protocol: uint8(ip.NextHeader), Src: addr(ip.SrcIP), Dst: addr(ip.DstIP)}
		b = ip.Payload
	default:
		return nil
	}
	proto := layers.IPProtocol(q.Protocol)
	if (proto == layers.IPProtocolTCP || proto == layers.IPProtocolUDP) && len(b) >= 8 {
		q.SrcPort, q.DstPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
		if proto == layers.IPProtocolTCP {
			q.Seq = binary.BigEndian.Uint32(b[4:])
		}
	}
	return &q
}

var unreachable = map[uint8]string{
	0: "network unreachable", 1: "host unreachable", 2: "protocol unreachable", 3: "port unreachable",
	4: "fragmentation needed", 5: "source route failed", 6: "network unknown", 7: "host unknown",
	9: "network prohibited", 10: "host prohibited", 13: "communication prohibited",
}

func icmpText(typ, code uint8) (text string, isError bool) {
	switch typ {
	case layers.ICMPv4TypeEchoRequest:
		return "echo request", false
	case layers.ICMPv4TypeEchoReply:
		return "echo reply", false
	case layers.ICMPv4TypeDestinationUnreachable:
		if s, ok := unreachable[code]; ok {
			return s, true
		}
		return fmt.Sprintf("unreachable, code %d", code), true
	case layers.ICMPv4TypeTimeExceeded:
		if code == 1 {
			return "fragment reassembly time exceeded", true
		}
		return "time to live exceeded", true
	case layers.ICMPv4TypeRedirect:
		return "redirect", true
	case layers.ICMPv4TypeParameterProblem:
		return "parameter problem", true
	}
	return fmt.Sprintf("type %d code %d", typ, code), false
}

var unreachable6 = map[uint8]string{
	0: "no route", 1: "communication prohibited", 2: "beyond scope of source address",
	3: "address unreachable", 4: "port unreachable", 5: "source address failed policy", 6: "route rejected",
}

var informational6 = map[uint8]string{
	layers.ICMPv6TypeEchoRequest: "echo request", layers.ICMPv6TypeEchoReply: "echo reply",
	130: "multicast listener query", 131: "multicast listener report", 132: "multicast listener done",
	layers.ICMPv6TypeRouterSolicitation: "router solicitation", layers.ICMPv6TypeRouterAdvertisement: "router advertisement",
	layers.ICMPv6TypeNeighborSolicitation: "neighbour solicitation", layers.ICMPv6TypeNeighborAdvertisement: "neighbour advertisement",
	layers.ICMPv6TypeRedirect: "redirect", 143: "multicast listener report v2",
}

func icmp6Text(typ, code uint8) (text string, isError bool) {
	if s, ok := informational6[typ]; ok {
		return s, false
	}
	switch typ {
	case layers.ICMPv6TypeDestinationUnreachable:
		if s, ok := unreachable6[code]; ok {
			return s, true
		}
		return fmt.Sprintf("unreachable, code %d", code), true
	case layers.ICMPv6TypePacketTooBig:
		return "packet too big", true
	case layers.ICMPv6TypeTimeExceeded:
		return "hop limit exceeded", true
	case layers.ICMPv6TypeParameterProblem:
		return "parameter problem", true
	}
	return fmt.Sprintf("type %d code %d", typ, code), typ < 128
}

// Housekeeping tells whether the packet is the link's own business and not a
// program's: IPv6 router and multicast listener messages and duplicate
// address detection. Pictures leave such packets out unless asked.
func (p *Packet) Housekeeping() bool {
	if p.Kind != ICMPv6 {
		return false
	}
	switch p.ICMP.Type {
	case 130, 131, 132, 143, layers.ICMPv6TypeRouterSolicitation, layers.ICMPv6TypeRouterAdvertisement:
		return true
	case layers.ICMPv6TypeNeighborSolicitation:
		return p.Src.IsUnspecified()
	}
	return false
}
