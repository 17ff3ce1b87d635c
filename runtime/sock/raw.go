package sock

import (
	"fmt"
	"reflect"

	"golang.org/x/sys/unix"
)

// rawCall is a system call as it is done and told.
type rawCall struct {
	says   string // as the man page has it; empty: not told
	kind   Kind
	args   func(in []reflect.Value) string
	result func(e *Entry, in, out []reflect.Value) // of one that did not fail
	noFD   bool                                    // the first argument is no descriptor
	after  bool                                    // what is known of the descriptor changes
	waits  bool
}

func (s *rawCall) told() bool { return s.says != "" }

func (s *rawCall) begin(e *Entry, in []reflect.Value) {
	e.Name, e.Kind = s.says, s.kind
	if !s.noFD {
		e.Socket = lookAt(int(in[0].Int()))
	}
	if s.args != nil {
		e.Args = s.args(in)
	}
	if s.kind == Sending && len(in) > 1 {
		e.Bytes = length(in[1])
		e.Args = sizeWord(e.Bytes)
	}
}

func (s *rawCall) end(e *Entry, in, out []reflect.Value) {
	err, _ := out[len(out)-1].Interface().(error)
	if s.after && err == nil {
		e.Socket = lookAt(e.Socket.FD)
	}
	switch {
	case err != nil:
		if s.kind == Sending {
			e.Bytes = 0
		}
		e.fail(err)
	case s.result != nil:
		s.result(e, in, out)
	}
}

// length is the number of bytes in a []byte or [][]byte.
func length(v reflect.Value) int {
	if v.Kind() != reflect.Slice {
		return 0
	}
	if v.Type().Elem().Kind() != reflect.Slice {
		return v.Len()
	}
	n := 0
	for i := range v.Len() {
		n += v.Index(i).Len()
	}
	return n
}

func argInt(v reflect.Value) int { return int(v.Int()) }

func argAddr(v reflect.Value) string { return addrWord(unixAddr(v.Interface())) }

// received tells of n bytes.
func received(e *Entry, _, out []reflect.Value) {
	e.took(argInt(out[0]), nil, e.Socket.Network == "tcp" || e.Socket.Network == "unix" || e.Socket.Network == "pipe")
}

func sentAll(e *Entry, _, out []reflect.Value) {
	if len(out) > 1 {
		e.gave(argInt(out[0]), e.Bytes, nil)
	}
}

// toPeer takes the address of a datagram's destination for the peer.
func (s rawCall) toPeer(i int) rawCall {
	result := s.result
	s.result = func(e *Entry, in, out []reflect.Value) {
		if to := unixAddr(in[i].Interface()); to != nil {
			e.Socket.Remote = addrPort(to)
			if u, ok := to.(*unix.SockaddrUnix); ok {
				e.Socket.PeerPath = pathOf(u)
			}
		}
		if e.Socket.Local.IsValid() && e.Socket.Local.Port() == 0 {
			e.Socket.Local = lookAt(e.Socket.FD).Local
		}
		result(e, in, out)
	}
	return s
}

// fromPeer takes the address that a datagram came from for the peer.
func (s rawCall) fromPeer(i int) rawCall {
	result := s.result
	s.result = func(e *Entry, in, out []reflect.Value) {
		if from := unixAddr(out[i].Interface()); from != nil && !e.Socket.Remote.IsValid() {
			e.Socket.Remote = addrPort(from)
			if u, ok := from.(*unix.SockaddrUnix); ok {
				e.Socket.PeerPath = pathOf(u)
			}
		}
		result(e, in, out)
	}
	return s
}

func accepted(e *Entry, _, out []reflect.Value) {
	e.Socket = lookAt(argInt(out[0]))
	e.Result = fmt.Sprintf("fd %d", argInt(out[0]))
}

func pair(e *Entry, a, b int) {
	e.Socket = lookAt(a)
	e.Socket.Second, e.Socket.Other = b, lookAt(b).Inode
	e.Result = fmt.Sprintf("fd %d and %d", a, b)
}

func option(in []reflect.Value) string { return optionWord(argInt(in[1]), argInt(in[2])) }

func optionValue(in []reflect.Value) string {
	v := in[3]
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch x := v.Interface().(type) {
	case unix.Linger:
		return fmt.Sprintf("%s %s", option(in), lingerWord(x.Onoff, x.Linger))
	case unix.Timeval:
		return fmt.Sprintf("%s %d.%03ds", option(in), x.Sec, x.Usec/1000)
	}
	if v.Kind() == reflect.Struct && v.NumField() == 2 && v.Type().Name() == "Linger" {
		return fmt.Sprintf("%s %s", option(in), lingerWord(int32(v.Field(0).Int()), int32(v.Field(1).Int())))
	}
	return fmt.Sprintf("%s %v", option(in), v.Interface())
}

func lingerWord(on, seconds int32) string {
	if on == 0 {
		return "off"
	}
	return fmt.Sprintf("%d s", seconds)
}

func ready(e *Entry, _, out []reflect.Value) { e.Result = fmt.Sprintf("%d ready", argInt(out[0])) }

