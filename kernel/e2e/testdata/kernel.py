"""A kernel and a client of it, for the suites beside this file."""

import os
import pathlib
import queue
import re
import threading
import time
import unittest

import jupyter_client

NAME = "sockbook"
LIMIT = 60  # seconds after which something hangs; never a measure of speed

IMPORTS = 'import (\n\t"fmt"\n\t"os"\n\t"time"\n\t"sync"\n\t"net"\n\t"bufio"\n\t"strings"\n\t"golang.org/x/sys/unix"\n)\n'


def plain(text):
    """text without colours"""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


class Reply:
    """What one execute_request brought."""

    def __init__(self):
        self.content = {}  # of the reply
        self.messages = []  # iopub, (type, content), from busy to idle

    status = property(lambda self: self.content["status"])
    ename = property(lambda self: self.content["ename"])
    evalue = property(lambda self: self.content["evalue"])
    count = property(lambda self: self.content["execution_count"])
    traceback = property(lambda self: plain("\n".join(self.content["traceback"])))
    stdout = property(lambda self: self.stream("stdout"))
    stderr = property(lambda self: self.stream("stderr"))

    def stream(self, name):
        return "".join(c["text"] for t, c in self.messages if t == "stream" and c["name"] == name)

    def of(self, kind):
        return [c for t, c in self.messages if t == kind]

    @property
    def result(self):
        """the value of the last expression as text, None if there is none"""
        found = self.of("execute_result")
        return found[0]["data"]["text/plain"] if found else None

    def __str__(self):
        text = plain(f"{self.content}\n{self.messages}")
        return text if len(text) < 6000 else text[:3000] + " … " + text[-3000:]


class Kernel:
    """A running kernel and one client."""

    def __init__(self, **options):
        self.km = jupyter_client.KernelManager(kernel_name=NAME)
        self.km.start_kernel(**options)
        self.pid = self.km.provisioner.process.pid
        self.kc = self.client()

    def client(self):
        kc = self.km.blocking_client()
        kc.start_channels()
        kc.wait_for_ready(timeout=LIMIT)
        return kc

    def close(self):
        self.kc.stop_channels()
        if self.km.has_kernel:
            self.km.shutdown_kernel(now=True)
        self.km.cleanup_resources()

    def send(self, code, **options):
        """start a cell; its message id"""
        return self.kc.execute(code, **options)

    def until(self, id, text, kc=None):
        """read iopub until the cell's stdout holds text"""
        kc, seen, end = kc or self.kc, "", time.monotonic() + LIMIT
        while text not in seen:
            msg = kc.get_iopub_msg(timeout=max(0.01, end - time.monotonic()))
            if msg["parent_header"].get("msg_id") == id and msg["msg_type"] == "stream":
                seen += msg["content"]["text"]
            if msg["parent_header"].get("msg_id") == id and msg["msg_type"] == "error":
                raise AssertionError(f"an error before {text!r}: {plain(chr(10).join(msg['content']['traceback']))}")
        return seen

    def idle(self, id):
        """read iopub until the cell, whoever sent it, is idle"""
        end = time.monotonic() + LIMIT
        while True:
            msg = self.kc.get_iopub_msg(timeout=max(0.01, end - time.monotonic()))
            if msg["parent_header"].get("msg_id") == id and msg["content"].get("execution_state") == "idle":
                return

    def collect(self, id, kc=None, limit=LIMIT):
        """what a cell that was sent brings until it is idle"""
        kc, reply, end = kc or self.kc, Reply(), time.monotonic() + limit
        left = lambda: max(0.01, end - time.monotonic())
        while True:
            try:
                msg = kc.get_iopub_msg(timeout=left())
            except queue.Empty:
                raise AssertionError(f"no idle after {limit} s: {reply}") from None
            if msg["parent_header"].get("msg_id") != id:
                continue
            reply.messages.append((msg["msg_type"], msg["content"]))
            if msg["msg_type"] == "status" and msg["content"]["execution_state"] == "idle":
                break
        while True:
            try:
                msg = kc.get_shell_msg(timeout=left())
            except queue.Empty:
                raise AssertionError(f"idle, but no reply after {limit} s: {reply}") from None
            if msg["parent_header"].get("msg_id") == id:
                reply.content = msg["content"]
                return reply

    def run(self, code, limit=LIMIT, **options):
        return self.collect(self.send(code, **options), limit=limit)

    def interrupt(self):
        """interrupt as a frontend does, and wait until the kernel has taken it"""
        msg = self.kc.session.msg("interrupt_request", {})
        self.kc.control_channel.send(msg)
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            reply = self.kc.get_control_msg(timeout=LIMIT)
            if reply["parent_header"].get("msg_id") == msg["msg_id"]:
                return
        raise AssertionError(f"no interrupt_reply within {LIMIT} s")

    def ask(self, type, **content):
        """send a request on shell and return the content of its reply"""
        msg = self.kc.session.msg(type, content)
        self.kc.shell_channel.send(msg)
        end = time.monotonic() + LIMIT
        while True:
            reply = self.kc.get_shell_msg(timeout=max(0.01, end - time.monotonic()))
            if reply["parent_header"].get("msg_id") == msg["header"]["msg_id"]:
                return reply["content"]

    def worker(self):
        """the pid of the process that runs cells; the cell itself may see another one, in its own namespace"""
        inner = self.run('import "os"\nos.Getpid()').result
        for pid in descendants(self.pid):
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            if re.search(r"^NSpid:.*\b" + inner + "$", status, re.M) and "worker" in pathlib.Path(f"/proc/{pid}/cmdline").read_text():
                return pid
        raise AssertionError(f"no process below {self.pid} is {inner} to itself")

    def answered(self, id, patience=5, limit=LIMIT):
        """what a cell brings, after an interrupt if it does not end within patience seconds"""
        impatience = threading.Timer(patience, self.interrupt)
        impatience.start()
        try:
            return self.collect(id, limit=limit)
        finally:
            impatience.cancel()


