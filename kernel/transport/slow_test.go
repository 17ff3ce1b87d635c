package transport

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sockbook/kernel/jupyter"

	"github.com/go-zeromq/zmq4"
	zmqnull "github.com/go-zeromq/zmq4/security/null"
)

// A lab is a Server on a memory network with the real limits, inside a synctest bubble.
type lab struct {
	*Server
	t   *testing.T
	net *memory
	log *logBuffer
}

type logBuffer struct {
	mu sync.Mutex // serialises the text
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) count(s string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.b.String(), s)
}

func newLab(t *testing.T, change ...func(*limits)) *lab {
	t.Helper()
	lim := defaultLimits
	for _, c := range change {
		c(&lim)
	}
	l := &lab{t: t, net: new(memory), log: new(logBuffer)}
	conn := jupyter.Connection{SignatureScheme: jupyter.SchemeHMACSHA256, Key: testKey}
	var err error
	l.Server, err = listen(conn, jupyter.NewOrigin("kern", "", time.Now), slog.New(slog.NewTextHandler(l.log, nil)), lim, l.net.bind)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

func (l *lab) dial(port int, typ zmq4.SocketType, identity string) *frontend {
	l.t.Helper()
	raw := l.net.dial(port)
	l.t.Cleanup(func() { raw.Close() })
	conn, err := zmq4.Open(raw, zmqnull.Security(), typ, zmq4.SocketIdentity(identity), false, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	signer, _ := l.Connection().Signer()
	return &frontend{l.t, raw, conn, signer, jupyter.NewOrigin(jupyter.NewID(), "tester", time.Now)}
}

func (l *lab) subscriber() *frontend {
	l.t.Helper()
	f := l.dial(l.Connection().IOPubPort, zmq4.Sub, "")
	f.subscribe("")
	return f
}

// gulp receives n stream messages without a deadline, in a goroutine of its own.
func (f *frontend) gulp(n int) (got chan int) {
	got = make(chan int, 1)
	f.raw.SetReadDeadline(time.Time{})
	go func() {
		i := 0
		defer func() { got <- i }()
		for ; i < n; i++ {
			if _, err := f.conn.RecvMsg(); err != nil {
				return
			}
		}
	}()
	return got
}

const kilobyte = 1 << 10

var text8k = strings.Repeat("x", 8*kilobyte)

// flood publishes n messages of 8 KiB and reports how long that took.
func (l *lab) flood(n int) time.Duration {
	l.t.Helper()
	start := time.Now()
	for range n {
		say(l.t, l.Server, text8k)
	}
	return time.Since(start)
}

// TestFrozenSubscriber has one subscriber that never reads beside one that does. The first may hold up the flood for a
// second, and is thrown out after 30 s; the other one gets everything.
func TestFrozenSubscriber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		frozen, reading := l.subscriber(), l.subscriber()
		const n = 1000 // 8 MiB
		got := reading.gulp(2 * n)
		if d := l.flood(n); d > defaultLimits.grace {
			t.Errorf("a frozen subscriber held up the flood for %v", d)
		}
		if d := l.flood(n); d != 0 {
			t.Errorf("a frozen subscriber held up the second flood for %v", d)
		}
		if c := <-got; c != 2*n {
			t.Errorf("the reading subscriber got %d messages, want %d", c, 2*n)
		}
		if l.log.count("disconnected") > 0 {
			t.Errorf("disconnected too early: %s", l.log.b.String())
		}
		time.Sleep(defaultLimits.frozen * 7 / 6)
		synctest.Wait()
		if _, err := frozen.tryRecv(); err == nil {
			_, err = frozen.conn.RecvMsg()
			if err == nil {
				t.Error("the frozen subscriber is still connected")
			}
		}
		if l.log.count("frontend disconnected") != 1 {
			t.Errorf("log: %s", l.log.b.String())
		}
	})
}

// TestFrozenSubscriberFull fills the queue of a frozen subscriber: Publish must wait for it to be thrown out, not take
// more memory, and then go on.
func TestFrozenSubscriberFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.subscriber()
		reading := l.subscriber()
		n := int(defaultLimits.high)/len(text8k) + 100
		got := reading.gulp(n)
		d := l.flood(n)
		if want := defaultLimits.frozen; d < want || d > want*7/6+time.Second {
			t.Errorf("the flood took %v, want about %v", d, want)
		}
		if c := <-got; c != n {
			t.Errorf("the reading subscriber got %d messages, want %d", c, n)
		}
	})
}

