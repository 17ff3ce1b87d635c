"""Whatever a cell waits for, an interrupt brings the reply, says where the cell was, and keeps the state."""

import os
import signal

from kernel import Case


class Interrupts(Case):
    def interrupted(self, code, *words, by=None):
        id = self.k.send('fmt.Println("started")\n' + code)
        self.k.until(id, "started")
        (by or self.k.interrupt)()
        r = self.k.collect(id)
        self.failed(r, *words)
        self.assertRegex(r.ename + r.evalue, "(?i)interrupt")
        self.state_kept()
        return r

    def test_busy_loop(self):
        self.interrupted("for { }", "line 2")

    def test_busy_loop_with_work(self):
        self.interrupted("n := 0\nfor i := 0; ; i++ { n += i % 7 }", "line 3")

    def test_busy_loop_in_a_function(self):
        self.interrupted("func spin() {\n\tfor { }\n}\nspin()", "spin")

    def test_sleep(self):
        self.interrupted("time.Sleep(time.Hour)", "Sleep")

    def test_channel_receive(self):
        self.interrupted("<-make(chan int)", "line 2")

    def test_channel_send(self):
        self.interrupted("c := make(chan int)\nc <- 1", "line 3")

    def test_nil_channel(self):
        self.interrupted("var c chan int\n<-c")

    def test_select(self):
        self.interrupted("select {}")

    def test_range_over_channel(self):
        self.interrupted("for range make(chan int) { }")

    def test_wait_group(self):
        self.interrupted("var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()", "line 4")

    def test_mutex(self):
        self.interrupted("var mu sync.Mutex\nmu.Lock()\nmu.Lock()", "line 4")

    def test_accept(self):
        self.interrupted('l, err := net.Listen("tcp", "127.0.0.1:0")\nl.Accept()', "Accept")

    def test_accept_raw(self):
        self.interrupted(
            "fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)\n"
            "unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})\nunix.Listen(fd, 1)\nunix.Accept(fd)",
            "Accept")

    def test_read_raw(self):
        self.interrupted("fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)\nunix.Read(fds[0], make([]byte, 1))", "Read")

    def test_poll(self):
        self.interrupted("fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)\n"
                         "unix.Poll([]unix.PollFd{{Fd: int32(fds[0]), Events: unix.POLLIN}}, -1)", "Poll")

    def test_read_of_a_connection(self):
        self.interrupted(
            'l, err := net.Listen("tcp", "127.0.0.1:0")\nc, err := net.Dial("tcp", l.Addr().String())\nc.Read(make([]byte, 1))',
            "Read")

    def test_udp_read(self):
        self.interrupted('c, err := net.ListenPacket("udp", "127.0.0.1:0")\nc.ReadFrom(make([]byte, 1))', "ReadFrom")

    def test_stdin_raw(self):
        self.k.kc.allow_stdin = True
        id = self.k.send("unix.Read(0, make([]byte, 1))", allow_stdin=True)
        self.k.kc.get_stdin_msg(timeout=30)
        self.k.interrupt()
        self.failed(self.k.collect(id))
        self.state_kept()

    def test_stdin(self):
        self.k.kc.allow_stdin = True
        id = self.k.send("var s string\nfmt.Scan(&s)", allow_stdin=True)
        self.k.kc.get_stdin_msg(timeout=30)
        self.k.interrupt()
        self.failed(self.k.collect(id))
        self.state_kept()

    def test_printing_loop(self):
        self.interrupted('for { fmt.Println("x") }')

    def test_goroutine_of_an_earlier_cell(self):
        """A goroutine that goes on is no reason for the next cell to hang."""
        self.ok("var n int\ngo func() { for { n++ } }()")
        self.interrupted("for { }")
        self.ok("stop := make(chan bool)\ngo func() { <-stop }()")
        self.interrupted("time.Sleep(time.Hour)")

    def test_by_sigint(self):
        self.interrupted("for { }", by=lambda: os.kill(self.k.pid, signal.SIGINT))

    def test_twice(self):
        self.interrupted("for { }")
        self.interrupted("time.Sleep(time.Hour)")

    def test_with_nothing_running(self):
        self.k.interrupt()
        self.state_kept()

    def test_queued_cells_are_aborted(self):
        first = self.k.send('fmt.Println("started")\nfor { }')
        second = self.k.send("kept = 1")
        self.k.until(first, "started")
        self.k.interrupt()
        self.failed(self.k.collect(first))
        self.assertIn(self.k.collect(second).status, ("aborted", "error"))
        self.state_kept()

    def test_interrupted_cell_can_be_run_again(self):
        for _ in range(3):
            self.interrupted('l, err := net.Listen("tcp", "127.0.0.1:0")\nl.Accept()')
