package stage

import "fmt"

// setting is what %sysctl made of a host.
type setting struct {
	host, name  string
	before, now string // before: as the host had it at first
}

func (s setting) String() string {
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
