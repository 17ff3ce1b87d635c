package worker

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"sockbook/runtime/display/sink"
	"sockbook/runtime/sandbox"
)

const (
	// flushAfter is how long printed text waits for more, so that a flood
	// becomes few messages. The first text after silence does not wait.
	flushAfter = 10 * time.Millisecond
	// restAfter is how long the pipes are left alone after text was passed on, so
	// that a flood does not wake the kernel for each line. They hold pipeSize.
	restAfter = 5 * time.Millisecond
	pipeSize  = 1 << 20
	// flushAt is how many bytes of text make a message at once.
	flushAt = 48 << 10
	// silence is how long a process may take to end after its socket closed.
	silence = 300 * time.Millisecond
	// lookAgain is how often the end of a process is looked for once its socket
	// has closed: its pipes may stay open, in a process that it handed them to.
	lookAgain = 20 * time.Millisecond
	// afterwards is how long what comes from such pipes is still taken.
	afterwards = 300 * time.Millisecond
	// holdLastWords is how long text that looks like the runtime's last words
	// waits for the process to end.
	holdLastWords = 300 * time.Millisecond
)

// stream is one of the child's two output streams on its way to the sink.
type stream struct {
	name      string
	fd        int
	open      bool
	text      []byte // not yet passed on
	lineStart bool   // text begins at the start of a line
	words     []byte // of stderr: what may be the runtime's last words
	heldSince time.Time
}

// pump passes on what the child writes until it is gone, in the order in which
// the child wrote it: a frame is handled after all text that was in the pipes
// when it came, and the child waits for the answer before it prints more.
func (p *process) pump() {
	out := &stream{name: "stdout", fd: int(p.stdout.Fd()), open: true, lineStart: true}
	err := &stream{name: "stderr", fd: int(p.stderr.Fd()), open: true, lineStart: true}
	streams := []*stream{out, err}
	framesOpen := true
	var inbox []byte
	var lastFlush, restUntil, ended time.Time
	for out.open || err.open || framesOpen {
		set := []unix.PollFd{{Fd: -1}, {Fd: -1}, {Fd: -1}, {Fd: int32(p.reads.wake), Events: unix.POLLIN}}
		rest := time.Until(restUntil)
		wait := timeout(streams, lastFlush, rest)
		if !framesOpen && (wait < 0 || wait > int(lookAgain/time.Millisecond)) {
			wait = int(lookAgain / time.Millisecond)
		}
		if ended.IsZero() && closed(p.exited) {
			ended = time.Now()
		}
		for i, s := range streams {
			if s.open && rest <= 0 {
				set[i] = unix.PollFd{Fd: int32(s.fd), Events: unix.POLLIN}
			}
		}
		if framesOpen {
			set[2] = unix.PollFd{Fd: int32(p.frames), Events: unix.POLLIN}
		}
		ready, e := unix.Poll(set, wait)
		if e != nil && !errors.Is(e, unix.EINTR) {
			p.config.Log.Error("wait for a worker", "err", e)
			break
		}
		if !framesOpen && !ended.IsZero() && rest <= 0 && (ready == 0 || time.Since(ended) > afterwards) {
			break
		}
		for i, s := range streams {
			switch {
			case set[i].Revents&(unix.POLLIN) != 0:
				p.take(s)
			case set[i].Revents != 0:
				s.open = false
			}
		}
		if set[3].Revents&unix.POLLIN != 0 {
			p.flush(streams, false)
			for _, r := range p.reads.take() {
				p.readsStdin(r)
			}
		}
		if set[2].Revents != 0 {
			for _, s := range streams {
				p.take(s)
			}
			var arrived []frame
			if arrived, inbox, framesOpen = p.takeFrames(inbox); !framesOpen {
				go p.silenced()
			}
			for _, f := range arrived {
				p.flush(streams, f.Kind == kindDone)
				if f.Kind == kindDone {
					p.refused()
				}
				p.handle(f)
			}
			lastFlush = time.Now()
			continue
		}
		if due(streams, lastFlush) {
			p.flush(streams, false)
			lastFlush = time.Now()
			restUntil = lastFlush.Add(restAfter)
		}
	}
	<-p.exited
	p.flush(streams, false)
	p.refused()
	p.bury(err)
}

