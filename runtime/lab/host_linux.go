package lab

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"sockbook/runtime/lab/inetdiag"
	"sockbook/runtime/netns"
	"sockbook/runtime/wire"
)

// The interface of a host is eth0, and number 2 after lo. Its other end has
// another number: Linux takes a link whose two ends have the same for one
// that depends on no other, and may look at it only a second later.
const (
	hostDevice = "eth0"
	hostIndex  = 2
	plugIndex  = 1000
)

// host is a live host. It is up while it has a network namespace; each boot
// makes a fresh one, so that nothing of before a crash can be left.
type host struct {
	world             *world
	desc              Host // with its number
	ipv4, ipv6, local netip.Addr
	mac               wire.MAC
	plug              string // the name of the other end of its link

	diag atomic.Pointer[inetdiag.Conn] // nil unless up

	mu       sync.Mutex // one at a time boots, crashes, starts processes, sets
	name     *netns.Space
	net      *netns.Space
	link     *netlink.Handle
	attached bool // once plugging has ended

	state    sync.Mutex // guards what is below; written with mu held too
	plugging *plugging
	power    Power
	boots    int
	set      map[string]string // by full name
}

// plugging is the hub's end of a link being opened.
type plugging struct {
	done chan struct{} // closed at its end
	err  error         // written before
}

// build makes the host and starts it. What it has made stays for remove.
func (h *host) build() (err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, value := range h.desc.Sysctl {
		full, err := sysctlName(name)
		if err != nil {
			return err
		}
		h.set[full] = value
	}
	h.name, err = netns.New(netns.UTS, func() error {
		if h.world.nameless {
			return nil
		}
		return os.NewSyscallError("sethostname", unix.Sethostname([]byte(h.desc.Name)))
	})
	if err != nil {
		return netns.Explain("make its name", err)
	}
	return h.boot()
}

// boot gives the host a network and begins to plug it in.
func (h *host) boot() (err error) {
	var diag *inetdiag.Conn
	h.net, err = netns.New(netns.Net, func() (err error) {
		if diag, err = inetdiag.Open(); err != nil {
			return err
		}
		if h.link, err = netlink.NewHandle(unix.NETLINK_ROUTE); err != nil {
			return err
		}
		return quiet()
	})
	if diag != nil {
		h.diag.Store(diag)
	}
	if err != nil {
		return netns.Explain("make its network", err)
	}
	if err := h.wire(); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(h.set)) {
		if _, err := h.sysctl(name, h.set[name]); err != nil {
			return err
		}
	}
	if err := h.plugIn(); err != nil {
		return err
	}
	h.state.Lock()
	defer h.state.Unlock()
	h.boots++
	h.power = On
	return nil
}

// quiet sets what makes a host's network simpler than it would be: no MPTCP,
// no router discovery, no waiting for IPv6 addresses to be found unique. And
// what Linux makes of the machine's memory, or a distribution of its taste, is
// the same everywhere: a SYN's window scale follows from tcp_rmem.
func quiet() error {
	return write(map[string]string{
		"net/mptcp/enabled":                          "0",
		"net/ipv6/conf/default/accept_dad":           "0",
		"net/ipv6/conf/default/accept_ra":            "0",
		"net/ipv6/conf/default/router_solicitations": "0",
		"net/ipv4/icmp_ratelimit":                    "0",
		"net/ipv4/tcp_rmem":                          "4096 131072 33554432",
		"net/ipv4/tcp_wmem":                          "4096 16384 4194304",
		"net/ipv4/tcp_max_syn_backlog":               "2048",
		"net/ipv4/tcp_congestion_control":            "cubic",
	})
}

// trust keeps a host from asking, in the middle of things, whether a neighbour
// is still there: by ARP, seconds after it has last heard of it. Linux has these
// settings for each interface of a namespace, and none for those to come.
func trust() error {
	return write(map[string]string{
		"net/ipv4/neigh/" + hostDevice + "/base_reachable_time_ms": "3600000",
		"net/ipv6/neigh/" + hostDevice + "/base_reachable_time_ms": "3600000",
		"net/ipv4/neigh/" + hostDevice + "/delay_first_probe_time": "3600",
		"net/ipv6/neigh/" + hostDevice + "/delay_first_probe_time": "3600",
	})
}

