// A chat server with broadcast, after "The Go Programming Language", 8.10,
// with names and private messages.
package main

import (
	"bufio"
	"fmt"
	"log"
	"net"
	"slices"
	"strings"
)

type client struct {
	name string
	out  chan<- string
}

type message struct {
	from client
	text string
}

type hub struct {
	entering chan client
	leaving  chan client
	messages chan message
	quit     chan struct{}
}

func (h *hub) run() {
	clients := make(map[string]client)
	defer func() {
		for _, c := range clients {
			close(c.out)
		}
	}()
	tell := func(format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		for _, c := range clients {
			c.out <- text
		}
	}
	for {
		select {
		case c := <-h.entering:
			if _, taken := clients[c.name]; taken {
				c.out <- "! name taken"
				close(c.out)
				break
			}
			names := make([]string, 0, len(clients))
			for n := range clients {
				names = append(names, n)
			}
			slices.Sort(names)
			tell("+ %s", c.name)
			clients[c.name] = c
			c.out <- fmt.Sprintf("* here: %v", names)
		case c := <-h.leaving:
			if old, ok := clients[c.name]; ok && old == c {
				delete(clients, c.name)
				close(c.out)
				tell("- %s", c.name)
			}
		case m := <-h.messages:
			if to, rest, ok := strings.Cut(m.text, ": "); ok && strings.HasPrefix(to, "@") {
				if c, ok := clients[to[1:]]; ok {
					c.out <- fmt.Sprintf("(%s) %s", m.from.name, rest)
				} else {
					m.from.out <- "! nobody is called " + to[1:]
				}
				continue
			}
			tell("%s> %s", m.from.name, m.text)
		case <-h.quit:
			return
		}
	}
}

func (h *hub) handle(conn net.Conn) {
	ch := make(chan string, 16)
	go func() {
		for msg := range ch {
			fmt.Fprintln(conn, msg)
		}
		conn.Close()
	}()
	input := bufio.NewScanner(conn)
	if !input.Scan() {
		close(ch)
		return
	}
	who := client{name: input.Text(), out: ch}
	h.entering <- who
	for input.Scan() {
		h.messages <- message{who, input.Text()}
	}
	h.leaving <- who
}

// person is the other side, for the test.
type person struct {
	name string
	net.Conn
	in *bufio.Scanner
}

func join(addr, name string) *person {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	p := &person{name, c, bufio.NewScanner(c)}
	p.say(name)
	return p
}

func (p *person) say(text string) { fmt.Fprintln(p, text) }

func (p *person) hear(n int) {
	for range n {
		if !p.in.Scan() {
			fmt.Printf("%-6s| (end)\n", p.name)
			return
		}
		fmt.Printf("%-6s| %s\n", p.name, p.in.Text())
	}
}

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:")
	if err != nil {
		log.Fatal(err)
	}
	h := &hub{make(chan client), make(chan client), make(chan message), make(chan struct{})}
	go h.run()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go h.handle(c)
		}
	}()
	addr := l.Addr().String()
	alice := join(addr, "alice")
	alice.hear(1)
	bob := join(addr, "bob")
	bob.hear(1)
	alice.hear(1)
	carol := join(addr, "carol")
	carol.hear(1)
	alice.hear(1)
	bob.hear(1)
	alice.say("hello all")
	for _, p := range []*person{alice, bob, carol} {
		p.hear(1)
	}
	bob.say("@carol: a secret")
	carol.hear(1)
	bob.say("@dave: are you there?")
	bob.hear(1)
	thief := join(addr, "bob")
	thief.hear(2)
	carol.Close()
	alice.hear(1)
	bob.hear(1)
	close(h.quit)
	alice.hear(1)
	bob.hear(1)
	l.Close()
}
