package lab

import (
	"errors"
	"testing"

	"golang.org/x/sys/unix"
)

func TestSysctlNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, want string }{
		{"", ""}, {"tcp_retries", ""}, {"kernel.panic", ""}, {"net", ""}, {"net.ipv4", ""}, {"net.ipv4.", ""}, {"net.ipv4..x", ""},
		{"net.ipv4.../../kernel/panic", ""}, {"../net.ipv4.x", ""}, {"net.ipv4.a b", ""}, {"net/ipv4/TCP", ""},
		{"tcp_retries2", "net.ipv4.tcp_retries2"}, {"net.ipv4.tcp_retries2", "net.ipv4.tcp_retries2"}, {"net/ipv4/tcp_retries2", "net.ipv4.tcp_retries2"},
		{"somaxconn", "net.core.somaxconn"}, {"neigh.eth0.retrans_time_ms", "net.ipv4.neigh.eth0.retrans_time_ms"},
		{"net.ipv6.conf.eth0.hop_limit", "net.ipv6.conf.eth0.hop_limit"},
	} {
		got, err := sysctlName(c.name)
		var e *Error
		if got != c.want || (err != nil) != (c.want == "") || err != nil && (!errors.As(err, &e) || e.Hint == "") {
			t.Errorf("%q: %q, %v", c.name, got, err)
		}
	}
}

// Every setting in the list is a host's own: it can be read there, and written.
func TestSysctlsAreTheHosts(t *testing.T) {
	t.Parallel()
	x := up(t, hosts("server", "client"))
	missing := 0
	for _, s := range Sysctls {
		value, err := x.Sysctl(x.ctx, "server", s.Name)
		if errors.Is(err, unix.ENOENT) { // an older kernel
			t.Logf("no %s here", s.Full)
			missing++
			continue
		}
		if err != nil || value == "" {
			t.Errorf("%s: %q %v", s.Name, value, err)
			continue
		}
		if now, err := x.SetSysctl(x.ctx, "server", s.Name, value); err != nil || now != value {
			t.Errorf("%s set to %q: %q %v", s.Name, value, now, err)
		}
	}
	if missing > 5 {
		t.Errorf("%d of %d settings are not there", missing, len(Sysctls))
	}
	x.setSysctl("server", "tcp_retries2", "3")
	other, err := x.Sysctl(x.ctx, "client", "tcp_retries2")
	x.ok(err)
	is(t, "the other host's", other, "15")
	mptcp, err := x.Sysctl(x.ctx, "server", "net.mptcp.enabled")
	if !errors.Is(err, unix.ENOENT) {
		x.ok(err)
		is(t, "MPTCP", mptcp, "0")
	}
}
