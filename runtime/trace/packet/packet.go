// Package packet turns the bytes of one Ethernet frame into named fields.
//
// Call [Decode]. It never fails: what cannot be read is said in
// [Packet.Malformed], and everything up to that point is kept. It copies
// nothing but addresses: payloads are slices of the frame.
//
// It knows one frame at a time. What a frame means among others (relative
// sequence numbers, retransmissions, flows) is package trace's to say.
package packet

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// MaxFrame is the longest frame that is decoded, in bytes. Longer ones
// (none can be on a link whose MTU is 65535) are Malformed.
const MaxFrame = 14 + 65535

// Kind says which of a Packet's parts is set.
type Kind uint8

const (
	Other    Kind = iota // an Ethernet type or IP protocol not looked into
	ARP                  // Packet.ARP, RFC 826
	TCP                  // Packet.TCP, RFC 9293
	UDP                  // Packet.UDP, RFC 768
	ICMP                 // Packet.ICMP, RFC 792
	ICMPv6               // Packet.ICMP, RFC 4443 and RFC 4861
	Fragment             // an IP fragment that is not the first one
)

var kindNames = [...]string{"Other", "ARP", "TCP", "UDP", "ICMP", "ICMPv6", "Fragment"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Packet is one decoded frame.
type Packet struct {
	Kind           Kind
	SrcMAC, DstMAC [6]byte
	EtherType      uint16     // 0x0800 IPv4, 0x0806 ARP, 0x86dd IPv6
	Src, Dst       netip.Addr // of the IP header; for ARP sender and target; invalid if there are none
	Protocol       uint8      // of the IP header, after extension headers
	TTL            uint8      // or hop limit
	FragOffset     int        // in bytes, for Fragment
	MoreFragments  bool
	Length         int // of the frame, in bytes

	ARP  *ARPInfo
	TCP  *TCPInfo
	UDP  *UDPInfo
	ICMP *ICMPInfo

	Malformed string // why decoding stopped, in words; empty if it did not
}

// ARPInfo is an ARP message for IPv4 over Ethernet. The protocol addresses
// are Packet.Src (sender) and Packet.Dst (target).
type ARPInfo struct {
	Request              bool // else a reply
	SenderMAC, TargetMAC [6]byte
}

// UDPInfo is a UDP header and its payload.
type UDPInfo struct {
	SrcPort, DstPort uint16
	Size             int    // bytes of data as the headers say, those in later fragments too
	Payload          []byte // what the capture kept of them
}

// Broadcast tells whether the frame is for every host on the link.
func (p *Packet) Broadcast() bool { return p.DstMAC == [6]byte{255, 255, 255, 255, 255, 255} }

// Multicast tells whether the frame is for a group (broadcast included).
func (p *Packet) Multicast() bool { return p.DstMAC[0]&1 == 1 }

// Ports returns both ports of a TCP or UDP packet, else zeros.
func (p *Packet) Ports() (src, dst uint16) {
	switch {
	case p.TCP != nil:
		return p.TCP.SrcPort, p.TCP.DstPort
	case p.UDP != nil:
		return p.UDP.SrcPort, p.UDP.DstPort
	}
	return 0, 0
}

// Decode reads one Ethernet frame. The Packet's payloads share the frame's
// memory.
func Decode(frame []byte) Packet {
	p := Packet{Length: len(frame)}
	if len(frame) > MaxFrame {
		p.Malformed = fmt.Sprintf("frame of %d bytes is longer than %d", len(frame), MaxFrame)
		return p
	}
	var eth layers.Ethernet
	if err := eth.DecodeFromBytes(frame, gopacket.NilDecodeFeedback); err != nil {
		p.Malformed = fmt.Sprintf("Ethernet header cut short: %d of 14 bytes", len(frame))
		return p
	}
	p.SrcMAC, p.DstMAC = [6]byte(eth.SrcMAC), [6]byte(eth.DstMAC)
	p.EtherType = binary.BigEndian.Uint16(frame[12:])
	switch eth.EthernetType {
	case layers.EthernetTypeARP:
		p.arp(eth.Payload)
	case layers.EthernetTypeIPv4:
		p.ipv4(eth.Payload)
	case layers.EthernetTypeIPv6:
		p.ipv6(eth.Payload)
	}
	return p
}

func (p *Packet) arp(b []byte) {
	var a layers.ARP
	if err := a.DecodeFromBytes(b, gopacket.NilDecodeFeedback); err != nil {
		p.Malformed = "ARP: " + err.Error()
		return
	}
	if a.AddrType != layers.LinkTypeEthernet || a.Protocol != layers.EthernetTypeIPv4 ||
		a.HwAddressSize != 6 || a.ProtAddressSize != 4 {
		p.Malformed = "ARP: not IPv4 over Ethernet"
		return
	}
	if a.Operation != layers.ARPRequest && a.Operation != layers.ARPReply {
		p.Malformed = fmt.Sprintf("ARP: operation %d is neither request nor reply", a.Operation)
		return
	}
	p.Kind = ARP
	p.Src, p.Dst = addr(a.SourceProtAddress), addr(a.DstProtAddress)
	p.ARP = &ARPInfo{
		Request:   a.Operation == layers.ARPRequest,
		SenderMAC: [6]byte(a.SourceHwAddress), TargetMAC: [6]byte(a.DstHwAddress),
	}
}

func addr(b []byte) netip.Addr {
	a, _ := netip.AddrFromSlice(b)
	return a
}

func (p *Packet) ipv4(b []byte) {
	if len(b) > 0 && b[0]>>4 != 4 {
		p.Malformed = fmt.Sprintf("IPv4: version is %d", b[0]>>4)
		return
	}
	var ip layers.IPv4
	if err := ip.DecodeFromBytes(b, gopacket.NilDecodeFeedback); err != nil {
		p.Malformed = "IPv4: " + err.Error()
		return
	}
	p.Src, p.Dst = addr(ip.SrcIP), addr(ip.DstIP)
	p.Protocol, p.TTL = uint8(ip.Protocol), ip.TTL
	p.FragOffset = int(ip.FragOffset) * 8
	p.MoreFragments = ip.Flags&layers.IPv4MoreFragments != 0
	p.transport(ip.Payload, int(binary.BigEndian.Uint16(b[2:]))-int(ip.IHL)*4)
}

func (p *Packet) ipv6(b []byte) {
	if len(b) > 0 && b[0]>>4 != 6 {
		p.Malformed = fmt.Sprintf("IPv6: version is %d", b[0]>>4)
		return
	}
	var ip layers.IPv6
	err := ip.DecodeFromBytes(b, gopacket.NilDecodeFeedback)
	if len(b) >= 40 {
		p.Src, p.Dst, p.TTL = addr(ip.SrcIP), addr(ip.DstIP), ip.HopLimit
	}
	if err != nil {
		p.Malformed = "IPv6: " + err.Error()
		return
	}
	next := ip.NextHeader
	if ip.HopByHop != nil {
		next = ip.HopByHop.NextHeader
	}
	captured := min(int(ip.Length), len(b)-40)
	rest, ok := p.extensions(&next, ip.Payload)
	p.Protocol = uint8(next)
	if ok {
		p.transport(rest, int(ip.Length)-(captured-len(rest)))
	}
}

// extensions walks over the extension headers of RFC 8200 section 4 that may
// stand between the IPv6 header and the transport.
func (p *Packet) extensions(next *layers.IPProtocol, b []byte) ([]byte, bool) {
	for range 8 { // more than one of each kind is not sensible
		var size int
		switch *next {
		case layers.IPProtocolIPv6Routing, layers.IPProtocolIPv6Destination:
			if len(b) < 8 || len(b) < 8+int(b[1])*8 {
				p.Malformed = "IPv6: extension header cut short"
				return nil, false
			}
			size = 8 + int(b[1])*8
		case layers.IPProtocolIPv6Fragment:
			if len(b) < 8 {
				p.Malformed = "IPv6: fragment header cut short"
				return nil, false
			}
			size = 8
			off := binary.BigEndian.Uint16(b[2:])
			p.FragOffset, p.MoreFragments = int(off&^7), off&1 != 0
		default:
			return b, true
		}
		*next, b = layers.IPProtocol(b[0]), b[size:]
	}
	p.Malformed = "IPv6: too many extension headers"
	return nil, false
}

// transport decodes what an IP packet carries: size bytes, of which the
// capture kept b. A captured frame may have been cut short after its headers.
func (p *Packet) transport(b []byte, size int) {
	size = max(size, len(b)) // a length of 0 is a frame that the sender left to be segmented
	if p.FragOffset > 0 {
		p.Kind = Fragment
		return
	}
	switch layers.IPProtocol(p.Protocol) {
	case layers.IPProtocolTCP:
		p.tcp(b, size)
	case layers.IPProtocolUDP:
		p.udp(b, size)
	case layers.IPProtocolICMPv4:
		p.icmp(b, ICMP)
	case layers.IPProtocolICMPv6:
		p.icmp(b, ICMPv6)
	}
}

func (p *Packet) udp(b []byte, size int) {
	var u layers.UDP
	if err := u.DecodeFromBytes(b, gopacket.NilDecodeFeedback); err != nil {
		p.Malformed = "UDP: " + err.Error()
		return
	}
	p.Kind = UDP
	if p.MoreFragments && int(u.Length) > size { // the header counts the bytes of all fragments
		size = int(u.Length)
	}
	p.UDP = &UDPInfo{SrcPort: uint16(u.SrcPort), DstPort: uint16(u.DstPort), Size: max(0, size-8), Payload: u.Payload}
}

// MAC returns a hardware address in the usual form, 02:00:00:00:00:01.
func MAC(m [6]byte) string { return net.HardwareAddr(m[:]).String() }
