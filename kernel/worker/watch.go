package worker

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"

	"sockbook/runtime/sandbox"
)

// How often a child's memory is looked at. Reading statm takes some 50 µs, so
// the shorter time costs half a percent of a core.
const (
	watchBusy = 10 * time.Millisecond
	watchIdle = 100 * time.Millisecond
	diskEvery = 10 // looks at memory
)

// watch ends the child when it has more memory or disk than it may. A limit of the
// operating system on address space (RLIMIT_AS) would break Go's runtime,
// which reserves far more than it uses.
func (p *process) watch() {
	if p.statm == nil {
		return
	}
	timer := time.NewTimer(watchBusy)
	defer timer.Stop()
	for n := 0; ; n++ {
		select {
		case <-p.exited:
			return
		case <-timer.C:
		}
		if n%diskEvery == 0 && p.child.Disk() > sandbox.MaxDisk {
			p.kill(fmt.Sprintf("it wrote files of more than %d MiB", sandbox.MaxDisk>>20))
			return
		}
		if resident(p.statm) > p.config.Memory {
			p.kill(fmt.Sprintf("it used more than %d MiB of memory", p.config.Memory>>20))
			return
		}
		p.mu.Lock()
		busy := p.cell != nil && p.cell.running
		p.mu.Unlock()
		if busy {
			timer.Reset(watchBusy)
		} else {
			timer.Reset(watchIdle)
		}
	}
}

// resident returns the bytes of memory in use, from the second field of
// proc_pid_statm(5); 0 when the process is gone.
func resident(statm *os.File) int64 {
	var buf [128]byte
	n, _ := statm.ReadAt(buf[:], 0)
	fields := bytes.Fields(buf[:n])
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	return pages * int64(os.Getpagesize())
}
