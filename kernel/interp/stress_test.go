package interp

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var stress = flag.Duration("stress", 3*time.Second, "for how long programs run under a collector that looks for unsound pointers")

// Types made at run time, frames laid out by hand and functions called by way
// of machine code must obey the collector's rules. Programs run with a
// collection at every opportunity, with what is freed overwritten, and with
// marks checked, until the time is up.
func TestCollector(t *testing.T) {
	exe, err := driver()
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, pattern := range []string{"testdata/programs/*.go", "../programs/testdata/features/*.go", "../programs/testdata/*.go"} {
		list, err := filepath.Glob(pattern)
		if err != nil || len(list) == 0 {
			t.Fatalf("no programs: %s (%v)", pattern, err)
		}
		files = append(files, list...)
	}
	modes := [][]string{
		{"GOGC=1", "GODEBUG=clobberfree=1"},
		{"GOGC=5", "GODEBUG=gccheckmark=1"},
		{"GOGC=1", "GODEBUG=clobberfree=1,asyncpreemptoff=1"},
	}
	end := time.Now().Add(*stress)
	runs := 0
	for n := 0; time.Now().Before(end); n++ {
		// A step prime to any number of files comes to all of them, the long
		// and the short ones mixed.
		file := files[n*10007%len(files)]
		mode := modes[n%len(modes)]
		cmd := exec.Command(exe, file)
		cmd.Env = append(os.Environ(), mode...)
		var out strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(30*time.Second, func() { cmd.Process.Kill() })
		cmd.Wait()
		timer.Stop()
		runs++
		for _, line := range strings.Split(out.String(), "\n") {
			if unsound(line) {
				t.Errorf("%s with %v: %s\n%.4000s", file, mode, line, out.String())
				break
			}
		}
	}
	t.Logf("%d runs", runs)
	if runs == 0 {
		t.Error("nothing ran")
	}
}

// unsound reports whether the runtime says that memory is not what it should be.
func unsound(line string) bool {
	if !strings.HasPrefix(line, "fatal error: ") && !strings.HasPrefix(line, "runtime: ") && !strings.HasPrefix(line, "unexpected fault") {
		return false
	}
	for _, innocent := range []string{"all goroutines are asleep", "concurrent map", "stack overflow", "goroutine stack exceeds", "sp=", "sync: ", "out of memory"} {
		if strings.Contains(line, innocent) {
			return false
		}
	}
	return true
}