// TestFrozenSubscriberThaws stops reading for less than 30 s: nothing may be lost.
func TestFrozenSubscriberThaws(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		f := l.subscriber()
		const n = 1000
		l.flood(n)
		time.Sleep(defaultLimits.frozen - 10*time.Second)
		if c := <-f.gulp(n); c != n {
			t.Errorf("got %d messages, want %d", c, n)
		}
		say(t, l.Server, "after")
		f.hear("after")
	})
}

// TestFrozenSubscriberWithLittle leaves less than 1 MiB unread for hours: it hurts nobody and stays.
func TestFrozenSubscriberWithLittle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		f := l.subscriber()
		const n = 50
		l.flood(n)
		time.Sleep(3 * time.Hour)
		if d := l.flood(1); d != 0 {
			t.Errorf("publishing took %v", d)
		}
		if c := <-f.gulp(n + 1); c != n+1 {
			t.Errorf("got %d messages, want %d", c, n+1)
		}
	})
}

// TestSlowSubscriber reads a message each 10 ms: the flood takes its pace, and its queue stays small.
func TestSlowSubscriber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		f := l.subscriber()
		const n, pace = 1000, 10 * time.Millisecond
		var most int64
		done := make(chan int)
		f.raw.SetReadDeadline(time.Time{})
		go func() {
			i := 0
			defer func() { done <- i }()
			for ; i < n; i++ {
				time.Sleep(pace)
				if _, err := f.conn.RecvMsg(); err != nil {
					return
				}
				most = max(most, l.unread())
			}
		}()
		if d := l.flood(n); d < n*pace/2 {
			t.Errorf("the flood took %v: it did not wait", d)
		}
		if i := <-done; i != n {
			t.Errorf("got %d messages, want %d", i, n)
		}
		if limit := defaultLimits.low + 2*int64(len(text8k)); most > limit || most < limit/2 {
			t.Errorf("the queue grew to %d bytes, want about %d", most, limit)
		}
	})
}

// TestGoneSubscriber leaves in the middle of a flood that waits for it.
func TestGoneSubscriber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		f, reading := l.subscriber(), l.subscriber()
		const n = 1000
		got := reading.gulp(n)
		go func() {
			time.Sleep(defaultLimits.grace / 2)
			f.raw.Close()
		}()
		if d := l.flood(n); d != defaultLimits.grace/2 {
			t.Errorf("the flood took %v, want until the subscriber was gone", d)
		}
		if c := <-got; c != n {
			t.Errorf("the other subscriber got %d messages, want %d", c, n)
		}
	})
}

// TestPublishCancelled gives up a Publish that waits: nobody gets that message, and the next ones pass.
func TestPublishCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		f, other := l.subscriber(), l.subscriber()
		n := 0
		for ; l.unread() <= defaultLimits.low; n++ {
			say(t, l.Server, text8k)
			synctest.Wait()
		}
		got := other.gulp(n + 1)
		ctx, cancel := context.WithTimeout(t.Context(), defaultLimits.grace/4)
		defer cancel()
		waiting := make(chan error)
		go func() { waiting <- trySay(ctx, l.Server, "cancelled behind another one") }()
		if err := trySay(ctx, l.Server, "cancelled"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("publish: %v", err)
		}
		if err := trySay(ctx, l.Server, "already cancelled"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("publish with a context that is done: %v", err)
		}
		if err := <-waiting; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("publish behind another one: %v", err)
		}
		say(t, l.Server, "last")
		if c := <-got; c != n+1 {
			t.Errorf("%d messages, want %d", c, n+1)
		}
		for range n {
			if text := f.heard(); text != text8k {
				t.Fatalf("heard %.30q", text)
			}
		}
		f.hear("last")
	})
}

// unread is the most that waits for any subscriber, in bytes.
func (l *lab) unread() int64 {
	var most int64
	for _, s := range l.iopub.members() {
		most = max(most, s.out.size())
	}
	return most
}

// TestCloseWhileWaiting closes the server under a Publish that waits for a frozen subscriber.
func TestCloseWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.subscriber()
		result := make(chan error)
		go func() {
			for {
				if err := trySay(t.Context(), l.Server, text8k); err != nil {
					result <- err
					return
				}
			}
		}()
		synctest.Wait()
		start := time.Now()
		l.Close()
		if d := time.Since(start); d != defaultLimits.flush {
			t.Errorf("Close took %v with a frozen subscriber, want %v", d, defaultLimits.flush)
		}
		if err := <-result; !errors.Is(err, ErrClosed) {
			t.Errorf("publish: %v", err)
		}
	})
}

