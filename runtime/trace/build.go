package trace

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// builder turns an Input into a Trace. It works on everything from the first
// frame on; cut then takes what is before Input.From away.
type builder struct {
	in    Input
	t     *Trace
	names map[string]int // of hosts
	owner map[netip.Addr]int
	flows map[flowKey]int // the newest flow with this key
	known map[int]bool    // frames that confirm what was known; see confirmations
}

// flowKey names a conversation whichever side speaks: a is the lesser end.
type flowKey struct {
	kind packet.Kind
	a, b netip.AddrPort
}

// Build says what the frames mean. It accepts any input.
func Build(in Input) *Trace {
	b := &builder{in: in, t: &Trace{Notes: in.Notes, Lost: in.Lost}, names: map[string]int{}, owner: map[netip.Addr]int{}, flows: map[flowKey]int{}}
	for _, h := range in.Hosts {
		b.host(h.Name)
		b.t.Hosts[b.names[h.Name]].Addrs = slices.Clone(h.Addrs)
		for _, a := range h.Addrs {
			b.owner[a] = b.names[h.Name]
		}
	}
	b.known = b.confirmations()
	b.t.Start = b.start()
	b.packets()
	b.learnAddrs()
	b.calls()
	b.marks()
	for i := range b.t.Packets {
		b.join(i)
	}
	b.proveArrivals()
	b.converse()
	b.linkCalls()
	b.cut()
	return b.t
}

// host returns the index of the host with this name, made if need be.
func (b *builder) host(name string) int {
	switch name {
	case "":
		return Nobody
	case wire.Router:
		return Hub
	}
	i, ok := b.names[name]
	if !ok {
		i = len(b.t.Hosts)
		b.names[name] = i
		b.t.Hosts = append(b.t.Hosts, Host{Name: name})
	}
	return i
}

