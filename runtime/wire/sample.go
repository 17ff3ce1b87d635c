package wire

import (
	"net/netip"
	"time"
)

// In bulk, frames follow each other faster than anybody looks at states, and
// asking for them would make the hub slow enough to lose frames. Hence, once both
// ends were ESTABLISHED, frames of that connection that carry no SYN, FIN or RST
// are not sampled for sampleRest.
const (
	sampleRest    = time.Millisecond
	maxResting    = 4096 // connections
	flagsOfChange = flagSYN | flagFIN | flagRST
)

// connection names a TCP connection from either side.
type connection struct{ a, b netip.AddrPort }

func connectionOf(pkt *packet) connection {
	c := connection{netip.AddrPortFrom(pkt.srcIP, pkt.srcPort), netip.AddrPortFrom(pkt.dstIP, pkt.dstPort)}
	if c.a.Compare(c.b) > 0 {
		c.a, c.b = c.b, c.a
	}
	return c
}

// rests tells whether a frame need not be sampled.
func (h *Hub) rests(f *Frame, pkt *packet) bool {
	return pkt.flags&flagsOfChange == 0 && f.Time.Before(h.resting[connectionOf(pkt)])
}

// rest notes what was seen of a frame's connection.
func (h *Hub) rest(f *Frame, pkt *packet) {
	if len(f.Before) < 2 || f.Before[0].State != Established || f.Before[1].State != Established || pkt.flags&flagsOfChange != 0 {
		delete(h.resting, connectionOf(pkt))
		return
	}
	if len(h.resting) >= maxResting {
		clear(h.resting)
	}
	h.resting[connectionOf(pkt)] = f.Time.Add(sampleRest)
}

// sampleBoth asks both ends of a TCP frame's connection for its state.
func (h *Hub) sampleBoth(f *Frame, pkt *packet) []Sample {
	src, dst := netip.AddrPortFrom(pkt.srcIP, pkt.srcPort), netip.AddrPortFrom(pkt.dstIP, pkt.dstPort)
	samples := make([]Sample, 0, 2)
	if f.From != Router {
		samples = append(samples, h.sample(f.From, src, dst))
	}
	return append(samples, h.sampleReceiver(f, pkt)...)
}

func (h *Hub) sampleReceiver(f *Frame, pkt *packet) []Sample {
	if to := h.ports[f.To]; to == nil || to.off != "" {
		return nil
	}
	return []Sample{h.sample(f.To, netip.AddrPortFrom(pkt.dstIP, pkt.dstPort), netip.AddrPortFrom(pkt.srcIP, pkt.srcPort))}
}

func (h *Hub) sample(host string, local, remote netip.AddrPort) Sample {
	return Sample{Host: host, Local: local, Remote: remote, State: h.Sample(host, local, remote)}
}
