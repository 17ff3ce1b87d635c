package stage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/kernel/directive"
	"sockbook/kernel/hint"
	"sockbook/runtime/lab"
	"sockbook/runtime/trace"
	"sockbook/runtime/wire"
)

// shutdownGrace is how long processes have after SIGTERM when their host is
// shut down.
const shutdownGrace = 2 * time.Second

// Directives are what cells may ask of the stage.
func (s *Stage) Directives() []directive.Directive {
	all := s.directives()
	for i := range all {
		if run := all[i].Run; run != nil {
			all[i].Run = func(ctx context.Context, args []string, out directive.Output) error {
				return advised(run(ctx, args, out))
			}
		}
	}
	return all
}

// advised returns err with the hint that the lab or the wire gave for it.
func advised(err error) error {
	var (
		misuse *lab.Error
		rule   *wire.RuleError
	)
	switch {
	case errors.As(err, &misuse) && misuse.Hint != "":
		return hint.Add(err, misuse.Hint)
	case errors.As(err, &rule) && rule.Hint != "":
		return hint.Add(err, rule.Hint)
	}
	return err
}

func (s *Stage) directives() []directive.Directive {
	return []directive.Directive{
		{Name: "on", Usage: "%%on PROCESS[@HOST] [&]", Cell: s.on, Complete: s.names,
			Help: "Run this cell in that process, which is made on first use, on a host of its own name unless said. With & in the background: its output keeps arriving under the cell."},
		{Name: "wire", Usage: "%%wire [backoff|states], %wire last|backoff|states, %wire save FILE.pcapng", Cell: s.drawWire, Run: s.wireLine,
			Help: "Run this cell and draw every packet that it causes between hosts, with the calls behind them; what stays within the host is drawn from the calls alone. " +
				"backoff draws retransmissions and probes to scale beside it, states the TCP states that the newest connection went through. " +
				"The line shows the last drawing again, or another of the same packets, or saves them for Wireshark.",
			Complete: func(args []string) []string {
				if len(args) > 1 {
					return nil
				}
				return []string{"last", "backoff", "states", "save"}
			}},
		{Name: "states", Usage: "%states [HOST[:PORT]]", Run: s.states, Complete: s.hostNames,
			Help: "Draw the eleven TCP states, and in them the way that the newest connection took, of a host or port if one is named."},
		{Name: "queues", Usage: "%queues [HOST[:PORT]]", Run: s.queues, Complete: s.hostNames,
			Help: "Draw what waits in the queues of sockets: connections before accept and in the handshake, bytes not read, not sent or not acknowledged."},
		{Name: "ps", Usage: "%ps", Run: s.ps, Help: "List the processes: where they run and what they do."},
		{Name: "hosts", Usage: "%hosts", Run: s.hosts, Help: "List the hosts with their addresses."},
		{Name: "sockets", Usage: "%sockets [HOST]", Run: s.sockets, Complete: s.hostNames,
			Help: "List every socket with its state, queues, timers and options, and say in words what it waits for."},
		{Name: "kill", Usage: "%kill PROCESS [SIGNAL]", Run: s.kill, Complete: s.names, Help: "Send a process a signal, SIGTERM unless said, as kill(1) does."},
		{Name: "interrupt", Usage: "%interrupt PROCESS", Run: s.interrupt, Complete: s.names, Help: "End the cell that runs in a process; its variables are kept."},
		{Name: "wait", Usage: "%wait PROCESS", Run: s.wait, Complete: s.names, Help: "Wait until the cell that runs in a process has ended, and its picture is drawn."},
		{Name: "restart", Usage: "%restart PROCESS", Run: s.restart, Complete: s.names, Help: "End a process; its next cell runs in a fresh one."},
		{Name: "crash", Usage: "%crash HOST", Run: s.crash, Complete: s.hostNames, Help: "Take a host's power away: silence."},
		{Name: "reboot", Usage: "%reboot HOST", Run: s.reboot, Complete: s.hostNames, Help: "Start a host again. It knows nothing of its old connections: it answers their packets by RST."},
		{Name: "shutdown", Usage: "%shutdown HOST", Run: s.shutdown, Complete: s.hostNames, Help: "Shut a host down as init does: SIGTERM, then SIGKILL, then silence."},
		{Name: "cut", Usage: "%cut HOST HOST", Run: s.cut, Complete: s.hostNames, Help: "Cut the cable between two hosts: every frame is lost."},
		{Name: "heal", Usage: "%heal [HOST HOST]", Run: s.heal, Complete: s.hostNames, Help: "Take back all that was done to the link between two hosts, or to all links."},
		{Name: "delay", Usage: "%delay HOST HOST DURATION", Run: s.delay, Complete: s.hostNames, Help: "Let every frame between two hosts take longer, in both directions, e.g. 20ms; 0 ends it."},
		{Name: "drop", Usage: "%drop HOST HOST [WHICH]", Run: s.drop, Complete: s.hostNames,
			Help: "Lose some frames between two hosts, e.g. third SYN, every FIN, next ACK from server, 30% seed 7."},
		{Name: "unreachable", Usage: "%unreachable HOST HOST [host|net|prohibited|arp]", Run: s.unreachable, Complete: s.hostNames,
			Help: "Let a router answer by ICMP that the other host cannot be reached; with arp, let nobody know its Ethernet address."},
		{Name: "rules", Usage: "%rules", Run: s.rules, Help: "List what is done to links: cut, delay, drop and unreachable."},
		{Name: "sysctl", Usage: "%sysctl HOST [NAME[=VALUE …]]", Run: s.sysctl, Complete: s.sysctlNames,
			Help: "Show or set a setting of a host's network, e.g. tcp_retries2=3; without a name, list those that matter."},
	}
}

