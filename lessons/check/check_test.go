package check_test

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sockbook/lessons/check"
	"sockbook/runtime/lab"
	"sockbook/runtime/trace"
)

// script is a Stage whose cells do what their text says.
type script struct {
	lab     bool
	sockets []lab.Socket
	ran     []string
}

func (s *script) Lab() bool      { return s.lab }
func (s *script) Answer() string { return "the answer" }

func (s *script) Sockets(context.Context, string) ([]lab.Socket, error) {
	if !s.lab {
		return nil, fmt.Errorf("%w: none", check.ErrNoLab)
	}
	return s.sockets, nil
}

func (s *script) Trace(context.Context) (*trace.Trace, error) { return nil, fmt.Errorf("broken") }

func (s *script) Run(ctx context.Context, text string, c *check.Cell) {
	s.ran = append(s.ran, text)
	kind, rest, _ := strings.Cut(text, " ")
	switch kind {
	case "hang":
		<-ctx.Done()
		c.End("", &check.Failure{Kind: "interrupted", Message: "stopped", Traceback: []string{"in Read"}})
	case "background":
	case "panic", "compile":
		c.End("", &check.Failure{Kind: map[string]string{"panic": "panic", "compile": "compile error"}[kind], Message: rest})
	case "nolab":
		c.End("", &check.Failure{Kind: "directive", Message: rest, NoLab: true})
	default:
		c.Print("stdout", rest)
		c.Print("stderr", "oops")
		c.End("42", nil)
	}
}

func TestVerdicts(t *testing.T) {
	tests := []struct {
		name string
		f    check.Func
		want check.Verdict
	}{
		{"passes", func(t *check.T) {}, check.Verdict{Passed: true}},
		{"fails", func(t *check.T) { t.Failf("still in %s", "CLOSE_WAIT") }, check.Verdict{Words: "still in CLOSE_WAIT"}},
		{"goes on after a good cell", func(t *check.T) {
			c := t.Run("print hello")
			t.Failf("%s %s %s %v", c.Stdout(), c.Stderr(), c.Value(), c.Failure())
		}, check.Verdict{Words: "hello oops 42 <nil>"}},
		{"panic of the answer", func(t *check.T) { t.Run("panic boom") }, check.Verdict{Words: "your answer panicked: boom"}},
		{"compile error", func(t *check.T) { t.Run("compile no f") }, check.Verdict{Words: "your answer cannot be used as the exercise asks: no f"}},
		{"a failure that is expected", func(t *check.T) {
			if t.Try("panic boom").Failure() == nil {
				t.Failf("no failure")
			}
		}, check.Verdict{Passed: true}},
		{"hangs", func(t *check.T) { t.Run("hang") }, check.Verdict{Words: "your answer did not come back within 10s", Details: []string{"in Read"}}},
		{"hangs, in its own words", func(t *check.T) { t.Limit(time.Second, "it waits for more"); t.Try("hang") }, check.Verdict{Words: "it waits for more", Details: []string{"in Read"}}},
		{"too long in all", func(t *check.T) {
			for {
				t.Sleep(time.Second)
				t.Run("print x")
			}
		}, check.Verdict{Words: "the check took longer than 30s: your answer waits too long somewhere"}},
		{"a background cell that does not end", func(t *check.T) { t.Wait(t.Run("background"), time.Second, "never ends") }, check.Verdict{Words: "never ends"}},
		{"eventually", func(t *check.T) {
			n := 0
			t.Eventually(time.Second, func() string {
				if n++; n > 3 {
					return ""
				}
				return "not yet"
			})
		}, check.Verdict{Passed: true}},
		{"never", func(t *check.T) { t.Eventually(time.Second, func() string { return "not at all" }) }, check.Verdict{Words: "not at all"}},
		{"needs the lab", func(t *check.T) { t.NeedLab() }, check.Verdict{Lab: true, Words: check.ErrNoLab.Error()}},
		{"asks for sockets without one", func(t *check.T) { t.Sockets("") }, check.Verdict{Lab: true, Words: check.ErrNoLab.Error() + ": none"}},
		{"a directive without one", func(t *check.T) { t.Run("nolab none") }, check.Verdict{Lab: true, Words: "none"}},
		{"address", func(t *check.T) { t.Failf("%s", t.Addr("server", 7)) }, check.Verdict{Words: "127.0.0.1:7"}},
		{"its own fault", func(t *check.T) { t.Packets() }, check.Verdict{Fault: true, Words: "read the packets: broken"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := check.Run(t.Context(), &script{}, test.f)
				if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", test.want) {
					t.Errorf("%+v, want %+v", got, test.want)
				}
			})
		})
	}
}

func TestAPanicOfTheCheckIsItsFault(t *testing.T) {
	v := check.Run(t.Context(), &script{}, func(t *check.T) { panic("nil map") })
	if !v.Fault || v.Passed || !strings.Contains(v.Words, "nil map") {
		t.Errorf("%+v", v)
	}
}

func TestDefine(t *testing.T) {
	s := &script{}
	if v := check.Run(t.Context(), s, func(t *check.T) { t.Define("one@server") }); !v.Passed || s.ran[0] != "%%on one@server\nthe answer" {
		t.Errorf("%+v %q", v, s.ran)
	}
}

func TestSocketsAreSorted(t *testing.T) {
	s := &script{lab: true, sockets: []lab.Socket{
		{Host: "server", Protocol: "tcp", State: "LISTEN", Local: addr(7)}, {Host: "server", Protocol: "tcp", State: "TIME_WAIT", Local: addr(7), Remote: addr(50000)},
		{Host: "server", Protocol: "tcp", State: "CLOSE_WAIT", Local: addr(40000), Remote: addr(7)}, {Host: "server", Protocol: "udp", State: "connected", Local: addr(7)},
		{Host: "server", Protocol: "tcp", State: "ESTABLISHED", Local: addr(8), Remote: addr(9)},
	}}
	v := check.Run(t.Context(), s, func(t *check.T) {
		t.Failf("%v %d %s", t.States("server", 7), len(t.Listeners("server", 7)), t.Addr("server", 7))
	})
	if v.Words != "[CLOSE_WAIT TIME_WAIT] 1 server:7" {
		t.Error(v.Words)
	}
}

func TestCellKeepsSoMuch(t *testing.T) {
	c := check.NewCell()
	for range 3 {
		c.Print("stdout", strings.Repeat("x", 1<<19+1))
	}
	c.End("1", nil)
	c.End("2", &check.Failure{})
	if len(c.Stdout()) != 1<<20 || c.Value() != "1" || c.Failure() != nil {
		t.Error(len(c.Stdout()), c.Value(), c.Failure())
	}
}

func addr(port uint16) netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddr("10.0.0.1"), port)
}
