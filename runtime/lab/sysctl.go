package lab

import (
	"fmt"
	"slices"
	"strings"
)

// SysctlInfo is a setting of a host's network that lessons use.
type SysctlInfo struct {
	Name string // short, as SetSysctl takes it
	Full string // as sysctl(8) takes it
	What string // what it does, in a few words
}

// Sysctls are the settings that matter, all of them each host's own. Others
// can be set by their full names if they begin with "net.". The source for
// what they do is Documentation/networking/ip-sysctl.rst of the kernel.
var Sysctls = []SysctlInfo{
	{"tcp_retries1", "net.ipv4.tcp_retries1", "retransmissions after which TCP doubts the route"},
	{"tcp_retries2", "net.ipv4.tcp_retries2", "retransmissions of data before ETIMEDOUT (15 is about 15 minutes)"},
	{"tcp_syn_retries", "net.ipv4.tcp_syn_retries", "retransmissions of a SYN before connect fails"},
	{"tcp_syn_linear_timeouts", "net.ipv4.tcp_syn_linear_timeouts", "retransmissions of a SYN a second apart, before the gaps double"},
	{"tcp_synack_retries", "net.ipv4.tcp_synack_retries", "retransmissions of a SYN-ACK before the connection is forgotten"},
	{"tcp_orphan_retries", "net.ipv4.tcp_orphan_retries", "retransmissions for a connection that no process has any more"},
	{"tcp_keepalive_time", "net.ipv4.tcp_keepalive_time", "seconds without data before the first keepalive probe"},
	{"tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_intvl", "seconds between keepalive probes"},
	{"tcp_keepalive_probes", "net.ipv4.tcp_keepalive_probes", "unanswered keepalive probes before ETIMEDOUT"},
	{"tcp_fin_timeout", "net.ipv4.tcp_fin_timeout", "seconds in FIN_WAIT2 without a process (TIME_WAIT is always 60)"},
	{"tcp_tw_reuse", "net.ipv4.tcp_tw_reuse", "new connections may use a port in TIME_WAIT"},
	{"tcp_max_syn_backlog", "net.ipv4.tcp_max_syn_backlog", "connections in SYN_RECV that a listener keeps"},
	{"tcp_syncookies", "net.ipv4.tcp_syncookies", "SYN cookies: 0 off, 1 when the SYN queue is full, 2 always"},
	{"tcp_abort_on_overflow", "net.ipv4.tcp_abort_on_overflow", "1: RST when the accept queue is full, instead of silence"},
	{"somaxconn", "net.core.somaxconn", "the most that listen's backlog can be"},
	{"tcp_rto_min_us", "net.ipv4.tcp_rto_min_us", "shortest time before a retransmission, microseconds"},
	{"tcp_rto_max_ms", "net.ipv4.tcp_rto_max_ms", "longest time before a retransmission, milliseconds"},
	{"tcp_rmem", "net.ipv4.tcp_rmem", "receive buffer: least, first, most, bytes"},
	{"tcp_wmem", "net.ipv4.tcp_wmem", "send buffer: least, first, most, bytes"},
	{"tcp_window_scaling", "net.ipv4.tcp_window_scaling", "windows above 64 KiB"},
	{"tcp_timestamps", "net.ipv4.tcp_timestamps", "the timestamp option"},
	{"tcp_sack", "net.ipv4.tcp_sack", "selective acknowledgements"},
	{"tcp_congestion_control", "net.ipv4.tcp_congestion_control", "the algorithm for the congestion window"},
	{"ip_forward", "net.ipv4.ip_forward", "1: the host is a router"},
	{"ip_local_port_range", "net.ipv4.ip_local_port_range", "first and last ephemeral port"},
	{"ip_unprivileged_port_start", "net.ipv4.ip_unprivileged_port_start", "the first port that needs no privilege"},
	{"icmp_ratelimit", "net.ipv4.icmp_ratelimit", "least milliseconds between ICMP messages to one host, 0 for none"},
	{"neigh.eth0.retrans_time_ms", "net.ipv4.neigh.eth0.retrans_time_ms", "milliseconds between ARP requests"},
	{"neigh.eth0.mcast_solicit", "net.ipv4.neigh.eth0.mcast_solicit", "ARP requests before EHOSTUNREACH"},
	{"neigh.eth0.base_reachable_time_ms", "net.ipv4.neigh.eth0.base_reachable_time_ms", "milliseconds that an ARP answer is trusted"},
}

// The limits of what is written to a setting.
const (
	maxSysctlName  = 100
	maxSysctlValue = 100
)

// sysctlName returns a setting's full name. It refuses what is not of the network.
func sysctlName(name string) (string, error) {
	for _, s := range Sysctls {
		if name == s.Name || name == s.Full {
			return s.Full, nil
		}
	}
	full := strings.ReplaceAll(name, "/", ".")
	if strings.HasPrefix(full, "neigh.") {
		full = "net.ipv4." + full
	}
	parts := strings.Split(full, ".")
	bad := slices.ContainsFunc(parts, func(p string) bool {
		return p == "" || strings.Trim(p, "abcdefghijklmnopqrstuvwxyz0123456789_") != ""
	})
	if len(name) > maxSysctlName || bad || len(parts) < 3 || parts[0] != "net" {
		return "", &Error{Msg: fmt.Sprintf("there is no setting %q", name), Hint: "for example: " + strings.Join(similar(name), ", ")}
	}
	return full, nil
}

func sysctlPath(name string) (string, error) {
	full, err := sysctlName(name)
	return "/proc/sys/" + strings.ReplaceAll(full, ".", "/"), err
}

// similar returns the names that share the most words with a mistaken one.
func similar(name string) []string {
	words := strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '.' })
	score := func(s SysctlInfo) (n int) {
		for _, w := range words {
			if len(w) > 2 && strings.Contains(s.Full, w) {
				n += len(w)
			}
		}
		return n
	}
	best := slices.Clone(Sysctls)
	slices.SortStableFunc(best, func(a, b SysctlInfo) int { return score(b) - score(a) })
	var names []string
	for _, s := range best[:3] {
		names = append(names, s.Name)
	}
	return names
}
