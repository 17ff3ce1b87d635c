package lab

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"sync"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"sockbook/runtime/netns"
	"sockbook/runtime/wire"
)

// world is the live lab, inside the lab process.
type world struct {
	hub   *wire.Hub
	procs *procs
	lacks []string
	names *os.File // what /etc/hosts shows; nil if it cannot

	nameless bool // sethostname is not allowed

	// The switch: a namespace with the other ends of the hosts' links.
	plugs    *netns.Space
	plugLink *netlink.Handle

	mu    sync.RWMutex // the list of hosts; each has a lock of its own
	hosts []*host
}

// newWorld builds a lab without hosts.
func newWorld(exited func(int, Exit)) (*world, error) {
	w := &world{hub: wire.NewHub(&wire.Capture{}), procs: newProcs(exited)}
	w.hub.Sample = w.sample
	if err := unix.Sethostname([]byte("lab")); err != nil {
		w.nameless = true // podman's default profile refuses only this
		w.lacks = append(w.lacks, fmt.Sprintf("os.Hostname gives the machine's name and not the host's: sethostname: %v", err))
	}
	if err := w.mounts(); err != nil {
		return nil, err
	}
	var err error
	w.plugs, err = netns.New(netns.Net, func() (err error) {
		w.plugLink, err = netlink.NewHandle(unix.NETLINK_ROUTE)
		return err
	})
	if err != nil {
		return nil, netns.Explain("make the switch", err)
	}
	return w, nil
}

// mounts gives the lab a /proc that shows its processes and lets it set
// sysctls, and an /etc/hosts of its own. Both can be done without.
func (w *world) mounts() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return netns.Explain("keep mounts to the lab", os.NewSyscallError("mount", err))
	}
	if err := w.mountNames(); err != nil {
		w.lacks = append(w.lacks, fmt.Sprintf("the hosts' names are not in /etc/hosts: %v", err))
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		w.lacks = append(w.lacks, fmt.Sprintf("/proc shows all of the machine's processes: mount: %v", err))
	}
	if err := unix.Access("/proc/sys/net/ipv4/tcp_retries2", unix.W_OK); err != nil {
		w.lacks = append(w.lacks, fmt.Sprintf("sysctls cannot be set: %v", err))
	}
	return nil
}

// mountNames puts files of the lab's own over /etc/hosts and /etc/resolv.conf.
// They are in a file system that is nowhere else: /proc is where it is mounted
// for a moment, being the one directory that is there for certain. Nobody
// answers at 127.0.0.1, so that a name that no host has is known to be wrong
// at once, and not when a name server on the outside has not answered.
func (w *world) mountNames() error {
	if err := unix.Mount("names", "/proc", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "size=64k"); err != nil {
		return os.NewSyscallError("mount", err)
	}
	defer unix.Unmount("/proc", unix.MNT_DETACH)
	hosts, err := cover("/proc/hosts", "/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n")
	if err != nil {
		return err
	}
	w.names = hosts
	resolv, err := cover("/proc/resolv.conf", "/etc/resolv.conf", "nameserver 127.0.0.1\n")
	if errors.Is(err, os.ErrNotExist) {
		return nil // without one, too, 127.0.0.1 is asked
	}
	if err != nil {
		return err
	}
	return resolv.Close()
}

