"""A frontend that is slow, frozen, gone or mad disturbs no other one."""

import json
import os
import socket
import threading
import time

import zmq

import kernel
from kernel import Case

LINES = 100_000
FLOOD = f'for i := 0; i < {LINES}; i++ {{ fmt.Println("line", i, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx") }}'


class Frontends(Case):
    def setUp(self):
        super().setUp()
        self.context = zmq.Context()
        self.addCleanup(self.context.destroy, 0)
        self.info = self.k.km.get_connection_info()

    def connect(self, kind, port, **options):
        s = self.context.socket(kind)
        s.linger = 0
        for name, value in options.items():
            setattr(s, name, value)
        s.connect(f"{self.info['transport']}://{self.info['ip']}:{self.info[port]}")
        return s

    def subscriber(self, **options):
        """another frontend's iopub; it is there once it has been welcomed"""
        s = self.connect(zmq.SUB, "iopub_port", **options)
        s.subscribe(b"")
        self.assertTrue(s.poll(kernel.LIMIT * 1000), "no welcome")
        return s

    def flood(self, id=None):
        """the flood, whole and in order"""
        r = self.k.collect(id or self.k.send(FLOOD), limit=120)
        self.assertEqual(r.status, "ok", str(r))
        lines = r.stdout.splitlines()
        self.assertEqual(len(lines), LINES)
        for i in (0, 1, LINES // 2, LINES - 1):
            self.assertTrue(lines[i].startswith(f"line {i} "), lines[i])
        return r

    def test_flood(self):
        self.flood()
        self.state_kept()

    def test_one_that_never_reads(self):
        self.subscriber(rcvhwm=1, rcvbuf=4096)
        self.flood()
        self.state_kept()

    def test_one_that_goes_away(self):
        s = self.subscriber()
        id = self.k.send(FLOOD)
        for _ in range(5):
            s.recv_multipart()
        s.close()
        self.flood(id)
        self.state_kept()

    def test_one_that_pauses(self):
        """It reads a little, pauses until the cell has ended, and gets the rest then."""
        s = self.subscriber(rcvhwm=10)
        got, resume, stop = [], threading.Event(), threading.Event()

        def read():
            for n in range(10**9):
                if n == 10:
                    resume.wait(kernel.LIMIT)
                while not s.poll(100):
                    if stop.is_set():
                        return
                parts = s.recv_multipart()
                header = parts.index(b"<IDS|MSG>") + 2
                if json.loads(parts[header])["msg_type"] == "stream":
                    got.append(json.loads(parts[header + 3])["text"].count("\n"))

        reader = threading.Thread(target=read)
        reader.start()
        try:
            id = self.k.send(FLOOD)
            time.sleep(0.5)  # a full queue slows the cell down; nothing is lost for who goes on reading
            resume.set()
            self.flood(id)
            kernel.wait_for(lambda: sum(got) >= LINES, lambda: f"the one that paused has {sum(got)} of {LINES} lines")
        finally:
            resume.set()
            stop.set()
            reader.join()
        self.assertEqual(sum(got), LINES)

    def test_many_that_come_and_go(self):
        id = self.k.send(FLOOD)
        for n in range(30):
            s = self.connect(zmq.SUB, "iopub_port")
            s.subscribe(b"")
            if n % 2:
                s.poll(50)
            s.close()
        self.flood(id)
        self.state_kept()

    def test_two_that_read(self):
        other = self.k.client()
        self.addCleanup(other.stop_channels)
        id = self.k.send(FLOOD)
        got = []
        reader = threading.Thread(target=lambda: got.append(self.k.collect(id, limit=120)))
        reader.start()
        seen = 0
        while True:
            msg = other.get_iopub_msg(timeout=120)
            if msg["parent_header"].get("msg_id") != id:
                continue
            if msg["msg_type"] == "stream":
                seen += msg["content"]["text"].count("\n")
            if msg["msg_type"] == "status" and msg["content"]["execution_state"] == "idle":
                break
        reader.join()
        self.assertEqual((seen, got[0].stdout.count("\n")), (LINES, LINES))

    def test_noise_on_every_port(self):
        """Bytes that are no ZeroMQ, half a handshake, a peer that says nothing."""
        kept = []
        for port in ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"):
            for noise in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\xff" + b"\0" * 8, b"\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL", os.urandom(5000),
                          b"\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL" + b"\0" * 48 + b"\x06" + b"\xff" * 8):
                s = socket.create_connection((self.info["ip"], self.info[port]), timeout=5)
                try:
                    s.sendall(noise)
                except OSError:
                    pass  # it hung up on us already: as well
                kept.append(s)
        self.state_kept()
        other = self.k.client()
        self.addCleanup(other.stop_channels)
        id = other.execute("kept")
        self.assertEqual(self.k.collect(id, kc=other).result, "41")
        for s in kept:
            s.close()
        self.state_kept()

    def test_mad_messages(self):
        """Frames that are no message: dropped, and the kernel goes on."""
        good = lambda: self.k.kc.session.serialize(self.k.kc.session.msg("kernel_info_request", {}))
        delimiter, signature, header, parent, metadata, content = good()
        session = self.k.kc.session
        bad = [
            [b""], [b"<IDS|MSG>"], [b"x"] * 20, [delimiter], [delimiter, signature], [delimiter, signature, header],
            [delimiter, signature, header, parent, metadata],
            [delimiter, b"0" * 64, header, parent, metadata, content],
            [delimiter, b"", header, parent, metadata, content],
            [delimiter, signature, parent, header, metadata, content],
            [header, delimiter, signature, parent, metadata, content],
            [b"\xff" * 100_000],
            [b""] * 2000,
        ]
        for frames in ([b"{", b"{}", b"{}", b"{}"], [b"\xff\xfe", b"{}", b"{}", b"{}"], [b"[]", b"[]", b"[]", b"[]"],
                       [b"null", b"null", b"null", b"null"], [b'{"msg_type": 7}', b"{}", b"{}", b"{}"], [b"{}", b"{}", b"{}", b"{}"],
                       [header, parent, metadata, b"[1]"], [header, parent, metadata, b'{"a":' * 20000]):
            bad.append([delimiter, session.sign(frames), *frames])
        for port in ("shell_port", "control_port", "stdin_port"):
            mad = self.connect(zmq.DEALER, port)
            for frames in bad:
                mad.send_multipart(frames)
            if port == "stdin_port":
                continue
            # on a connection of its own: one that goes too far is closed
            sane = self.connect(zmq.DEALER, port)
            sane.send_multipart(good())
            self.assertTrue(sane.poll(kernel.LIMIT * 1000), f"no answer on {port} beside a mad peer")
            self.assertEqual(json.loads(sane.recv_multipart()[2])["msg_type"], "kernel_info_reply")
        self.state_kept()

    def test_replay(self):
        """A message that is sent again, by who may have seen it, is not obeyed again."""
        self.ok("n := 0")
        frames = self.k.kc.session.serialize(self.k.kc.session.msg("execute_request", {"code": "n++", "silent": False}))
        s = self.connect(zmq.DEALER, "shell_port")
        for _ in range(3):
            s.send_multipart(frames)
        self.assertTrue(s.poll(kernel.LIMIT * 1000))
        self.assertEqual(self.ok("n").result, "1")

    def test_one_identity_twice(self):
        """Two peers that call themselves alike: each gets an answer or is refused, nobody else is disturbed."""
        for _ in range(2):
            good = self.k.kc.session.serialize(self.k.kc.session.msg("kernel_info_request", {}))
            self.connect(zmq.DEALER, "shell_port", identity=b"twin").send_multipart(good)
        self.state_kept()

    def test_heartbeat(self):
        s = self.connect(zmq.REQ, "hb_port")
        id = self.k.send('fmt.Println("started")\nfor { }')
        self.k.until(id, "started")
        s.send(b"ping")
        self.assertTrue(s.poll(kernel.LIMIT * 1000), "no heartbeat while a cell runs")
        self.assertEqual(s.recv(), b"ping")
        self.k.interrupt()
        self.failed(self.k.collect(id))

    def test_a_frontend_that_asks_for_input_and_goes_away(self):
        other = self.k.client()
        id = other.execute("var s string\nfmt.Scan(&s)", allow_stdin=True)
        other.get_stdin_msg(timeout=kernel.LIMIT)
        other.stop_channels()
        self.k.interrupt()
        self.k.idle(id)
        self.state_kept()
