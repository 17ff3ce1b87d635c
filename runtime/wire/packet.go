package wire

import (
	"encoding/binary"
	"net/netip"
)

// The numbers of the headers that rules look at.
const (
	typeIPv4 = 0x0800
	typeARP  = 0x0806
	typeIPv6 = 0x86dd

	protoICMP   = 1
	protoTCP    = 6
	protoUDP    = 17
	protoICMPv6 = 58

	flagFIN = 0x01
	flagSYN = 0x02
	flagRST = 0x04
	flagPSH = 0x08
	flagACK = 0x10
)

// MAC is an Ethernet address.
type MAC [6]byte

func (m MAC) multicast() bool { return m[0]&1 == 1 }

// packet is what rules and the router need to know of a frame. What a frame
// does not have, or has not whole, is zero.
type packet struct {
	dst, src     MAC
	etherType    uint16
	srcIP, dstIP netip.Addr
	proto        uint8
	srcPort      uint16
	dstPort      uint16
	tcp          bool  // the TCP header is whole
	flags        uint8 // of TCP
	payload      int   // bytes of data that the TCP or UDP header is followed by
	ip           []byte
	l4           []byte // from the header of proto on, without padding
}

// decode reads the headers of a frame. It takes any bytes.
func decode(b []byte) packet {
	var p packet
	if len(b) < 14 {
		return p
	}
	copy(p.dst[:], b)
	copy(p.src[:], b[6:])
	p.etherType = binary.BigEndian.Uint16(b[12:])
	switch p.etherType {
	case typeIPv4:
		p.decodeIPv4(b[14:])
	case typeIPv6:
		p.decodeIPv6(b[14:])
	}
	return p
}

func (p *packet) decodeIPv4(b []byte) {
	if len(b) < 20 || b[0]>>4 != 4 {
		return
	}
	header := int(b[0]&15) * 4
	total := int(binary.BigEndian.Uint16(b[2:]))
	if header < 20 || total < header || total > len(b) {
		return
	}
	p.srcIP, _ = netip.AddrFromSlice(b[12:16])
	p.dstIP, _ = netip.AddrFromSlice(b[16:20])
	p.proto, p.ip = b[9], b[:total]
	if binary.BigEndian.Uint16(b[6:])&0x1fff == 0 { // a later fragment has no ports
		p.decodeTransport(b[header:total])
	}
}

// decodeIPv6 takes extension headers for an unknown protocol: Linux sends none
// with TCP.
func (p *packet) decodeIPv6(b []byte) {
	if len(b) < 40 || b[0]>>4 != 6 {
		return
	}
	total := 40 + int(binary.BigEndian.Uint16(b[4:]))
	if total > len(b) {
		return
	}
	p.srcIP, _ = netip.AddrFromSlice(b[8:24])
	p.dstIP, _ = netip.AddrFromSlice(b[24:40])
	p.proto, p.ip = b[6], b[:total]
	p.decodeTransport(b[40:total])
}

func (p *packet) decodeTransport(b []byte) {
	p.l4 = b
	switch p.proto {
	case protoTCP:
		if len(b) < 20 {
			return
		}
		header := int(b[12]>>4) * 4
		if header < 20 || header > len(b) {
			return
		}
		p.tcp, p.flags, p.payload = true, b[13], len(b)-header
	case protoUDP:
		if len(b) < 8 {
			return
		}
		p.payload = len(b) - 8
	default:
		return
	}
	p.srcPort = binary.BigEndian.Uint16(b)
	p.dstPort = binary.BigEndian.Uint16(b[2:])
}

// isNeighbour tells a neighbour solicitation or advertisement, IPv6's ARP.
func (p *packet) isNeighbour() bool {
	return p.proto == protoICMPv6 && len(p.l4) >= 24 && (p.l4[0] == 135 || p.l4[0] == 136)
}

// answerable tells whether a router may tell the sender that it cannot pass the
// packet on. It may not answer ICMP errors, or what is sent to many.
func (p *packet) answerable() bool {
	return p.ip != nil && !p.dst.multicast() && !p.isICMPError() && !p.isNeighbour()
}

// isICMPError tells a message that must not be answered by another (RFC 1122,
// section 3.2.2).
func (p *packet) isICMPError() bool {
	switch {
	case p.proto == protoICMP && len(p.l4) > 0:
		return p.l4[0] != 0 && p.l4[0] != 8
	case p.proto == protoICMPv6 && len(p.l4) > 0:
		return p.l4[0] < 128
	}
	return false
}

// isGroupReport tells a host's report of the multicast groups that it is in. As
// a switch with IGMP and MLD snooping does, the hub gives it to the router
// only (RFC 4541).
func (p *packet) isGroupReport() bool {
	switch {
	case p.etherType == typeIPv4:
		return p.proto == 2
	case p.etherType != typeIPv6 || len(p.ip) < 48:
		return false
	case p.proto == 0 && p.ip[40] == protoICMPv6: // with the router alert option
		return isReport(p.ip[48:])
	}
	return p.proto == protoICMPv6 && isReport(p.l4)
}

func isReport(icmp []byte) bool {
	return len(icmp) > 0 && (icmp[0] == 131 || icmp[0] == 132 || icmp[0] == 143)
}
