"""Nothing a learner does hurts the notebook: the kernel answers the next cell and says what happened."""

import os
import signal

import kernel
from kernel import Case, alive, descendants, wait_for


class Panics(Case):
    """Panics end a cell and nothing else."""

    def test_panic(self):
        r = self.fails('func boom() { panic("boom") }\nboom()', "boom", "line")
        self.assertIn("boom", r.evalue)
        self.state_kept()

    def test_panic_with_error(self):
        self.fails('panic(fmt.Errorf("no %s", "luck"))', "no luck")
        self.state_kept()

    def test_nil_dereference(self):
        self.fails("type T struct{ n int }\nvar p *T\np.n = 1", "invalid memory address or nil pointer dereference")
        self.state_kept()

    def test_nil_map(self):
        self.fails("var m map[string]int\nm[\"a\"] = 1", "assignment to entry in nil map")
        self.state_kept()

    def test_index_out_of_range(self):
        self.fails("s := []int{1, 2, 3}\ni := 5\ns[i]", "index out of range [5] with length 3")
        self.state_kept()

    def test_division_by_zero(self):
        self.fails("zero := 0\n1 / zero", "integer divide by zero")
        self.state_kept()

    def test_traceback_names_cell_and_line(self):
        r = self.fails('func inner() {\n\tpanic("deep")\n}\nfunc outer() { inner() }\nouter()', "deep")
        self.assertRegex(r.traceback, r"(?s)inner.*outer", "the calls, innermost first")

    def test_panic_in_goroutine(self):
        id = self.k.send('go func() { panic("aside") }()\ntime.Sleep(5 * time.Second)\nfmt.Println("slept")')
        r = self.k.collect(id)
        self.assertIn("aside", str(r))
        self.state_kept()

    def test_panic_in_goroutine_of_an_earlier_cell(self):
        self.ok('release := make(chan bool)\ngo func() { <-release; panic("late") }()')
        self.k.run("close(release)\ntime.Sleep(200 * time.Millisecond)")
        self.state_kept()

    def test_recover_works(self):
        r = self.ok('func() {\n\tdefer func() { fmt.Println("recovered:", recover()) }()\n\tpanic("x")\n}()')
        self.assertEqual(r.stdout, "recovered: x\n")


class Fatal(Case):
    """What Go itself cannot recover from."""

    def test_concurrent_map_writes(self):
        r = self.k.run(
            "m := map[int]int{}\nvar wg sync.WaitGroup\n"
            "for g := 0; g < 8; g++ {\n\twg.Add(1)\n\tgo func() {\n\t\tdefer wg.Done()\n"
            "\t\tfor i := 0; i < 300000; i++ { m[i%100] = i }\n\t}()\n}\nwg.Wait()"
        )
        if r.status == "ok":
            self.state_kept()  # they never met, or they are kept from each other
        else:
            self.failed(r, "concurrent map")
            self.state_kept_or_gone(r)

    def test_endless_recursion(self):
        r = self.fails("func f(n int) int { return f(n+1) + 1 }\nf(0)", "stack")
        self.state_kept()

    def test_mutual_recursion_in_goroutine(self):
        """The goroutine ends with its panic; the cell, which waits for it, by an interrupt at the latest."""
        r = self.k.answered(self.k.send(
            "func even(n int) bool { return odd(n + 1) }\nfunc odd(n int) bool { return even(n + 1) }\n"
            "done := make(chan bool)\ngo func() { done <- even(0) }()\n<-done"), patience=15)
        self.failed(r)
        self.assertIn("stack", r.traceback + r.stderr)
        self.state_kept_or_gone(r)

    def test_unlock_of_unlocked_mutex(self):
        r = self.fails("var mu sync.Mutex\nmu.Unlock()", "unlock of unlocked mutex")
        self.state_kept_or_gone(r)


class Deadlock(Case):
    def test_interrupted_deadlock_says_who_waits_where(self):
        id = self.k.send(
            'first, second := make(chan int), make(chan int)\nvar wg sync.WaitGroup\nwg.Add(1)\n'
            'go func() {\n\tdefer wg.Done()\n\tfirst <- <-second\n}()\nfmt.Println("started")\nwg.Wait()'
        )
        self.k.until(id, "started")
        self.k.interrupt()
        r = self.k.collect(id)
        self.failed(r, "WaitGroup", "line 6")
        self.assertRegex(r.traceback, r"(?i)chan(nel)? receive|receiv")
        self.state_kept()


