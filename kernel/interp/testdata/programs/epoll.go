package main

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

func must(err error) {
	if err != nil {
		fmt.Println("fatal:", err)
		os.Exit(1)
	}
}

func main() {
	lfd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	must(err)
	defer unix.Close(lfd)
	must(unix.SetsockoptInt(lfd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1))
	must(unix.Bind(lfd, &unix.SockaddrInet4{Port: 0, Addr: [4]byte{127, 0, 0, 1}}))
	must(unix.Listen(lfd, 16))
	sa, err := unix.Getsockname(lfd)
	must(err)
	port := sa.(*unix.SockaddrInet4).Port
	ep, err := unix.EpollCreate1(0)
	must(err)
	must(unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, lfd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(lfd)}))
	done := make(chan string)
	for i := 0; i < 3; i++ {
		go func() {
			fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
			must(err)
			must(unix.Connect(fd, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}))
			_, err = unix.Write(fd, []byte(fmt.Sprintf("msg %d", i)))
			must(err)
			buf := make([]byte, 64)
			n, err := unix.Read(fd, buf)
			must(err)
			unix.Close(fd)
			done <- string(buf[:n])
		}()
	}
	events := make([]unix.EpollEvent, 8)
	clients := map[int]bool{}
	closed := 0
	for closed < 3 {
		n, err := unix.EpollWait(ep, events, 1000)
		if err == unix.EINTR {
			continue
		}
		must(err)
		for _, ev := range events[:n] {
			fd := int(ev.Fd)
			switch {
			case fd == lfd:
				nfd, _, err := unix.Accept4(lfd, unix.SOCK_NONBLOCK)
				if err == unix.EAGAIN {
					continue
				}
				must(err)
				clients[nfd] = true
				must(unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, nfd, &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLRDHUP, Fd: int32(nfd)}))
			case ev.Events&unix.EPOLLIN != 0:
				buf := make([]byte, 128)
				n, err := unix.Read(fd, buf)
				if n == 0 || err != nil {
					unix.Close(fd)
					delete(clients, fd)
					closed++
					continue
				}
				for i, b := range buf[:n] {
					if 'a' <= b && b <= 'z' {
						buf[i] = b - 32
					}
				}
				unix.Write(fd, buf[:n])
			}
		}
		select {
		case <-done:
		default:
		}
	}
	fmt.Println(len(clients), closed)
	_, err = unix.Read(999, nil)
	fmt.Println(err, err == unix.EBADF, unix.EBADF.Error())
	fmt.Printf("%d %v %T\n", unix.EINVAL, unix.EINVAL, unix.EINVAL)
}
