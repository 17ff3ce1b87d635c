// Contexts: trees, values, causes, deadlines, AfterFunc, WithoutCancel, and a
// context type of one's own.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

type key int

const (
	userKey key = iota
	traceKey
)

type User struct{ Name string }

func withUser(ctx context.Context, u *User) context.Context {
	return context.WithValue(ctx, userKey, u)
}

func userFrom(ctx context.Context) (*User, bool) {
	u, ok := ctx.Value(userKey).(*User)
	return u, ok
}

// countdown is a context that is done after n looks at Err.
type countdown struct {
	context.Context
	n    int
	done chan struct{}
}

var errCountdown = errors.New("countdown is over")

func (c *countdown) Done() <-chan struct{} { return c.done }
func (c *countdown) Err() error {
	if c.n--; c.n == 0 {
		close(c.done)
	}
	if c.n <= 0 {
		return errCountdown
	}
	return nil
}

func (c *countdown) String() string { return fmt.Sprintf("countdown(%d)", c.n) }

type node struct {
	name     string
	ctx      context.Context
	cancel   context.CancelFunc
	children []*node
}

func (n *node) add(name string) *node {
	c := &node{name: name}
	c.ctx, c.cancel = context.WithCancel(n.ctx)
	n.children = append(n.children, c)
	return c
}

func (n *node) walk(depth int, f func(int, *node)) {
	f(depth, n)
	for _, c := range n.children {
		c.walk(depth+1, f)
	}
}

func show(root *node) {
	root.walk(0, func(d int, n *node) {
		state := "alive"
		if err := n.ctx.Err(); err != nil {
			state = err.Error()
		}
		fmt.Printf("%*s%s: %s\n", d*2, "", n.name, state)
	})
}

func main() {
	bg := context.Background()
	root := &node{name: "root", ctx: bg, cancel: func() {}}
	a, b := root.add("a"), root.add("b")
	a1 := a.add("a1")
	a.add("a2")
	b.add("b1")
	a1.cancel()
	show(root)
	a.cancel()
	b.children[0].ctx = context.WithoutCancel(a.ctx)
	show(root)

	ctx := withUser(context.WithValue(bg, traceKey, "t-1"), &User{"ann"})
	ctx = context.WithValue(ctx, "userKey", 42)
	u, ok := userFrom(ctx)
	fmt.Println(u.Name, ok, ctx.Value(traceKey), ctx.Value(key(99)), ctx.Value("userKey"), ctx.Value(0))
	_, ok = userFrom(bg)
	fmt.Println(ok)

	ctx, cancel := context.WithTimeoutCause(bg, time.Millisecond, errors.New("my own reason"))
	<-ctx.Done()
	fmt.Println(ctx.Err(), "/", context.Cause(ctx), errors.Is(ctx.Err(), context.DeadlineExceeded))
	cancel()
	var te interface{ Timeout() bool }
	fmt.Println(errors.As(ctx.Err(), &te) && te.Timeout())

	ctx, cancelCause := context.WithCancelCause(bg)
	ran := make(chan string, 2)
	context.AfterFunc(ctx, func() { ran <- "after" })
	stop := context.AfterFunc(ctx, func() { ran <- "never" })
	fmt.Println(stop(), stop())
	cancelCause(fmt.Errorf("wrapped: %w", errCountdown))
	cancelCause(errors.New("second is ignored"))
	fmt.Println(<-ran, context.Cause(ctx), errors.Is(context.Cause(ctx), errCountdown))

	own := &countdown{Context: bg, n: 3, done: make(chan struct{})}
	child, cancel := context.WithCancel(own)
	defer cancel()
	var steps int
	for own.Err() == nil {
		steps++
	}
	<-child.Done()
	fmt.Println(steps, child.Err(), context.Cause(child))
	var c context.Context = own
	if s, ok := c.(fmt.Stringer); ok {
		fmt.Println(s.String() != "", s != nil)
	}
	fmt.Println(bg, context.TODO(), context.WithValue(bg, traceKey, "x"))
	_, has := bg.Deadline()
	fmt.Println(has)
}
