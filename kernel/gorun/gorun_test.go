package gorun

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/runtime/sandbox"
)

// The test is the process that Run starts, too.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "program" {
		fmt.Fprintln(os.Stderr, Main(play))
		os.Exit(9)
	}
	os.Exit(m.Run())
}

// play stands in for the interpreter: the program's text says what it does.
func play(name, text string, color bool) (int, error) {
	switch text {
	case "refused":
		return 0, fmt.Errorf("%s is no Go, color %t", name, color)
	case "args":
		fmt.Printf("%q\n", os.Args)
	case "environment":
		_, set := os.LookupEnv("GOTRACEBACK")
		fmt.Println(os.Getenv("FLAVOUR"), os.Getenv("HOME"), set)
	case "copy":
		io.Copy(os.Stdout, os.Stdin)
	case "both":
		fmt.Print("out")
		fmt.Fprint(os.Stderr, "err")
	case "exit":
		return 7, nil
	case "descriptor":
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		fmt.Println(fd, err)
	case "confined":
		_, err := os.ReadFile(os.Getenv("SECRET"))
		_, err2 := os.StartProcess("/proc/self/exe", []string{"x"}, &os.ProcAttr{})
		fmt.Println(err != nil, err2 != nil)
	case "sleep":
		fmt.Println("ready")
		time.Sleep(time.Minute)
	case "catch":
		c := make(chan os.Signal, 1)
		signal.Notify(c, unix.SIGINT, unix.SIGTERM)
		fmt.Println("ready")
		fmt.Println(<-c)
	case "pipe":
		for {
			if _, err := fmt.Println("y"); err != nil {
				return 3, nil
			}
		}
	}
	return 0, nil
}

// try runs a program with input, and hands its output, when it begins, to begun.
func try(t *testing.T, text, input string, begun func(stdout *os.File)) (stdout, stderr string, exit Ending, err error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	for name, text := range map[string]string{secret: "secret", dir + "/in": input} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	in, err := os.Open(dir + "/in")
	if err != nil {
		t.Fatal(err)
	}
	errs, err := os.Create(dir + "/err")
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	read := make(chan []byte)
	go func() {
		first := make([]byte, 1)
		n, _ := r.Read(first)
		if begun != nil {
			begun(r)
		}
		rest, _ := io.ReadAll(r)
		read <- append(first[:n], rest...)
	}()
	exit, err = Program{
		Command: []string{self, "program"}, Env: append(os.Environ(), "FLAVOUR=salt", "SECRET="+secret), Name: "dir/p.go", Text: text,
		Args: []string{"-v", "a b"}, Stdin: in, Stdout: w, Stderr: errs, Memory: 1 << 30,
	}.Run(true)
	w.Close()
	in.Close()
	errs.Close()
	out := <-read
	said, readErr := os.ReadFile(dir + "/err")
	if readErr != nil {
		t.Fatal(readErr)
	}
	return string(out), string(said), exit, err
}

func TestRun(t *testing.T) {
	binary := string([]byte{0, 255, 10, 13, 26}) + strings.Repeat("0123456789\x80", 20000)
	for _, test := range []struct {
		text, input    string
		stdout, stderr string
		exit           sandbox.Exit
	}{
		{text: "exit", exit: sandbox.Exit{Status: 7}},
		{text: "args", stdout: `["dir/p" "-v" "a b"]` + "\n"},
		{text: "environment", stdout: "salt /tmp false\n"},
		{text: "copy", input: binary, stdout: binary},
		{text: "both", stdout: "out", stderr: "err"},
		{text: "descriptor", stdout: "3 <nil>\n"},
		{text: "confined", stdout: "true true\n"},
	} {
		t.Run(test.text, func(t *testing.T) {
			stdout, stderr, exit, err := try(t, test.text, test.input, nil)
			if test.text == "environment" { // without namespaces HOME is elsewhere
				stdout = strings.ReplaceAll(stdout, os.TempDir()+"/", "/tmp ")
			}
			if stdout != test.stdout || stderr != test.stderr || exit.Exit != test.exit || err != nil {
				t.Errorf("%.200q, %q, %+v, %v; want %.200q, %q, %+v", stdout, stderr, exit, err, test.stdout, test.stderr, test.exit)
			}
			if refused := len(exit.Refusals) > 0; refused != (test.text == "confined") {
				t.Errorf("refused: %v", exit.Refusals)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	var refused *Refused
	stdout, stderr, _, err := try(t, "refused", "", nil)
	if !errors.As(err, &refused) || refused.Text != "dir/p.go is no Go, color true" || stdout+stderr != "" {
		t.Errorf("%q, %q, %v", stdout, stderr, err)
	}
	p := Program{Command: []string{"/nowhere/sockbook"}, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	if _, err := p.Run(false); err == nil || errors.As(err, &refused) {
		t.Errorf("a command that is not there: %v", err)
	}
}

// Signals to this process are for the program.
func TestSignals(t *testing.T) {
	for _, test := range []struct {
		text   string
		signal unix.Signal
		stdout string
		exit   sandbox.Exit
	}{
		{"sleep", unix.SIGTERM, "ready\n", sandbox.Exit{Signal: unix.SIGTERM}},
		{"sleep", unix.SIGINT, "ready\n", sandbox.Exit{Signal: unix.SIGINT}},
		{"sleep", unix.SIGHUP, "ready\n", sandbox.Exit{Signal: unix.SIGHUP}},
		{"catch", unix.SIGTERM, "ready\nterminated\n", sandbox.Exit{}},
		{"catch", unix.SIGINT, "ready\ninterrupt\n", sandbox.Exit{}},
	} {
		t.Run(test.text+" "+test.signal.String(), func(t *testing.T) {
			if onTerminal() && test.signal == unix.SIGINT {
				t.Skip("on a terminal, its keys send this signal")
			}
			stdout, stderr, exit, err := try(t, test.text, "", func(*os.File) { unix.Kill(os.Getpid(), test.signal) })
			if stdout != test.stdout || stderr != "" || exit.Exit != test.exit || err != nil {
				t.Errorf("%q, %q, %+v, %v", stdout, stderr, exit, err)
			}
		})
	}
}

// A program whose reader has gone away ends as any does.
func TestNobodyReads(t *testing.T) {
	_, _, exit, err := try(t, "pipe", "", func(stdout *os.File) { stdout.Close() })
	if exit.Signal != unix.SIGPIPE || err != nil {
		t.Errorf("%+v, %v", exit, err)
	}
}
