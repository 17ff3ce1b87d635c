package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"

	"golang.org/x/sys/unix"
)

// Enter confines this process as the [Start] that started it asked for. It is
// to be called before anything of a learner's is touched, and before files are
// opened that must not stay open. After an error the process must end.
//
// It sets HOME and the working directory to the temporary directory that the
// process has for itself, but in mode Open.
func Enter() (Report, error) {
	s, err := readSetup()
	if err != nil {
		return Report{}, err
	}
	report, err := s.enter()
	note := confined{Report: report}
	if err != nil {
		note.Error = err.Error()
	}
	text, jsonErr := json.Marshal(note)
	_, writeErr := unix.Write(s.FD, text)
	return report, errors.Join(err, jsonErr, writeErr, unix.Close(s.FD))
}

func readSetup() (setup, error) {
	var s setup
	text, ok := os.LookupEnv(setupEnv)
	if !ok {
		return s, fmt.Errorf("confine this process: %s is not set (it is started by another, not by hand)", setupEnv)
	}
	os.Unsetenv(setupEnv)
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, fmt.Errorf("confine this process: %s: %w", setupEnv, err)
	}
	return s, nil
}

func (s setup) enter() (r Report, err error) {
	r.Mode = s.Mode
	if s.Mode != Open {
		// The first to go when the machine has no memory left.
		if err := os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0); err != nil {
			r.Lacks = append(r.Lacks, fmt.Sprintf("others may be ended for its use of memory: %v", err))
		}
		if r.Lacks, err = s.place(r.Lacks); err != nil {
			return r, err
		}
		if err := s.limits(); err != nil {
			return r, err
		}
		if err := dropCapabilities(); err != nil {
			return r, err
		}
		if r.Landlock, err = s.landlock(); err != nil {
			return r, err
		}
		if r.Landlock == 0 {
			lack := "Landlock: this kernel has none, or it is switched off"
			if s.Mode == Loopback {
				lack += "; so cells can open no files at all"
			}
			r.Lacks = append(r.Lacks, lack)
		}
	}
	return r, s.filters(r.Landlock)
}

// place puts the process where it has its own root directory and network, or
// at least a directory of its own.
func (s setup) place(lacks []string) ([]string, error) {
	home := "/tmp"
	switch s.Mode {
	case Namespaces:
		// No more namespaces, should all else fail: it need not work.
		os.WriteFile("/proc/sys/user/max_user_namespaces", []byte("0"), 0)
		if err := loopbackUp(); err != nil {
			return lacks, err
		}
		if err := unix.Sethostname([]byte(s.Hostname)); err != nil {
			lacks = append(lacks, fmt.Sprintf("os.Hostname gives the machine's name: sethostname: %v", err))
		}
		fallthrough
	case LabHost:
		more, err := s.root()
		if err != nil {
			return lacks, err
		}
		lacks = append(lacks, more...)
		os.Unsetenv("TMPDIR")
	case Loopback:
		home = s.Temp
		os.Setenv("TMPDIR", home)
		if err := os.Chdir(home); err != nil {
			return lacks, fmt.Errorf("enter the temporary directory: %w", err)
		}
	}
	os.Setenv("HOME", home)
	os.Setenv("PWD", home)
	return lacks, nil
}

// loopbackUp starts the loopback of a fresh network.
func loopbackUp() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("start the loopback: %w", err)
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return fmt.Errorf("start the loopback: %w", err)
	}
	request.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request); err != nil {
		return fmt.Errorf("start the loopback: %w", err)
	}
	return nil
}

// limits bounds what the process may take. The address space is not bounded:
// Go reserves far more of it than it uses.
func (s setup) limits() error {
	signal.Ignore(unix.SIGXFSZ) // so that a file that is too large is an error
	debug.SetMaxStack(MaxStack)
	debug.SetMaxThreads(MaxThreads)
	limits := []struct {
		name  string
		which int
		value uint64
	}{
		{"core", unix.RLIMIT_CORE, 0},
		{"nofile", unix.RLIMIT_NOFILE, MaxDescriptors},
		{"fsize", unix.RLIMIT_FSIZE, MaxFile},
		{"memlock", unix.RLIMIT_MEMLOCK, 0},
		{"msgqueue", unix.RLIMIT_MSGQUEUE, 0},
		{"sigpending", unix.RLIMIT_SIGPENDING, 256},
	}
	add := func(name string, which int, value uint64) {
		limits = append(limits, struct {
			name  string
			which int
			value uint64
		}{name, which, value})
	}
	if s.Mode != Loopback { // there it counts all of the user's threads on the machine
		add("nproc", unix.RLIMIT_NPROC, MaxThreads+64)
	}
	if s.Memory > 0 {
		if _, set := os.LookupEnv("GOMEMLIMIT"); !set {
			debug.SetMemoryLimit(s.Memory / 10 * 8)
		}
		if !raceDetector { // which reserves terabytes
			add("data", unix.RLIMIT_DATA, uint64(s.Memory)+memorySlack)
		}
	}
	for _, l := range limits {
		var now unix.Rlimit
		if err := unix.Getrlimit(l.which, &now); err != nil {
			return fmt.Errorf("limit %s: %w", l.name, err)
		}
		value := min(l.value, now.Max)
		if err := unix.Setrlimit(l.which, &unix.Rlimit{Cur: value, Max: value}); err != nil {
			return fmt.Errorf("limit %s: %w", l.name, err)
		}
	}
	// Whoever was started nicer than this stays so: less nice needs privilege
	// (RLIMIT_NICE). The raw call returns 20 minus the nice value (getpriority(2)).
	priority, err := unix.Getpriority(unix.PRIO_PROCESS, 0)
	if err != nil {
		return fmt.Errorf("ask how nice this is: %w", err)
	}
	if 20-priority >= niceness {
		return nil
	}
	return allThreads("be nice", unix.SYS_SETPRIORITY, unix.PRIO_PROCESS, 0, niceness)
}
