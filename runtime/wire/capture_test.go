package wire

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func put(c *Capture, seqs ...uint64) {
	for _, n := range seqs {
		c.Put(Frame{Seq: n, Data: make([]byte, 1000), Len: 1000})
	}
}

func seqs(frames []Frame) []uint64 {
	var s []uint64
	for _, f := range frames {
		s = append(s, f.Seq)
	}
	return s
}

func TestCaptureReadWaits(t *testing.T) {
	c := &Capture{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := c.Read(ctx, Mark{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("Read of an empty capture: %v, want Canceled", err)
	}
	got := make(chan []uint64)
	go func() {
		frames, _, err := c.Read(t.Context(), Mark{})
		if err != nil {
			t.Error(err)
		}
		got <- seqs(frames)
	}()
	put(c, 1)
	if d := cmp.Diff([]uint64{1}, <-got); d != "" {
		t.Error(d)
	}
}

func TestCaptureChange(t *testing.T) {
	c := &Capture{}
	put(c, 1, 2, 3)
	frames, mark, err := c.Read(t.Context(), Mark{})
	if d := cmp.Diff([]uint64{1, 2, 3}, seqs(frames)); d != "" || err != nil {
		t.Fatal(d, err)
	}
	put(c, 4)
	c.Put(Frame{Seq: 2, Fate: Delivered, Arrived: time.Unix(1, 0)})
	more, end, err := c.Read(t.Context(), mark)
	if d := cmp.Diff([]uint64{2, 4}, seqs(more)); d != "" || err != nil {
		t.Fatal(d, err)
	}
	frames = Merge(frames, more)
	if d := cmp.Diff([]uint64{1, 2, 3, 4}, seqs(frames)); d != "" {
		t.Fatal(d)
	}
	if frames[1].Fate != Delivered || len(frames[1].Data) != 1000 {
		t.Errorf("frame 2 after its change: %v, %d B", frames[1].Fate, len(frames[1].Data))
	}
	now, err := c.Mark(t.Context())
	if d := cmp.Diff(now, end); d != "" || err != nil {
		t.Errorf("mark after all was read: %s %v", d, err)
	}
}

func TestCaptureForgetsTheOldest(t *testing.T) {
	c := &Capture{Limit: 10_000}
	put(c, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
	put(c, 1) // arrives late: it was forgotten
	frames, _, err := c.Read(t.Context(), Mark{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(frames); n == 0 || n == 20 || frames[n-1].Seq != 20 {
		t.Fatalf("kept %v", seqs(frames))
	}
	for i, f := range frames {
		if f.Seq != 20-uint64(len(frames))+uint64(i)+1 {
			t.Fatalf("kept %v, want no gap", seqs(frames))
		}
		if f.Len != 1000 {
			t.Errorf("frame %d: Len %d", f.Seq, f.Len)
		}
	}
	if c.used > c.Limit {
		t.Errorf("used %d of %d", c.used, c.Limit)
	}
}

func TestCaptureReadsInPieces(t *testing.T) {
	c := &Capture{}
	for n := range uint64(3*readMax + 10) {
		put(c, n+1)
	}
	var frames []Frame
	var mark Mark
	for len(frames) < 3*readMax+10 {
		more, next, err := c.Read(t.Context(), mark)
		if err != nil || len(more) == 0 || len(more) > readMax {
			t.Fatal(len(more), err)
		}
		frames, mark = Merge(frames, more), next
	}
	if now, _ := c.Mark(t.Context()); now != mark {
		t.Errorf("mark %+v, want %+v", mark, now)
	}
}
