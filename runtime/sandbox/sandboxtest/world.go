// Package sandboxtest makes places for the tests of what is confined: a machine
// that allows less, by [RefuseNamespaces], and a [World] outside it, which
// nobody must reach. For tests only.
package sandboxtest

import (
	"fmt"
	"net"
	"sync/atomic"
	"testing"

	"github.com/vishvananda/netlink"

	"sockbook/runtime/netns"
)

// The addresses of the machine and of the world outside it, and where that
// listens by TCP and UDP.
const (
	Machine = "198.51.100.1"
	Outside = "198.51.100.2"
	TCP     = Outside + ":7000"
	UDP     = Outside + ":7001"
)

// World is a network namespace that is joined to that of a machine, and counts
// who comes to it. Goroutines: one for TCP, one for UDP; they end with the test.
type World struct {
	*netns.Space
	Reached atomic.Int32 // connections and datagrams
}

// NewWorld joins a world to the network namespaces of machine; none: those of
// this process. They end with the test.
func NewWorld(t *testing.T, machine ...*netns.Space) *World {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	space, err := netns.New(netns.Net, nil)
	must(err)
	t.Cleanup(func() { space.Close() })
	w := &World{Space: space}
	must(netns.Do(func() error {
		attrs := netlink.NewLinkAttrs()
		attrs.Name = "outside0"
		err := netlink.LinkAdd(&netlink.Veth{LinkAttrs: attrs, PeerName: "inside0", PeerNamespace: netlink.NsFd(space.Fd())})
		if err != nil {
			return fmt.Errorf("join the machine to the world: %w", err)
		}
		return up("outside0", Machine+"/24")
	}, machine...))
	must(netns.Do(func() error { return up("inside0", Outside+"/24") }, space))
	w.listen(t)
	return w
}

// up gives a network interface an address, and turns it and the loopback on.
func up(name, address string) error {
	for _, n := range []string{"lo", name} {
		link, err := netlink.LinkByName(n)
		if err != nil {
			return fmt.Errorf("find %s: %w", n, err)
		}
		if err := netlink.LinkSetUp(link); err != nil {
			return fmt.Errorf("turn on %s: %w", n, err)
		}
		if n != name {
			continue
		}
		a, err := netlink.ParseAddr(address)
		if err != nil {
			return err
		}
		if err := netlink.AddrAdd(link, a); err != nil {
			return fmt.Errorf("give %s the address %s: %w", n, address, err)
		}
	}
	return nil
}

func (w *World) listen(t *testing.T) {
	t.Helper()
	var l net.Listener
	var p net.PacketConn
	err := netns.Do(func() (err error) {
		if l, err = net.Listen("tcp4", TCP); err != nil {
			return err
		}
		p, err = net.ListenPacket("udp4", UDP)
		return err
	}, w.Space)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(); p.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			w.Reached.Add(1)
			c.Close()
		}
	}()
	go func() {
		for {
			if _, _, err := p.ReadFrom(make([]byte, 100)); err != nil {
				return
			}
			w.Reached.Add(1)
		}
	}()
}