// one returns the only argument.
func one(args []string) (string, error) {
	if len(args) != 1 {
		return "", fmt.Errorf("want one name, have %d", len(args))
	}
	return args[0], nil
}

// named returns the process that is the only argument.
func (s *Stage) named(args []string) (*Process, error) {
	name, err := one(args)
	if err != nil {
		return nil, err
	}
	return s.known(name)
}

// two returns the names of two hosts, and the rest.
func two(args []string) (a, b string, rest []string, err error) {
	if len(args) < 2 {
		return "", "", nil, fmt.Errorf("want the names of two hosts, have %d", len(args))
	}
	return args[0], args[1], args[2:], nil
}

func (s *Stage) on(_ context.Context, args []string, plan *directive.Plan) error {
	if n := len(args); n > 1 && args[n-1] == "&" {
		plan.Background, args = true, args[:n-1]
	} else if n == 1 && strings.HasSuffix(args[0], "&") {
		plan.Background, args = true, []string{strings.TrimSuffix(args[0], "&")}
	}
	name, err := one(args)
	if err != nil {
		return err
	}
	process, host, _ := strings.Cut(name, "@")
	if _, err := s.ProcessOn(process, host); err != nil {
		return err
	}
	plan.Process = process
	return nil
}

func (s *Stage) ps(_ context.Context, _ []string, out directive.Output) error {
	rows := [][]string{{"process", "host", "pid", "does"}}
	for _, p := range s.all() {
		pid, does := "-", "not started, or ended"
		if n := p.PID(); n > 0 {
			pid, does = fmt.Sprint(n), "waits for a cell"
		}
		if cell, busy := p.running(); busy != nil {
			does = "runs cell " + cell
		}
		rows = append(rows, []string{p.Name, p.Host, pid, does})
	}
	if len(rows) == 1 {
		out.Stream("stdout", "There are no processes: no cell has run yet.\n")
		return nil
	}
	return table(out, rows)
}

func (s *Stage) hosts(ctx context.Context, _ []string, out directive.Output) error {
	l, err := s.network()
	if err != nil {
		return err
	}
	hosts, err := l.Hosts(ctx)
	if err != nil {
		return err
	}
	rows := [][]string{{"host", "is", "IPv4", "IPv6", "Ethernet", "set"}}
	for _, h := range hosts {
		var set []string
		for name, value := range h.Sysctl {
			set = append(set, name[strings.LastIndexByte(name, '.')+1:]+"="+value)
		}
		slices.Sort(set)
		rows = append(rows, []string{h.Name, string(h.Power), h.IPv4.String(), h.IPv6.String(), h.MAC, strings.Join(set, " ")})
	}
	return table(out, rows)
}

func (s *Stage) sockets(ctx context.Context, args []string, out directive.Output) error {
	host := ""
	if len(args) > 0 {
		var err error
		if host, err = one(args); err != nil {
			return err
		}
	}
	l, err := s.having(ctx, host)
	if err != nil {
		return err
	}
	sockets, err := l.Sockets(ctx, host)
	if err != nil {
		return err
	}
	rows := [][]string{{"host", "socket", "state", "local", "remote", "to read", "to send", "options", "in words"}}
	for _, k := range sockets {
		remote, toRead := "*", fmt.Sprint(k.ReceiveQueue)
		if k.Remote.Port() != 0 {
			remote = k.Remote.String()
		}
		if k.State == wire.Listen.String() {
			toRead = fmt.Sprintf("%d of %d+1 to accept", k.Waiting, k.Backlog)
		}
		rows = append(rows, []string{k.Host, k.Protocol, k.State, k.Local.String(), remote, toRead, fmt.Sprint(k.SendQueue), strings.Join(k.Options, ", "), strings.Join(k.Words, "; ")})
	}
	if len(rows) == 1 {
		out.Stream("stdout", "There are no sockets.\n")
		return nil
	}
	return table(out, rows)
}

