package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sockbook/kernel/stage"
	"sockbook/kernel/worker"
	"sockbook/runtime/display/sink"
)

// silent is a worker.Sink for cells that show nothing.
type silent struct{}

func (silent) Stream(string, string)                 {}
func (silent) Display(sink.Message)                  {}
func (silent) Input(context.Context) (string, error) { return "", worker.ErrNoInput }

func newStage(b *testing.B, noLab bool) *stage.Stage {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	return stage.New(stage.Config{Program: self, Env: workerEnv(), NoLab: noLab})
}

func runOn(b *testing.B, s *stage.Stage, process string) {
	b.Helper()
	p, err := s.Process(process)
	if err != nil {
		b.Error(err)
		return
	}
	outcome, err := p.Run("1", "1 + 1", silent{})
	if err != nil || outcome.Failure != nil {
		b.Error(err, outcome.Failure)
	}
}

// From nothing to three hosts, each with a process that has run a cell: all
// asked for at once, and one after the other as cells ask.
func BenchmarkThreeHosts(b *testing.B) {
	if !labAllowed() {
		b.Skip("namespaces are not allowed here")
	}
	hosts := []string{"server", "client", "far"}
	for name, start := range map[string]func(*testing.B, *stage.Stage){
		"at once": func(b *testing.B, s *stage.Stage) {
			var all sync.WaitGroup
			for _, name := range hosts {
				all.Go(func() { runOn(b, s, name) })
			}
			all.Wait()
		},
		"in turn": func(b *testing.B, s *stage.Stage) {
			for _, name := range hosts {
				runOn(b, s, name)
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			before := used(b)
			for b.Loop() {
				s := newStage(b, false)
				start(b, s)
				b.StopTimer()
				s.Close()
				b.StartTimer()
			}
			b.ReportMetric(float64((used(b)-before).Milliseconds())/float64(b.N), "cpu-ms/op")
		})
	}
}

// used is the processor time of this process and of its children that ended:
// unlike the time that passed, it does not grow with what else the machine does.
func used(b *testing.B) (sum time.Duration) {
	b.Helper()
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if err := unix.Getrusage(who, &u); err != nil {
			b.Fatal(err)
		}
		sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	return sum
}

// What a notebook pays that uses no second host: the first cell and the memory
// of all processes, with the network that is there in case, and without.
func BenchmarkFirstCell(b *testing.B) {
	for _, noLab := range []bool{false, true} {
		name := "with hosts"
		if noLab {
			name = "without"
		} else if !labAllowed() {
			continue
		}
		b.Run(name, func(b *testing.B) {
			var memory int64
			for b.Loop() {
				s := newStage(b, noLab)
				runOn(b, s, stage.Main)
				b.StopTimer()
				memory += children(b)
				s.Close()
				b.StartTimer()
			}
			b.ReportMetric(float64(memory)/float64(b.N)/(1<<20), "own-MiB")
		})
	}
}

// A cell when all is there: a second host must not make it slower.
func BenchmarkCell(b *testing.B) {
	for _, noLab := range []bool{false, true} {
		name := "with hosts"
		if noLab {
			name = "without"
		} else if !labAllowed() {
			continue
		}
		b.Run(name, func(b *testing.B) {
			s := newStage(b, noLab)
			defer s.Close()
			runOn(b, s, stage.Main)
			for b.Loop() {
				runOn(b, s, stage.Main)
			}
		})
	}
}

// children returns the memory that is the processes' own of all processes below
// this one: the program's text is shared by all of them, and by all users
// (proc_pid_smaps(5), Private_Dirty).
func children(b *testing.B) int64 {
	b.Helper()
	var sum int64
	todo := []int{os.Getpid()}
	for len(todo) > 0 {
		lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", todo[0]))
		todo = todo[1:]
		for _, list := range lists {
			text, err := os.ReadFile(list)
			if err != nil {
				continue // the thread has ended
			}
			for _, field := range strings.Fields(string(text)) {
				pid, err := strconv.Atoi(field)
				if err != nil {
					b.Fatal(err)
				}
				todo = append(todo, pid)
				sum += private(b, pid)
			}
		}
	}
	return sum
}

func private(b *testing.B, pid int) int64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0 // it has ended
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "Private_Dirty:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			if err != nil {
				b.Fatal(err)
			}
			return kib << 10
		}
	}
	return 0
}