// write sets what of /proc/sys is there and may be written.
func write(settings map[string]string) error {
	for name, value := range settings {
		err := os.WriteFile("/proc/sys/"+name, []byte(value), 0)
		if err != nil && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, unix.EROFS) && !errors.Is(err, os.ErrPermission) {
			return err
		}
	}
	return nil
}

// wire makes the host's link, with both ends up and addresses on its own.
func (h *host) wire() error {
	h.plug = fmt.Sprintf("plug%d", h.desc.Number)
	attrs := netlink.NewLinkAttrs()
	attrs.Name, attrs.Index = h.plug, plugIndex+h.desc.Number
	veth := &netlink.Veth{LinkAttrs: attrs, PeerName: hostDevice, PeerHardwareAddr: h.mac[:], PeerNamespace: netlink.NsFd(h.net.Fd())}
	if err := h.world.plugLink.LinkAdd(veth); err != nil {
		return netns.Explain("make its link", err)
	}
	eth0, err := h.link.LinkByName(hostDevice)
	if err != nil {
		return fmt.Errorf("find its interface: %w", err)
	}
	lo, err := h.link.LinkByName("lo")
	if err != nil {
		return fmt.Errorf("find its loopback: %w", err)
	}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"keep the switch out of IPv6", func() error { return ipv6Off(h.world.plugLink, veth) }},
		{"keep it from making IPv6 addresses", func() error { return ipv6Off(h.link, eth0) }},
		{"switch off its offloads", func() error { return netns.Do(offloadsOff, h.net) }},
		{"start the other end of its link", func() error { return h.world.plugLink.LinkSetUp(veth) }},
		{"have it trust its neighbours", func() error { return netns.Do(trust, h.net) }},
		{"start its loopback", func() error { return h.link.LinkSetUp(lo) }},
		{"start its interface", func() error { return h.link.LinkSetUp(eth0) }},
		{"give it addresses", func() error { return h.addresses(eth0) }},
	} {
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return h.waitUp()
}

// addrGenNone is IN6_ADDR_GEN_MODE_NONE of linux/if_link.h.
const addrGenNone = 1

// ipv6Off keeps an interface from making link-local addresses by itself.
func ipv6Off(at *netlink.Handle, link netlink.Link) error {
	err := at.LinkSetIP6AddrGenMode(link, addrGenNone)
	if errors.Is(err, unix.EAFNOSUPPORT) {
		return nil // a kernel without IPv6
	}
	return err
}

// addresses gives the host its addresses and the hub as its router.
func (h *host) addresses(eth0 netlink.Link) error {
	for _, prefix := range []netip.Prefix{netip.PrefixFrom(h.ipv4, 24), netip.PrefixFrom(h.ipv6, 64), netip.PrefixFrom(h.local, 64)} {
		a := &netlink.Addr{IPNet: &net.IPNet{IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen())}}
		if prefix.Addr().Is6() {
			a.Flags = unix.IFA_F_NODAD
		}
		err := h.link.AddrAdd(eth0, a)
		if prefix.Addr().Is6() && (errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.EACCES)) {
			continue // a kernel without IPv6, or one where it is disabled
		}
		if err != nil {
			return fmt.Errorf("%v: %w", prefix, err)
		}
		if prefix.Addr() == h.local {
			continue
		}
		router := wire.RouterIPv4
		if prefix.Addr().Is6() {
			router = wire.RouterIPv6
		}
		if err := h.link.RouteAdd(&netlink.Route{LinkIndex: eth0.Attrs().Index, Gw: router.AsSlice()}); err != nil {
			return fmt.Errorf("route through %v: %w", router, err)
		}
	}
	return nil
}

// upWait bounds the wait for a link that both ends of which were started. It
// takes some milliseconds; Linux may let it be a second.
const upWait = 5 * time.Second

