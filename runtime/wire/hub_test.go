package wire

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// fakeCable is a host at whose end a test sits.
type fakeCable struct {
	sent chan []byte // by the host
	fail error       // of WriteFrame

	mu   sync.Mutex
	got  [][]byte // what the hub gave to it
	lost uint64
}

func (c *fakeCable) received() [][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.got
}

func (c *fakeCable) ReadFrame(b []byte, wait bool) (int, time.Time, error) {
	var f []byte
	ok := true
	if wait {
		f, ok = <-c.sent
	} else {
		select {
		case f, ok = <-c.sent:
		default:
		}
	}
	if !ok {
		return 0, time.Time{}, os.ErrClosed
	}
	return copy(b, f), time.Now(), nil
}

func (c *fakeCable) WriteFrame(b []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fail == nil {
		c.got = append(c.got, bytes.Clone(b))
	}
	return c.fail
}

func (c *fakeCable) Lost() uint64 {
	n := c.lost
	c.lost = 0
	return n
}

func (c *fakeCable) Close() error {
	close(c.sent)
	return nil
}

func mac(n byte) MAC { return MAC{2, 0, 0, 0, 0, n} }

// plant is a hub with hosts a, b and c, 10.0.0.1 to 3, in a bubble of time.
func plant(t *testing.T) (*Hub, map[string]*fakeCable) {
	h, cables := NewHub(&Capture{}), map[string]*fakeCable{}
	for i, name := range []string{"a", "b", "c"} {
		cables[name] = &fakeCable{sent: make(chan []byte)}
		if err := h.Attach(name, mac(byte(i+1)), cables[name]); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h, cables
}

// tcpFrame is a segment from 10.0.0.from to 10.0.0.to.
func tcpFrame(from, to byte, flags byte, payload string) []byte {
	f := append(mac(to).slice(), mac(from).slice()...)
	f = append(f, 8, 0)
	ip := make([]byte, 40)
	ip[0], ip[8], ip[9] = 0x45, 64, protoTCP
	binary.BigEndian.PutUint16(ip[2:], uint16(40+len(payload)))
	copy(ip[12:], []byte{10, 0, 0, from})
	copy(ip[16:], []byte{10, 0, 0, to})
	binary.BigEndian.PutUint16(ip[20:], 40000+uint16(from))
	binary.BigEndian.PutUint16(ip[22:], 7777)
	ip[32], ip[33] = 5<<4, flags
	return append(append(f, ip...), payload...)
}

// elsewhere changes a segment's destination to 192.0.2.1.
func elsewhere(f []byte) []byte {
	copy(f[30:], []byte{192, 0, 2, 1})
	return f
}

func (m MAC) slice() []byte { return m[:] }

func arpRequest(from byte, target netip.Addr) []byte {
	f := append([]byte{255, 255, 255, 255, 255, 255}, mac(from).slice()...)
	f = append(f, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1)
	f = append(f, mac(from).slice()...)
	f = append(f, 10, 0, 0, from, 0, 0, 0, 0, 0, 0)
	return append(f, target.AsSlice()...)
}

func captured(t *testing.T, h *Hub) []Frame {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // what is there, no waiting
	var all []Frame
	var m Mark
	for {
		frames, next, err := h.Capture.Read(ctx, m)
		if errors.Is(err, context.Canceled) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all, m = Merge(all, frames), next
	}
}

func lines(frames []Frame) string {
	var s []string
	for _, f := range frames {
		l := f.From + "→" + f.To + " " + f.Fate.String()
		if f.By != "" {
			l += " (" + f.By + ")"
		}
		s = append(s, l)
	}
	return strings.Join(s, "\n")
}

func TestHub(t *testing.T) {
	syn, fin := tcpFrame(1, 2, flagSYN, ""), tcpFrame(1, 2, flagFIN|flagACK, "")
	for _, c := range []struct {
		name  string
		rules []string
		do    func(h *Hub)
		send  [][]byte // by a
		want  string   // captured
		b     int      // frames that b gets
		a     int      // that a gets
	}{
		{"passes", nil, nil, [][]byte{syn}, "a→b delivered", 1, 0},
		{"too short", nil, nil, [][]byte{{1, 2, 3}}, "", 0, 0},
		{"to all", nil, nil, [][]byte{arpRequest(1, netip.MustParseAddr("10.0.0.9"))}, "a→b delivered\na→c delivered", 1, 0},
		{"to nobody", nil, nil, [][]byte{tcpFrame(1, 9, flagSYN, "")}, "a→ dropped (no host has this address)", 0, 0},
		{"to itself", nil, nil, [][]byte{tcpFrame(1, 1, flagSYN, "")}, "", 0, 0},
		{"drop", []string{"drop a b next SYN"}, nil, [][]byte{syn, syn}, "a→b dropped (drop a b next SYN)\na→b delivered", 1, 0},
		{"cut for all between two", []string{"cut a b"}, nil, [][]byte{arpRequest(1, netip.MustParseAddr("10.0.0.9"))},
			"a→b dropped (cut a b)\na→c delivered", 0, 0},
		{"duplicate", []string{"duplicate every FIN"}, nil, [][]byte{syn, fin}, "a→b delivered\na→b delivered (duplicate every FIN)\na→b delivered (duplicate every FIN)", 3, 0},
		{"two at once", []string{"delay a b 5ms", "drop every FIN"}, nil, [][]byte{fin}, "a→b dropped (delay a b 5ms; drop every FIN)", 0, 0},
		{"unreachable", []string{"unreachable a b"}, nil, [][]byte{syn}, "a→b refused (unreachable a b host)\nrouter→a delivered", 0, 1},
		{"unreachable, but ARP is not asked for", []string{"unreachable"}, nil, [][]byte{arpRequest(1, netip.MustParseAddr("10.0.0.2"))},
			"a→b delivered\na→c delivered", 1, 0},
		{"silent receiver", nil, func(h *Hub) { h.Silence("b", "crash b") }, [][]byte{syn}, "a→b dropped (crash b)", 0, 0},
		{"silent sender", nil, func(h *Hub) { h.Silence("a", "crash a") }, [][]byte{syn}, "", 0, 0},
		{"unplugged receiver", nil, func(h *Hub) { h.Detach("b", "shutdown b") }, [][]byte{syn}, "a→b dropped (shutdown b)", 0, 0},
		{"the router's ARP", nil, nil, [][]byte{arpRequest(1, RouterIPv4)}, "a→router delivered\nrouter→a delivered\na→b delivered\na→c delivered", 1, 1},
		{"another network", nil, nil, [][]byte{tcpFrame(1, 0xfe, flagSYN, "")}, "a→router delivered", 0, 0},
		{"another network", nil, nil, [][]byte{elsewhere(tcpFrame(1, 0xfe, flagSYN, ""))}, "a→router delivered\nrouter→a delivered", 0, 1},
		{"the router twice", []string{"duplicate a router"}, nil, [][]byte{elsewhere(tcpFrame(1, 0xfe, flagSYN, ""))},
			"a→router delivered (duplicate a router)\nrouter→a delivered (duplicate a router)\nrouter→a delivered (duplicate a router)\na→router delivered (duplicate a router)\nrouter→a delivered (duplicate a router)\nrouter→a delivered (duplicate a router)", 0, 4},
		{"the router says so of itself", []string{"unreachable"}, nil, [][]byte{tcpFrame(1, 0xfe, flagSYN, "")},
			"a→router refused (unreachable host)\nrouter→a delivered", 0, 1},
		{"the router cut off", []string{"cut a router"}, nil, [][]byte{arpRequest(1, RouterIPv4)},
			"a→router dropped (cut a router)\na→b delivered\na→c delivered", 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, cables := plant(t)
				for _, text := range c.rules {
					r, err := ParseRule(text)
					if err == nil {
						err = h.AddRule(r)
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				if c.do != nil {
					c.do(h)
				}
				for _, f := range c.send {
					cables["a"].sent <- f
					synctest.Wait()
				}
				frames := captured(t, h)
				if got := lines(frames); got != c.want {
					t.Errorf("captured:\n%s\nwant:\n%s", got, c.want)
				}
				if n := len(cables["b"].received()); n != c.b {
					t.Errorf("b got %d frames, want %d", n, c.b)
				}
				if n := len(cables["a"].received()); n != c.a {
					t.Errorf("a got %d frames, want %d", n, c.a)
				}
				if err := h.Err(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestHubDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, cables := plant(t)
		for _, text := range []string{"delay a b 20ms", "delay a b 10ms every FIN"} {
			r, err := ParseRule(text)
			if err == nil {
				err = h.AddRule(r)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		begin := time.Now()
		fin := tcpFrame(1, 2, flagFIN, "")
		for _, f := range [][]byte{fin, tcpFrame(1, 2, flagACK, "1"), tcpFrame(1, 2, flagACK, "22")} {
			cables["a"].sent <- f
		}
		synctest.Wait()
		frames := captured(t, h)
		if len(frames) != 3 || frames[0].Fate != UnderWay || len(cables["b"].received()) != 0 {
			t.Fatalf("before the time: %s", lines(frames))
		}
		time.Sleep(time.Second)
		synctest.Wait()
		for i, want := range []time.Duration{30 * time.Millisecond, 20 * time.Millisecond, 20 * time.Millisecond} {
			f := captured(t, h)[i]
			if got := f.Arrived.Sub(begin); got != want || f.Delay() != want || f.Fate != Delivered {
				t.Errorf("frame %d: %v after %v, want %v", i, f.Fate, got, want)
			}
		}
		if got := cables["b"].received(); len(got) != 3 || len(got[0]) != 55 || len(got[1]) != 56 || !bytes.Equal(got[2], fin) {
			t.Errorf("b got %d frames, or in another order", len(got))
		}
		// A cable that is cut takes with it what is on it.
		cables["a"].sent <- fin
		synctest.Wait()
		if err := h.AddRule(Rule{Action: Cut, A: "b", B: "a"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if f := captured(t, h)[3]; f.Fate != Dropped || f.By != "cut b a" {
			t.Errorf("under way when cut: %v by %q", f.Fate, f.By)
		}
		if n := h.DeleteRules(func(r Rule) bool { return r.Action == Cut }); n != 1 || len(h.Rules()) != 2 {
			t.Errorf("%d rules deleted, left: %v", n, h.Rules())
		}
		// A host that is unplugged while frames are on the way to it.
		cables["a"].sent <- fin
		synctest.Wait()
		if err := h.Detach("b", "crash b"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if f := captured(t, h)[4]; f.Fate != Dropped || !strings.HasSuffix(f.By, "; crash b") {
			t.Errorf("under way when crashed: %v by %q", f.Fate, f.By)
		}
		cables["b"] = &fakeCable{sent: make(chan []byte)}
		if err := h.Reattach("b", cables["b"]); err != nil {
			t.Fatal(err)
		}
		cables["a"].sent <- fin
		time.Sleep(time.Second)
		synctest.Wait()
		if len(cables["b"].received()) != 1 {
			t.Error("nothing arrives after b is plugged in again")
		}
	})
}

func TestHubSamples(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(&Capture{})
		asked := 0
		h.Sample = func(host string, local, remote netip.AddrPort) State {
			asked++
			if host == "a" && local.String() == "10.0.0.1:40001" && remote.String() == "10.0.0.2:7777" {
				return SynSent
			}
			if host == "b" && local.String() == "10.0.0.2:7777" && remote.String() == "10.0.0.1:40001" {
				return Listen
			}
			return 0
		}
		a, b := &fakeCable{sent: make(chan []byte)}, &fakeCable{sent: make(chan []byte)}
		if err := errors.Join(h.Attach("a", mac(1), a), h.Attach("b", mac(2), b)); err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		a.sent <- tcpFrame(1, 2, flagSYN, "")
		a.sent <- arpRequest(1, RouterIPv4)
		synctest.Wait()
		f := captured(t, h)[0]
		if len(f.Before) != 2 || f.Before[0].State != SynSent || f.Before[1].State != Listen || len(f.After) != 1 || f.After[0].State != Listen {
			t.Errorf("before %v, after %v", f.Before, f.After)
		}
		if asked != 3 {
			t.Errorf("asked %d times", asked)
		}
	})
}

func TestHubMistakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, cables := plant(t)
		for name, err := range map[string]error{
			"the same name":        h.Attach("a", mac(9), &fakeCable{}),
			"the same address":     h.Attach("d", mac(1), &fakeCable{}),
			"the router's name":    h.Attach(Router, mac(9), &fakeCable{}),
			"the router's address": h.Attach("d", RouterMAC, &fakeCable{}),
			"unplug nobody":        h.Detach("d", ""),
			"silence nobody":       h.Silence("d", ""),
			"plug in twice":        h.Reattach("a", &fakeCable{}),
			"rule about nobody":    h.AddRule(Rule{Action: Drop, A: "a", B: "d"}),
		} {
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		}
		cables["b"].fail = errors.New("no room")
		cables["a"].sent <- tcpFrame(1, 2, flagSYN, "")
		synctest.Wait()
		if got := lines(captured(t, h)); got != "a→b dropped (no room)" {
			t.Errorf("a cable that fails: %s", got)
		}
		cables["c"].lost = 7
		h.CountLost()
		h.CountLost()
		if m, _ := h.Capture.Mark(t.Context()); m.Lost != 7 {
			t.Errorf("lost %d", m.Lost)
		}
	})
}

// FuzzFrame gives any frame to a hub with all kinds of rules.
func FuzzFrame(f *testing.F) {
	f.Add(tcpFrame(1, 2, flagSYN, ""))
	f.Add(tcpFrame(1, 0xfe, flagACK, "data"))
	f.Add(arpRequest(1, RouterIPv4))
	f.Add(unreachable(&packet{src: mac(1), srcIP: RouterIPv6, ip: make([]byte, 40)}, NetUnreachable))
	f.Add(neighbourReply(&packet{src: mac(1), srcIP: RouterIPv6, l4: append([]byte{135, 0, 0, 0, 0, 0, 0, 0}, RouterIPv6.AsSlice()...)}))
	var rules []Rule
	for _, text := range []string{"drop third TCP", "delay 1us every UDP", "duplicate a b", "unreachable every data", "drop a router 50% seed 2"} {
		r, err := ParseRule(text)
		if err != nil {
			f.Fatal(err)
		}
		rules = append(rules, r)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		h, c := NewHub(&Capture{}), &fakeCable{sent: make(chan []byte)}
		if err := errors.Join(h.Attach("a", mac(1), c), h.Attach("b", mac(2), &fakeCable{sent: make(chan []byte)})); err != nil {
			t.Fatal(err)
		}
		for _, r := range rules {
			if err := h.AddRule(r); err != nil {
				t.Fatal(err)
			}
		}
		p := h.ports["a"]
		h.take(p, c, b, time.Now())
		h.take(p, c, b, time.Now())
		for _, f := range captured(t, h) {
			if f.Made && f.From == Router && f.Len < 42 {
				t.Errorf("the router made a frame of %d B", f.Len)
			}
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestHubBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, cables := plant(t)
		var err error
		for range maxRules {
			err = errors.Join(err, h.AddRule(Rule{Action: Delay, Delay: time.Millisecond, A: "a", B: "b"}))
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.AddRule(Rule{Action: Drop}) == nil {
			t.Error("no bound on rules")
		}
		h.heldBytes = maxHeld - 54
		cables["a"].sent <- tcpFrame(1, 2, flagSYN, "")
		cables["a"].sent <- tcpFrame(1, 2, flagSYN, "")
		synctest.Wait()
		frames := captured(t, h)
		if frames[0].Fate != UnderWay || frames[1].Fate != Dropped || !strings.HasSuffix(frames[1].By, "too much is under way") {
			t.Errorf("%v, then %v", frames[0].Fate, frames[1].Fate)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if h.heldBytes != maxHeld-54 || len(cables["b"].received()) != 1 {
			t.Errorf("%d B held", h.heldBytes)
		}
	})
}
