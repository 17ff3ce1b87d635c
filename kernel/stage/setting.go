package stage

import "fmt"

// setting is what %sysctl made of a host.
type setting struct {
	host, name  string
	before, now string // before: as the host had it at first
}

func (s setting) String() string {
	if l, ok := lasts[s.name]; ok && s.before == l.own {
		return fmt.Sprintf("%s: %s is %s here; Linux's own %s would make this %s", s.host, s.name, s.now, l.own, l.time)
	}
	return fmt.Sprintf("%s: %s is %s here (it was %s)", s.host, s.name, s.now, s.before)
}

// changed returns the settings after another: one for each name of a host, none
// for what is again as it was at first.
func changed(settings []setting, next setting) []setting {
	kept := make([]setting, 0, len(settings)+1)
	for _, s := range settings {
		if s.host == next.host && s.name == next.name {
			next.before = s.before
			continue
		}
		kept = append(kept, s)
	}
	if next.now == next.before {
		return kept
	}
	return append(kept, next)
}

// lasts says how long it takes on Linux by itself until what a setting bounds
// is over: the settings that turn minutes into seconds.
var lasts = map[string]struct{ own, time string }{
	"tcp_retries2":         {"15", "take about 15 minutes"},
	"tcp_syn_retries":      {"6", "take about 2 minutes"},
	"tcp_synack_retries":   {"5", "take about a minute"},
	"tcp_keepalive_time":   {"7200", "begin after 2 hours"},
	"tcp_keepalive_intvl":  {"75", "take 75 s for each probe"},
	"tcp_keepalive_probes": {"9", "take 9 probes"},
	"tcp_fin_timeout":      {"60", "take a minute"},
	"tcp_orphan_retries":   {"0", "take about a minute and a half (8 retransmissions)"},
}
