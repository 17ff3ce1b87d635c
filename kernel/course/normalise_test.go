package course

import "testing"

func TestNormalise(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"a time in prose stays": {"it took 1.02 s\n", "it took 1.02 s\n"},
		"a pause of a ladder":   {"0 ms ├───►│\n     ⋮   1.02 s pass   ⋮", "TIME ├ ►│\n ⋮ TIME pass ⋮"},
		"an arrival":            {"0 ms ├─ FIN,ACK  arrives +252 ms ─►│", "TIME ├─ FIN,ACK arrives TIME ─►│"},
		"timers of sockets": {
			"host    socket  state      in words\n──────  ──────  ─────────  ──────\nclient  tcp     TIME_WAIT  keeps the four-tuple for 59.3s more",
			"host socket state in words\n\nclient tcp TIME_WAIT keeps the four-tuple for TIME more"},
		"a timer elsewhere": {"sends again in 404ms", "sends again in 404ms"},
		"ports":             {"10.0.0.1:45802 → server:7777", "10.0.0.1:PORT → server:7777"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Normalise(test.in); got != test.want {
				t.Errorf("have %q, want %q", got, test.want)
			}
		})
	}
}