func (b *builder) start() time.Time {
	if !b.in.From.IsZero() {
		return b.in.From
	}
	var first time.Time
	earlier := func(t time.Time) {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	for i := range b.in.Frames {
		if !b.skips(i) {
			earlier(b.in.Frames[i].Time)
		}
	}
	if first.IsZero() { // no packet at all: count from the first call
		for i := range b.in.Calls {
			earlier(b.in.Calls[i].Begin)
		}
	}
	return first
}

// skips tells whether frame i is the link's own business.
func (b *builder) skips(i int) bool {
	if b.known[i] {
		return true
	}
	f := &b.in.Frames[i]
	if b.in.Housekeeping || len(f.Data) < 14 || f.Data[12] != 0x86 || f.Data[13] != 0xdd {
		return false // only IPv6 has such business
	}
	p := packet.Decode(f.Data)
	return p.Housekeeping()
}

// packets decodes the frames and makes one Packet of all copies of one.
func (b *builder) packets() {
	type sent struct {
		number uint64
		made   bool
	}
	seen := map[sent]int{}
	for i := range b.in.Frames {
		f := &b.in.Frames[i]
		if b.skips(i) {
			continue
		}
		arrival := Arrival{To: b.host(f.To), Fate: f.Fate, By: f.By}
		from := b.host(f.From)
		if f.Fate == wire.Delivered {
			arrival.At = max(b.t.SinceStart(f.Arrived), b.t.SinceStart(f.Time))
			if f.Arrived.IsZero() {
				arrival.At = b.t.SinceStart(f.Time)
			}
		}
		key := sent{f.Sent, f.Made}
		if k, ok := seen[key]; ok && f.Sent != 0 && b.t.Packets[k].From == from && !b.t.Packets[k].goesTo(arrival.To) {
			b.t.Packets[k].Arrivals = append(b.t.Packets[k].Arrivals, arrival)
			continue
		}
		p := Packet{Packet: packet.Decode(f.Data), At: b.t.SinceStart(f.Time), From: from, Arrivals: []Arrival{arrival},
			Flow: -1, Call: -1, Window: -1, Made: f.Made, Frame: i}
		p.Length = max(p.Length, f.Len)
		seen[key] = len(b.t.Packets)
		b.t.Packets = append(b.t.Packets, p)
	}
	slices.SortStableFunc(b.t.Packets, func(x, y Packet) int { return cmp.Compare(x.At, y.At) })
}

func (p *Packet) goesTo(host int) bool {
	return slices.ContainsFunc(p.Arrivals, func(a Arrival) bool { return a.To == host })
}

// learnAddrs finds out the addresses of hosts that the input gave none for,
// from what they sent.
func (b *builder) learnAddrs() {
	for i := range b.t.Packets {
		p := &b.t.Packets[i]
		if p.From < 0 || p.Made || !p.Src.IsValid() || p.Src.IsUnspecified() {
			continue
		}
		if _, known := b.owner[p.Src]; !known {
			b.owner[p.Src] = p.From
			b.t.Hosts[p.From].Addrs = append(b.t.Hosts[p.From].Addrs, p.Src)
		}
	}
}

func (b *builder) hostOf(a netip.Addr) int {
	if i, ok := b.owner[a]; ok {
		return i
	}
	return Nobody
}

func (b *builder) calls() {
	b.t.Calls = slices.Clone(b.in.Calls)
	slices.SortStableFunc(b.t.Calls, func(x, y Call) int { return x.Begin.Compare(y.Begin) })
	for i := range b.t.Calls {
		c := &b.t.Calls[i]
		c.HostIndex, c.Flow = b.host(c.Host), -1
		c.BeganAt, c.EndedAt = b.t.SinceStart(c.Begin), 0
		if !c.End.IsZero() {
			c.EndedAt = max(c.BeganAt, b.t.SinceStart(c.End))
		}
	}
}

func (b *builder) marks() {
	b.t.Marks = append(slices.Clone(b.in.Marks), b.impliedMarks()...)
	slices.SortStableFunc(b.t.Marks, func(x, y Mark) int { return x.Time.Compare(y.Time) })
	for i := range b.t.Marks {
		m := &b.t.Marks[i]
		m.HostIndex, m.At = b.host(m.Host), b.t.SinceStart(m.Time)
	}
}

// impliedMarks finds hosts that must be down, because frames were lost to that,
// though no mark of the input says since when: at the latest since the first
// of these frames. A frame from or to the host that arrived shows it up again.
func (b *builder) impliedMarks() []Mark {
	var marks []Mark
	down := map[string]bool{}
	told := map[string]bool{}
	for _, m := range b.in.Marks {
		told[m.Host] = told[m.Host] || m.Down
	}
	for i := range b.in.Frames {
		f := &b.in.Frames[i]
		what, host, _ := strings.Cut(f.By, " ")
		if _, known := b.names[host]; (what == "crash" || what == "shutdown") && known && !down[host] && !told[host] {
			down[host] = true
			marks = append(marks, Mark{Time: f.Time, Host: host, Text: "is down", Down: true})
		}
		for _, h := range []string{f.From, f.To} {
			if down[h] && f.Fate == wire.Delivered {
				down[h] = false
				marks = append(marks, Mark{Time: f.Time, Host: h, Text: "is up again", Up: true})
			}
		}
	}
	return marks
}

// join puts a packet into its flow, and opens one if there is none.
func (b *builder) join(i int) {
	p := &b.t.Packets[i]
	src, dst, kind, ok := p.ends()
	if !ok {
		if p.ICMP != nil && p.ICMP.Quoted != nil {
			p.Flow, p.Side = b.flowOfQuote(p.ICMP.Quoted)
		}
		return
	}
	key := flowKey{kind, src, dst}
	if key.b.Compare(key.a) < 0 {
		key.a, key.b = key.b, key.a
	}
	f, known := b.flows[key]
	if !known || b.startsAnew(&b.t.Flows[f], p, src) {
		f = len(b.t.Flows)
		b.flows[key] = f
		b.t.Flows = append(b.t.Flows, Flow{Kind: kind, Ends: [2]Endpoint{{b.hostOf(src.Addr()), src}, {b.hostOf(dst.Addr()), dst}}})
		// The first packet seen of an older connection may be an answer.
		if p.TCP != nil && p.TCP.Flags.Has(packet.SYN|packet.ACK) {
			fl := &b.t.Flows[f]
			fl.Ends[0], fl.Ends[1] = fl.Ends[1], fl.Ends[0]
		}
	}
	fl := &b.t.Flows[f]
	p.Flow = f
	if fl.Ends[0].Addr != src {
		p.Side = 1
	}
	fl.Packets = append(fl.Packets, i)
	if kind == packet.TCP {
		b.sequence(fl, i)
	}
}

// ends returns the two endpoints of a packet that belongs to a flow.
func (p *Packet) ends() (src, dst netip.AddrPort, kind packet.Kind, ok bool) {
	switch {
	case p.TCP != nil || p.UDP != nil:
		s, d := p.Ports()
		return netip.AddrPortFrom(p.Src, s), netip.AddrPortFrom(p.Dst, d), p.Kind, true
	case p.ICMP != nil && !p.ICMP.Error && !p.ICMP.Target.IsValid():
		return netip.AddrPortFrom(p.Src, 0), netip.AddrPortFrom(p.Dst, 0), p.Kind, true
	}
	return
}

// startsAnew tells whether a packet is the first of a new connection with the
// ports of an older one: a SYN with another sequence number (RFC 9293 section
// 3.10.7.4 and RFC 6191 allow it even against TIME-WAIT).
func (b *builder) startsAnew(f *Flow, p *Packet, src netip.AddrPort) bool {
	if p.TCP == nil || p.TCP.Flags&(packet.SYN|packet.ACK) != packet.SYN {
		return false
	}
	side := 0
	if f.Ends[0].Addr != src {
		side = 1
	}
	h := &f.tcp.half[side]
	return h.known && f.isn[side] != p.TCP.Seq
}

// flowOfQuote finds the flow that an ICMP error is about.
func (b *builder) flowOfQuote(q *packet.Quoted) (flow, side int) {
	kind := packet.TCP
	if q.Protocol == 17 {
		kind = packet.UDP
	}
	src, dst := netip.AddrPortFrom(q.Src, q.SrcPort), netip.AddrPortFrom(q.Dst, q.DstPort)
	key := flowKey{kind, src, dst}
	if key.b.Compare(key.a) < 0 {
		key.a, key.b = key.b, key.a
	}
	f, ok := b.flows[key]
	if !ok {
		return -1, 0
	}
	if b.t.Flows[f].Ends[0].Addr != src {
		return f, 1
	}
	return f, 0
}