// timeout returns how many milliseconds poll may wait before text must be
// passed on, or the rest is over; -1: for ever.
func timeout(streams []*stream, lastFlush time.Time, rest time.Duration) int {
	wait := -1
	if rest > 0 {
		wait = int((rest + time.Millisecond - 1) / time.Millisecond)
	}
	shorten := func(at time.Time) {
		ms := max(0, int((time.Until(at)+time.Millisecond-1)/time.Millisecond))
		if wait < 0 || ms < wait {
			wait = ms
		}
	}
	for _, s := range streams {
		if len(s.text) > 0 {
			shorten(lastFlush.Add(flushAfter))
		}
		if len(s.words) > 0 {
			shorten(s.heldSince.Add(holdLastWords))
		}
	}
	return wait
}

func due(streams []*stream, lastFlush time.Time) bool {
	for _, s := range streams {
		if len(s.text) >= flushAt ||
			len(s.text) > 0 && time.Since(lastFlush) >= flushAfter ||
			len(s.words) > 0 && time.Since(s.heldSince) >= holdLastWords {
			return true
		}
	}
	return false
}

// take reads what is in the pipe now, no more: a goroutine that prints without
// end must not keep frames waiting.
func (p *process) take(s *stream) {
	if !s.open {
		return
	}
	n, err := unix.IoctlGetInt(s.fd, unix.TIOCINQ)
	if err != nil || n == 0 {
		return
	}
	start := len(s.text)
	s.text = append(s.text, make([]byte, n)...)
	got, err := unix.Read(s.fd, s.text[start:])
	s.text = s.text[:start+max(0, got)]
	if err != nil && !errors.Is(err, unix.EINTR) && !errors.Is(err, unix.EAGAIN) {
		s.open = false
	}
	p.count(s, got)
}

// count stops a cell that prints more than it may.
func (p *process) count(s *stream, n int) {
	c := p.current()
	if c == nil {
		return
	}
	if over := c.printed.Add(int64(max(n, 0))) - p.config.Output; over > 0 {
		if !c.flooded.Swap(true) {
			go p.interrupt()
		}
		s.text = s.text[:len(s.text)-int(min(over, int64(n)))]
	}
}

