package course

import "testing"

func TestNormalise(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"a time in prose stays":          {"it took 1.02 s\n", "it took 1.02 s\n"},
		"a pause of a ladder":            {"0 ms ├───►│\n     ⋮   1.02 s pass   ⋮", "TIME ├ ►│"},
		"before the cell's first packet": {"0 ms ├───►│\n-0.10 ms │ socket │", "TIME ├ ►│\n│ socket │"},
		"an arrival":                     {"0 ms ├─ FIN,ACK  arrives +252 ms ─►│", "TIME ├─ FIN,ACK ─►│"},
		"an arrival after a remark":      {"0 ms ├─ RST  window full, arrives +252 ms ─►│", "TIME ├─ RST window full ─►│"},
		"an arrival in the next row":     {"0 ms ├─ RST  window full,  ─►│\n     │   arrives +252 ms   │", "TIME ├─ RST window full ─►│"},
		"timers of sockets": {
			"host    socket  state      in words\n──────  ──────  ─────────  ──────\nclient  tcp     TIME_WAIT  keeps the four-tuple for 59.3s more",
			"host socket state in words\n\nclient tcp TIME_WAIT keeps the four-tuple for TIME more"},
		"a backoff to scale": {
			"Retransmissions  TCP  client:43294 → server:7777\n\n 0───1──────╳\n\n  0  0 ms            PSH,ACK, lost\n  1  +207 ms        after 207 ms     PSH,ACK, lost\n  ╳  +1.66 s        after 836 ms     ETIMEDOUT",
			"Retransmissions TCP client:PORT → server:7777\n\n 0 1 ╳\n\n 0 TIME PSH,ACK, lost\n 1 TIME PSH,ACK, lost\n ╳ TIME ETIMEDOUT"},
		"a timer elsewhere": {"sends again in 404ms", "sends again in 404ms"},
		"ports":             {"10.0.0.1:45802 → server:7777", "10.0.0.1:PORT → server:7777"},
		"rows in whatever order": {
			"a line\n  LISTEN │\n0 ms  │◄── SYN ──┤\n │ Read: EOF   cell 6, line 19 │\n │ Accept   cell 4, line 1 │\n SYN_RECV │\n │ Close   cell 6, line 18 │\n+1 ms  ESTABLISHED │\n+2 ms ├── ACK ──►│\n  │ SYN_SENT\n   ⋮  1.2 s pass  ⋮\n\nnote",
			"a line\nTIME │◄  SYN  ┤\nTIME ├  ACK  ►│\nLISTEN │\nSYN_RECV │\nESTABLISHED │\n│ SYN_SENT\nClose cell 6, line 18\nRead: EOF cell 6, line 19\n\nnote"},
		"a table of bars is no ladder": {"b │ x\na │ y", "b │ x\na │ y"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Normalise(test.in); got != test.want {
				t.Errorf("have %q, want %q", got, test.want)
			}
		})
	}
}

// TestArrowsOfAnyLength compares rows that differ in how far words were from the
// ends of their arrow.
func TestArrowsOfAnyLength(t *testing.T) {
	same := []string{"TIME ├─ SYN seq 0 open,  ►│", "TIME ├  SYN seq 0 open, ─►│", "TIME ├ SYN seq 0 open, ►│"}
	for _, s := range same[1:] {
		if trim(s) != trim(same[0]) {
			t.Errorf("%q and %q are told apart: %q, %q", s, same[0], trim(s), trim(same[0]))
		}
	}
	if other := "TIME │◄ SYN seq 0 open, ─┤"; trim(other) == trim(same[0]) {
		t.Errorf("%q and %q are the same: %q", other, same[0], trim(other))
	}
	if trim("│ ╳─ SYN seq 0 ┤") == trim("│◄ SYN seq 0 ┤") {
		t.Error("a lost packet and one that arrived are the same")
	}
}
