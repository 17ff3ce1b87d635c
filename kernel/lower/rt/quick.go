package rt

import "sockbook/runtime/sock"

// The calls that socket programs make most often, without reflection: reading
// and writing.

// quickCaller gives a function that calls Read or Write of a connection, and
// does as call for every other value; nil for another method.
func quickCaller(name string, call any) any {
	slow, ok := call.(func(x any, p []byte) (int, any))
	if !ok {
		return nil
	}
	var quick func(x any, p []byte) (int, error, bool)
	switch name {
	case "Read":
		quick = sock.Read
	case "Write":
		quick = sock.Write
	default:
		return nil
	}
	return func(x any, p []byte) (int, any) {
		n, err, ok := quick(x, p)
		switch {
		case !ok:
			return slow(x, p)
		case err != nil:
			return n, err
		}
		return n, nil
	}
}

// quickAdapt gives the static form of a compiled function of a common type; nil
// for another.
func quickAdapt(f any) any {
	if f, ok := f.(func(int, []byte) (int, error)); ok { // unix.Read and unix.Write
		return func(fd int, p []byte) (int, any) {
			n, err := f(fd, p)
			if err != nil {
				return n, err
			}
			return n, nil
		}
	}
	return nil
}
