package diagram

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/packet"
	"sockbook/runtime/wire"
)

// story is what every rendering of a ladder is drawn from: the rails, and rows
// in the order of time.
type story struct {
	t       *trace.Trace
	opts    Options
	rails   []rail
	railOf  map[int]int // host → rail
	rows    []row
	tags    []string // of flows; empty if there is only one
	under   []string // lines under the drawing
	asked   bool     // some states were asked of the hosts
	guessed bool     // some were concluded
}

// rail is a host's vertical line.
type rail struct {
	host   int // -1: nobody
	name   string
	addr   string
	states []string // at the beginning
	down   string   // why it is silent from the beginning; empty if it is not
}

type rowKind uint8

const (
	arrowRow   rowKind = iota // a packet leaves, and arrives unless late
	arrivalRow                // a packet arrives that left some rows before
	noteRow                   // something on a rail
	wireRow                   // something done to the wire as a whole
	foldRow                   // rows left out
)

// row is one level of a ladder.
type row struct {
	kind   rowKind
	at     time.Duration
	gap    time.Duration // silence before it, to be shown; 0 if short
	packet int
	from   int      // rail; -1: the hub, or nobody known
	to     []target // of an arrowRow
	label  string
	tag    string // of the flow
	remark string
	bad    bool // the remark is about loss or reset
	late   bool // arrives in a row of its own
	sent   []note
	got    []note // of an arrowRow: at its arrival; of others: all
	text   string // of wireRow and foldRow
}

type target struct {
	rail int // -1: none
	hub  bool
	lost bool
	open bool // still under way
	at   time.Duration
}

// note is a text beside a rail.
type note struct {
	rail   int
	kind   noteKind
	text   string
	detail string // the cell and line of a call
	down   bool   // of a mark: silent from here on
	up     bool
}

type noteKind uint8

const (
	callNote noteKind = iota
	stateNote
	markNote
)

func newStory(t *trace.Trace, o Options) *story {
	s := &story{t: t, opts: o, railOf: map[int]int{}}
	s.makeRails()
	s.makeTags()
	s.initialStates()
	b := &rowBuilder{story: s, show: s.choose(), called: map[int]bool{}, acks: map[[2]int]uint32{}, open: -1}
	b.build()
	s.gaps()
	s.foot()
	return s
}

// makeRails gives a rail to every host that has a part in the picture.
func (s *story) makeRails() {
	used := make([]bool, len(s.t.Hosts))
	use := func(h int) {
		if h >= 0 {
			used[h] = true
		}
	}
	for i := range s.t.Packets {
		p := &s.t.Packets[i]
		use(p.From)
		if len(p.Arrivals) == 1 {
			use(p.Arrivals[0].To)
		} else if p.ARP != nil { // of the copies of a question, the asked one's
			for _, a := range p.Arrivals {
				if a.To >= 0 && slices.Contains(s.t.Hosts[a.To].Addrs, p.Dst) {
					use(a.To)
				}
			}
		}
	}
	for _, c := range s.t.Calls {
		use(c.HostIndex)
	}
	for _, m := range s.t.Marks {
		use(m.HostIndex)
	}
	few := 0
	for _, u := range used {
		if u {
			few++
		}
	}
	for h, host := range s.t.Hosts {
		if !used[h] && few >= 2 {
			continue
		}
		r := rail{host: h, name: host.Name, down: s.t.DownBefore[h]}
		if a := s.shownAddr(h); a != "" {
			r.addr = a
		}
		s.railOf[h] = len(s.rails)
		s.rails = append(s.rails, r)
	}
	for len(s.rails) < 2 {
		s.rails = append(s.rails, rail{host: -1, name: "nobody"})
	}
}

