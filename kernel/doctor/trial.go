package doctor

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"sockbook/kernel/worker"
	"sockbook/runtime/display/sink"
)

// step is a cell of a trial. Those that fail make what follows untried.
type step struct {
	shows Name   // what works when this cell does
	cell  string // empty want: it must only not fail
	want  string // in what it shows
	means string // what failed, in plain words
}

// onHosts are the cells by which a lab is tried: the very things that lessons do.
var onHosts = []step{
	{"", "%%on server\nimport (\"io\"; \"net\")\nlistener, err := net.Listen(\"tcp\", \":7777\")\nif err != nil { panic(err) }", "", "a process on a host cannot listen"},
	{"", "%%on server &\nconn, err := listener.Accept()\nif err != nil { panic(err) }\nio.Copy(conn, conn)", "", "a process on a host cannot wait"},
	{Hosts, "%%on client\nimport (\"fmt\"; \"io\"; \"net\")\nconn, err := net.Dial(\"tcp\", \"server:7777\")\nif err != nil { panic(err) }\n" +
		"fmt.Fprint(conn, \"echo\")\nbuf := make([]byte, 4)\nif _, err := io.ReadFull(conn, buf); err != nil { panic(err) }\nfmt.Println(string(buf))", "echo", "one host cannot reach the other"},
	{Settings, "%sysctl client tcp_retries2=5\n%sysctl client tcp_retries2", "5", "a host's settings cannot be changed"},
	{Pictures, "%%on client\n%%wire\nfmt.Fprint(conn, \"more\")\nif _, err := io.ReadFull(conn, buf); err != nil { panic(err) }", "PSH", "packets cannot be seen"},
}

// onOne is the cell by which the machine's own loopback is tried; with hosts, it
// is that of the host "local".
var onOne = []step{
	{Run, "import (\"fmt\"; \"io\"; \"net\")\nlistener, err := net.Listen(\"tcp\", \"127.0.0.1:0\")\nif err != nil { panic(err) }\n" +
		"go func() { c, err := listener.Accept(); if err == nil { io.Copy(c, c); c.Close() } }()\n" +
		"conn, err := net.Dial(\"tcp\", listener.Addr().String())\nif err != nil { panic(err) }\nfmt.Fprint(conn, \"echo\")\nbuf := make([]byte, 4)\n" +
		"if _, err := io.ReadFull(conn, buf); err != nil { panic(err) }\nfmt.Println(string(buf))\nconn.Close()\nlistener.Close()", "echo", "a cell has no sockets"},
}

// cellWait bounds a cell of a trial, which takes some milliseconds.
const cellWait = 20 * time.Second

// trial is what came of trying.
type trial struct {
	works map[Name]bool
	why   map[Name]string
}

// trial runs the cells.
func (c Config) trial(ctx context.Context, noLab bool) *trial {
	t := &trial{works: map[Name]bool{}, why: map[Name]string{}}
	cells := c.Cells(noLab)
	defer cells.Close()
	t.steps(ctx, cells, onOne)
	if noLab {
		return t
	}
	t.steps(ctx, cells, onHosts)
	return t
}

// steps runs cells. One that stands for nothing but what comes later ends it.
func (t *trial) steps(ctx context.Context, cells Cells, steps []step) {
	broken := ""
	for i, s := range steps {
		if broken == "" {
			if err := run(ctx, cells, fmt.Sprint("doctor-", i+1), s); err != nil {
				if why := fmt.Sprintf("%s: %v", s.means, err); s.shows == "" || s.shows == Hosts {
					broken = why
				} else {
					t.why[s.shows] = why
					continue
				}
			}
		}
		if s.shows == "" {
			continue
		}
		t.works[s.shows], t.why[s.shows] = broken == "", broken
	}
}

func (t *trial) ability(name Name, about string) Ability {
	a := Ability{Name: name, Works: t.works[name], About: about, Why: t.why[name]}
	if !a.Works && a.Why == "" {
		a.Why = "it was not tried"
	}
	return a
}

// run runs a cell of a trial.
func run(ctx context.Context, cells Cells, name string, s step) error {
	stop := context.AfterFunc(ctx, cells.Interrupt)
	defer stop()
	limit := time.AfterFunc(cellWait, cells.Interrupt)
	defer limit.Stop()
	var out output
	outcome, err := cells.Run(name, s.cell, &out)
	switch {
	case err != nil:
		return err
	case outcome.Failure != nil:
		return outcome.Failure
	case !strings.Contains(out.text(), s.want):
		return fmt.Errorf("no %q in what it shows: %.200q", s.want, out.text())
	}
	return nil
}

// output keeps what a trial's cell shows as text. Cells in the background may
// still write when it is read.
type output struct {
	mu   sync.Mutex
	kept strings.Builder
}

func (o *output) text() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.kept.String()
}

func (o *output) Stream(_, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept.WriteString(text)
}

func (o *output) Display(m sink.Message) {
	if text, ok := m.Data["text/plain"].(string); ok {
		o.Stream("stdout", text)
	}
}

func (o *output) Input(context.Context) (string, error) { return "", worker.ErrNoInput }
