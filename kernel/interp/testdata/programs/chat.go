package main

import (
	"bufio"
	"encoding/gob"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand"
	"net"
	"net/netip"
	"net/rpc"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"
)

type State int

const (
	Closed State = iota
	Listen
	SynSent
	Established
)

//go:generate stringer
func (s State) String() string {
	return map[State]string{Closed: "CLOSED", Listen: "LISTEN", SynSent: "SYN_SENT", Established: "ESTABLISHED"}[s]
}

type Event struct {
	From, To State
	Why      string
}

type Machine struct {
	State
	log   []Event
	hooks map[State][]func(Event)
}

func (m *Machine) To(s State, why string) error {
	if m.State == Closed && s == Established {
		return &TransitionError{m.State, s}
	}
	e := Event{m.State, s, why}
	m.State = s
	m.log = append(m.log, e)
	for _, h := range m.hooks[s] {
		h(e)
	}
	return nil
}

func (m *Machine) On(s State, h func(Event)) {
	if m.hooks == nil {
		m.hooks = make(map[State][]func(Event))
	}
	m.hooks[s] = append(m.hooks[s], h)
}

type TransitionError struct{ From, To State }

func (e *TransitionError) Error() string { return fmt.Sprintf("%v -> %v not allowed", e.From, e.To) }

type client struct {
	name string
	out  chan<- string
}

type hub struct {
	join, leave chan *client
	msgs        chan string
	done        chan struct{}
}

func (h *hub) run() {
	clients := map[*client]bool{}
	for {
		select {
		case c := <-h.join:
			clients[c] = true
		case c := <-h.leave:
			if clients[c] {
				delete(clients, c)
				close(c.out)
			}
		case m := <-h.msgs:
			for c := range clients {
				select {
				case c.out <- m:
				default:
				}
			}
		case <-h.done:
			return
		}
	}
}

type Arith struct{ calls int }
type Args struct{ A, B int }

func (t *Arith) Mul(a *Args, reply *int) error {
	t.calls++
	if a.B == 0 {
		return errors.New("zero")
	}
	*reply = a.A * a.B
	return nil
}

type conn struct {
	net.Conn
	r  *bufio.Reader
	mu sync.Mutex
	n  int
}

func (c *conn) ReadLine() (string, error) {
	s, err := c.r.ReadString('\n')
	return strings.TrimRight(s, "\r\n"), err
}

func (c *conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, err := c.Conn.Write(p)
	c.n += n
	return n, err
}

func proxy(a, b net.Conn) {
	var wg sync.WaitGroup
	cp := func(dst, src net.Conn) {
		defer wg.Done()
		io.Copy(dst, src)
		if t, ok := dst.(*net.TCPConn); ok {
			t.CloseWrite()
		}
	}
	wg.Add(2)
	go cp(a, b)
	go cp(b, a)
	wg.Wait()
	a.Close()
	b.Close()
}

func main() {
	m := &Machine{}
	m.On(Established, func(e Event) { fmt.Println("hook", e) })
	var te *TransitionError
	if err := m.To(Established, "x"); errors.As(err, &te) {
		fmt.Println(err, te.From, *te)
	}
	m.To(Listen, "open")
	m.To(Established, "syn")
	fmt.Println(m, m.State, m.log)
	fmt.Printf("%+v\n", m.log)

	h := &hub{make(chan *client), make(chan *client), make(chan string), make(chan struct{})}
	go h.run()
	out := make(chan string, 3)
	c := &client{"a", out}
	h.join <- c
	h.msgs <- "hi"
	h.leave <- c
	for s := range out {
		fmt.Println("got", s)
	}
	close(h.done)

	srv := rpc.NewServer()
	fmt.Println(srv.Register(&Arith{}))
	p1, p2 := net.Pipe()
	go srv.ServeConn(p1)
	cl := rpc.NewClient(p2)
	var res int
	fmt.Println(cl.Call("Arith.Mul", &Args{6, 7}, &res), res)
	fmt.Println(cl.Call("Arith.Mul", &Args{6, 0}, &res))
	cl.Close()

	back, _ := net.Listen("tcp", "127.0.0.1:0")
	go func() {
		c, err := back.Accept()
		if err != nil {
			return
		}
		b, _ := io.ReadAll(c)
		fmt.Fprintf(c, "read %d", len(b))
		c.Close()
	}()
	front, _ := net.Listen("tcp", "127.0.0.1:0")
	go func() {
		a, _ := front.Accept()
		b, _ := net.Dial("tcp", back.Addr().String())
		proxy(a, b)
	}()
	nc, err := net.DialTimeout("tcp", front.Addr().String(), time.Second)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	cc := &conn{Conn: nc, r: bufio.NewReader(nc)}
	io.WriteString(cc, strings.Repeat("x", 1000))
	fmt.Fprintf(cc, "%s", "tail")
	cc.Conn.(*net.TCPConn).CloseWrite()
	s, err := cc.ReadLine()
	fmt.Println(s, err, cc.n)
	cc.SetDeadline(time.Now().Add(-time.Second))
	_, err = cc.Read(make([]byte, 1))
	var ne net.Error
	fmt.Println(errors.As(err, &ne) && ne.Timeout(), errors.Is(err, os.ErrDeadlineExceeded))

	var sb strings.Builder
	enc := gob.NewEncoder(&sb)
	fmt.Println(enc.Encode(Event{Listen, Closed, "bye"}))
	var ev Event
	fmt.Println(gob.NewDecoder(strings.NewReader(sb.String())).Decode(&ev), ev)
	re := regexp.MustCompile(`(\w+)=(\d+)`)
	fmt.Println(re.FindAllStringSubmatch("a=1 b=22", -1), re.ReplaceAllStringFunc("a=1", strings.ToUpper))
	ap := netip.MustParseAddrPort("10.0.0.1:80")
	fmt.Println(ap.Addr().Is4(), ap.Port(), ap, netip.MustParsePrefix("10.0.0.0/8").Contains(ap.Addr()))
	lg := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(g []string, a slog.Attr) slog.Attr {
		if a.Key == "time" {
			return slog.Attr{}
		}
		return a
	}}))
	lg.Info("hello", "state", Established, "n", 3)
	fl := flag.NewFlagSet("x", flag.ContinueOnError)
	port := fl.Int("port", 80, "the port")
	fmt.Println(fl.Parse([]string{"-port", "8080", "rest"}), *port, fl.Args())
	r := rand.New(rand.NewSource(1))
	fmt.Println(r.Intn(100), r.Perm(5))
	ua, _ := net.ResolveUDPAddr("udp", "127.0.0.1:0")
	uc, _ := net.ListenUDP("udp", ua)
	us, _ := net.DialUDP("udp", nil, uc.LocalAddr().(*net.UDPAddr))
	us.Write([]byte("dgram"))
	b := make([]byte, 10)
	n, from, err := uc.ReadFromUDP(b)
	fmt.Println(string(b[:n]), from.IP, err)
	d, err := time.ParseDuration("1h15m30.5s")
	fmt.Println(d, err, d.Round(time.Minute), time.Unix(0, 0).UTC().Format(time.RFC3339))
}
