package wire

import (
	"encoding/binary"
	"net/netip"
	"slices"
)

// The hub's own addresses, where it plays the router that hosts send to what
// is not on their network.
var (
	RouterMAC  = MAC{2, 0, 0, 0, 0, 0xfe}
	RouterIPv4 = netip.MustParseAddr("10.0.0.254")
	RouterIPv6 = netip.MustParseAddr("fd00::fe")
)

// router returns what the router answers to a frame that reached it, or nil.
// It knows no other network: whatever is sent on through it is unreachable.
func routerAnswer(p *packet, frame []byte) []byte {
	switch {
	case p.etherType == typeARP:
		return arpReply(frame)
	case p.isNeighbour():
		return neighbourReply(p)
	case p.dst != RouterMAC:
		return nil
	case p.dstIP == RouterIPv4 || p.dstIP == RouterIPv6:
		return echoReply(p)
	}
	return unreachable(p, NetUnreachable)
}

// arpReply answers who has the router's address (RFC 826).
func arpReply(frame []byte) []byte {
	b := frame[14:]
	if len(b) < 28 || binary.BigEndian.Uint16(b[6:]) != 1 || netip.AddrFrom4([4]byte(b[24:28])) != RouterIPv4 {
		return nil
	}
	asker := MAC(b[8:14])
	r := ethernet(asker, typeARP)
	r = append(r, 0, 1, 8, 0, 6, 4, 0, 2)
	r = append(r, RouterMAC[:]...)
	r = append(r, RouterIPv4.AsSlice()...)
	return append(r, b[8:18]...)
}

// neighbourReply answers a neighbour solicitation for the router (RFC 4861,
// section 4.4).
func neighbourReply(p *packet) []byte {
	if p.l4[0] != 135 || netip.AddrFrom16([16]byte(p.l4[8:24])) != RouterIPv6 || !p.srcIP.IsValid() {
		return nil
	}
	m := []byte{136, 0, 0, 0, 0xe0, 0, 0, 0} // router, solicited, override
	m = append(m, RouterIPv6.AsSlice()...)
	m = append(m, 2, 1)
	m = append(m, RouterMAC[:]...)
	return icmp6(p.src, p.srcIP, m)
}

// echoReply answers a ping.
func echoReply(p *packet) []byte {
	if len(p.l4) < 8 {
		return nil
	}
	m := slices.Clone(p.l4)
	m[2], m[3] = 0, 0
	switch {
	case p.proto == protoICMP && m[0] == 8:
		m[0] = 0
		return icmp4(p.src, p.srcIP, m)
	case p.proto == protoICMPv6 && m[0] == 128:
		m[0] = 129
		return icmp6(p.src, p.srcIP, m)
	}
	return nil
}

// The message's codes (RFC 792; RFC 4443, section 3.1).
var (
	codes4 = [codeCount]byte{HostUnreachable: 1, NetUnreachable: 0, PortUnreachable: 3, Prohibited: 13}
	codes6 = [codeCount]byte{HostUnreachable: 3, NetUnreachable: 0, PortUnreachable: 4, Prohibited: 1}
)

// unreachable returns the ICMP message that tells the sender of a packet that
// it could not be passed on, or nil if the packet must not be answered.
func unreachable(p *packet, code Code) []byte {
	if int(code) >= codeCount || !p.answerable() {
		return nil
	}
	if p.srcIP.Is4() {
		m := []byte{3, codes4[code], 0, 0, 0, 0, 0, 0}
		return icmp4(p.src, p.srcIP, append(m, p.ip[:min(len(p.ip), 548)]...))
	}
	m := []byte{1, codes6[code], 0, 0, 0, 0, 0, 0}
	return icmp6(p.src, p.srcIP, append(m, p.ip[:min(len(p.ip), 1232)]...))
}

func ethernet(dst MAC, etherType uint16) []byte {
	b := make([]byte, 0, 128)
	b = append(b, dst[:]...)
	b = append(b, RouterMAC[:]...)
	return binary.BigEndian.AppendUint16(b, etherType)
}

// icmp4 wraps a message, its checksum zero, for a host.
func icmp4(to MAC, ip netip.Addr, m []byte) []byte {
	binary.BigEndian.PutUint16(m[2:], checksum(m))
	h := make([]byte, 20)
	h[0], h[8], h[9] = 0x45, 64, protoICMP
	binary.BigEndian.PutUint16(h[2:], uint16(20+len(m)))
	copy(h[12:], RouterIPv4.AsSlice())
	copy(h[16:], ip.AsSlice())
	binary.BigEndian.PutUint16(h[10:], checksum(h))
	return append(append(ethernet(to, typeIPv4), h...), m...)
}

// icmp6 does it for IPv6, with the pseudo header of RFC 8200, section 8.1, in
// the checksum.
func icmp6(to MAC, ip netip.Addr, m []byte) []byte {
	h := make([]byte, 40)
	h[0], h[6], h[7] = 0x60, protoICMPv6, 255
	binary.BigEndian.PutUint16(h[4:], uint16(len(m)))
	copy(h[8:], RouterIPv6.AsSlice())
	copy(h[24:], ip.AsSlice())
	sum := slices.Concat(h[8:40], []byte{0, 0, h[4], h[5], 0, 0, 0, protoICMPv6}, m)
	binary.BigEndian.PutUint16(m[2:], checksum(sum))
	return append(append(ethernet(to, typeIPv6), h...), m...)
}

// checksum is that of RFC 1071.
func checksum(b []byte) uint16 {
	var sum uint32
	for ; len(b) >= 2; b = b[2:] {
		sum += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}
