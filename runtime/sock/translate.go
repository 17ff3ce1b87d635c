package sock

import (
	"reflect"
	"syscall"

	"golang.org/x/sys/unix"
)

// Package syscall has addresses of its own.

// unixAddr gives an address of package syscall or unix as one of unix's; nil
// for none.
func unixAddr(x any) unix.Sockaddr {
	switch a := x.(type) {
	case *syscall.SockaddrInet4:
		if a != nil {
			return &unix.SockaddrInet4{Port: a.Port, Addr: a.Addr}
		}
	case *syscall.SockaddrInet6:
		if a != nil {
			return &unix.SockaddrInet6{Port: a.Port, ZoneId: a.ZoneId, Addr: a.Addr}
		}
	case *syscall.SockaddrUnix:
		if a != nil {
			return &unix.SockaddrUnix{Name: a.Name}
		}
	case unix.Sockaddr:
		if v := reflect.ValueOf(a); v.Kind() == reflect.Pointer && v.IsNil() {
			return nil
		}
		return a
	}
	return nil
}

func syscallAddr(sa unix.Sockaddr) syscall.Sockaddr {
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		return &syscall.SockaddrInet4{Port: a.Port, Addr: a.Addr}
	case *unix.SockaddrInet6:
		return &syscall.SockaddrInet6{Port: a.Port, ZoneId: a.ZoneId, Addr: a.Addr}
	case *unix.SockaddrUnix:
		return &syscall.SockaddrUnix{Name: a.Name}
	}
	return nil
}

// translated makes of an engine's method a function of type t, of package
// syscall.
func translated(m reflect.Value, t reflect.Type) reflect.Value {
	return reflect.MakeFunc(t, func(in []reflect.Value) []reflect.Value {
		for i := range in {
			if in[i].Type() == reflect.TypeFor[syscall.Sockaddr]() {
				v := reflect.New(reflect.TypeFor[unix.Sockaddr]()).Elem()
				if sa := unixAddr(in[i].Interface()); sa != nil {
					v.Set(reflect.ValueOf(sa))
				}
				in[i] = v
			}
		}
		out := m.Call(in)
		for i := range out {
			if out[i].Type() == reflect.TypeFor[unix.Sockaddr]() {
				v := reflect.New(reflect.TypeFor[syscall.Sockaddr]()).Elem()
				if sa, ok := out[i].Interface().(unix.Sockaddr); ok {
					if a := syscallAddr(sa); a != nil {
						v.Set(reflect.ValueOf(a))
					}
				}
				out[i] = v
			}
		}
		return out
	})
}