func (s *Stage) kill(ctx context.Context, args []string, _ directive.Output) error {
	signal := "SIGTERM"
	if len(args) == 2 {
		signal, args = strings.ToUpper(args[1]), args[:1]
	}
	name, err := one(args)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(signal, "SIG") {
		signal = "SIG" + signal
	}
	sig := unix.SignalNum(signal)
	if sig == 0 {
		return fmt.Errorf("there is no signal %s", signal)
	}
	p, err := s.known(name)
	if err != nil {
		return err
	}
	running := p.holds()
	if err := p.Signal(sig, ""); err != nil || sig != unix.SIGKILL {
		return err
	}
	return allOf(ctx, running)
}

func (s *Stage) interrupt(_ context.Context, args []string, _ directive.Output) error {
	p, err := s.named(args)
	if err != nil {
		return err
	}
	p.Interrupt()
	return nil
}

func (s *Stage) wait(ctx context.Context, args []string, _ directive.Output) error {
	p, err := s.named(args)
	if err != nil {
		return err
	}
	return allOf(ctx, p.holds())
}

// allOf waits until all of them are closed.
func allOf(ctx context.Context, ends []<-chan struct{}) error {
	for _, ended := range ends {
		select {
		case <-ended:
		case <-ctx.Done():
			return errors.New("interrupted")
		}
	}
	return nil
}

func (s *Stage) restart(_ context.Context, args []string, _ directive.Output) error {
	p, err := s.named(args)
	if err != nil {
		return err
	}
	p.Restart()
	return nil
}