class Case(unittest.TestCase):
    """A test with a kernel of its own, whose first cell has declared kept = 41."""

    longMessage = True
    maxDiff = None

    def setUp(self):
        self.k = Kernel()
        self.addCleanup(self.k.close)
        self.ok(IMPORTS + "var kept = 41")

    def ok(self, code, **options):
        reply = self.k.run(code, **options)
        self.assertEqual(reply.status, "ok", f"\n{code}\n{reply}")
        return reply

    def fails(self, code, *words, **options):
        """run a cell that must fail with these words somewhere in its traceback"""
        reply = self.k.run(code, **options)
        self.failed(reply, *words)
        return reply

    def failed(self, reply, *words):
        self.assertEqual(reply.status, "error", f"\n{reply}")
        self.assertEqual(len(reply.of("error")), 1, f"one error message\n{reply}")
        for word in words:
            self.assertIn(word, reply.traceback)

    def state_kept(self):
        self.assertEqual(self.ok("kept").result, "41")
        self.assertEqual(self.ok("kept + 1").result, "42")

    def state_gone(self, reply):
        """reply said that the variables are gone; they are, and the next cell runs"""
        self.assertRegex(reply.traceback, r"(?i)variables.* gone")
        self.fails("kept", "undefined: kept")
        self.assertEqual(self.ok("kept := 7\nkept").result, "7")

    def state_kept_or_gone(self, reply):
        """one of the two, and the error says which"""
        if re.search(r"(?i)variables.* gone", reply.traceback):
            self.state_gone(reply)
        else:
            self.state_kept()


def wait_for(condition, what, limit=LIMIT):
    """wait until condition() holds; what, a text or a function, says what is wrong if it never does"""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"after {limit} s: {what() if callable(what) else what}")
        time.sleep(0.02)


def alive(pid):
    """whether a process is there and no zombie"""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def descendants(pid):
    """the processes below pid, now"""
    found, todo = [], [pid]
    while todo:
        for children in pathlib.Path(f"/proc/{todo.pop()}/task").glob("*/children"):
            try:
                pids = [int(p) for p in children.read_text().split()]
            except OSError:
                continue
            found += pids
            todo += pids
    return found


def rss(pid):
    """a process's memory in bytes"""
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