// flush passes on the text of all streams: whole runes, and of stderr not what
// may be the runtime's last words. Where a cell is done, all must go: it is the
// cell's, and the process lives.
func (p *process) flush(streams []*stream, all bool) {
	for _, s := range streams {
		if len(s.words) > 0 {
			s.words, s.text = append(s.words, s.text...), s.text[:0]
			if !all && (time.Since(s.heldSince) < holdLastWords || closed(p.exited)) {
				continue
			}
			s.words, s.text = nil, append(s.text, s.words...)
		} else if i := findLastWords(s.text, s.lineStart); s.name == "stderr" && i >= 0 && !all {
			s.words = append([]byte(nil), s.text[i:]...)
			s.text = s.text[:i]
			s.heldSince = time.Now()
		}
		whole := len(s.text)
		if !all {
			whole -= partialRune(s.text)
		}
		if whole == 0 {
			continue
		}
		s.lineStart = s.text[whole-1] == '\n'
		p.show(s.name, s.text[:whole])
		s.text = append(s.text[:0], s.text[whole:]...)
	}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func (p *process) show(name string, text []byte) {
	c := p.current()
	if c == nil {
		p.config.Log.Warn("a worker printed before its first cell", "stream", name, "text", string(text))
		return
	}
	for len(text) > 0 {
		n := min(len(text), flushAt)
		n -= partialRune(text[:n])
		if n == 0 {
			n = min(len(text), flushAt)
		}
		c.out.Stream(name, validUTF8(text[:n]))
		text = text[n:]
	}
}

// refused says what the sandbox kept the process from.
func (p *process) refused() {
	for _, line := range sandbox.Explain(p.child.Refusals()) {
		p.show("stderr", []byte(line+"\n"))
	}
}

// partialRune returns how many bytes at the end of text are the beginning of a
// rune that is not whole yet.
func partialRune(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if b := text[len(text)-n]; utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRune(text[len(text)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

func validUTF8(text []byte) string {
	if utf8.Valid(text) {
		return string(text)
	}
	return string([]rune(string(text)))
}

// takeFrames reads frames. It returns them, what is left of inbox, and whether
// more may come.
func (p *process) takeFrames(inbox []byte) (frames []frame, rest []byte, more bool) {
	const atOnce = 64 << 10
	if cap(inbox)-len(inbox) < atOnce {
		inbox = slices.Grow(inbox, atOnce)
	}
	n, _, err := unix.Recvfrom(p.frames, inbox[len(inbox):len(inbox)+atOnce], unix.MSG_DONTWAIT)
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) {
		return nil, inbox, true
	}
	if err != nil || n == 0 {
		return nil, nil, false
	}
	inbox = inbox[:len(inbox)+n]
	whole := inbox
	for {
		f, rest, ok, err := decode(inbox)
		if err != nil {
			p.kill(fmt.Sprintf("it spoke nonsense to the kernel: %v", err))
			return frames, nil, false
		}
		if !ok {
			switch {
			case len(frames) == 0:
				return nil, whole, true
			case cap(whole) > 16*atOnce: // a large frame was in it
				return frames, bytes.Clone(rest), true
			}
			return frames, append(whole[:0], rest...), true // the frames' bodies are copies
		}
		inbox = rest
		frames = append(frames, f)
	}
}

// silenced ends a child that cannot be talked to any more but goes on.
func (p *process) silenced() {
	select {
	case <-p.exited:
	case <-time.After(silence):
		p.kill(closedFrames)
	}
}

func (p *process) handle(f frame) {
	switch f.Kind {
	case kindDone, kindAnswer:
		p.answer(f)
	case kindCalls:
		var c Calls
		if err := json.Unmarshal(f.Body, &c); err != nil {
			p.config.Log.Warn("a worker sent calls that cannot be read", "err", err)
		} else if p.config.Calls != nil {
			p.config.Calls(p.child.PID(), c)
		}
	case kindDisplay:
		var m sink.Message
		if err := json.Unmarshal(f.Body, &m); err != nil {
			p.config.Log.Warn("a worker sent a display that cannot be read", "err", err)
			return
		}
		if c := p.current(); c != nil && !c.flooded.Load() {
			c.printed.Add(int64(len(f.Body)))
			c.out.Display(m)
		}
		p.write(kindAck, f.Seq, nil)
	default:
		p.config.Log.Warn("a worker sent an unknown frame", "kind", f.Kind)
	}
}

// bury passes on the last of what the child wrote and says how it ended.
func (p *process) bury(stderr *stream) {
	p.mu.Lock()
	why := p.why
	p.mu.Unlock()
	f := obituary(p.config.Name, why, p.exit, string(stderr.words))
	p.death = f
	if c := p.current(); c != nil {
		p.mu.Lock()
		running := c.running
		p.mu.Unlock()
		if !running && why == "" {
			c.out.Stream("stderr", fmt.Sprintf("\nThe Go process %q ended: %s. Its variables are gone.\n", p.config.Name, f.Message))
		}
	}
	for _, f := range []*os.File{p.stdin, p.stdout, p.stderr, p.statm} { // statm may be nil
		f.Close()
	}
	p.conn.Close()
	p.reads.close()
	close(p.gone)
}