// shownAddr is the address that the picture's packets use, of the host's.
func (s *story) shownAddr(h int) string {
	if w := s.t.Hosts[h].Where; w != "" {
		return w
	}
	for _, f := range s.t.Flows {
		for _, e := range f.Ends {
			if e.Host == h {
				return e.Addr.Addr().String()
			}
		}
	}
	if a := s.t.Hosts[h].Addrs; len(a) > 0 {
		return a[0].String()
	}
	return ""
}

func (s *story) rail(host int) int {
	if r, ok := s.railOf[host]; ok && host >= 0 {
		return r
	}
	return -1
}

// makeTags gives letters to the TCP flows if there are several: A, B … Z, AA.
func (s *story) makeTags() {
	s.tags = make([]string, len(s.t.Flows))
	n := 0
	for i, f := range s.t.Flows {
		if f.Kind != packet.TCP {
			continue
		}
		for k := n; ; k = k/26 - 1 {
			s.tags[i] = string(rune('A'+k%26)) + s.tags[i]
			if k < 26 {
				break
			}
		}
		n++
	}
	if n < 2 {
		clear(s.tags)
	}
}

func (s *story) tag(flow int) string {
	if flow < 0 {
		return ""
	}
	return s.tags[flow]
}

func (s *story) initialStates() {
	for fi, f := range s.t.Flows {
		if f.Kind != packet.TCP {
			continue
		}
		for side := range 2 {
			r := s.rail(f.Ends[side].Host)
			if st := f.Initial[side]; r >= 0 && st != wire.Closed && st != 0 {
				text := strings.TrimSpace(s.tag(fi) + " " + st.String())
				if st == wire.Listen { // one socket listens for all
					text = st.String()
				}
				if !slices.Contains(s.rails[r].states, text) {
					s.rails[r].states = append(s.rails[r].states, text)
				}
			}
		}
	}
	for i := range s.rails {
		if st := s.rails[i].states; len(st) > 3 {
			s.rails[i].states = append(st[:2:2], fmt.Sprintf("and %d more", len(st)-2))
		}
	}
}

// gaps marks the silences worth showing.
func (s *story) gaps() {
	for i := 1; i < len(s.rows); i++ {
		prev := s.rows[i-1]
		if d := s.rows[i].at - prev.at; d >= s.opts.silence() {
			s.rows[i].gap = d
		}
	}
}

// foot collects the lines under the drawing.
func (s *story) foot() {
	s.legend()
	switch {
	case s.asked && s.guessed:
		s.under = append(s.under, "* this state was concluded from the packets (RFC 9293), the others were asked of the hosts")
	case s.guessed:
		s.under = append(s.under, "the states were concluded from the packets (RFC 9293), not asked of the hosts")
	}
	if s.t.Lost > 0 {
		s.under = append(s.under, fmt.Sprintf("not the whole story: %s could not be captured", plural(int(s.t.Lost), "frame")))
	}
	s.under = append(s.under, s.t.Notes...)
}

// legend names the flows behind the letters, those with arrows first.
func (s *story) legend() {
	const most = 8
	drawn := map[int]bool{}
	for _, r := range s.rows {
		if r.kind == arrowRow {
			drawn[s.t.Packets[r.packet].Flow] = true
		}
	}
	tagged, listed := 0, 0
	for i := range s.t.Flows {
		if s.tags[i] == "" {
			continue
		}
		if tagged++; drawn[i] && listed < most {
			listed++
			s.under = append(s.under, s.tags[i]+"  "+flowName(s.t, &s.t.Flows[i]))
		}
	}
	if tagged > listed {
		s.under = append(s.under, fmt.Sprintf("and %s", plural(tagged-listed, "more connection")))
	}
}

// stateText writes a state as it is named at a rail.
func (s *story) stateText(c *trace.StateChange) string {
	text := strings.TrimSpace(s.tag(c.Flow) + " " + c.State.String())
	if c.Inferred && s.asked {
		text += "*"
	}
	if c.Packet >= 0 && c.Why != "" {
		text += " (" + c.Why + ")"
	}
	return text
}
