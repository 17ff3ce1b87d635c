"""frontend.py MODE CONNECTION_FILE [OPTIONS]: one frontend made of pyzmq, for the transport's tests.

It prints a line when it is ready, and one when it is done. Modes:

subscribe [stop N | die N]   receive "line 0", "line 1", ... until "end"; after N lines freeze or die of a signal
client                       ask on shell, answer on stdin, beat
heartbeat                    stay connected through ZMTP heartbeats for longer than their timeout
"""

import hashlib
import hmac
import json
import os
import signal
import sys
import uuid

import zmq
from zmq.utils.monitor import recv_monitor_message

PATIENCE = 60_000  # ms


def main():
    mode, path, *options = sys.argv[1:]
    with open(path) as f:
        conn = json.load(f)
    ctx = zmq.Context()
    {"subscribe": subscribe, "client": client, "heartbeat": heartbeat}[mode](ctx, conn, *options)
    ctx.destroy(linger=0)


def say(*words):
    print(*words, flush=True)


def url(conn, name):
    separator = ":" if conn["transport"] == "tcp" else "-"
    return f'{conn["transport"]}://{conn["ip"]}{separator}{conn[name + "_port"]}'


def connect(ctx, kind, conn, name, **options):
    s = ctx.socket(kind)
    s.rcvtimeo = PATIENCE
    for k, v in options.items():
        setattr(s, k, v)
    s.connect(url(conn, name))
    return s


def recv(s, conn):
    """Receive one message: type, parent's id, content."""
    frames = s.recv_multipart()
    at = frames.index(b"<IDS|MSG>")
    sign = hmac.new(conn["key"].encode(), digestmod=hashlib.sha256)
    for part in frames[at + 2 : at + 6]:
        sign.update(part)
    assert sign.hexdigest().encode() == frames[at + 1], "wrong signature"
    header, parent, _, content = (json.loads(part) for part in frames[at + 2 : at + 6])
    return header["msg_type"], parent.get("msg_id"), content


def send(s, conn, kind, content):
    header = {"msg_id": uuid.uuid4().hex, "session": "s", "username": "", "date": "2026-01-01T00:00:00Z",
              "msg_type": kind, "version": "5.4"}
    parts = [json.dumps(d).encode() for d in (header, {}, {}, content)]
    sign = hmac.new(conn["key"].encode(), b"".join(parts), hashlib.sha256)
    s.send_multipart([b"<IDS|MSG>", sign.hexdigest().encode(), *parts])
    return header["msg_id"]


def welcome(s, conn):
    kind, parent, content = recv(s, conn)
    assert (kind, parent, content) == ("iopub_welcome", None, {"subscription": ""}), (kind, parent, content)


def subscribe(ctx, conn, what=None, at=None):
    s = connect(ctx, zmq.SUB, conn, "iopub", subscribe=b"")
    welcome(s, conn)
    say("ready")
    n = 0
    while True:
        if what and n == int(at):
            os.kill(os.getpid(), signal.SIGSTOP if what == "stop" else signal.SIGKILL)
        kind, _, content = recv(s, conn)
        assert kind == "stream", kind
        if content["text"] == "end":
            break
        assert content["text"] == f"line {n}\n", (n, content)
        n += 1
    say("received", n)


def client(ctx, conn):
    shell = connect(ctx, zmq.DEALER, conn, "shell", identity=b"me")
    stdin = connect(ctx, zmq.DEALER, conn, "stdin", identity=b"me")
    beat = connect(ctx, zmq.REQ, conn, "hb")
    say("ready")
    asked = send(shell, conn, "execute_request", {"code": "x"})
    kind, parent, _ = recv(stdin, conn)
    assert (kind, parent) == ("input_request", asked), (kind, parent)
    send(stdin, conn, "input_reply", {"value": "typed"})
    kind, parent, content = recv(shell, conn)
    assert (kind, parent) == ("execute_reply", asked), (kind, parent)
    for ping in (b"ping", b"", b"x" * 1000):
        beat.send(ping)
        assert beat.recv() == ping
    say("done", content["status"])


def heartbeat(ctx, conn):
    timeout = 6000  # ms; the one who answers may wait for its turn on a busy machine
    s = ctx.socket(zmq.SUB)
    s.rcvtimeo = PATIENCE
    s.heartbeat_ivl, s.heartbeat_timeout, s.heartbeat_ttl = 100, timeout, 1000
    s.subscribe(b"")
    monitor = s.get_monitor_socket(zmq.EVENT_DISCONNECTED)
    s.connect(url(conn, "iopub"))
    welcome(s, conn)
    say("ready")
    if monitor.poll(timeout * 2):
        say("lost", recv_monitor_message(monitor))
    else:
        say("stayed")
    s.disable_monitor()


main()
