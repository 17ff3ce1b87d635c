// Package signals sees which system calls a signal of Go's runtime brings back.
// It is compiled, and its text is also run as a cell, to compare the two.
package signals

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// Interrupted makes calls that wait, sends each of their threads SIGURG, with
// which the runtime preempts goroutines, and says what became of them: "EINTR",
// or "restarted" of one that waited on and then ended well.
func Interrupted() (list []string, err error) {
	for _, timeout := range []bool{false, true} {
		for _, name := range []string{"Poll", "Ppoll", "Select", "Pselect", "EpollWait", "Nanosleep", "Read", "Recvfrom", "Recvmsg", "Accept", "Write", "Sendto"} {
			outcome, err := interrupted(name, timeout)
			if err != nil {
				return list, fmt.Errorf("%s: %w", name, err)
			}
			if timeout {
				name += " with a timeout"
			}
			list = append(list, name+": "+outcome)
		}
	}
	return list, nil
}

// waiter is a call that waits, and what lets it end.
type waiter struct {
	call func() error
	end  func() error
	fds  []int
}

func interrupted(name string, timeout bool) (string, error) {
	w, err := makeWaiter(name)
	defer func() {
		for _, fd := range w.fds {
			unix.Close(fd)
		}
	}()
	if err != nil {
		return "", err
	}
	if timeout {
		for _, option := range []int{unix.SO_RCVTIMEO, unix.SO_SNDTIMEO} {
			if err := unix.SetsockoptTimeval(w.fds[0], unix.SOL_SOCKET, option, &unix.Timeval{Sec: 60}); err != nil {
				return "", err
			}
		}
	}
	thread, done := make(chan int, 1), make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		thread <- unix.Gettid()
		done <- w.call()
	}()
	tid := <-thread
	for sent := 0; sent < 10; {
		select {
		case err := <-done:
			if errors.Is(err, unix.EINTR) {
				return "EINTR", nil
			}
			return fmt.Sprint("returned too early: ", err), nil
		default:
		}
		waits, err := inCall(tid)
		if err != nil {
			return "", err
		}
		if !waits {
			runtime.Gosched()
			continue
		}
		if err := unix.Tgkill(os.Getpid(), tid, unix.SIGURG); err != nil {
			return "", err
		}
		sent++
	}
	if err := w.end(); err != nil {
		return "", err
	}
	if err := <-done; err != nil {
		if errors.Is(err, unix.EINTR) { // it was late
			return "EINTR", nil
		}
		return "", err
	}
	return "restarted", nil
}

// inCall tells whether a thread is in a system call other than the runtime's
// own (proc_pid_syscall(5)).
func inCall(tid int) (bool, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/syscall", tid))
	if err != nil {
		return false, err
	}
	number, _, _ := strings.Cut(string(text), " ")
	return number != "running\n" && number != fmt.Sprint(unix.SYS_FUTEX), nil
}

func makeWaiter(name string) (w waiter, err error) {
	if name == "Accept" {
		return acceptWaiter()
	}
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return w, err
	}
	fd, peer, buf := fds[0], fds[1], make([]byte, 1<<16)
	w.fds = fds[:]
	w.end = func() error { _, err := unix.Write(peer, []byte("x")); return err }
	hour := unix.Timespec{Sec: 3600}
	switch name {
	case "Poll":
		w.call = func() error {
			_, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
			return err
		}
	case "Ppoll":
		w.call = func() error {
			_, err := unix.Ppoll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, nil, nil)
			return err
		}
	case "Select", "Pselect":
		var set unix.FdSet
		set.Set(fd)
		w.call = func() (err error) {
			if name == "Select" {
				_, err = unix.Select(fd+1, &set, nil, nil, nil)
			} else {
				_, err = unix.Pselect(fd+1, &set, nil, nil, nil, nil)
			}
			return err
		}
	case "EpollWait":
		epfd, err := unix.EpollCreate1(0)
		if err != nil {
			return w, err
		}
		w.fds = append(w.fds, epfd)
		if err := unix.EpollCtl(epfd, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}); err != nil {
			return w, err
		}
		w.call = func() error { _, err := unix.EpollWait(epfd, make([]unix.EpollEvent, 1), -1); return err }
	case "Nanosleep":
		w.call = func() error { return unix.Nanosleep(&hour, nil) }
	case "Read":
		w.call = func() error { _, err := unix.Read(fd, buf); return err }
	case "Recvfrom":
		w.call = func() error { _, _, err := unix.Recvfrom(fd, buf, 0); return err }
	case "Recvmsg":
		w.call = func() error { _, _, _, _, err := unix.Recvmsg(fd, buf, nil, 0); return err }
	case "Write", "Sendto":
		for err == nil { // until the peer has no room
			err = unix.Sendto(fd, buf, unix.MSG_DONTWAIT, nil)
		}
		if err != unix.EAGAIN {
			return w, err
		}
		w.call = func() (err error) {
			if name == "Write" {
				_, err = unix.Write(fd, buf[:1])
			} else {
				err = unix.Sendto(fd, buf[:1], 0, nil)
			}
			return err
		}
		w.end = func() (err error) {
			for err == nil {
				_, _, err = unix.Recvfrom(peer, buf, unix.MSG_DONTWAIT)
			}
			if err == unix.EAGAIN {
				return nil
			}
			return err
		}
	}
	return w, nil
}

func acceptWaiter() (w waiter, err error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return w, err
	}
	w.fds = []int{fd}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return w, err
	}
	if err := unix.Listen(fd, 1); err != nil {
		return w, err
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		return w, err
	}
	client, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return w, err
	}
	w.fds = append(w.fds, client)
	w.call = func() error {
		conn, _, err := unix.Accept(fd)
		if err == nil {
			unix.Close(conn)
		}
		return err
	}
	w.end = func() error { return unix.Connect(client, name) }
	return w, nil
}
