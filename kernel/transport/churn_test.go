package transport

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"sockbook/kernel/jupyter"

	"github.com/go-zeromq/zmq4"
)

// TestBindAddress listens where the connection file says, and nowhere else.
func TestBindAddress(t *testing.T) {
	for ip, want := range map[string]string{
		"": "127.0.0.1", "127.0.0.1": "127.0.0.1", "127.0.0.7": "127.0.0.7", "localhost": "127.0.0.1", "0.0.0.0": "0.0.0.0", "*": "::", "::1": "::1",
	} {
		t.Run("ip="+ip, func(t *testing.T) {
			port := 0
			l, err := bind(jupyter.Connection{Transport: jupyter.TCP, IP: ip}, &port)
			if err != nil {
				if _, v6 := net.Listen("tcp6", "[::1]:0"); v6 != nil && want == "::1" {
					t.Skip("this machine has no IPv6")
				}
				t.Fatal(err)
			}
			defer l.Close()
			got := l.Addr().(*net.TCPAddr)
			if ip == "localhost" && got.IP.IsLoopback() {
				return
			}
			if ip == "*" && got.IP.IsUnspecified() {
				return
			}
			if got.IP.String() != want || got.Port != port || port == 0 {
				t.Errorf("listens on %v, port %d, want %s", got, port, want)
			}
		})
	}
}

// TestChurn has frontends come, talk, and go at every point, in every way, while the kernel publishes and replies. A
// steady subscriber and a steady requester must not notice.
func TestChurn(t *testing.T) {
	s := testServer(t)
	steady := testSubscriber(t, s, "")
	const messages, guests, visits = 3000, 8, 25
	heard := make(chan error, 1)
	go func() {
		for i := range messages {
			frames, err := steady.tryRecv()
			if err == nil {
				_, err = steady.signer.Decode(frames)
			}
			if err != nil {
				heard <- fmt.Errorf("message %d: %w", i, err)
				return
			}
		}
		heard <- nil
	}()
	serving := make(chan struct{})
	go func() {
		defer close(serving)
		for req := range s.Shell() {
			reply, err := s.self.Reply(req, jupyter.ExecuteReply{})
			if err != nil {
				t.Error(err)
				continue
			}
			if err := s.Reply(Shell, reply); err != nil && !errors.Is(err, ErrNoPeer) && !errors.Is(err, ErrClosed) {
				t.Error(err)
			}
		}
	}()
	var guest sync.WaitGroup
	defer guest.Wait()
	for g := range guests {
		guest.Go(func() {
			dice := rand.New(rand.NewPCG(1, uint64(g)))
			for range visits {
				visit(t, s, dice)
			}
		})
	}
	steadyShell := dial(t, s, s.Connection().ShellPort, zmq4.Dealer, "guest")
	for i := range messages {
		say(t, s, fmt.Sprintf("line %d\n", i))
		if i%100 == 0 {
			id := steadyShell.request(jupyter.ExecuteRequestType, jupyter.ExecuteRequest{Code: "x"})
			for steadyShell.recv().Parent.ID != id { // replies to guests that are gone: all have one identity
			}
		}
	}
	guest.Wait()
	if err := <-heard; err != nil {
		t.Error(err)
	}
	await(t, "all guests leave", func() bool { return len(s.iopub.members()) == 1 })
	s.Close()
	<-serving
}

// visit is one frontend that leaves without a word at some point.
func visit(t *testing.T, s *Server, dice *rand.Rand) {
	c := s.Connection()
	ports := []int{c.ShellPort, c.IOPubPort, c.HeartbeatPort, c.ControlPort}
	which := dice.IntN(len(ports))
	raw, err := net.Dial("tcp", net.JoinHostPort(c.IP, strconv.Itoa(ports[which])))
	if err != nil {
		t.Error(err)
		return
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(patience))
	typ := []string{"DEALER", "SUB", "REQ", "DEALER"}[which]
	text := append(greeting(3, byte(dice.IntN(2)), "NULL"), ready(typ, "guest")...)
	if which == 1 {
		text = append(text, 0, 1, 1)
	}
	signer, _ := c.Signer()
	m, _ := jupyter.NewOrigin(jupyter.NewID(), "", time.Now).New(jupyter.ExecuteRequestType, jupyter.Header{}, jupyter.ExecuteRequest{Code: "x"})
	frames, _ := signer.Encode(m)
	for i, f := range frames {
		flags := byte(flagMore)
		if i == len(frames)-1 {
			flags = 0
		}
		text = append(append(text, long(flags, uint64(len(f)))...), f...)
	}
	if dice.IntN(2) == 0 {
		text = text[:dice.IntN(len(text))]
	}
	raw.Write(text)
	if tcp := raw.(*net.TCPConn); dice.IntN(3) == 0 {
		tcp.SetLinger(0) // leave with a reset
	}
	raw.Read(make([]byte, 1+dice.IntN(300)))
}
