"""Whatever becomes of a kernel with hosts, nothing of it is left: processes, namespaces, links, descriptors, files."""

import glob
import os
import pathlib
import random
import signal
import time
import unittest

import kernel
from kernel import Case, Kernel, alive, descendants, wait_for

ROUNDS = int(os.environ.get("ROUNDS", "12"))

# A listener, a connection and a goroutine in each of three hosts; the last cell runs on.
HOSTS = [
    '%%on one\nimport ("net"; "io"; "time")\nl, err := net.Listen("tcp", ":7777")\nif err != nil { panic(err) }\n'
    "go func() {\n\tfor {\n\t\tc, err := l.Accept()\n\t\tif err != nil { return }\n\t\tgo io.Copy(c, c)\n\t}\n}()",
    '%%on two\nimport ("net"; "fmt")\nc, err := net.Dial("tcp", "one:7777")\nif err != nil { panic(err) }\nfmt.Fprintln(c, "hello")',
    '%delay one two 5ms',
    '%%on three &\nimport ("net"; "time")\nc, err := net.Dial("tcp", "one:7777")\nif err != nil { panic(err) }\nfor { c.Write([]byte("x")); time.Sleep(time.Millisecond) }',
    '%%on two\nfor { c.Write([]byte("y")) }',
]


def program():
    return os.path.realpath(os.environ["SOCKBOOK"])


def ours():
    """the processes of this installation, by what they run"""
    found = []
    for exe in glob.glob("/proc/[0-9]*/exe"):
        try:
            if os.readlink(exe).removesuffix(" (deleted)") == program():
                found.append(int(exe.split("/")[2]))
        except OSError:
            pass
    return found


class Machine:
    """What a kernel could leave on this machine."""

    def __init__(self):
        pids = ours()
        self.processes = len(pids)
        networks = set()
        for pid in pids:
            for ns in glob.glob(f"/proc/{pid}/task/*/ns/net"):
                try:
                    networks.add(os.readlink(ns))
                except OSError:
                    pass
        self.networks = len(networks)
        self.links = len(os.listdir("/sys/class/net"))
        self.files = len(glob.glob("/tmp/sockbook-cells-*"))
        self.mounts = len(pathlib.Path("/proc/self/mounts").read_text().splitlines())

    def __eq__(self, other):
        return vars(self) == vars(other)

    def __repr__(self):
        return str(vars(self))


class Leftovers(unittest.TestCase):
    def settled(self, before):
        now = lambda: Machine()
        wait_for(lambda: now() == before, lambda: f"left {now()}, before {before}")

    def begin(self, k, moment):
        """begin the cells; stop before the one that moment says, without waiting for it"""
        for i, cell in enumerate(HOSTS):
            id = k.send(cell)
            if i == moment:
                return
            r = k.collect(id)
            self.assertEqual(r.status, "ok", f"{cell}\n{r}")

    def test_killed_at_any_moment(self):
        """kill -9 of the kernel, with up to three hosts, in the middle of a cell"""
        before = Machine()
        chance = random.Random(7)
        for round in range(ROUNDS):
            k = Kernel()
            below = []
            try:
                self.begin(k, round % len(HOSTS))
                wait_for(lambda: descendants(k.pid), "there is no process yet")
                time.sleep(chance.random() / 20)  # any moment is as good
                below = descendants(k.pid)
                os.kill(k.pid, signal.SIGKILL)
                wait_for(lambda: not any(alive(p) for p in below), lambda: f"outlived the kernel: {[p for p in below if alive(p)]}")
            finally:
                k.close()
        self.settled(before)

    def test_shut_down_in_the_middle(self):
        before = Machine()
        for round in range(4):
            k = Kernel()
            try:
                self.begin(k, len(HOSTS) - 1)
                k.kc.shutdown()
                wait_for(lambda: not alive(k.pid), "the kernel is alive")
            finally:
                k.close()
        self.settled(before)

    def test_the_kernel_itself_stays_as_it_was(self):
        """hosts that crash and come back, processes that end, new ones: descriptors and processes of the kernel stay"""
        k = Kernel()
        self.addCleanup(k.close)
        ok = lambda cell: self.assertEqual((r := k.run(cell)).status, "ok", f"{cell}\n{r}")
        ok('%%on one\nimport "net"\nl, err := net.Listen("tcp", ":7777")\nerr')

        def around():
            ok('%%on two\nimport "net"\nc, err := net.Dial("tcp", "one:7777")\nif err != nil { panic(err) }')
            ok("%%wire\n1")
            ok("%crash two")
            ok("%reboot two")
            k.run("%kill two SIGKILL")  # it may be gone with its host
            ok("%restart one")
            ok('%%on one\nimport "net"\nl, err := net.Listen("tcp", ":7777")\nerr')
            ok("%heal")

        def count():
            return (len(os.listdir(f"/proc/{k.pid}/fd")), len(descendants(k.pid)), Machine().networks)

        around()
        before = count()
        for _ in range(5):
            around()
        # closed by goroutines that nobody waits for, and by the collector
        wait_for(lambda: all(now <= then + 2 for now, then in zip(count(), before)), lambda: f"{count()}, before {before}")
