// TCP's state machine (RFC 9293, figure 5) as an enumeration, a table of
// transitions and errors of its own.
package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

type State int

const (
	CLOSED State = iota
	LISTEN
	SYN_SENT
	SYN_RCVD
	ESTABLISHED
	FIN_WAIT_1
	FIN_WAIT_2
	CLOSE_WAIT
	CLOSING
	LAST_ACK
	TIME_WAIT
	numStates
)

var names = [numStates]string{
	CLOSED: "CLOSED", LISTEN: "LISTEN", SYN_SENT: "SYN-SENT", SYN_RCVD: "SYN-RECEIVED", ESTABLISHED: "ESTABLISHED",
	FIN_WAIT_1: "FIN-WAIT-1", FIN_WAIT_2: "FIN-WAIT-2", CLOSE_WAIT: "CLOSE-WAIT", CLOSING: "CLOSING", LAST_ACK: "LAST-ACK",
	TIME_WAIT: "TIME-WAIT",
}

func (s State) String() string {
	if s < 0 || s >= numStates {
		return fmt.Sprintf("State(%d)", int(s))
	}
	return names[s]
}

type Event string

type step struct {
	from State
	ev   Event
}

type action struct {
	to   State
	send string
}

var table = map[step]action{
	{CLOSED, "passive open"}:  {to: LISTEN},
	{CLOSED, "active open"}:   {SYN_SENT, "SYN"},
	{LISTEN, "rcv SYN"}:       {SYN_RCVD, "SYN,ACK"},
	{LISTEN, "send"}:          {SYN_SENT, "SYN"},
	{LISTEN, "close"}:         {to: CLOSED},
	{SYN_SENT, "rcv SYN"}:     {SYN_RCVD, "SYN,ACK"},
	{SYN_SENT, "rcv SYN,ACK"}: {ESTABLISHED, "ACK"},
	{SYN_SENT, "close"}:       {CLOSED, ""},
	{SYN_RCVD, "rcv ACK"}:     {ESTABLISHED, ""},
	{SYN_RCVD, "rcv RST"}:     {LISTEN, ""},
	{SYN_RCVD, "close"}:       {FIN_WAIT_1, "FIN"},
	{ESTABLISHED, "close"}:    {FIN_WAIT_1, "FIN"},
	{ESTABLISHED, "rcv FIN"}:  {CLOSE_WAIT, "ACK"},
	{FIN_WAIT_1, "rcv ACK"}:   {FIN_WAIT_2, ""},
	{FIN_WAIT_1, "rcv FIN"}:   {CLOSING, "ACK"},
	{FIN_WAIT_2, "rcv FIN"}:   {TIME_WAIT, "ACK"},
	{CLOSING, "rcv ACK"}:      {TIME_WAIT, ""},
	{CLOSE_WAIT, "close"}:     {LAST_ACK, "FIN"},
	{LAST_ACK, "rcv ACK"}:     {CLOSED, ""},
	{TIME_WAIT, "timeout"}:    {CLOSED, ""},
}

type TransitionError struct {
	State State
	Event Event
}

func (e *TransitionError) Error() string {
	return fmt.Sprintf("no way out of %v by %q", e.State, e.Event)
}

func (e *TransitionError) Is(target error) bool {
	t, ok := target.(*TransitionError)
	return ok && (t.Event == "" || t.Event == e.Event) && t.State == e.State
}

type Conn struct {
	name     string
	state    State
	history  []State
	observer func(from, to State)
}

func (c *Conn) On(events ...Event) error {
	for i, ev := range events {
		a, ok := table[step{c.state, ev}]
		if !ok {
			return fmt.Errorf("%s, event %d: %w", c.name, i+1, &TransitionError{c.state, ev})
		}
		if c.observer != nil {
			c.observer(c.state, a.to)
		}
		c.history = append(c.history, c.state)
		c.state = a.to
		if a.send != "" {
			fmt.Printf("%s sends %s\n", c.name, a.send)
		}
	}
	return nil
}

func reachable(from State) []State {
	seen := map[State]bool{from: true}
	for queue := []State{from}; len(queue) > 0; queue = queue[1:] {
		for k, a := range table {
			if k.from == queue[0] && !seen[a.to] {
				seen[a.to] = true
				queue = append(queue, a.to)
			}
		}
	}
	var out []State
	for s := range seen {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

func main() {
	visits := make(map[State]int)
	look := func(_, to State) { visits[to]++ }
	client := &Conn{name: "client", observer: look}
	server := &Conn{name: "server"}
	fmt.Println(server.On("passive open", "rcv SYN", "rcv ACK"))
	fmt.Println(client.On("active open", "rcv SYN,ACK", "close", "rcv ACK", "rcv FIN"))
	fmt.Println(server.On("rcv FIN", "close", "rcv ACK"), server.state)
	fmt.Printf("%v %d %s %+v %#v %x\n", client.state, client.state, client.state, client.state, client.state, client.state)
	fmt.Println(client.history, visits)

	err := client.On("timeout", "rcv FIN")
	var te *TransitionError
	fmt.Println(err)
	fmt.Println(errors.As(err, &te), te.State, te.Event)
	fmt.Println(errors.Is(err, &TransitionError{State: CLOSED}), errors.Is(err, &TransitionError{CLOSED, "close"}), errors.Is(err, &TransitionError{State: LISTEN}))
	fmt.Println(reachable(CLOSE_WAIT), len(reachable(CLOSED)) == int(numStates))
	fmt.Println(State(42), State(-1), []State{LISTEN, 77}, map[State]string{TIME_WAIT: "2MSL"})
	fmt.Printf("%v %+v %#v\n", server.history, step{LISTEN, "x"}, step{LISTEN, "x"})
	fmt.Printf("%-14s|%14v|%q|%T\n", SYN_RCVD, SYN_SENT, LISTEN, LISTEN)
	var degree [numStates]int
	for k := range table {
		degree[k.from]++
	}
	max := slices.Index(degree[:], slices.Max(degree[:]))
	fmt.Println(degree, State(max), strings.ToLower(State(max).String()))
}
