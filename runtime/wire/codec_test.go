package wire

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var someFrames = []Frame{
	{},
	{Seq: 1, Sent: 1, Time: time.Unix(1700000000, 123456789), Arrived: time.Unix(1700000001, 0), From: "client", To: "server",
		Data: []byte("some bytes"), Len: 1514, Fate: Delivered, By: "delay client server 1s",
		Before: []Sample{{"client", netip.MustParseAddrPort("10.0.0.2:40000"), netip.MustParseAddrPort("10.0.0.1:7777"), SynSent},
			{"server", netip.MustParseAddrPort("[fd00::1]:7777"), netip.AddrPort{}, Listen}},
		After: []Sample{{"server", netip.MustParseAddrPort("[fd00::1]:7777"), netip.AddrPort{}, SynRecv}}},
	{Seq: 1 << 40, Sent: 7, From: Router, To: "client", Made: true, Fate: Dropped, By: "é"},
}

var sameFrames = cmp.Options{
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b }),
	cmp.Transformer("text", func(b []byte) string { return string(b) }),
}

func TestCodec(t *testing.T) {
	b := AppendFrames(nil, someFrames)
	got, err := DecodeFrames(b)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(someFrames, got, sameFrames); d != "" {
		t.Error(d)
	}
	first := AppendFrames(nil, someFrames[:2])
	for n := range len(first) {
		frames, err := DecodeFrames(first[:n])
		if whole := n == 0 || n == len(AppendFrames(nil, someFrames[:1])); whole != (err == nil) || err != nil && !errors.Is(err, ErrCodec) {
			t.Errorf("the first %d B: %d frames, %v", n, len(frames), err)
		}
	}
}

func FuzzDecodeFrames(f *testing.F) {
	f.Add(AppendFrames(nil, someFrames))
	f.Fuzz(func(t *testing.T, b []byte) {
		frames, err := DecodeFrames(b)
		if err != nil {
			return
		}
		again, err := DecodeFrames(AppendFrames(nil, frames))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(frames, again, sameFrames); d != "" {
			t.Fatal(d)
		}
	})
}
