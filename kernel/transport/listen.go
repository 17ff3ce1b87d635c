package transport

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"
	"syscall"

	"sockbook/kernel/jupyter"
)

// maxPath is the longest path of a UNIX-domain socket in bytes: sun_path without its final zero (man 7 unix).
const maxPath = 107

// bind listens on conn's address and *port, and stores the port that was bound if *port is 0.
func bind(conn jupyter.Connection, port *int) (net.Listener, error) {
	if conn.Transport == jupyter.IPC {
		return bindIPC(conn.Path(*port))
	}
	network, host := "tcp", conn.IP
	switch ip := net.ParseIP(host); {
	case host == "":
		host = "127.0.0.1"
	case host == "*": // ZeroMQ's word for every address of the machine
		host = ""
	case ip != nil && ip.To4() != nil:
		network = "tcp4" // or 0.0.0.0 would mean IPv6 too
	}
	var config net.ListenConfig
	config.SetMultipathTCP(false)
	l, err := config.Listen(context.Background(), network, net.JoinHostPort(host, strconv.Itoa(*port)))
	if err != nil {
		return nil, err
	}
	*port = l.Addr().(*net.TCPAddr).Port
	return l, nil
}

// bindIPC listens on path, for the same user only. A socket file whose kernel is gone is replaced: a killed kernel leaves
// its files, and its successor gets the same names.
func bindIPC(path string) (net.Listener, error) {
	if len(path) > maxPath {
		return nil, fmt.Errorf("path of %d bytes is longer than the %d that UNIX-domain sockets allow: %s", len(path), maxPath, path)
	}
	l, err := net.Listen("unix", path)
	if errors.Is(err, syscall.EADDRINUSE) && isStale(path) {
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("remove the socket of an ended kernel: %w", err)
		}
		l, err = net.Listen("unix", path)
	}
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// isStale reports whether path is a socket that nobody listens on.
func isStale(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&fs.ModeSocket == 0 {
		return false
	}
	c, err := net.Dial("unix", path)
	if err == nil {
		c.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}
