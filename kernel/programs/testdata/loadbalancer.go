// A TCP load balancer with strategies behind an interface and health marks.
package main

import (
	"bufio"
	"container/heap"
	"fmt"
	"io"
	"log"
	"net"
	"sort"
	"strings"
	"sync"
)

type Backend struct {
	Name  string
	Addr  string
	Alive bool
	Conns int
	index int
}

func (b Backend) String() string { return fmt.Sprintf("%s(%d,%t)", b.Name, b.Conns, b.Alive) }

type Strategy interface {
	Next(bs []*Backend) *Backend
}

type StrategyFunc func([]*Backend) *Backend

func (f StrategyFunc) Next(bs []*Backend) *Backend { return f(bs) }

func RoundRobin() Strategy {
	i := -1
	return StrategyFunc(func(bs []*Backend) *Backend {
		for range bs {
			i = (i + 1) % len(bs)
			if bs[i].Alive {
				return bs[i]
			}
		}
		return nil
	})
}

type connHeap []*Backend

func (h connHeap) Len() int { return len(h) }
func (h connHeap) Less(i, j int) bool {
	if h[i].Conns != h[j].Conns {
		return h[i].Conns < h[j].Conns
	}
	return h[i].Name < h[j].Name
}
func (h connHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *connHeap) Push(x any) {
	b := x.(*Backend)
	b.index = len(*h)
	*h = append(*h, b)
}
func (h *connHeap) Pop() any {
	old := *h
	n := len(old)
	x := old[n-1]
	*h = old[:n-1]
	return x
}

type LeastConns struct{}

func (LeastConns) Next(bs []*Backend) *Backend {
	var h connHeap
	for _, b := range bs {
		if b.Alive {
			heap.Push(&h, b)
		}
	}
	if h.Len() == 0 {
		return nil
	}
	return heap.Pop(&h).(*Backend)
}

type Balancer struct {
	mu       sync.Mutex
	backends []*Backend
	strategy Strategy
}

func (lb *Balancer) pick() (*Backend, error) {
	lb.mu.Lock()
	defer lb.mu.Unlock()
	b := lb.strategy.Next(lb.backends)
	if b == nil {
		return nil, fmt.Errorf("%T: all %d backends are down", lb.strategy, len(lb.backends))
	}
	b.Conns++
	return b, nil
}

func (lb *Balancer) handle(c net.Conn) {
	defer c.Close()
	for {
		b, err := lb.pick()
		if err != nil {
			fmt.Fprintln(c, err)
			return
		}
		up, err := net.Dial("tcp", b.Addr)
		if err != nil {
			lb.mu.Lock()
			b.Alive = false
			b.Conns--
			lb.mu.Unlock()
			continue
		}
		defer up.Close()
		io.Copy(c, up)
		return
	}
}

func startBackend(name string) (net.Listener, *Backend) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			fmt.Fprintf(c, "I am %s\n", name)
			c.Close()
		}
	}()
	return l, &Backend{Name: name, Addr: l.Addr().String(), Alive: true}
}

func try(lb *Balancer, n int) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	got := map[string]int{}
	for range n {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			log.Fatal(err)
		}
		s, err := l.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go lb.handle(s)
		line, _ := bufio.NewReader(c).ReadString('\n')
		got[strings.TrimSpace(line)]++
		c.Close()
	}
	keys := []string{}
	for k := range got {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Printf("  %s: %d\n", k, got[k])
	}
	fmt.Println(" ", lb.backends[0], *lb.backends[1], lb.backends[2])
}

func main() {
	var ls []net.Listener
	lb := &Balancer{strategy: RoundRobin()}
	for _, name := range []string{"red", "green", "blue"} {
		l, b := startBackend(name)
		ls = append(ls, l)
		lb.backends = append(lb.backends, b)
	}
	fmt.Println("round robin")
	try(lb, 9)
	fmt.Println("least connections")
	lb.backends[1].Conns = 0
	lb.strategy = LeastConns{}
	try(lb, 6)
	ls[2].Close()
	fmt.Println("blue is down")
	lb.strategy = RoundRobin()
	try(lb, 6)
	ls[0].Close()
	ls[1].Close()
	fmt.Println("all down")
	lb.strategy = &LeastConns{}
	try(lb, 1)
}
