// Package history keeps what was run in notebooks and consoles over restarts:
// a file of JSON lines, one a cell, shared by all kernels of a user. Call
// [Open]; nothing is read or written before the first call of a method.
package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

const (
	// maxFile is the size in bytes from which the older half of the file is
	// dropped when the next session begins.
	maxFile = 8 << 20
	// maxInput is how many bytes of a cell are kept.
	maxInput = 256 << 10
)

// Entry is one cell that was run.
type Entry struct {
	Session int    `json:"s"` // counts starts of a kernel, from 1
	Line    int    `json:"n"` // the cell's execution count
	Input   string `json:"in"`
	Output  string `json:"out,omitempty"` // its result as text; empty: none
}

// Log is the history of one kernel's session and of all before it. Its methods
// may be called from any goroutine.
type Log struct {
	path string

	mu      sync.Mutex // serialises all that is below, and writes
	session int        // 0: not begun
	mine    []Entry    // of this session, also where the file cannot be written
	err     error      // why the file cannot be used
}

// Open returns the history kept in the file at path. It does not touch the
// file. An empty path keeps history in memory only.
func Open(path string) *Log { return &Log{path: path} }

// Session returns this session's number.
func (l *Log) Session() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.beginLocked()
	return l.session
}

// Add appends a cell. Where the file cannot be written, the session's own
// history is kept in memory, and the error says why.
func (l *Log) Add(line int, input, output string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.beginLocked()
	e := Entry{Session: l.session, Line: line, Input: input[:min(len(input), maxInput)], Output: output[:min(len(output), maxInput)]}
	l.mine = append(l.mine, e)
	if l.path == "" || l.err != nil {
		return l.err
	}
	text, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	return l.lockedFile(os.O_APPEND|os.O_WRONLY|os.O_CREATE, func(f *os.File) error {
		_, err := f.Write(append(text, '\n'))
		return err
	})
}

// Tail returns the last n entries of all sessions, oldest first; n < 0: all.
func (l *Log) Tail(n int) []Entry {
	return last(l.all(), n)
}

// Range returns the entries of a session whose line is at least start and
// below stop; stop < 0: to the end. A session of 0 or below counts back from
// this one.
func (l *Log) Range(session, start, stop int) []Entry {
	if session <= 0 {
		session += l.Session()
	}
	return slices.DeleteFunc(l.all(), func(e Entry) bool {
		return e.Session != session || e.Line < start || stop >= 0 && e.Line >= stop
	})
}

// Search returns the last n entries whose input matches the glob pattern, in
// which * is any text and ? any character; n < 0: all. With unique, only the
// last of equal inputs.
func (l *Log) Search(pattern string, n int, unique bool) []Entry {
	found := slices.DeleteFunc(l.all(), func(e Entry) bool { return !Match(pattern, e.Input) })
	if unique {
		seen := map[string]bool{}
		for i := len(found) - 1; i >= 0; i-- {
			if seen[found[i].Input] {
				found[i].Session = -1
			}
			seen[found[i].Input] = true
		}
		found = slices.DeleteFunc(found, func(e Entry) bool { return e.Session < 0 })
	}
	return last(found, n)
}

func last(entries []Entry, n int) []Entry {
	if n >= 0 && len(entries) > n {
		return entries[len(entries)-n:]
	}
	return entries
}

// Match reports whether the whole of text matches the glob pattern.
func Match(pattern, text string) bool {
	p, t := []rune(pattern), []rune(text)
	star, mark := -1, 0
	i, j := 0, 0
	for j < len(t) {
		switch {
		case i < len(p) && p[i] == '*':
			star, mark = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == t[j]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// all returns every entry: the file's, or where it cannot be used this
// session's.
func (l *Log) all() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.beginLocked()
	if l.path == "" || l.err != nil {
		return slices.Clone(l.mine)
	}
	var entries []Entry
	err := l.lockedFile(os.O_RDONLY, func(f *os.File) (err error) {
		entries, err = read(f)
		return err
	})
	if err != nil {
		return slices.Clone(l.mine)
	}
	return slices.DeleteFunc(entries, func(e Entry) bool { return e.Line == 0 })
}

// beginLocked takes the next session number and shortens a long file.
func (l *Log) beginLocked() {
	if l.session > 0 {
		return
	}
	l.session = 1
	if l.path == "" {
		return
	}
	if l.err = os.MkdirAll(filepath.Dir(l.path), 0o700); l.err != nil {
		return
	}
	l.err = l.lockedFile(os.O_RDWR|os.O_CREATE, func(f *os.File) error {
		newest, err := newestSession(f)
		if err != nil {
			return err
		}
		l.session = newest + 1
		if info, err := f.Stat(); err == nil && info.Size() > maxFile {
			if err := halve(f); err != nil {
				return err
			}
		}
		// An entry without a line takes the number, so that no other kernel does.
		line, err := json.Marshal(Entry{Session: l.session})
		if err != nil {
			return err
		}
		if _, err := f.Seek(0, io.SeekEnd); err != nil {
			return err
		}
		_, err = f.Write(append(line, '\n'))
		return err
	})
}

// newestSession returns the greatest number of a session in the file; 0: none.
// It looks at the start of each line only, which [Entry] has it on, for every
// start of a kernel comes by here.
func newestSession(f *os.File) (newest int, err error) {
	r := bufio.NewReaderSize(f, 64<<10)
	for whole := true; ; whole = err == nil { // or what comes is the rest of a long line
		var line []byte
		line, err = r.ReadSlice('\n')
		if rest, ok := bytes.CutPrefix(line, []byte(`{"s":`)); ok && whole {
			number, _, _ := bytes.Cut(rest, []byte(","))
			if n, err := strconv.Atoi(string(number)); err == nil {
				newest = max(newest, n)
			}
		}
		if err == io.EOF {
			return newest, nil
		}
		if err != nil && err != bufio.ErrBufferFull {
			return 0, fmt.Errorf("read history: %w", err)
		}
	}
}

// halve drops the older half of the file's entries.
func halve(f *os.File) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	entries, err := read(f)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	for _, e := range entries[len(entries)/2:] {
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		text.Write(append(line, '\n'))
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt(text.Bytes(), 0)
	return err
}

// read returns the entries of the file. Lines that cannot be read, such as one
// cut short by a full disk, are passed over.
func read(f *os.File) ([]Entry, error) {
	var entries []Entry
	r := bufio.NewReader(f)
	for {
		line, err := r.ReadBytes('\n')
		var e Entry
		if json.Unmarshal(line, &e) == nil && e.Session > 0 {
			entries = append(entries, e)
		}
		if err == io.EOF {
			return entries, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
	}
}

// lockedFile calls do with the file, open and locked against other kernels.
func (l *Log) lockedFile(flags int, do func(*os.File) error) error {
	f, err := os.OpenFile(l.path, flags, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open history: %w", err)
	}
	defer f.Close()
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		return fmt.Errorf("lock history: %w", err)
	}
	return do(f)
}
