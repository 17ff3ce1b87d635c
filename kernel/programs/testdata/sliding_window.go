// Go-back-N and selective repeat over a simulated lossy link: no sockets, one
// event loop, everything counted.
package main

import (
	"container/heap"
	"fmt"
	"strings"
)

type kind byte

const (
	data kind = 'D'
	ack  kind = 'A'
)

type segment struct {
	kind kind
	seq  int
	body byte
}

type event struct {
	at    int
	order int
	do    func()
}

type agenda []event

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	return a[i].at < a[j].at || a[i].at == a[j].at && a[i].order < a[j].order
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(event)) }
func (a *agenda) Pop() (x any) {
	n := len(*a) - 1
	x, *a = (*a)[n], (*a)[:n]
	return
}

type sim struct {
	now, count int
	agenda
	lost   map[string]bool
	losses int
	log    strings.Builder
}

func (s *sim) after(d int, f func()) {
	s.count++
	heap.Push(&s.agenda, event{s.now + d, s.count, f})
}

func (s *sim) send(g segment, deliver func(segment)) {
	key := fmt.Sprintf("%c%d", g.kind, g.seq)
	if s.lost[key] {
		delete(s.lost, key)
		s.losses++
		fmt.Fprintf(&s.log, "%d:%s! ", s.now, key)
		return
	}
	fmt.Fprintf(&s.log, "%d:%s ", s.now, key)
	s.after(2, func() { deliver(g) })
}

func (s *sim) run() {
	for s.Len() > 0 {
		e := heap.Pop(&s.agenda).(event)
		s.now = e.at
		e.do()
	}
}

type receiver struct {
	*sim
	next      int
	got       []byte
	buffered  map[int]byte
	selective bool
}

func (r *receiver) receive(g segment, back func(segment)) {
	switch {
	case g.seq == r.next:
		r.got = append(r.got, g.body)
		r.next++
		for b, ok := r.buffered[r.next]; ok; b, ok = r.buffered[r.next] {
			delete(r.buffered, r.next)
			r.got = append(r.got, b)
			r.next++
		}
	case g.seq > r.next && r.selective:
		r.buffered[g.seq] = g.body
	}
	n := r.next
	if r.selective {
		n = g.seq
	}
	r.send(segment{kind: ack, seq: n}, back)
}

type sender struct {
	*sim
	text           string
	base, next     int
	window, rto    int
	acked          []bool
	retransmission int
	to             *receiver
}

func (s *sender) transmit(seq int) {
	s.send(segment{data, seq, s.text[seq]}, func(g segment) { s.to.receive(g, s.acknowledge) })
	s.after(s.rto, func() {
		if seq < s.base || s.acked[seq] {
			return
		}
		if s.to.selective {
			s.retransmission++
			s.transmit(seq)
		} else if seq == s.base {
			for i := s.base; i < s.next; i++ {
				s.retransmission++
				s.transmit(i)
			}
		}
	})
}

func (s *sender) fill() {
	for ; s.next < s.base+s.window && s.next < len(s.text); s.next++ {
		s.transmit(s.next)
	}
}

func (s *sender) acknowledge(g segment) {
	if s.to.selective {
		s.acked[g.seq] = true
		for s.base < len(s.acked) && s.acked[s.base] {
			s.base++
		}
	} else if g.seq > s.base {
		s.base = g.seq
	}
	s.fill()
}

func transfer(text string, window int, selective bool, lost ...string) {
	s := &sim{lost: map[string]bool{}}
	for _, l := range lost {
		s.lost[l] = true
	}
	r := &receiver{sim: s, selective: selective, buffered: map[int]byte{}}
	snd := &sender{sim: s, text: text, window: window, rto: 7, acked: make([]bool, len(text)), to: r}
	snd.fill()
	s.run()
	name := map[bool]string{false: "go-back-N", true: "selective"}[selective]
	fmt.Printf("%s window=%d lost=%d retransmitted=%d time=%d text=%q\n", name, window, s.losses, snd.retransmission, s.now, r.got)
	fmt.Println("  ", s.log.String())
}

func main() {
	const text = "sliding!"
	transfer(text, 1, false)
	transfer(text, 4, false)
	transfer(text, 4, false, "D2", "A6")
	transfer(text, 4, true, "D2", "A6")
	transfer(text, 3, true, "D0", "D1", "D7", "A0")
}
