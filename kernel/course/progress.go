package course

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"sockbook/kernel/atomicfile"
)

// ProgressName is the file in a learner's folder of lessons that keeps how far
// they have come.
const ProgressName = ".sockbook-progress.json"

// Progress is what a learner has done. The zero value is that of a new one.
type Progress struct {
	Checks      map[string]Checked   `json:"checks,omitempty"`
	Predictions map[string]Predicted `json:"predictions,omitempty"`
}

// Checked is how an exercise went.
type Checked struct {
	Passed bool `json:"passed"` // at least once
	Tries  int  `json:"tries"`
}

// Predicted is what was answered to a prediction.
type Predicted struct {
	Answer string `json:"answer"` // a letter
	Seen   bool   `json:"seen"`   // what happened was shown: the answer stays
}

// ReadProgress reads a progress file. One that is not there is no error.
func ReadProgress(path string) (Progress, error) {
	var p Progress
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		return Progress{}, fmt.Errorf("read your progress in %s: %w", path, err)
	}
	return p, nil
}

// UpdateProgress lets change work on the progress in a file, and writes it. Of
// several processes that do so at a time, one waits for the other: they lock
// the file's folder (flock(2)), where the file system can.
func UpdateProgress(path string, change func(*Progress)) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("keep your progress: %w", err)
	}
	defer dir.Close() // gives the lock back
	for {
		err := unix.Flock(int(dir.Fd()), unix.LOCK_EX)
		if err != unix.EINTR {
			break // without a lock, the last writer wins
		}
	}
	p, err := ReadProgress(path)
	if err != nil {
		return err
	}
	p.Change(change)
	text, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return fmt.Errorf("keep your progress: %w", err)
	}
	if err := atomicfile.Write(path, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("keep your progress: %w", err)
	}
	return nil
}

// Change lets change work on p, whose maps are there then.
func (p *Progress) Change(change func(*Progress)) {
	if p.Checks == nil {
		p.Checks = map[string]Checked{}
	}
	if p.Predictions == nil {
		p.Predictions = map[string]Predicted{}
	}
	change(p)
}
