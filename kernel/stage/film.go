package stage

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"sockbook/kernel/directive"
	"sockbook/runtime/diagram"
	"sockbook/runtime/display/sink"
)

// A picture of a cell in the background is drawn again at most once in
// filmPause, and takes at most a tenth of the time.
const (
	filmPause = time.Second
	filmShare = 10
)

// films numbers them, for display ids.
var films atomic.Uint64

// film is the picture of a cell that runs: shown once, then replaced as it
// grows, and for the last time when the cell has ended.
type film struct {
	*watch
	plan  *directive.Plan
	extra []string // pictures beside the ladder

	ids  []string // of the pictures shown
	last []string // their texts
	seen uint64   // version of the capture that was drawn
	said int      // calls that were
}

// host is where the cell runs.
func (f *film) host() string {
	name := f.plan.Process
	if name == "" {
		name = Main
	}
	if p, err := f.stage.known(name); err == nil {
		return p.Host
	}
	return ""
}

// grow draws the picture while the cell runs.
func (f *film) grow(ctx context.Context, out directive.Output) {
	pause := filmPause
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		begin := time.Now()
		if f.news(ctx) {
			if c, err := f.capture(ctx, f.host()); err == nil && !c.empty() {
				f.draw(c, out) // if it fails, the last one says so
			}
		}
		pause = max(filmPause, filmShare*time.Since(begin))
	}
}

// news tells whether anything happened since the picture was drawn.
func (f *film) news(ctx context.Context) bool {
	f.stage.flushCalls(ctx)
	calls, _ := f.stage.calls.since(f.began)
	ended := 0
	for _, c := range calls {
		if !c.End.IsZero() {
			ended++
		}
	}
	version := f.mark.Version
	if f.lab != nil {
		if m, err := f.lab.Mark(ctx); err == nil {
			version = m.Version
		}
	}
	if version == max(f.seen, f.mark.Version) && ended == f.said {
		return false
	}
	f.seen, f.said = version, ended
	return true
}

// finish draws the picture for the last time, when the wire is quiet.
func (f *film) finish(ctx context.Context, out directive.Output) {
	err := f.settled(ctx)
	var c *capture
	if err == nil {
		c, err = f.capture(ctx, f.host())
	}
	if err == nil {
		s := f.stage
		s.mu.Lock()
		s.last = c
		s.mu.Unlock()
		if f.ids == nil && (!f.plan.Background || c.empty()) {
			err = draw(c, out)
		} else {
			err = f.draw(c, out)
		}
		for _, name := range f.extra {
			if err == nil {
				err = drawExtra(name, c, out)
			}
		}
	}
	if err != nil {
		out.Stream("stderr", "%%wire: "+err.Error()+"\n")
	}
}

// draw shows the pictures, or replaces those that have changed.
func (f *film) draw(c *capture, out directive.Output) error {
	for i, p := range c.pictures() {
		kind := sink.Update
		if i == len(f.ids) {
			kind = sink.Show
			f.ids, f.last = append(f.ids, "wire-"+strconv.FormatUint(films.Add(1), 10)+"-"+strconv.FormatInt(f.began.UnixMicro(), 36)), append(f.last, "")
		}
		if text := key(p); text != f.last[i] {
			f.last[i] = text
			if err := show(p, kind, f.ids[i], out); err != nil {
				return err
			}
		}
	}
	return nil
}

// key is what a picture says.
func key(p *diagram.Picture) string { return p.Text() }
