// Lines over TCP with a command table and replies in the style of SMTP.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"log"
	"net"
	"net/textproto"
	"sort"
	"strings"
)

type reply struct {
	code int
	text string
}

func (r reply) String() string { return fmt.Sprintf("%03d %s", r.code, r.text) }

// envelope is what a client says before the message.
type envelope struct {
	from string
	to   []string
	data strings.Builder
}

type state int

const (
	start state = iota
	greeted
	mail
	rcpt
)

var stateNames = [...]string{start: "start", greeted: "greeted", mail: "mail", rcpt: "rcpt"}

func (s state) String() string { return stateNames[s] }

type session struct {
	*textproto.Conn
	state state
	env   envelope
	box   map[string][]string
	quit  bool
}

type command func(s *session, arg string) reply

var commands map[string]command

func init() {
	commands = map[string]command{
		"HELO": (*session).helo,
		"MAIL": (*session).mailFrom,
		"RCPT": (*session).rcptTo,
		"DATA": (*session).dataCmd,
		"NOOP": func(*session, string) reply { return reply{250, "OK"} },
		"QUIT": func(s *session, _ string) reply { s.quit = true; return reply{221, "bye"} },
	}
}

var errSyntax = errors.New("syntax error")

func address(arg, prefix string) (string, error) {
	rest, ok := strings.CutPrefix(strings.ToUpper(arg), prefix)
	if !ok || len(rest) < 2 || rest[0] != '<' || rest[len(rest)-1] != '>' {
		return "", fmt.Errorf("%w in %q", errSyntax, arg)
	}
	return strings.ToLower(rest[1 : len(rest)-1]), nil
}

func (s *session) helo(arg string) reply {
	s.state = greeted
	return reply{250, "hello " + arg}
}

func (s *session) mailFrom(arg string) reply {
	if s.state != greeted {
		return reply{503, "bad sequence in state " + s.state.String()}
	}
	from, err := address(arg, "FROM:")
	if err != nil {
		return reply{501, err.Error()}
	}
	s.env = envelope{from: from}
	s.state = mail
	return reply{250, "OK"}
}

func (s *session) rcptTo(arg string) reply {
	if s.state != mail && s.state != rcpt {
		return reply{503, fmt.Sprint("bad sequence in state ", s.state)}
	}
	to, err := address(arg, "TO:")
	if err != nil {
		return reply{501, err.Error()}
	}
	s.env.to = append(s.env.to, to)
	s.state = rcpt
	return reply{250, fmt.Sprintf("OK (%d)", len(s.env.to))}
}

func (s *session) dataCmd(string) reply {
	if s.state != rcpt {
		return reply{503, "no recipients"}
	}
	s.PrintfLine("%v", reply{354, "go ahead"})
	lines, err := s.ReadDotLines()
	if err != nil {
		return reply{451, err.Error()}
	}
	for _, to := range s.env.to {
		s.box[to] = append(s.box[to], fmt.Sprintf("from %s: %s", s.env.from, strings.Join(lines, "|")))
	}
	s.state = greeted
	return reply{250, "accepted"}
}

func serve(c net.Conn, box map[string][]string) {
	s := &session{Conn: textproto.NewConn(c), box: box}
	defer s.Close()
	s.PrintfLine("%v", reply{220, "ready"})
	for !s.quit {
		line, err := s.ReadLine()
		if err != nil {
			return
		}
		verb, arg, _ := strings.Cut(line, " ")
		f, ok := commands[strings.ToUpper(verb)]
		if !ok {
			s.PrintfLine("%v", reply{500, "unknown command " + verb})
			continue
		}
		s.PrintfLine("%v", f(s, arg))
	}
}

const script = `MAIL FROM:<a@x>
HELO client
MAIL from:<Ann@Example.org>
RCPT TO:bob
RCPT TO:<bob@example.org>
RCPT TO:<eve@example.org>
DATA
Subject: hi

..dots
.
DATA
noop
EXPN list
QUIT`

func main() {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	box := map[string][]string{}
	done := make(chan bool)
	go func() {
		c, err := l.Accept()
		if err != nil {
			log.Fatal(err)
		}
		serve(c, box)
		done <- true
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	in := bufio.NewScanner(c)
	in.Scan()
	fmt.Println("S:", in.Text())
	inData := false
	for _, line := range strings.Split(script, "\n") {
		fmt.Println("C:", line)
		fmt.Fprintf(c, "%s\r\n", line)
		if inData && line != "." {
			continue
		}
		inData = false
		if !in.Scan() {
			break
		}
		fmt.Println("S:", in.Text())
		inData = strings.HasPrefix(in.Text(), "354")
	}
	<-done
	var names []string
	for n := range box {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Printf("%s: %q\n", n, box[n])
	}
}
