package rt

import (
	"reflect"
	"regexp"
	"strconv"
	"sync"
	"time"
	"unsafe"
	"weak"

	"sockbook/runtime/sock"
)

// Operations that wait, and that the end of the goroutine's cell wakes.

func (w *World) cancel() <-chan struct{} {
	if w.Hooks.Cancel == nil {
		return nil
	}
	return w.Hooks.Cancel()
}

// Select is a select statement: dirs has an r or s for each channel, values
// what is sent. It gives the number of the channel, -1 for default, and what
// was received.
func (w *World) Select(def bool, dirs string, chans, values []any) (int, any, bool) {
	cases := make([]reflect.SelectCase, 0, len(chans)+1)
	for i, ch := range chans {
		v := reflect.ValueOf(ch)
		c := reflect.SelectCase{Dir: reflect.SelectRecv, Chan: v}
		if dirs[i] == 's' {
			c.Dir = reflect.SelectSend
			c.Send = reflect.New(v.Type().Elem()).Elem()
			if values[i] != nil {
				c.Send.Set(reflect.ValueOf(values[i]))
			}
		}
		cases = append(cases, c)
	}
	cancel := w.cancel()
	switch {
	case def:
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectDefault})
	case cancel != nil:
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(cancel)})
	}
	k, v, ok := reflect.Select(cases)
	switch {
	case k < len(chans) && v.IsValid():
		return k, v.Interface(), ok
	case k < len(chans):
		return k, nil, false
	case !def:
		w.Hooks.Cancelled()
	}
	return -1, nil, false
}

// Sleep is time.Sleep.
func (w *World) Sleep(d time.Duration) {
	cancel := w.cancel()
	if cancel == nil || d <= 0 {
		time.Sleep(d)
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-cancel:
		w.Hooks.Cancelled()
	}
}

// outside runs f, which waits for what no channel says, in a goroutine of its
// own. If the caller is to end first, f goes on alone, and after is called when
// it is done.
func (w *World) outside(f, after func()) {
	cancel := w.cancel()
	if cancel == nil {
		f()
		return
	}
	done := make(chan any, 1)
	left := make(chan struct{})
	go func() {
		defer func() {
			r := recover()
			select {
			case <-left:
				if r == nil && after != nil {
					after()
				}
			default:
				done <- r
			}
		}()
		f()
	}()
	select {
	case r := <-done:
		if r != nil {
			panic(r)
		}
	case <-cancel:
		close(left)
		select {
		case <-done: // it was done meanwhile
			if after != nil {
				after()
			}
		default:
		}
		w.Hooks.Cancelled()
	}
}

func (w *World) wgWait(wg *sync.WaitGroup) { w.outside(wg.Wait, nil) }

func (w *World) lock(mu *sync.Mutex) {
	if !mu.TryLock() {
		w.outside(mu.Lock, mu.Unlock)
	}
}

func (w *World) rwLock(mu *sync.RWMutex) {
	if !mu.TryLock() {
		w.outside(mu.Lock, mu.Unlock)
	}
}

func (w *World) rwRLock(mu *sync.RWMutex) {
	if !mu.TryRLock() {
		w.outside(mu.RLock, mu.RUnlock)
	}
}

// condWait is Cond.Wait. When it is to end, L is locked again first, as the
// caller's deferred Unlock expects.
func (w *World) condWait(c *sync.Cond) {
	cancel := w.cancel()
	if cancel == nil {
		c.Wait()
		return
	}
	done := make(chan struct{})
	go func() {
		c.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-cancel:
		// Wake our waiter among the others, which look at their condition again.
		for {
			c.Broadcast()
			select {
			case <-done:
				w.Hooks.Cancelled()
				return
			case <-time.After(time.Millisecond):
			}
		}
	}
}

// Waiting makes a function of a compiled package one that the end of the
// goroutine's cell ends, and that can be told.
func (w *World) Waiting(path, name string, f reflect.Value) reflect.Value {
	return w.sock.Func(path, name, f)
}

// Method does the same for a method of a compiled type, receiver first.
func (w *World) Method(t reflect.Type, name string, f reflect.Value) reflect.Value {
	return w.sock.Method(t, name, f)
}

// waits begins a system call that may wait.
func (w *World) waits() sock.Call {
	if w.Hooks.Waits == nil {
		return nil
	}
	return w.Hooks.Waits()
}

// A deadliner is a network connection or listener.
type deadliner interface{ SetDeadline(time.Time) error }

// Opened remembers a connection that compiled code gave to a cell, until the
// collector finds that nothing else does.
func (w *World) Opened(x any) {
	d, ok := x.(deadliner)
	if !ok {
		return
	}
	v := reflect.ValueOf(x)
	p := descriptorOf(v, 0)
	if p == 0 || v.Kind() != reflect.Pointer {
		return
	}
	w.conns.Store(p, weakConn(d, v))
}

// weakConn gives the connection as long as it is in use elsewhere.
func weakConn(d deadliner, v reflect.Value) func() deadliner {
	word := weak.Make((*byte)(v.UnsafePointer()))
	t := v.Type()
	return func() deadliner {
		p := word.Value()
		if p == nil {
			return nil
		}
		d, _ := reflect.NewAt(t.Elem(), unsafe.Pointer(p)).Interface().(deadliner)
		return d
	}
}

// descriptorOf finds the address of a connection's descriptor, which a trace of
// a goroutine that waits for it shows.
func descriptorOf(v reflect.Value, depth int) uintptr {
	for v.Kind() == reflect.Pointer {
		if v.Type().String() == "*net.netFD" {
			return v.Pointer()
		}
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct || depth > 3 {
		return 0
	}
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Pointer && !f.IsNil() || f.Kind() == reflect.Struct {
			if p := descriptorOf(f, depth+1); p != 0 {
				return p
			}
		}
	}
	return 0
}

// WakeConns ends the waiting for the connections that a goroutine's trace
// shows; the function that it gives takes that back.
func (w *World) WakeConns(trace string) (restore func()) {
	var woken []deadliner
	for _, m := range fdInTrace.FindAllStringSubmatch(trace, -1) {
		p, err := strconv.ParseUint(m[1], 16, 64)
		if err != nil {
			continue
		}
		c, ok := w.conns.Load(uintptr(p))
		if !ok {
			continue
		}
		if d := c.(func() deadliner)(); d != nil {
			d.SetDeadline(time.Unix(1, 0))
			woken = append(woken, d)
		}
	}
	return func() {
		for _, d := range woken {
			d.SetDeadline(time.Time{})
		}
	}
}

var fdInTrace = regexp.MustCompile(`(?:net\.\(\*netFD\)|poll\.\(\*FD\))\.\w+\(0x([0-9a-f]+)`)
