package wire

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// Source is a capture that can be read while it runs.
type Source interface {
	// Read returns the frames that are new or have changed since the mark, in
	// order of Seq, and the mark to read on from. A frame changes when it
	// arrives after a delay; it is then returned again with the same Seq (see
	// Merge). If there is nothing, Read waits until there is, or until ctx
	// ends, when it returns ctx's error. The zero Mark reads all that the
	// capture still has. A frame from before the mark is returned if it arrived
	// after it: its Seq is not above that of the mark.
	Read(ctx context.Context, since Mark) ([]Frame, Mark, error)
	// Mark returns the point that the capture has reached, without frames:
	// reading on from it gives only what comes later.
	Mark(ctx context.Context) (Mark, error)
}

// Mark is a point in a capture.
type Mark struct {
	// Version counts the frames and changes before this point.
	Version uint64
	// Seq is that of the last frame before this point.
	Seq uint64
	// Lost counts the frames up to this point that are in no capture: the
	// hub's receive buffer overflowed and the kernel dropped them. A picture
	// of traffic between two marks with different counts is not whole.
	Lost uint64
	// Busy tells that frames were sent that are not captured yet, or are under
	// way. Only who knows the hub can tell (see Hub.Busy).
	Busy bool
}

// The memory that a Capture may take, counted as the frames' bytes and 256 B
// for each frame, and the bytes that are kept of a frame once half of it is
// used.
const (
	CaptureLimit = 64 << 20
	frameCost    = 256
	snapLength   = 128
	readMax      = 1024 // frames for one Read
)

// Capture keeps the frames that passed a hub, for any number of readers. It
// has a limit: when half of that is used, frames are cut to 128 bytes; when all
// is used, the oldest are forgotten. The zero value is ready for use.
type Capture struct {
	// Limit is the memory to use, in bytes; zero means CaptureLimit.
	Limit int

	mu      sync.Mutex
	frames  []Frame       // in order of Seq
	changed []uint64      // Seq of each change of a kept frame, from version first on
	first   uint64        // version of changed[0]
	used    int           // memory taken
	lost    uint64        // frames that the kernel dropped
	wake    chan struct{} // closed at the next change; nil if nobody waits
}

// Put adds a frame, or replaces the one with its Seq. The capture owns f.Data
// from then on. A frame that was forgotten stays forgotten.
func (c *Capture) Put(f Frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	limit := cmp.Or(c.Limit, CaptureLimit)
	if i, found := c.find(f.Seq); found {
		f.Data = c.frames[i].Data
		c.frames[i] = f
	} else if n := len(c.frames); n > 0 && f.Seq < c.frames[n-1].Seq {
		return
	} else {
		if c.used > limit/2 && len(f.Data) > snapLength {
			f.Data = slices.Clone(f.Data[:snapLength])
		}
		c.frames = append(c.frames, f)
		c.used += len(f.Data) + frameCost
	}
	c.changed = append(c.changed, f.Seq)
	for c.used > limit && len(c.frames) > 1 {
		c.used -= len(c.frames[0].Data) + frameCost
		c.frames[0] = Frame{}
		c.frames = c.frames[1:]
	}
	for c.changed[0] < c.frames[0].Seq {
		c.changed = c.changed[1:]
		c.first++
	}
	if c.wake != nil {
		close(c.wake)
		c.wake = nil
	}
}

// find returns the index of the frame with this Seq.
func (c *Capture) find(seq uint64) (int, bool) {
	return slices.BinarySearchFunc(c.frames, seq, func(f Frame, seq uint64) int { return cmp.Compare(f.Seq, seq) })
}

// AddLost counts frames that the kernel dropped before the hub saw them.
func (c *Capture) AddLost(n uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost += n
}

// Mark implements Source. It never fails.
func (c *Capture) Mark(context.Context) (Mark, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.markLocked(), nil
}

func (c *Capture) markLocked() Mark {
	m := Mark{Version: c.first + uint64(len(c.changed)), Lost: c.lost}
	if n := len(c.frames); n > 0 {
		m.Seq = c.frames[n-1].Seq
	}
	return m
}

// Read implements Source. It returns at most about a thousand frames; the
// next Read goes on after them.
func (c *Capture) Read(ctx context.Context, since Mark) ([]Frame, Mark, error) {
	for {
		frames, mark, wait := c.read(since)
		if wait == nil {
			if len(frames) > 0 {
				return frames, mark, nil
			}
			since = mark
			continue
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, since, ctx.Err()
		}
	}
}

func (c *Capture) read(since Mark) ([]Frame, Mark, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if since.Version >= c.first+uint64(len(c.changed)) {
		if c.wake == nil {
			c.wake = make(chan struct{})
		}
		return nil, since, c.wake
	}
	from := max(since.Version, c.first)
	seqs := slices.Clone(c.changed[from-c.first:])
	if len(seqs) > readMax {
		seqs = seqs[:readMax]
	}
	mark := Mark{Version: from + uint64(len(seqs)), Lost: c.lost, Seq: since.Seq}
	slices.Sort(seqs)
	frames := make([]Frame, 0, len(seqs))
	for _, seq := range slices.Compact(seqs) {
		if i, found := c.find(seq); found {
			frames = append(frames, c.frames[i])
			mark.Seq = max(mark.Seq, seq)
		}
	}
	return frames, mark, nil
}