// waitUp waits until both ends of the link are up: the first packet would be
// lost before, and TCP would try again only after a second.
func (h *host) waitUp() error {
	end := time.Now().Add(upWait)
	for {
		own, err := h.link.LinkByName(hostDevice)
		if err != nil {
			return fmt.Errorf("find its interface: %w", err)
		}
		plug, err := h.world.plugLink.LinkByName(h.plug)
		if err != nil {
			return fmt.Errorf("find its link: %w", err)
		}
		if own.Attrs().OperState == netlink.OperUp && plug.Attrs().OperState == netlink.OperUp {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("its link is not up after %v: %v here, %v there", upWait, own.Attrs().OperState, plug.Attrs().OperState)
		}
		time.Sleep(200 * time.Microsecond)
	}
}

// plugIn begins to open the hub's end of the link, in a goroutine, since Linux
// takes its time for that: meanwhile a process can start. Nothing may be sent
// before plugged returns.
func (h *host) plugIn() error {
	var cable *wire.PacketCable
	err := netns.Do(func() (err error) {
		cable, err = wire.NewPacketCable()
		return err
	}, h.world.plugs)
	if err != nil {
		return netns.Explain("plug it in", err)
	}
	p := &plugging{done: make(chan struct{})}
	h.state.Lock()
	h.plugging = p
	h.state.Unlock()
	go func() {
		defer close(p.done)
		if err := h.attach(cable); err != nil {
			p.err = errors.Join(fmt.Errorf("host %s: %w", h.desc.Name, err), cable.Close())
		}
	}()
	return nil
}

// attach makes the cable the host's.
func (h *host) attach(cable *wire.PacketCable) error {
	if err := cable.Plug(plugIndex + h.desc.Number); err != nil {
		return err
	}
	if h.attached {
		return h.world.hub.Reattach(h.desc.Name, cable)
	}
	if err := h.world.hub.Attach(h.desc.Name, h.mac, cable); err != nil {
		return err
	}
	h.attached = true
	return nil
}

// plugged waits until the host is plugged in, and returns why it could not be.
func (h *host) plugged() error {
	h.state.Lock()
	p := h.plugging
	h.state.Unlock()
	if p == nil {
		return nil
	}
	<-p.done
	return p.err
}

func (h *host) setPower(p Power) {
	h.state.Lock()
	defer h.state.Unlock()
	h.power = p
}

func (h *host) isOn() error {
	h.state.Lock()
	defer h.state.Unlock()
	if h.power != On {
		return &Error{Msg: fmt.Sprintf("host %s is %s", h.desc.Name, h.power), Hint: "start it again: %reboot " + h.desc.Name}
	}
	return nil
}

// info is what a lab says about the host.
func (h *host) info() HostInfo {
	h.state.Lock()
	defer h.state.Unlock()
	return HostInfo{
		Name: h.desc.Name, IPv4: h.ipv4, IPv6: h.ipv6, LinkLocal: h.local, MAC: net.HardwareAddr(h.mac[:]).String(),
		Power: h.power, Boots: h.boots, Sysctl: maps.Clone(h.set), Processes: h.world.procs.in(h),
	}
}

// crash makes the host silent, then dead. The order matters: what dying
// processes and sockets would still send must not be seen.
func (h *host) crash() error {
	if err := h.isOn(); err != nil {
		return err
	}
	if err := h.world.hub.Silence(h.desc.Name, "crash "+h.desc.Name); err != nil {
		return err
	}
	h.setPower(Crashed)
	return errors.Join(h.killAll(), h.unplug("crash "+h.desc.Name))
}

// reboot starts the host again.
func (h *host) reboot() error {
	if h.isOn() == nil {
		if err := h.crash(); err != nil {
			return err
		}
	}
	err := h.boot()
	if err == nil {
		err = h.plugged()
	}
	if err != nil {
		return errors.Join(err, h.unplug("crash "+h.desc.Name))
	}
	return nil
}