class Death(Case):
    """The worker's process ends; the kernel does not."""

    def test_exit(self):
        r = self.fails("os.Exit(3)", "exit status 3")
        self.state_gone(r)

    def test_exit_0(self):
        r = self.fails("os.Exit(0)", "exit status 0")
        self.state_gone(r)

    def test_exit_keeps_what_was_printed(self):
        r = self.fails('fmt.Println("last words")\nos.Exit(1)')
        self.assertEqual(r.stdout, "last words\n")

    def test_killed_while_idle(self):
        pid = self.k.worker()
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not alive(pid), "the worker is alive")
        r = self.k.run("1 + 1")
        self.assertEqual((r.status, r.result), ("ok", "2"), f"{r}")
        self.assertRegex(r.stderr, r"(?i)gone")
        self.assertIn("SIGKILL", r.stderr)
        self.fails("kept", "undefined: kept")

    def test_killed_while_busy(self):
        pid = self.k.worker()
        id = self.k.send('fmt.Println("started")\nfor { time.Sleep(time.Second) }')
        self.k.until(id, "started")
        os.kill(pid, signal.SIGKILL)
        r = self.k.collect(id)
        self.failed(r, "SIGKILL")
        self.state_gone(r)

    def test_kills_itself(self):
        r = self.fails("unix.Kill(os.Getpid(), unix.SIGKILL)\ntime.Sleep(time.Minute)", "SIGKILL")
        self.state_gone(r)

    def test_memory_eater(self):
        r = self.k.run(
            "var hoard [][]byte\nfor {\n\tb := make([]byte, 16<<20)\n\tfor i := 0; i < len(b); i += 4096 { b[i] = 1 }\n"
            "\thoard = append(hoard, b)\n}", limit=120)
        self.failed(r, "memory")
        self.state_kept_or_gone(r)

    def test_many_goroutines(self):
        r = self.k.run("stop := make(chan bool)\nfor i := 0; i < 100000; i++ {\n\tgo func() { <-stop }()\n}\nclose(stop)", limit=120)
        if r.status == "ok":
            self.state_kept()
        else:
            self.state_kept_or_gone(r)

    def test_closes_every_descriptor(self):
        r = self.k.answered(self.k.send("for fd := 0; fd < 1000; fd++ { unix.Close(fd) }"))
        if r.status == "ok":  # its output is lost with the descriptors; an answer is not
            r = self.k.answered(self.k.send("1"))
        self.assertIn(r.status, ("ok", "error"), str(r))
        r = self.k.answered(self.k.send("kept := 7"))
        self.assertEqual(r.status, "ok", str(r))

    def test_stopped_while_idle(self):
        os.kill(self.k.worker(), signal.SIGSTOP)
        r = self.k.answered(self.k.send("1 + 1"), patience=1)
        self.assertEqual(self.ok("1 + 1").result, "2", f"after {r}")

    def test_stopped_while_busy(self):
        pid = self.k.worker()
        id = self.k.send('fmt.Println("started")\nfor { }')
        self.k.until(id, "started")
        os.kill(pid, signal.SIGSTOP)
        self.k.interrupt()
        r = self.k.collect(id)
        self.failed(r)
        self.state_kept_or_gone(r)

    def test_stopped_then_shut_down(self):
        pid = self.k.worker()
        os.kill(pid, signal.SIGSTOP)
        self.k.kc.shutdown()
        wait_for(lambda: not alive(self.k.pid), "the kernel is alive")
        wait_for(lambda: not alive(pid), "the worker is alive")


class Leftovers(Case):
    def test_kernel_killed(self):
        self.ok("go func() { for { } }()")
        below = descendants(self.k.pid)
        self.assertIn(self.k.worker(), below)
        os.kill(self.k.pid, signal.SIGKILL)
        for pid in below:
            wait_for(lambda: not alive(pid), f"process {pid} outlived the kernel")

    def test_shutdown(self):
        below = descendants(self.k.pid)
        self.assertTrue(below)
        self.k.kc.shutdown()
        for pid in [self.k.pid, *below]:
            wait_for(lambda: not alive(pid), f"process {pid} outlived the shutdown")

    def test_restart(self):
        old = self.k.worker()
        self.k.km.restart_kernel()
        self.k.kc.stop_channels()
        self.k.kc = self.k.client()
        wait_for(lambda: not alive(old), "the old worker is alive")
        self.fails("kept", "undefined: kept")
        self.assertEqual(self.ok("1").result, "1")


class Output(Case):
    def test_println_and_raw_writes(self):
        r = self.ok('println("builtin")\nunix.Write(2, []byte("raw\\n"))\nunix.Write(1, []byte("out\\n"))')
        self.assertEqual((r.stdout, r.stderr), ("out\n", "builtin\nraw\n"))

    def test_order_and_completeness(self):
        r = self.ok("for i := 0; i < 20000; i++ { fmt.Println(i) }")
        self.assertEqual(r.stdout, "".join(f"{i}\n" for i in range(20000)))

    def test_not_utf8(self):
        r = self.ok('os.Stdout.Write([]byte{0xff, 0xfe, \'a\', \'\\n\'})')
        self.assertTrue(r.stdout.endswith("a\n"), repr(r.stdout))

    def test_rune_in_two_writes(self):
        r = self.ok('os.Stdout.Write([]byte{0xe2, 0x82})\ntime.Sleep(50 * time.Millisecond)\nos.Stdout.Write([]byte{0xac, 10})')
        self.assertEqual(r.stdout, "€\n")

    def test_flood_is_stopped(self):
        r = self.k.run('line := strings.Repeat("x", 1<<16)\nfor { fmt.Println(line) }', limit=120)
        self.failed(r, "64 MiB")
        self.assertGreater(len(r.stdout), 32 << 20)
        self.assertLess(len(r.stdout), 80 << 20)
        self.state_kept_or_gone(r)

    def test_goroutine_prints_after_the_cell(self):
        self.ok('go func() {\n\ttime.Sleep(100 * time.Millisecond)\n\tfmt.Println("later")\n}()')
        self.assertEqual(self.ok("time.Sleep(300 * time.Millisecond)").status, "ok")


class Memory(Case):
    """Many cells: memory grows by less than 10 kB a cell."""

    def test_memory_of_many_cells(self):
        worker = self.k.worker()

        def some(n):
            for i in range(n):
                self.k.run(f"x := {i}\nx * 2")

        def used():
            self.ok('import "runtime/debug"\ndebug.FreeOSMemory()')
            return kernel.rss(worker) + kernel.rss(self.k.pid)

        some(500)
        before = used()
        some(2000)
        grown = (used() - before) / 2000
        self.assertLess(grown, 10_000, "bytes a cell")