// rawCalls are the system calls that are told, by their name in package unix.
var rawCalls = map[string]rawCall{
	"Socket": {says: "socket", noFD: true, args: func(in []reflect.Value) string { return domainWord(argInt(in[0])) + " " + typeWord(argInt(in[1])) },
		result: func(e *Entry, _, out []reflect.Value) {
			e.Socket = lookAt(argInt(out[0]))
			e.Result = fmt.Sprintf("fd %d", argInt(out[0]))
		}},
	"Socketpair": {says: "socketpair", noFD: true, args: func(in []reflect.Value) string { return domainWord(argInt(in[0])) + " " + typeWord(argInt(in[1])) },
		result: func(e *Entry, _, out []reflect.Value) { pair(e, argInt(out[0].Index(0)), argInt(out[0].Index(1))) }},
	"Pipe":           {says: "pipe", noFD: true, result: func(e *Entry, in, _ []reflect.Value) { pair(e, argInt(in[0].Index(0)), argInt(in[0].Index(1))) }},
	"Pipe2":          {says: "pipe2", noFD: true, result: func(e *Entry, in, _ []reflect.Value) { pair(e, argInt(in[0].Index(0)), argInt(in[0].Index(1))) }},
	"Bind":           {says: "bind", after: true, args: func(in []reflect.Value) string { return argAddr(in[1]) }},
	"Listen":         {says: "listen", after: true, args: func(in []reflect.Value) string { return fmt.Sprintf("backlog %d", argInt(in[1])) }},
	"Connect":        {says: "connect", kind: Connecting, after: true, args: func(in []reflect.Value) string { return argAddr(in[1]) }},
	"Accept":         {says: "accept", kind: Accepting, result: accepted},
	"Accept4":        {says: "accept4", kind: Accepting, result: accepted},
	"Read":           {says: "read", kind: Receiving, result: received},
	"Readv":          {says: "readv", kind: Receiving, result: received},
	"Recvfrom":       rawCall{says: "recvfrom", kind: Receiving, result: received}.fromPeer(1),
	"Recvmsg":        rawCall{says: "recvmsg", kind: Receiving, result: received}.fromPeer(3),
	"RecvmsgBuffers": rawCall{says: "recvmsg", kind: Receiving, result: received}.fromPeer(3),
	"Write":          {says: "write", kind: Sending, result: sentAll},
	"Writev":         {says: "writev", kind: Sending, result: sentAll},
	"Send":           {says: "send", kind: Sending, result: sentAll},
	"Sendto":         rawCall{says: "sendto", kind: Sending, result: sentAll}.toPeer(3),
	"Sendmsg":        rawCall{says: "sendmsg", kind: Sending, result: sentAll}.toPeer(3),
	"SendmsgN":       rawCall{says: "sendmsg", kind: Sending, result: sentAll}.toPeer(3),
	"SendmsgBuffers": rawCall{says: "sendmsg", kind: Sending, result: sentAll}.toPeer(3),
	"Shutdown":       {says: "shutdown", kind: ShuttingDown, args: func(in []reflect.Value) string { return howWord(argInt(in[1])) }},
	"Close":          {says: "close", kind: ClosingDown},
	"Getsockname":    {says: "getsockname", result: func(e *Entry, _, out []reflect.Value) { e.Result = argAddr(out[0]) }},
	"Getpeername":    {says: "getpeername", result: func(e *Entry, _, out []reflect.Value) { e.Result = argAddr(out[0]) }},
	"GetsockoptInt":  {says: "getsockopt", args: option, result: optionResult},
	"SetsockoptInt":  {says: "setsockopt", args: optionValue}, "SetsockoptLinger": {says: "setsockopt", args: optionValue},
	"SetsockoptTimeval": {says: "setsockopt", args: optionValue}, "SetsockoptString": {says: "setsockopt", args: optionValue}, "SetsockoptByte": {says: "setsockopt", args: optionValue},
	"SetsockoptUint64": {says: "setsockopt", args: optionValue},
	"SetNonblock":      {says: "fcntl O_NONBLOCK", args: func(in []reflect.Value) string { return fmt.Sprint(in[1].Bool()) }},
	"Poll":             {says: "poll", noFD: true, result: ready}, "Ppoll": {says: "ppoll", noFD: true, result: ready},
	"Select": {says: "select", noFD: true, result: ready}, "EpollWait": {says: "epoll_wait", noFD: true, result: ready},
	"Dup":  {says: "dup", result: func(e *Entry, _, out []reflect.Value) { e.Result = fmt.Sprintf("fd %d", argInt(out[0])) }},
	"Dup2": {says: "dup2", args: func(in []reflect.Value) string { return fmt.Sprintf("to fd %d", argInt(in[1])) }},
	"Dup3": {says: "dup3", args: func(in []reflect.Value) string { return fmt.Sprintf("to fd %d", argInt(in[1])) }},
}

func optionResult(e *Entry, in, out []reflect.Value) {
	e.Result = fmt.Sprint(argInt(out[0]))
	if argInt(in[1]) == unix.SOL_SOCKET && argInt(in[2]) == unix.SO_ERROR && e.Result != "0" {
		e.Result = unix.ErrnoName(unix.Errno(argInt(out[0])))
	}
}
