package lab

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"sockbook/runtime/netns"
)

// Probe finds out what this place allows by doing it: it builds a lab of two
// hosts, makes a TCP connection between them through the hub, and takes it
// down. It returns what is lacking in a lab that works otherwise (Lab.Lacks),
// or the error for which there can be none, mostly a *netns.NotAllowedError.
// command is as in Config.
func Probe(ctx context.Context, command []string) (lacks []string, err error) {
	l, err := Up(ctx, Config{Hosts: []Host{{Name: "server"}, {Name: "client"}}, Isolate: true, Command: command})
	if err != nil {
		return nil, err
	}
	err = l.call(ctx, opProbe, nil, nil)
	return l.Lacks(), errors.Join(err, l.Down(ctx))
}

// probeTime bounds a connection that takes less than a millisecond.
const probeTime = 5 * time.Second

// probe makes a connection from the second host to the first.
func (w *world) probe(ctx context.Context) error {
	server, err := w.plugged("server")
	if err != nil {
		return err
	}
	client, err := w.plugged("client")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	var l net.Listener
	err = netns.Do(func() (err error) {
		l, err = (&net.ListenConfig{}).Listen(ctx, "tcp4", "10.0.0.1:7777")
		return err
	}, server.net)
	if err != nil {
		return fmt.Errorf("listen on a host: %w", err)
	}
	defer l.Close()
	err = netns.Do(func() error {
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp4", "10.0.0.1:7777")
		if err != nil {
			return err
		}
		return c.Close()
	}, client.net)
	if err != nil {
		return fmt.Errorf("connect one host to the other: %w", err)
	}
	return nil
}
