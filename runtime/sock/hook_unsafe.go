package sock

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"reflect"
	"strings"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Compiled code that a cell calls (io.Copy, bufio, fmt.Fprintln, net/http)
// reaches a connection through an interface: io.Reader, net.Conn and so on. For
// each pair of an interface and a type of package net, the program has one
// table of methods (internal/abi.ITab). Hook puts functions of this package
// into those tables, which do and tell what the methods do. The values stay
// what they are, so c.(*net.TCPConn) and everything else finds what it would.

// hooks are the functions by the methods in whose place they stand.
var hooks = map[reflect.Type]map[string]reflect.Value{
	reflect.TypeFor[*net.TCPConn](): {"Read": reflect.ValueOf(tcpRead), "Write": reflect.ValueOf(tcpWrite), "Close": reflect.ValueOf(tcpClose),
		"ReadFrom": reflect.ValueOf(tcpReadFrom), "WriteTo": reflect.ValueOf(tcpWriteTo)},
	reflect.TypeFor[*net.UDPConn](): {"Read": reflect.ValueOf(udpRead), "Write": reflect.ValueOf(udpWrite), "Close": reflect.ValueOf(udpClose),
		"ReadFrom": reflect.ValueOf(udpReadFrom), "WriteTo": reflect.ValueOf(udpWriteTo)},
	reflect.TypeFor[*net.UnixConn](): {"Read": reflect.ValueOf(unixRead), "Write": reflect.ValueOf(unixWrite), "Close": reflect.ValueOf(unixClose),
		"ReadFrom": reflect.ValueOf(unixReadFrom), "WriteTo": reflect.ValueOf(unixWriteTo)},
	reflect.TypeFor[*net.TCPListener]():  {"Accept": reflect.ValueOf(tcpAccept), "Close": reflect.ValueOf(tcpListenerClose)},
	reflect.TypeFor[*net.UnixListener](): {"Accept": reflect.ValueOf(unixAccept), "Close": reflect.ValueOf(unixListenerClose)},
	reflect.TypeFor[*os.File](): {"Read": reflect.ValueOf(fileRead), "Write": reflect.ValueOf(fileWrite), "Close": reflect.ValueOf(fileClose),
		"WriteString": reflect.ValueOf(fileWriteString), "ReadFrom": reflect.ValueOf(fileReadFrom), "WriteTo": reflect.ValueOf(fileWriteTo)},
}

// hooked are the interfaces through which compiled code reaches connections.
var hooked = []reflect.Type{
	reflect.TypeFor[io.Reader](), reflect.TypeFor[io.Writer](), reflect.TypeFor[io.Closer](), reflect.TypeFor[io.ReadWriter](), reflect.TypeFor[io.ReadCloser](),
	reflect.TypeFor[io.WriteCloser](), reflect.TypeFor[io.ReadWriteCloser](), reflect.TypeFor[io.ReaderFrom](), reflect.TypeFor[io.WriterTo](), reflect.TypeFor[io.StringWriter](),
	reflect.TypeFor[net.Conn](), reflect.TypeFor[net.PacketConn](), reflect.TypeFor[net.Listener](),
}

// Hook makes calls that compiled code makes for cells known to a Log. It is
// done once in a process; where it cannot be done, the error says why, and only
// the calls that cells make themselves are known.
func Hook() error { return hookOnce() }

var hookOnce = sync.OnceValue(func() error {
	maps, err := readOnly()
	if err != nil {
		return fmt.Errorf("tell calls of compiled code: %w", err)
	}
	for t, methods := range hooks {
		for _, it := range hooked {
			if !t.Implements(it) {
				continue
			}
			if err := patch(it, t, methods, maps); err != nil {
				return fmt.Errorf("tell calls of %v as %v: %w", t, it, err)
			}
		}
	}
	hookDefaultTransport()
	return nil
})

// itab mirrors internal/abi.ITab.
type itab struct {
	_, _ unsafe.Pointer // the interface and the type
	_    uint32         // hash of the type
	fun  [1]uintptr     // one for each of the interface's methods, in their order
}

// patch replaces methods in the table of one interface and one type.
func patch(it, t reflect.Type, methods map[string]reflect.Value, maps []span) error {
	v := reflect.New(it).Elem()
	v.Set(reflect.Zero(t))
	tab := *(**itab)(v.Addr().UnsafePointer())
	for i := range it.NumMethod() {
		name := it.Method(i).Name
		hook, ok := methods[name]
		if !ok {
			continue
		}
		slot := (*uintptr)(unsafe.Add(unsafe.Pointer(&tab.fun), uintptr(i)*unsafe.Sizeof(uintptr(0))))
		m, _ := t.MethodByName(name)
		if hook.Type() != m.Type {
			return fmt.Errorf("%s has another type than the method", name)
		}
		switch *slot {
		case hook.Pointer():
			continue
		case m.Func.Pointer():
		default:
			return fmt.Errorf("the table does not look as Go 1.26 makes it")
		}
		if err := overwrite(slot, hook.Pointer(), maps); err != nil {
			return err
		}
	}
	return nil
}

// overwrite sets a word that may be in memory that is only for reading.
func overwrite(word *uintptr, value uintptr, maps []span) error {
	at := uintptr(unsafe.Pointer(word))
	for _, m := range maps {
		if at < m.start || at >= m.end {
			continue
		}
		size := uintptr(os.Getpagesize())
		page := unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(word), -int(at%size))), size)
		if err := unix.Mprotect(page, unix.PROT_READ|unix.PROT_WRITE); err != nil {
			return os.NewSyscallError("mprotect", err)
		}
		*word = value
		return os.NewSyscallError("mprotect", unix.Mprotect(page, unix.PROT_READ))
	}
	*word = value
	return nil
}

// span is a piece of memory.
type span struct{ start, end uintptr }

// readOnly lists the memory that is only for reading (proc_pid_maps(5)).
func readOnly() ([]span, error) {
	f, err := os.Open("/proc/self/maps")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []span
	for s := bufio.NewScanner(f); s.Scan(); {
		var m span
		var perms string
		if _, err := fmt.Sscanf(s.Text(), "%x-%x %s", &m.start, &m.end, &perms); err == nil && strings.HasPrefix(perms, "r--") {
			list = append(list, m)
		}
	}
	return list, nil
}
