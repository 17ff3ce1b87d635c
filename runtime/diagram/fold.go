package diagram

import (
	"fmt"
	"strings"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
)

// What stays of a run of plain data and ACKs, or of SYNs, and from which length on it is
// folded.
const (
	runHead = 3
	runTail = 2
	runFold = 10
)

// choose says for each packet whether it is drawn. Runs of plain data and ACKs
// of one flow, and of SYNs and their answers, are folded first; then, if there
// are still too many, the middle.
func (s *story) choose() []bool {
	show := make([]bool, len(s.t.Packets))
	eventful := map[int]bool{}
	for _, c := range s.t.States {
		eventful[c.Packet] = true
	}
	plain := func(i int) bool {
		p := &s.t.Packets[i]
		return p.TCP != nil && p.TCP.Flags&(packet.SYN|packet.FIN|packet.RST) == 0 && ordinary(p) && !p.Lost() && !eventful[i]
	}
	// A flood: SYNs and their answers, of whichever flows.
	opening := func(i int) bool {
		p := &s.t.Packets[i]
		return p.TCP != nil && p.TCP.Flags&(packet.SYN|packet.FIN|packet.RST) == packet.SYN && len(p.Notes) == 0 && !p.Lost()
	}
	fragments := func(i, k int) bool {
		p, q := &s.t.Packets[i], &s.t.Packets[k]
		return p.Kind == packet.Fragment && q.Kind == packet.Fragment && p.Src == q.Src && p.Dst == q.Dst && !p.Lost() && !q.Lost()
	}
	same := func(i, k int) bool {
		return fragments(i, k) || plain(i) && plain(k) && s.t.Packets[i].Flow == s.t.Packets[k].Flow || opening(i) && opening(k)
	}
	for i := 0; i < len(show); {
		n := 1
		for i+n < len(show) && same(i, i+n) {
			n++
		}
		for k := range n {
			show[i+k] = n < runFold || k < runHead || k >= n-runTail
		}
		i += n
	}
	var left []int
	for i, v := range show {
		if v {
			left = append(left, i)
		}
	}
	if limit := s.opts.arrows(); len(left) > limit {
		tail := limit / 3
		for _, i := range left[limit-tail : len(left)-tail] {
			show[i] = false
		}
	}
	return show
}

// ordinary tells whether nothing is special about a packet of a bulk transfer.
func ordinary(p *trace.Packet) bool {
	for _, n := range p.Notes {
		if n.Kind != trace.FillsWindow {
			return false
		}
	}
	return true
}

// folded says what was left out: "… 940 more packets: 500 SYN, 440 data".
func (s *story) folded(packets []int) string {
	order := []string{"SYN", "SYN,ACK", "ACK", "data", "FIN", "RST", "UDP", "ARP", "ICMP", "ICMPv6", "fragments", "messages", "other"}
	count := map[string]int{}
	var bytes int64
	lost, again := 0, 0
	flows := map[int]bool{}
	for _, i := range packets {
		p := &s.t.Packets[i]
		count[class(p)]++
		if p.TCP != nil {
			bytes += int64(p.TCP.Size)
		}
		if p.Lost() {
			lost++
		}
		if _, ok := p.Has(trace.Retransmission); ok {
			again++
		}
		if p.Flow >= 0 {
			flows[p.Flow] = true
		}
	}
	var parts []string
	for _, c := range order {
		if n := count[c]; n > 0 && c == "data" {
			parts = append(parts, fmt.Sprintf("%s data (%s B)", thousands(n), thousands(bytes)))
		} else if n > 0 {
			parts = append(parts, thousands(n)+" "+c)
		}
	}
	if again > 0 {
		parts = append(parts, plural(again, "retransmission"))
	}
	if lost > 0 {
		parts = append(parts, thousands(lost)+" lost")
	}
	text := fmt.Sprintf("… %s: %s", plural(len(packets), "more packet"), strings.Join(parts, ", "))
	if len(flows) > 1 {
		text += fmt.Sprintf("; %s", plural(len(flows), "connection"))
	}
	return text
}

func class(p *trace.Packet) string {
	switch {
	case p.Message != "":
		return "messages"
	case p.Kind == packet.Fragment:
		return "fragments"
	case p.TCP == nil && p.Kind != packet.Other:
		return p.Kind.String()
	case p.TCP == nil:
		return "other"
	}
	fl := p.TCP.Flags
	switch {
	case fl.Has(packet.RST):
		return "RST"
	case fl.Has(packet.SYN | packet.ACK):
		return "SYN,ACK"
	case fl.Has(packet.SYN):
		return "SYN"
	case fl.Has(packet.FIN):
		return "FIN"
	case p.TCP.Size > 0:
		return "data"
	}
	return "ACK"
}