// cover makes a file and mounts it over another.
func cover(file, over, text string) (*os.File, error) {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o444)
	if err != nil {
		return nil, err
	}
	if _, err = f.WriteString(text); err == nil {
		err = os.NewSyscallError("mount", unix.Mount(file, over, "", unix.MS_BIND, ""))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// host returns a host by name.
func (w *world) host(name string) (*host, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var names []string
	for _, h := range w.hosts {
		if h.desc.Name == name {
			return h, nil
		}
		names = append(names, h.desc.Name)
	}
	hint := "there is none yet"
	if names != nil {
		hint = fmt.Sprintf("there are %q", names)
	}
	return nil, &Error{Msg: fmt.Sprintf("there is no host %q", name), Hint: hint}
}

// plugged returns a host by name, once frames pass between it and the hub.
func (w *world) plugged(name string) (*host, error) {
	h, err := w.host(name)
	if err != nil {
		return nil, err
	}
	return h, h.plugged()
}

// addHost makes a host, or nothing.
func (w *world) addHost(desc Host) (HostInfo, error) {
	if err := desc.check(); err != nil {
		return HostInfo{}, err
	}
	h, err := w.newHost(desc)
	if err != nil {
		return HostInfo{}, err
	}
	if err := h.build(); err != nil {
		err = errors.Join(err, h.remove())
		w.mu.Lock()
		w.hosts = slices.DeleteFunc(w.hosts, func(x *host) bool { return x == h })
		w.mu.Unlock()
		return HostInfo{}, fmt.Errorf("host %s: %w", desc.Name, err)
	}
	if w.names != nil {
		text := fmt.Sprintf("%v %s\n%v %s\n", h.ipv4, desc.Name, h.ipv6, desc.Name)
		if _, err := w.names.WriteString(text); err != nil {
			return HostInfo{}, fmt.Errorf("host %s: add its name: %w", desc.Name, err)
		}
	}
	return h.info(), nil
}

// newHost takes the name and number of a host that is yet to be built.
func (w *world) newHost(desc Host) (*host, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	taken := map[int]bool{}
	for _, h := range w.hosts {
		taken[h.desc.Number] = true
		switch {
		case h.desc.Name == desc.Name:
			return nil, &Error{Msg: fmt.Sprintf("there is a host %q already", desc.Name)}
		case h.desc.Number == desc.Number:
			return nil, &Error{Msg: fmt.Sprintf("host %s: %v is %s's", desc.Name, h.ipv4, h.desc.Name)}
		}
	}
	if desc.Number == 0 {
		for desc.Number = 1; taken[desc.Number]; desc.Number++ {
		}
	}
	if desc.Number > MaxHosts {
		return nil, &Error{Msg: fmt.Sprintf("more than %d hosts", MaxHosts)}
	}
	n := byte(desc.Number)
	h := &host{
		world: w, desc: desc,
		ipv4:  netip.AddrFrom4([4]byte{10, 0, 0, n}),
		ipv6:  netip.AddrFrom16([16]byte{0: 0xfd, 15: n}),
		local: netip.AddrFrom16([16]byte{0: 0xfe, 1: 0x80, 15: n}),
		mac:   wire.MAC{2, 0, 0, 0, 0, n},
		set:   map[string]string{},
		power: Off,
	}
	w.hosts = append(w.hosts, h)
	return h, nil
}

func (w *world) infos() []HostInfo {
	w.mu.RLock()
	defer w.mu.RUnlock()
	infos := []HostInfo{}
	for _, h := range w.hosts {
		infos = append(infos, h.info())
	}
	return infos
}

// sample implements wire.Sampler. The hub calls it for each TCP frame, so it
// takes no lock that is held while the hub is asked for anything.
func (w *world) sample(name string, local, remote netip.AddrPort) wire.State {
	w.mu.RLock()
	defer w.mu.RUnlock()
	for _, h := range w.hosts {
		if h.desc.Name == name {
			if diag := h.diag.Load(); diag != nil {
				st, err := diag.State(local, remote, hostIndex)
				if err == nil {
					return st
				}
			}
		}
	}
	return 0
}

// down removes everything, last made first.
func (w *world) down() error {
	w.mu.RLock()
	hosts := slices.Clone(w.hosts)
	w.mu.RUnlock()
	slices.Reverse(hosts)
	var errs []error
	for _, h := range hosts {
		errs = append(errs, h.remove())
	}
	errs = append(errs, w.hub.Close())
	w.plugLink.Close()
	return errors.Join(append(errs, w.plugs.Close())...)
}

// power changes whether a host runs.
func (w *world) power(ctx context.Context, a powerArgs) error {
	h, err := w.plugged(a.Host)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch a.Power {
	case Crashed:
		return h.crash()
	case Off:
		return h.shutdown(ctx, a.Grace)
	case On:
		return h.reboot()
	}
	return &Error{Msg: fmt.Sprintf("a host cannot be %q", a.Power)}
}

// addRule adds a rule whose hosts exist.
func (w *world) addRule(r wire.Rule) (any, error) {
	for _, name := range []string{r.A, r.B, r.From} {
		if name != "" && name != wire.Router {
			if _, err := w.plugged(name); err != nil {
				return nil, err
			}
		}
	}
	return nil, w.hub.AddRule(r)
}

func (w *world) delRules(a delRulesArgs) (int, error) {
	return w.hub.DeleteRules(func(r wire.Rule) bool {
		ab := a.Between
		between := ab[0] != "" && (r.A == ab[0] && r.B == ab[1] || r.A == ab[1] && r.B == ab[0])
		return a.All || a.Rule != nil && r == *a.Rule || between
	}), nil
}

// forget makes two hosts forget each other's Ethernet addresses.
func (w *world) forget(a forgetArgs) (any, error) {
	x, err := w.host(a.A)
	if err != nil {
		return nil, err
	}
	y, err := w.host(a.B)
	if err != nil {
		return nil, err
	}
	return nil, errors.Join(x.forget(y), y.forget(x))
}
