package diagram

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// since writes a time from the start of the picture: "0 ms", "+204 ms".
func since(d time.Duration) string {
	if d == 0 {
		return "0 ms"
	}
	if d < 0 {
		return "-" + span2(-d)
	}
	return "+" + span2(d)
}

// span2 writes a length of time in about three digits.
func span2(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch s := d.Seconds(); {
	case ms < 10:
		return strconv.FormatFloat(ms, 'f', 2, 64) + " ms"
	case ms < 999.5:
		return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	case s < 10:
		return trimZero(strconv.FormatFloat(s, 'f', 2, 64)) + " s"
	case s < 100:
		return trimZero(strconv.FormatFloat(s, 'f', 1, 64)) + " s"
	case s < 3600:
		return fmt.Sprintf("%d min %d s", int(s)/60, int(s)%60)
	default:
		return fmt.Sprintf("%d h %d min", int(s)/3600, int(s)/60%60)
	}
}

// trimZero takes zeros at the end of a fraction away: 1.70 → 1.7, 2.00 → 2.
func trimZero(s string) string {
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// thousands writes 34752 as 34,752.
func thousands[N int | int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		return "-" + s
	}
	return s
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + one + "s"
}

// describe says what a packet is, in the words of an arrow. ack tells whether
// its ACK number is news.
func describe(t *trace.Trace, p *trace.Packet, ack, windows bool) string {
	switch {
	case p.Message != "":
		return p.Message
	case p.Malformed != "":
		return "malformed  " + p.Malformed
	case p.TCP != nil:
		return describeTCP(p, ack, windows)
	case p.UDP != nil:
		s := fmt.Sprintf("UDP  %d → %d  len %d", p.UDP.SrcPort, p.UDP.DstPort, p.UDP.Size)
		if p.MoreFragments {
			s += "  in fragments"
		}
		return s
	case p.ARP != nil && p.ARP.Request:
		return fmt.Sprintf("ARP  who has %v?", p.Dst)
	case p.ARP != nil:
		return fmt.Sprintf("ARP  %v is at %s", p.Src, packet.MAC(p.ARP.SenderMAC))
	case p.ICMP != nil:
		return describeICMP(t, p)
	case p.Kind == packet.Fragment:
		return fmt.Sprintf("IP fragment  offset %d", p.FragOffset)
	case p.Src.IsValid():
		return fmt.Sprintf("IP protocol %d", p.Protocol)
	}
	return fmt.Sprintf("Ethernet type 0x%04x", p.EtherType)
}

func describeTCP(p *trace.Packet, ack, windows bool) string {
	t := p.TCP
	s := t.Flags.String()
	if t.Flags != packet.ACK {
		s += fmt.Sprintf("  seq %d", p.Seq)
	}
	if t.Flags.Has(packet.ACK) && (ack || t.Flags == packet.ACK && t.Size == 0) {
		s += fmt.Sprintf("  ack %d", p.Ack)
	}
	if t.Flags == packet.ACK && t.Size > 0 || t.Flags == packet.ACK && probes(p) {
		s = fmt.Sprintf("ACK  seq %d", p.Seq) + strings.TrimPrefix(s, "ACK")
	}
	if t.Size > 0 {
		s += fmt.Sprintf("  len %d", t.Size)
	}
	if t.Options.MSS > 0 {
		s += fmt.Sprintf("  mss %d", t.Options.MSS)
	}
	if t.Flags.Has(packet.SYN) && t.Options.WindowScale >= 0 {
		s += fmt.Sprintf("  wscale %d", t.Options.WindowScale)
	}
	if p.Window >= 0 && !t.Flags.Has(packet.RST) && (windows || windowMatters(p)) {
		s += fmt.Sprintf("  win %d", p.Window)
	}
	return s
}

func probes(p *trace.Packet) bool {
	_, k := p.Has(trace.Keepalive)
	_, w := p.Has(trace.WindowProbe)
	return k || w
}

func windowMatters(p *trace.Packet) bool {
	_, zero := p.Has(trace.ZeroWindow)
	_, opens := p.Has(trace.WindowOpens)
	return zero || opens
}

func describeICMP(t *trace.Trace, p *trace.Packet) string {
	s := p.Kind.String() + "  " + p.ICMP.Text
	if p.ICMP.Target.IsValid() {
		s += "  " + p.ICMP.Target.String()
	}
	if p.ICMP.ID != 0 || p.ICMP.Seq != 0 {
		s += fmt.Sprintf("  seq %d", p.ICMP.Seq)
	}
	if q := p.ICMP.Quoted; q != nil && (q.SrcPort != 0 || q.DstPort != 0) && (len(t.Flows) > 1 || p.Flow < 0) {
		proto := map[uint8]string{6: "TCP", 17: "UDP"}[q.Protocol]
		s += fmt.Sprintf("  for %s %s → %s", proto, address(t, netip.AddrPortFrom(q.Src, q.SrcPort)), address(t, netip.AddrPortFrom(q.Dst, q.DstPort)))
	}
	return s
}

// address writes an endpoint by the name of its host.
func address(t *trace.Trace, a netip.AddrPort) string {
	for _, h := range t.Hosts {
		for _, ip := range h.Addrs {
			if ip == a.Addr() {
				if a.Port() == 0 {
					return h.Name
				}
				return fmt.Sprintf("%s:%d", h.Name, a.Port())
			}
		}
	}
	if a.Port() == 0 {
		return a.Addr().String()
	}
	return a.String()
}

// remark joins what is special about a packet with its fate.
func remark(p *trace.Packet) string {
	var parts []string
	if r := p.Remarks(); r != "" {
		parts = append(parts, r)
	}
	if p.Message != "" && p.Lost() {
		return "failed"
	}
	if p.Lost() {
		fate, by := "lost", ""
		for _, a := range p.Arrivals {
			if a.Fate == wire.Refused {
				fate = "refused"
			}
			if by == "" {
				by = a.By
			}
		}
		if by != "" {
			fate += ": " + by
		}
		parts = append(parts, fate)
	}
	for _, a := range p.Arrivals {
		if a.Fate == wire.UnderWay {
			parts = append(parts, "still under way")
			break
		}
	}
	return strings.Join(parts, ", ")
}

// callText writes a call as it is named beside the rail.
func callText(c *trace.Call, result bool) string {
	s := c.Name
	if c.Args != "" { // the result and the place matter more than long arguments
		s += " " + cutText(c.Args, 28)
	}
	if c.Worker != "" && c.Worker != c.Host {
		s = c.Worker + ": " + s
	}
	if result && c.Result != "" {
		s += ": " + c.Result
	}
	return s
}

// place names a call's cell and line.
func place(c *trace.Call) string {
	switch {
	case c.Cell > 0 && c.Line > 0:
		return fmt.Sprintf("cell %d, line %d", c.Cell, c.Line)
	case c.Cell > 0:
		return fmt.Sprintf("cell %d", c.Cell)
	}
	return ""
}

// flowName names a flow by its ends: "TCP client:41522 → server:7777".
func flowName(t *trace.Trace, f *trace.Flow) string {
	return fmt.Sprintf("%v  %s → %s", f.Kind, address(t, f.Ends[0].Addr), address(t, f.Ends[1].Addr))
}