// having returns the network of hosts once it is sure that these are among
// them; "" stands for any.
func (s *Stage) having(ctx context.Context, hosts ...string) (*lab.Lab, error) {
	l, err := s.network()
	if err != nil {
		return nil, err
	}
	all, err := l.Hosts(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, h := range all {
		names = append(names, h.Name)
	}
	for _, name := range hosts {
		if name != "" && !slices.Contains(names, name) {
			return nil, hint.Add(fmt.Errorf("there is no host %q", name), "there are "+strings.Join(names, ", ")+"; a cell that begins with %%on "+name+" makes it.")
		}
	}
	return l, nil
}

// onHost does something to a host that ends its processes.
func (s *Stage) onHost(ctx context.Context, args []string, why string, down, up bool, do func(l *lab.Lab, host string) error) error {
	host, err := one(args)
	if err != nil {
		return err
	}
	l, err := s.having(ctx, host)
	if err != nil {
		return err
	}
	for _, p := range s.all() {
		if p.Host == host {
			p.Expect("its host " + why)
		}
	}
	began := time.Now()
	if err := do(l, host); err != nil {
		return err
	}
	at := time.Now() // a host is up, or shut down, when all is done
	switch why {
	case crashed:
		at = began
	case wasShutDown:
		s.mark(began, host, "SIGTERM", false, false)
	}
	s.mark(at, host, why, down, up)
	return nil
}

// What was done to hosts, in words.
const (
	crashed     = "crashed"
	rebooted    = "rebooted"
	wasShutDown = "was shut down"
)

func (s *Stage) crash(ctx context.Context, args []string, _ directive.Output) error {
	return s.onHost(ctx, args, crashed, true, false, func(l *lab.Lab, host string) error { return l.Crash(ctx, host) })
}

func (s *Stage) reboot(ctx context.Context, args []string, _ directive.Output) error {
	return s.onHost(ctx, args, rebooted, false, true, func(l *lab.Lab, host string) error { return l.Reboot(ctx, host) })
}

func (s *Stage) shutdown(ctx context.Context, args []string, _ directive.Output) error {
	return s.onHost(ctx, args, wasShutDown, true, false, func(l *lab.Lab, host string) error { return l.Shutdown(ctx, host, shutdownGrace) })
}

// onLink does something to the link between two hosts.
func (s *Stage) onLink(ctx context.Context, args []string, what string, do func(l *lab.Lab, a, b string, rest []string) error) error {
	a, b, rest, err := two(args)
	if err != nil {
		return err
	}
	l, err := s.having(ctx, a, b)
	if err != nil {
		return err
	}
	at := time.Now()
	if err := do(l, a, b, rest); err != nil {
		return err
	}
	s.mark(at, "", strings.TrimSpace(what+" "+strings.Join(args, " ")), false, false)
	return nil
}

func (s *Stage) cut(ctx context.Context, args []string, _ directive.Output) error {
	return s.onLink(ctx, args, "cut", func(l *lab.Lab, a, b string, rest []string) error {
		if len(rest) > 0 {
			return fmt.Errorf("do not know what to do with %q", rest)
		}
		return l.Cut(ctx, a, b)
	})
}

func (s *Stage) heal(ctx context.Context, args []string, out directive.Output) error {
	healed := func(n int, err error) error {
		if err == nil && n == 0 {
			out.Stream("stdout", "Nothing was done to it.\n")
		}
		return err
	}
	if len(args) == 0 {
		l, err := s.network()
		if err != nil {
			return err
		}
		s.mark(time.Now(), "", "heal", false, false)
		return healed(l.HealAll(ctx))
	}
	return s.onLink(ctx, args, "heal", func(l *lab.Lab, a, b string, _ []string) error { return healed(l.Heal(ctx, a, b)) })
}

func (s *Stage) delay(ctx context.Context, args []string, _ directive.Output) error {
	return s.onLink(ctx, args, "delay", func(l *lab.Lab, a, b string, rest []string) error {
		if len(rest) != 1 {
			return errors.New("want a duration such as 20ms")
		}
		d, err := time.ParseDuration(rest[0])
		if err != nil && rest[0] != "0" {
			return fmt.Errorf("%q is no duration such as 20ms or 1.5s", rest[0])
		}
		return l.Delay(ctx, a, b, d)
	})
}

func (s *Stage) drop(ctx context.Context, args []string, _ directive.Output) error {
	return s.onLink(ctx, args, "drop", func(l *lab.Lab, _, _ string, _ []string) error {
		r, err := wire.ParseRule("drop " + strings.Join(args, " "))
		if err != nil {
			return err
		}
		return l.AddRule(ctx, r)
	})
}

func (s *Stage) unreachable(ctx context.Context, args []string, _ directive.Output) error {
	return s.onLink(ctx, args, "unreachable", func(l *lab.Lab, a, b string, rest []string) error {
		codes := map[string]wire.Code{"host": wire.HostUnreachable, "net": wire.NetUnreachable, "prohibited": wire.Prohibited}
		switch {
		case len(rest) == 0:
			return l.Unreachable(ctx, a, b, wire.HostUnreachable)
		case len(rest) == 1 && rest[0] == "arp":
			return l.NoARP(ctx, a, b)
		case len(rest) == 1:
			if code, ok := codes[rest[0]]; ok {
				return l.Unreachable(ctx, a, b, code)
			}
		}
		return fmt.Errorf("do not know %q", rest)
	})
}

func (s *Stage) rules(ctx context.Context, _ []string, out directive.Output) error {
	l, err := s.network()
	if err != nil {
		return err
	}
	rules, err := l.Rules(ctx)
	if err != nil {
		return err
	}
	if len(rules) == 0 {
		out.Stream("stdout", "All links are whole.\n")
	}
	for _, r := range rules {
		out.Stream("stdout", r.String()+"\n")
	}
	return nil
}

func (s *Stage) sysctl(ctx context.Context, args []string, out directive.Output) error {
	if len(args) == 0 {
		return errors.New("want a host, and then perhaps NAME or NAME=VALUE")
	}
	l, err := s.having(ctx, args[0])
	if err != nil {
		return err
	}
	if len(args) == 1 {
		rows := [][]string{{"name", "value", "what it is"}}
		for _, info := range lab.Sysctls {
			value, err := l.Sysctl(ctx, args[0], info.Name)
			if err != nil {
				return err
			}
			rows = append(rows, []string{info.Name, value, info.What})
		}
		return table(out, rows)
	}
	name, value, set := strings.Cut(strings.Join(args[1:], " "), "=") // a value may be several numbers
	if !set {
		value, err := l.Sysctl(ctx, args[0], name)
		if err == nil {
			out.Stream("stdout", name+" = "+strings.ReplaceAll(value, "\t", " ")+"\n")
		}
		return err
	}
	before, err := l.Sysctl(ctx, args[0], name)
	if err != nil {
		return err
	}
	now, err := l.SetSysctl(ctx, args[0], name, value)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings = changed(s.settings, setting{args[0], name, before, now})
	s.marks = append(s.marks, trace.Mark{Time: time.Now(), Host: args[0], Text: name + "=" + now})
	return nil
}

// names completes processes.
func (s *Stage) names([]string) []string {
	var names []string
	for _, p := range s.all() {
		names = append(names, p.Name)
	}
	return names
}

// hostNames completes hosts.
func (s *Stage) hostNames([]string) []string {
	var names []string
	for _, p := range s.all() {
		if !slices.Contains(names, p.Host) {
			names = append(names, p.Host)
		}
	}
	return names
}

func (s *Stage) sysctlNames(args []string) []string {
	if len(args) < 2 {
		return s.hostNames(args)
	}
	var names []string
	for _, info := range lab.Sysctls {
		names = append(names, info.Name)
	}
	return names
}