// finWait is how long a host that is shut down waits for the acknowledgement of
// its last FINs.
const finWait = 500 * time.Millisecond

// shutdown ends the processes as init does, then the network.
func (h *host) shutdown(ctx context.Context, grace time.Duration) error {
	if err := h.isOn(); err != nil {
		return err
	}
	h.world.procs.signalAll(h, unix.SIGTERM)
	waiting, cancel := context.WithTimeout(ctx, grace)
	h.world.procs.wait(waiting, h)
	cancel()
	if ctx.Err() != nil {
		return ctx.Err() // asked to leave it
	}
	killed := h.killAll()
	for end := time.Now().Add(finWait); h.closing() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	why := "shutdown " + h.desc.Name
	silent := h.world.hub.Silence(h.desc.Name, why)
	h.setPower(Off)
	return errors.Join(killed, silent, h.unplug(why))
}

// closing tells whether the host has sockets whose FIN is not acknowledged.
func (h *host) closing() bool {
	diag := h.diag.Load()
	if diag == nil {
		return false
	}
	all, err := diag.Dump(inetdiag.TCP)
	return err == nil && slices.ContainsFunc(all, func(s inetdiag.Socket) bool {
		return s.State == wire.FinWait1 || s.State == wire.Closing || s.State == wire.LastAck
	})
}

// killAll kills all processes in the host and waits until they are gone.
func (h *host) killAll() error {
	ctx, cancel := context.WithTimeout(context.Background(), killWait)
	defer cancel()
	h.world.procs.signalAll(h, unix.SIGKILL)
	if n := h.world.procs.wait(ctx, h); n > 0 {
		return fmt.Errorf("host %s: %d processes are not dead after SIGKILL and %v", h.desc.Name, n, killWait)
	}
	return nil
}

// unplug removes the host's network: its sockets, which would otherwise keep
// the namespace while they wait for a peer that cannot hear, its link, and
// what holds the namespace.
func (h *host) unplug(why string) error {
	var errs []error
	if diag := h.diag.Swap(nil); diag != nil {
		errs = append(errs, destroyAll(diag), diag.Close())
	}
	if h.attached {
		errs = append(errs, h.world.hub.Detach(h.desc.Name, why))
	}
	if h.link != nil {
		h.link.Close()
		h.link = nil
	}
	if link, err := h.world.plugLink.LinkByName(h.plug); err == nil {
		errs = append(errs, h.world.plugLink.LinkDel(link))
	}
	if h.net != nil {
		errs = append(errs, h.net.Close())
		h.net = nil
	}
	return errors.Join(errs...)
}

func destroyAll(diag *inetdiag.Conn) error {
	all, err := diag.Dump(inetdiag.TCP)
	if err != nil {
		return err
	}
	for _, s := range all {
		// A kernel without INET_DIAG_DESTROY lets them die later.
		if err := diag.Destroy(s); err != nil && !errors.Is(err, unix.EOPNOTSUPP) {
			return err
		}
	}
	return nil
}

// remove takes the host away for good, also one that was built by half.
func (h *host) remove() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	var errs []error
	h.plugged() // or not: either way it is over
	if h.attached {
		errs = append(errs, h.world.hub.Silence(h.desc.Name, "down"))
	}
	errs = append(errs, h.killAll(), h.unplug("down"))
	h.setPower(Off)
	if h.name != nil {
		errs = append(errs, h.name.Close())
	}
	return errors.Join(errs...)
}

// forget deletes another host's addresses from the neighbour tables.
func (h *host) forget(other *host) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.isOn() != nil {
		return nil
	}
	for _, a := range []netip.Addr{other.ipv4, other.ipv6, other.local} {
		family := unix.AF_INET
		if a.Is6() {
			family = unix.AF_INET6
		}
		err := h.link.NeighDel(&netlink.Neigh{LinkIndex: hostIndex, IP: a.AsSlice(), Family: family})
		if err != nil && !errors.Is(err, unix.ENOENT) {
			return fmt.Errorf("host %s: forget %v: %w", h.desc.Name, a, err)
		}
	}
	return nil
}
