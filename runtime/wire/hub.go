package wire

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Cable is the hub's end of the link to a host. ReadFrame fills b with the next
// frame that the host sent and says how long it is and when it left. If there
// is none it waits for one, or, if it is not to wait, returns 0. It fails with
// os.ErrClosed after Close. Lost returns the number of frames dropped before
// they could be read, since the last call.
type Cable interface {
	ReadFrame(b []byte, wait bool) (int, time.Time, error)
	WriteFrame(b []byte) error
	Lost() uint64
	Close() error
}

// Sampler asks a host for the state of the TCP socket with these two
// addresses.
type Sampler func(host string, local, remote netip.AddrPort) State

// MaxFrame is the longest frame that the hub carries, in bytes.
const MaxFrame = 1 << 16

// Hub joins hosts: what one sends, it captures and passes on to the one with
// the frame's address, or to all, as its rules allow. It is also the router
// that the hosts use for all other networks, and knows none. Make it with
// NewHub.
//
// Goroutines: Attach starts one that reads the host's cable; it ends when the
// cable fails or is closed. Frames that a rule delays are passed on by one
// timer. Close ends all and waits for them.
type Hub struct {
	// Capture has every frame.
	Capture *Capture
	// Sample, if set before the first Attach, is asked for the states beside
	// TCP frames.
	Sample Sampler

	readers sync.WaitGroup

	// mu is held while a frame is judged, captured and passed on, so that
	// frames are in one order for everybody.
	mu        sync.Mutex
	ports     map[string]*port
	byMAC     map[MAC]*port
	rules     []*ruleState
	seq       uint64
	held      heldFrames
	heldBytes int
	timer     *time.Timer
	err       error                    // the first failure to read a cable
	resting   map[connection]time.Time // until when not to sample
	closed    bool
}

// port is where a host is plugged in.
type port struct {
	host  string
	mac   MAC
	cable Cable
	off   string // why nothing passes; empty if it does

	queued atomic.Int32 // frames that were read and not yet carried
}

// NewHub returns a hub without ports that captures into c.
func NewHub(c *Capture) *Hub {
	return &Hub{Capture: c, ports: map[string]*port{}, byMAC: map[MAC]*port{}, resting: map[connection]time.Time{}}
}

// Attach plugs a host in. The hub owns the cable from then on.
func (h *Hub) Attach(host string, mac MAC, cable Cable) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.ports[host] != nil || h.byMAC[mac] != nil || host == Router || mac == RouterMAC {
		return fmt.Errorf("plug in %s: the hub is closed, or the name or address is taken", host)
	}
	p := &port{host: host, mac: mac, cable: cable}
	h.ports[host], h.byMAC[mac] = p, p
	h.readers.Go(func() { h.read(p, cable) })
	return nil
}

// Detach unplugs a host and closes its cable. Frames to it are dropped from
// then on, By being why, until it is attached again.
func (h *Hub) Detach(host, why string) error {
	h.mu.Lock()
	p := h.ports[host]
	if p == nil {
		h.mu.Unlock()
		return fmt.Errorf("unplug %s: no such host", host)
	}
	cable := p.cable
	p.cable, p.off = nil, why
	h.mu.Unlock()
	if cable == nil {
		return nil
	}
	return cable.Close()
}

// Reattach plugs a host in again that was detached.
func (h *Hub) Reattach(host string, cable Cable) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.ports[host]
	if h.closed || p == nil || p.cable != nil {
		return fmt.Errorf("plug in %s again: it is not unplugged", host)
	}
	// A new port: the reader of the old cable may still hold the old one.
	q := &port{host: host, mac: p.mac, cable: cable}
	h.ports[host], h.byMAC[p.mac] = q, q
	h.readers.Go(func() { h.read(q, cable) })
	return nil
}

// Silence stops what the host sends and receives at once, as when its power
// fails, without unplugging it: what it still sends vanishes and is not
// captured, what is sent to it is dropped, By being why.
func (h *Hub) Silence(host, why string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.ports[host]
	if p == nil {
		return fmt.Errorf("silence %s: no such host", host)
	}
	p.off = why
	return nil
}

// Close unplugs all hosts, drops what is under way, and waits for the hub's
// goroutines.
func (h *Hub) Close() error {
	h.mu.Lock()
	h.closed = true
	var errs []error
	for _, p := range h.ports {
		if p.cable != nil {
			errs = append(errs, p.cable.Close())
		}
	}
	if h.timer != nil {
		h.timer.Stop()
	}
	h.held = nil
	h.mu.Unlock()
	h.readers.Wait()
	return errors.Join(errs...)
}

// Err returns the first failure to read a cable that was not closed: what that
// host sends is not carried any more.
func (h *Hub) Err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err
}

// Busy tells whether a host has sent frames that are not captured yet, or
// frames are under way.
func (h *Hub) Busy() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.held) > 0 {
		return true
	}
	for _, p := range h.ports {
		if p.off != "" || p.cable == nil {
			continue
		}
		if w, ok := p.cable.(interface{ Waiting() bool }); p.queued.Load() > 0 || ok && w.Waiting() {
			return true
		}
	}
	return false
}

// CountLost asks the cables for frames that the kernel dropped because the hub
// did not read fast enough, and adds them to the capture's count.
func (h *Hub) CountLost() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.ports {
		if p.cable != nil {
			h.Capture.AddLost(p.cable.Lost())
		}
	}
}

// The most rules, and the most bytes of frames that delays may hold.
const (
	maxRules = 1000
	maxHeld  = 64 << 20
)

// AddRule adds a rule after the others. Its hosts must be plugged in, so that
// a name that was misspelt does not go unseen.
func (h *Hub) AddRule(r Rule) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, host := range []string{r.A, r.B, r.From} {
		if host != "" && host != Router && h.ports[host] == nil {
			return fmt.Errorf("rule %q: there is no host %q", r, host)
		}
	}
	if len(h.rules) >= maxRules {
		return fmt.Errorf("rule %q: there are %d already", r, maxRules)
	}
	h.rules = append(h.rules, newRuleState(r))
	return nil
}

// Rules returns the rules in force.
func (h *Hub) Rules() []Rule {
	h.mu.Lock()
	defer h.mu.Unlock()
	var rules []Rule
	for _, r := range h.rules {
		rules = append(rules, r.Rule)
	}
	return rules
}

// DeleteRules removes the rules that del is true for and returns how many they
// were.
func (h *Hub) DeleteRules(del func(Rule) bool) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := len(h.rules)
	h.rules = slices.DeleteFunc(h.rules, func(r *ruleState) bool { return del(r.Rule) })
	return n - len(h.rules)
}
