// Calls that fail at once, although poll(2) would wait for ever: against the
// direction of a pipe, of sockets on what is none, out of band.
package main

import (
	"fmt"
	"log"

	"golang.org/x/sys/unix"
)

func main() {
	pipe := make([]int, 2)
	if err := unix.Pipe(pipe); err != nil {
		log.Fatal(err)
	}
	_, err := unix.Write(pipe[0], []byte("?"))
	fmt.Println("write to the reading end:", err)
	_, err = unix.Read(pipe[1], make([]byte, 1))
	fmt.Println("read from the writing end:", err)
	_, _, err = unix.Recvfrom(pipe[0], make([]byte, 1), 0)
	fmt.Println("recv from a pipe:", err)
	_, _, err = unix.Accept(pipe[0])
	fmt.Println("accept on a pipe:", err)
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		log.Fatal(err)
	}
	_, _, err = unix.Recvfrom(pair[0], make([]byte, 1), unix.MSG_OOB)
	fmt.Println("no urgent byte:", err)
	_, err = unix.Read(-1, make([]byte, 1))
	fmt.Println("no descriptor:", err)
}