// TestFrozenRequester leaves its replies unread: others get theirs, and it is thrown out for too many.
func TestFrozenRequester(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		frozen := l.dial(l.Connection().ShellPort, zmq4.Dealer, "f")
		good := l.dial(l.Connection().ShellPort, zmq4.Dealer, "g")
		frozen.request(jupyter.CompleteRequestType, nil)
		req := take(t, l.Shell())
		reply, err := l.self.Reply(req, jupyter.CompleteReply{Matches: []string{text8k}})
		if err != nil {
			t.Fatal(err)
		}
		sent := 0
		for ; sent < 1e5 && err == nil; sent++ {
			err = l.Reply(Shell, reply)
		}
		if !errors.Is(err, ErrNoPeer) {
			t.Errorf("after %d replies: %v", sent, err)
		}
		if most := int(defaultLimits.high)/len(text8k) + 2; sent > most {
			t.Errorf("%d replies of 8 KiB were queued, want at most %d", sent, most)
		}
		id := good.request(jupyter.KernelInfoRequestType, nil)
		if reply, err = l.self.Reply(take(t, l.Shell()), nil); err != nil {
			t.Fatal(err)
		}
		if err := l.Reply(Shell, reply); err != nil {
			t.Fatal(err)
		}
		if got := good.recv(); got.Parent.ID != id {
			t.Errorf("reply to %s, want %s", got.Parent.ID, id)
		}
	})
}

// TestSubscriptionFlood subscribes and unsubscribes without reading the welcomes.
func TestSubscriptionFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const most = 100 * kilobyte
		l := newLab(t, func(lim *limits) { lim.high = most })
		f := l.dial(l.Connection().IOPubPort, zmq4.Sub, "")
		for range 1000 {
			f.sendFrames([]byte("\x01t"))
			f.sendFrames([]byte("\x00t"))
			if size := l.unread(); size > most+2*kilobyte {
				t.Fatalf("%d bytes queued", size)
			}
		}
		synctest.Wait()
		if n := len(l.iopub.members()); n != 0 {
			t.Errorf("%d subscribers, want the flooder gone", n)
		}
	})
}

// TestTopicFlood subscribes to more topics than anybody needs.
func TestTopicFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		f := l.subscriber()
		for i := range maxTopics {
			f.sendFrames([]byte("\x01" + strings.Repeat("t", i)))
		}
		f.sendFrames([]byte("\x01\xff"))
		f.sendFrames([]byte("\x01" + strings.Repeat("t", maxTopic+1)))
		f.sendFrames([]byte("\x02t"))
		f.sendFrames(nil)
		f.sendFrames([]byte("\x01t"), nil)
		synctest.Wait()
		if n := l.log.count("subscription dropped"); n != 5 {
			t.Errorf("%d subscriptions dropped, want 5:\n%s", n, l.log.b.String())
		}
		f.sendFrames([]byte("\x01one too many"))
		synctest.Wait()
		if n := l.log.count("subscription dropped"); n != 6 {
			t.Errorf("%d subscriptions dropped, want 6:\n%s", n, l.log.b.String())
		}
		for range maxTopics - 1 { // "" was there before
			f.recv()
		}
		say(t, l.Server, "once")
		f.hear("once")
	})
}

// TestSilentHandshakes fills the sockets with peers that never say a word: they are gone after 10 s, and until then a
// socket that is not full serves others.
func TestSilentHandshakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		port := l.Connection().HeartbeatPort
		silent := func() {
			c := l.net.dial(port)
			t.Cleanup(func() { c.Close() })
		}
		for range defaultLimits.peers - 1 {
			silent()
		}
		f := l.dial(port, zmq4.Req, "")
		f.sendFrames(nil, []byte("ping"))
		if got := f.recvFrames(); string(got[1]) != "ping" {
			t.Errorf("echo %q", got)
		}
		refused := l.net.dial(port)
		if _, err := refused.Read(make([]byte, 1)); err == nil {
			t.Error("one connection more than allowed")
		}
		time.Sleep(defaultLimits.handshake + time.Second)
		synctest.Wait()
		if n := l.log.count("handshake failed"); n != maxComplaints {
			t.Errorf("%d log lines, want %d", n, maxComplaints)
		}
		l.dial(port, zmq4.Req, "") // there is room again
	})
}
