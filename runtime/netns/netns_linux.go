// Package netns makes, enters and leaves Linux namespaces, and says why they
// are not allowed where they are not. It is the only place that locks threads.
//
// Start runs a command as the first process of fresh namespaces, made without
// privilege. Inside it, New makes more, and Do runs a function in some. The
// package knows nothing of what is put into a namespace: links, addresses and
// processes are the lab's.
package netns

import (
	"errors"
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// Kind is a kind of namespace, a bit for each (clone(2)).
type Kind int

// The kinds that a Space can have.
const (
	Net   Kind = unix.CLONE_NEWNET
	Mount Kind = unix.CLONE_NEWNS
	UTS   Kind = unix.CLONE_NEWUTS
)

// kinds has each kind's file in /proc/thread-self/ns. The mount namespace is
// entered last: the files of the others might not be seen from it.
var kinds = []struct {
	kind Kind
	file string
}{{UTS, "uts"}, {Net, "net"}, {Mount, "mnt"}}

// Space is one or more namespaces, held by descriptors: they last until Close,
// or longer while a process or a socket is in them.
type Space struct {
	kinds Kind
	files map[Kind]*os.File
}

// New makes fresh namespaces of these kinds. setup, if it is not nil, runs in
// them before anybody else can; its error is New's. It needs CAP_SYS_ADMIN in
// the process's user namespace.
func New(k Kind, setup func() error) (*Space, error) {
	s := &Space{kinds: k, files: map[Kind]*os.File{}}
	err := onThread(func() (keep bool, err error) {
		if err := unix.Unshare(int(k)); err != nil {
			return false, fmt.Errorf("make namespaces: %w", os.NewSyscallError("unshare", err))
		}
		if setup != nil {
			if err := setup(); err != nil {
				return false, err
			}
		}
		for _, x := range kinds {
			if k&x.kind == 0 {
				continue
			}
			f, err := os.Open("/proc/thread-self/ns/" + x.file)
			if err != nil {
				return false, fmt.Errorf("hold a namespace: %w", err)
			}
			s.files[x.kind] = f
		}
		return false, nil
	})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close lets go of the namespaces. It may be called more than once.
func (s *Space) Close() error {
	var errs []error
	for k, f := range s.files {
		errs = append(errs, f.Close())
		delete(s.files, k)
	}
	return errors.Join(errs...)
}

// Fd returns the descriptor of the network namespace for netlink messages, or
// -1 if the space has none. It is valid until Close.
func (s *Space) Fd() int {
	if f := s.files[Net]; f != nil {
		return int(f.Fd())
	}
	return -1
}

// Do runs f in the given spaces, on a thread of its own, and returns its error.
// Descriptors that f opens and processes that it starts stay in the spaces;
// goroutines that it starts do not get there. f must not call
// runtime.LockOSThread.
//
// A thread that was only in other network namespaces goes back to its own and
// is used again. One that was in other mount namespaces cannot go back, since
// it no longer shares its working directory with the others, and ends.
func Do(f func() error, spaces ...*Space) error {
	return onThread(func() (bool, error) {
		var all Kind
		for _, s := range spaces {
			all |= s.kinds
		}
		if all != Net {
			return false, inside(f, all, spaces)
		}
		home, err := os.Open("/proc/thread-self/ns/net")
		if err != nil {
			return true, fmt.Errorf("hold the own namespace: %w", err)
		}
		defer home.Close()
		err = inside(f, all, spaces)
		back := unix.Setns(int(home.Fd()), unix.CLONE_NEWNET)
		return back == nil, err
	})
}

func inside(f func() error, all Kind, spaces []*Space) error {
	if all&Mount != 0 {
		if err := unix.Unshare(unix.CLONE_FS); err != nil {
			return fmt.Errorf("enter a mount namespace: %w", os.NewSyscallError("unshare", err))
		}
	}
	for _, x := range kinds {
		for _, s := range spaces {
			file := s.files[x.kind]
			switch {
			case s.kinds&x.kind == 0:
				continue
			case file == nil:
				return fmt.Errorf("enter a namespace: %w", os.ErrClosed)
			}
			if err := unix.Setns(int(file.Fd()), int(x.kind)); err != nil {
				return fmt.Errorf("enter a %s namespace: %w", x.file, os.NewSyscallError("setns", err))
			}
		}
	}
	return f()
}

// onThread runs f on a thread that nothing else runs on. Unless f says that the
// thread is as it was before, it ends. It is never the process's first thread:
// that one cannot end, and /proc/self shows its namespaces.
func onThread(f func() (keep bool, err error)) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		if unix.Gettid() == unix.Getpid() {
			defer runtime.UnlockOSThread()
			done <- onThread(f)
			return
		}
		finished := false
		defer func() {
			if !finished { // f called runtime.Goexit, as t.Fatal does
				done <- errors.New("the function did not return")
			}
		}()
		keep, err := f()
		finished = true
		if keep {
			runtime.UnlockOSThread()
		}
		done <- err
	}()
	return <-done
}
