package sock

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// netFunc is Func for package net.
func (c *Calls) netFunc(name string, f reflect.Value) reflect.Value {
	told := hasAnyPrefix(name, "Dial", "Listen", "Lookup", "File") && name != "ListenConfig"
	if !told {
		return f
	}
	if !c.linux() {
		f = c.servedNet(name, f)
	}
	return toldFunc(name, f, false)
}

// Method gives the function that a cell calls for a method of a compiled type,
// receiver first: f itself, or one of the same type that is written down.
func (c *Calls) Method(t reflect.Type, name string, f reflect.Value) reflect.Value {
	if h, ok := hooks[t][name]; ok {
		return h
	}
	if !netTypes[t] || !hasAnyPrefix(name, "Read", "Write", "Close", "Set", "Accept", "Dial", "Listen", "Lookup") {
		return f
	}
	return toldFunc(name, f, true)
}

// netTypes are the types whose methods are told.
var netTypes = map[reflect.Type]bool{
	reflect.TypeFor[*net.TCPConn](): true, reflect.TypeFor[*net.UDPConn](): true, reflect.TypeFor[*net.UnixConn](): true, reflect.TypeFor[*net.IPConn](): true,
	reflect.TypeFor[*net.TCPListener](): true, reflect.TypeFor[*net.UnixListener](): true,
	reflect.TypeFor[*net.Dialer](): true, reflect.TypeFor[*net.ListenConfig](): true, reflect.TypeFor[*net.Resolver](): true,
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// toldFunc tells the calls of a function of package net, or of a method.
func toldFunc(name string, f reflect.Value, method bool) reflect.Value {
	call := f.Call
	if f.Type().IsVariadic() {
		call = f.CallSlice
	}
	return reflect.MakeFunc(f.Type(), func(in []reflect.Value) []reflect.Value {
		fill := func(e *Entry) { fillNet(e, name, in, method) }
		r := start(fill)
		out := call(in)
		if r.wanted() {
			r.finish(fill, func(e *Entry) { tellNet(e, out) })
		}
		return out
	})
}

// kindOf says what a method or function of package net does, by its name.
func kindOf(name string) Kind {
	switch {
	case name == "CloseRead" || name == "CloseWrite":
		return ShuttingDown
	case strings.HasPrefix(name, "Dial"):
		return Connecting
	case strings.HasPrefix(name, "Accept"):
		return Accepting
	case strings.HasPrefix(name, "Read"):
		return Receiving
	case strings.HasPrefix(name, "Write"):
		return Sending
	case name == "Close":
		return ClosingDown
	}
	return Other
}

func fillNet(e *Entry, name string, in []reflect.Value, method bool) {
	e.Name, e.Kind = name, kindOf(name)
	if method {
		if x, ok := in[0].Interface().(endpoint); ok {
			e.Socket = socketOf(x)
		}
		in = in[1:]
	}
	switch {
	case e.Kind == Sending && len(in) > 0:
		e.Bytes = length(in[0])
		e.Args = sizeWord(e.Bytes)
		for _, v := range in[1:] {
			e.peerOf(v)
		}
	case e.Kind != Receiving:
		e.Args = argWords(in)
	}
}

// peerOf notes an address among arguments or results.
func (e *Entry) peerOf(v reflect.Value) {
	if !v.CanInterface() {
		return
	}
	switch a := v.Interface().(type) {
	case netip.AddrPort:
		e.Socket.Remote = netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
	case net.Addr:
		e.peer(a)
	}
}

// argWords writes the arguments of a call of package net. "tcp" goes without
// saying.
func argWords(in []reflect.Value) string {
	var words []string
	for _, v := range in {
		switch x := v.Interface().(type) {
		case context.Context, []byte, nil:
		case string:
			if x != "tcp" {
				words = append(words, x)
			}
		case time.Time:
			words = append(words, deadlineWord(x))
		case net.Addr:
			if !reflect.ValueOf(x).IsNil() {
				words = append(words, x.String())
			}
		case bool, int, time.Duration, netip.AddrPort:
			words = append(words, fmt.Sprint(x))
		case net.KeepAliveConfig:
			words = append(words, fmt.Sprintf("%v %v %v %d", x.Enable, x.Idle, x.Interval, x.Count))
		}
	}
	return strings.Join(words, " ")
}

func deadlineWord(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return "in " + time.Until(t).Round(time.Millisecond).String()
}

// tellNet tells the results of a call of package net.
func tellNet(e *Entry, out []reflect.Value) {
	if len(out) == 0 {
		return
	}
	err, _ := out[len(out)-1].Interface().(error)
	switch {
	case e.Kind == Receiving && out[0].Kind() == reflect.Int:
		e.took(argInt(out[0]), err, false)
	case e.Kind == Sending && out[0].Kind() == reflect.Int:
		e.gave(argInt(out[0]), e.Bytes, err)
	case err != nil:
		e.fail(err)
	case e.Kind == Accepting:
		tellAccepted(e, out[0].Interface(), nil)
	default:
		if x, ok := out[0].Interface().(endpoint); ok {
			e.Socket = socketOf(x)
		}
	}
	if e.Kind == Receiving {
		for _, v := range out[1:] {
			e.peerOf(v)
		}
	}
}

// servedNet gives what another engine than Linux has for a function.
func (c *Calls) servedNet(name string, f reflect.Value) reflect.Value {
	var g any
	ctx := context.Background()
	switch n := c.Engine.Net; name {
	case "Dial":
		g = func(network, address string) (net.Conn, error) { return n.Dial(ctx, network, address) }
	case "DialTimeout":
		g = func(network, address string, d time.Duration) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(ctx, d)
			defer cancel()
			return n.Dial(ctx, network, address)
		}
	case "Listen":
		g = func(network, address string) (net.Listener, error) { return n.Listen(ctx, network, address) }
	case "ListenPacket":
		g = func(network, address string) (net.PacketConn, error) { return n.ListenPacket(ctx, network, address) }
	case "LookupHost":
		g = func(host string) ([]string, error) { return n.LookupHost(ctx, host) }
	default:
		t := f.Type()
		return reflect.MakeFunc(t, func([]reflect.Value) []reflect.Value {
			return refused(t, fmt.Errorf("net.%s is not there in this network: %w", name, unix.EOPNOTSUPP))
		})
	}
	return reflect.ValueOf(g)
}
