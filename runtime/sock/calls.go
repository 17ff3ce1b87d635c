package sock

import (
	"reflect"

	"golang.org/x/sys/unix"
)

// Calls are the socket calls of the cells of one Go state: an engine, and
// around it what ends a call that waits, and what writes calls down while a
// [Log] is recorded. The zero value is Linux's engine without an end to
// waiting.
//
// Fill it in before the first call of Func or Method.
type Calls struct {
	// Engine is what calls end at; its zero value means Linux.
	Engine Engine
	// Waits begins a call of Linux's that may wait; nil, or what it gives is
	// nil, where nothing ends the calling goroutine.
	Waits func() Call
	// Apart runs f, a call of another engine that may wait, so that the end of
	// the calling goroutine does not wait for it. nil: f is called.
	Apart func(f func())
}

// mayWait are the system calls that may block.
var mayWait = map[string]bool{"Read": true, "Readv": true, "Recvfrom": true, "Recvmsg": true, "RecvmsgBuffers": true, "Accept": true, "Accept4": true,
	"Write": true, "Writev": true, "Sendto": true, "Sendmsg": true, "SendmsgN": true, "SendmsgBuffers": true, "Send": true, "Connect": true, "Close": true,
	"Poll": true, "Ppoll": true, "EpollWait": true, "EpollPwait": true, "Select": true, "Pselect": true, "Splice": true, "Sendfile": true,
	"Nanosleep": true, "ClockNanosleep": true, "Pause": true, "Wait4": true, "Waitid": true, "Flock": true}

// Func gives the function that a cell calls by an importable name: f itself,
// which is that of the tables, or a function of the same type that can be ended
// and is written down.
func (c *Calls) Func(path, name string, f reflect.Value) reflect.Value {
	switch path {
	case "golang.org/x/sys/unix", "syscall":
		return c.raw(path, name, f)
	case "net":
		return c.netFunc(name, f)
	case "os":
		if name == "NewFile" {
			return reflect.ValueOf(newFile)
		}
	case "net/rpc":
		if name == "Dial" {
			return reflect.ValueOf(c.rpcDial)
		}
	}
	return f
}

// raw is Func for the packages of system calls.
func (c *Calls) raw(path, name string, f reflect.Value) reflect.Value {
	linux := c.linux()
	if linux {
		switch name {
		case "Read":
			return reflect.ValueOf(c.read)
		case "Write":
			return reflect.ValueOf(c.write)
		}
	} else {
		f = c.served(path, name, f)
	}
	if g, ok := c.trapFunc(f); ok {
		return g
	}
	spec, told := rawCalls[name]
	spec.waits = mayWait[name]
	own := ownArgs(path, name)
	if !told && !spec.waits && own == nil {
		return f
	}
	t, call := f.Type(), f.Call
	if t.IsVariadic() {
		call = f.CallSlice
	}
	if own != nil {
		call = guarded(t, call, own)
	}
	if !told && !spec.waits {
		return reflect.MakeFunc(t, call)
	}
	return reflect.MakeFunc(t, func(in []reflect.Value) []reflect.Value { return c.do(&spec, call, in) })
}

// do makes a raw call.
func (c *Calls) do(spec *rawCall, call func([]reflect.Value) []reflect.Value, in []reflect.Value) (out []reflect.Value) {
	fill := func(e *Entry) { spec.begin(e, in) }
	var r record
	if spec.told() {
		r = start(fill)
	}
	switch {
	case !spec.waits:
		out = call(in)
	case c.linux():
		c.waiting(func() error {
			out = call(in)
			err, _ := out[len(out)-1].Interface().(error)
			return err
		})
	case c.Apart != nil:
		c.Apart(func() { out = call(in) })
	default:
		out = call(in)
	}
	if spec.told() && r.wanted() {
		r.finish(fill, func(e *Entry) { spec.end(e, in, out) })
	}
	return out
}

func (c *Calls) linux() bool { return c.Engine.Raw == nil || c.Engine.Raw == Linux.Raw }

// served gives what another engine than Linux has for a call: its method of
// that name, or a function that says that there is none. Calls that are not
// about sockets stay what they are.
func (c *Calls) served(path, name string, f reflect.Value) reflect.Value {
	if m := reflect.ValueOf(c.Engine.Raw).MethodByName(name); m.IsValid() {
		if _, ok := reflect.TypeFor[Raw]().MethodByName(name); ok {
			if m.Type() == f.Type() {
				return m
			}
			return translated(m, f.Type())
		}
	}
	if _, about := rawCalls[name]; !about {
		return f
	}
	t := f.Type()
	return reflect.MakeFunc(t, func([]reflect.Value) []reflect.Value { return refused(t, unix.ENOSYS) })
}

// refused are the results of a function of type t that failed.
func refused(t reflect.Type, err error) []reflect.Value {
	var out []reflect.Value
	for i := range t.NumOut() {
		v := reflect.New(t.Out(i)).Elem()
		if t.Out(i) == reflect.TypeFor[error]() {
			v.Set(reflect.ValueOf(err))
		}
		out = append(out, v)
	}
	return out
}
