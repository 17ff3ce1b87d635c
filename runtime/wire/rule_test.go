package wire

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseRuleRefuses(t *testing.T) {
	for _, text := range []string{
		"", "  ", "lose client server", "drop client client", "drop client server sometimes",
		"drop client server 0%", "drop client server 100%", "drop client server NaN%", "drop client server 30% seed",
		"drop client server seed 3", "drop client server from", "drop client server from SYN", "drop client server port 0",
		"drop client server port 65536", "drop client server 0th SYN", "drop client server 9999999999th SYN",
		"delay client server", "delay client server -3ms", "delay client server 2h", "delay client server 3",
		"cut client server every SYN", "cut client server 20ms", "pass client server", "drop client server net",
		"drop Client server", "drop client server third peer", "drop ../.. server", "next", "drop client server next 0 SYN",
	} {
		r, err := ParseRule(text)
		var re *RuleError
		if !errors.As(err, &re) || re.Msg == "" {
			t.Errorf("ParseRule(%q) = %+v, %v; want a RuleError", text, r, err)
		}
	}
}

func TestParseRule(t *testing.T) {
	for _, c := range []struct {
		text, canonical string
		want            Rule
	}{
		{"drop", "", Rule{Action: Drop}},
		{"cut client server", "", Rule{Action: Cut, A: "client", B: "server"}},
		{"cut client", "", Rule{Action: Cut, A: "client"}},
		{"drop client server third SYN", "", Rule{Action: Drop, A: "client", B: "server", Kind: SYN, First: 3, Count: 1}},
		{"drop client server the third syn", "drop client server third SYN", Rule{Action: Drop, A: "client", B: "server", Kind: SYN, First: 3, Count: 1}},
		{"drop a b 21st data", "", Rule{Action: Drop, A: "a", B: "b", Kind: Data, First: 21, Count: 1}},
		{"drop client server every FIN", "", Rule{Action: Drop, A: "client", B: "server", Kind: FIN}},
		{"drop client server FINs", "drop client server every FIN", Rule{Action: Drop, A: "client", B: "server", Kind: FIN}},
		{"drop client server next ACK from server", "", Rule{Action: Drop, A: "client", B: "server", Kind: ACK, First: 1, Count: 1, From: "server"}},
		{"drop client server after 2 next 3 frames", "drop client server after 2 next 3 frame", Rule{Action: Drop, A: "client", B: "server", First: 3, Count: 3}},
		{"drop client server after 2 SYN-ACK", "drop client server after 2 every SYN-ACK", Rule{Action: Drop, A: "client", B: "server", Kind: SYNACK, First: 3}},
		{"drop client server 30% seed 7", "", Rule{Action: Drop, A: "client", B: "server", Share: 0.3, Seed: 7}},
		{"drop client server first SYN port 7777", "drop client server next SYN port 7777", Rule{Action: Drop, A: "client", B: "server", Kind: SYN, First: 1, Count: 1, Port: 7777}},
		{"delay client server 20ms", "", Rule{Action: Delay, A: "client", B: "server", Delay: 20 * time.Millisecond}},
		{"duplicate server next data", "", Rule{Action: Duplicate, A: "server", Kind: Data, First: 1, Count: 1}},
		{"unreachable client server", "unreachable client server host", Rule{Action: Unreachable, A: "client", B: "server"}},
		{"unreachable client server net every SYN", "", Rule{Action: Unreachable, A: "client", B: "server", Code: NetUnreachable, Kind: SYN}},
		{"drop client router ICMP", "drop client router every ICMP", Rule{Action: Drop, A: "client", B: "router", Kind: ICMP}},
	} {
		got, err := ParseRule(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%q: %s", c.text, d)
		}
		if c.canonical == "" {
			c.canonical = c.text
		}
		if s := got.String(); s != c.canonical {
			t.Errorf("%q prints as %q", c.canonical, s)
		}
	}
}

func FuzzParseRule(f *testing.F) {
	for _, s := range []string{"drop client server third SYN", "delay a b 20ms 30% seed 7 from a port 7", "unreachable x y prohibited",
		"duplicate a after 2 next 5 UDP", "drop 12th frame", "cut a b", "pass"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRule(text)
		if err != nil {
			return
		}
		again, err := ParseRule(r.String())
		if err != nil {
			t.Fatalf("%q printed as %q: %v", text, r, err)
		}
		if d := cmp.Diff(r, again); d != "" {
			t.Fatalf("%q printed as %q: %s", text, r, d)
		}
	})
}

func TestRuleChooses(t *testing.T) {
	syn := packet{tcp: true, flags: flagSYN, srcPort: 5, dstPort: 7777}
	ack := packet{tcp: true, flags: flagACK, srcPort: 7777, dstPort: 5}
	for _, c := range []struct {
		rule string
		want string // for SYN from a to b ten times, ACK from b to a after each: x is acted on
	}{
		{"drop", "xxxxxxxxxxxxxxxxxxxx"},
		{"drop a b", "xxxxxxxxxxxxxxxxxxxx"},
		{"drop b", "xxxxxxxxxxxxxxxxxxxx"},
		{"drop a c", "...................."},
		{"drop third SYN", "....x..............."},
		{"drop next ACK", ".x.................."},
		{"drop after 8 SYN", "................x.x."},
		{"drop from b", ".x.x.x.x.x.x.x.x.x.x"},
		{"drop after 1 next 2 frames from b", "...x.x.............."},
		{"drop data", "...................."},
		{"drop port 7777", "xxxxxxxxxxxxxxxxxxxx"},
		{"drop port 7", "...................."},
		{"drop every FIN", "...................."},
	} {
		r, err := ParseRule(c.rule)
		if err != nil {
			t.Fatal(err)
		}
		s, got := newRuleState(r), ""
		mark := map[bool]string{true: "x", false: "."}
		for range 10 {
			got += mark[s.acts("a", "b", &syn)] + mark[s.acts("b", "a", &ack)]
		}
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.rule, got, c.want)
		}
	}
	if s := newRuleState(Rule{}); s.acts("a", "b", &syn) {
		t.Error("the zero rule acts")
	}
}

func TestRuleShareIsTheSeedsOwn(t *testing.T) {
	count := func(seed uint64) (n int, which string) {
		s := newRuleState(Rule{Action: Drop, Share: 0.3, Seed: seed})
		for range 1000 {
			if s.acts("a", "b", &packet{}) {
				n++
				which += "x"
			} else {
				which += "."
			}
		}
		return n, which
	}
	n, first := count(7)
	if n < 240 || n > 360 {
		t.Errorf("%d of 1000 frames, want about 300", n)
	}
	if _, again := count(7); again != first {
		t.Error("the same seed chose other frames")
	}
	if _, other := count(8); other == first {
		t.Error("another seed chose the same frames")
	}
}
