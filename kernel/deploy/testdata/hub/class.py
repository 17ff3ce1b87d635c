"""class.py URL USERS LESSON…: a class of learners at a JupyterHub, all at once.

Each gets a server, a kernel, and runs the lessons to their ends, as JupyterLab would, through the hub's proxy. One line
of JSON says what each came to. Then a line on standard input is waited for, and all go home.
"""

import asyncio
import json
import os
import sys
import time
import uuid

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

URL, USERS, LESSONS = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
ADMIN = os.environ["TEST_TOKEN"]
LIMIT = 240  # seconds after which something hangs

AsyncHTTPClient.configure(None, max_clients=100)


async def call(method, path, token, body=None):
    request = HTTPRequest(
        URL + path, method, {"Authorization": f"token {token}"}, None if method in ("GET", "DELETE") else json.dumps(body or {}),
        request_timeout=LIMIT, connect_timeout=LIMIT,
    )
    response = await AsyncHTTPClient().fetch(request)
    return json.loads(response.body) if response.body else None


class Learner:
    def __init__(self, name):
        self.name, self.cells, self.problems = name, 0, []

    async def arrive(self):
        """a user, a server, a token"""
        await call("POST", f"/hub/api/users/{self.name}", ADMIN)
        try:
            await call("POST", f"/hub/api/users/{self.name}/server", ADMIN)
        except HTTPClientError as e:  # 202: it comes
            if e.code != 202:
                raise
        for end in [time.monotonic() + LIMIT]:
            while not (await call("GET", f"/hub/api/users/{self.name}", ADMIN))["servers"].get("", {}).get("ready"):
                if time.monotonic() > end:
                    raise TimeoutError(f"{self.name}'s server does not start")
                await asyncio.sleep(0.2)
        self.token = (await call("POST", f"/hub/api/users/{self.name}/tokens", ADMIN, {"expires_in": 3600}))["token"]
        self.base = f"/user/{self.name}"

    async def learn(self, lesson):
        folder = f"sockbook/{lesson}"
        notebook = await call("GET", f"{self.base}/api/contents/{folder}/lesson.ipynb", self.token)
        session = await call("POST", f"{self.base}/api/sessions", self.token, {
            "path": f"{folder}/lesson.ipynb", "name": lesson, "type": "notebook", "kernel": {"name": "sockbook"}})
        self.kernel = session["kernel"]["id"]
        self.ws = await websocket_connect(HTTPRequest(
            URL.replace("http", "ws", 1) + f"{self.base}/api/kernels/{self.kernel}/channels", headers={"Authorization": f"token {self.token}"},
            connect_timeout=LIMIT))
        await self.run(f'mine := "{self.name}"')
        for cell in notebook["content"]["cells"]:
            if cell["cell_type"] != "code":
                continue
            status, text = await self.run(cell["source"])
            self.cells += 1
            if status != "ok" and "raises-exception" not in cell["metadata"].get("tags", []):
                self.problems.append(f"{lesson}, cell {cell['id']}: {text}")
        status, text = await self.run("mine")
        if self.name not in text:
            self.problems.append(f"{lesson}: mine is {text}")

    async def run(self, code):
        """run a cell; its status and what it shows"""
        id = uuid.uuid4().hex
        await self.ws.write_message(json.dumps({
            "channel": "shell", "parent_header": {}, "metadata": {}, "buffers": [],
            "header": {"msg_id": id, "msg_type": "execute_request", "username": self.name, "session": id, "version": "5.3", "date": ""},
            "content": {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": False}}))
        status, text, idle = None, "", False
        while status is None or not idle:
            message = await asyncio.wait_for(self.ws.read_message(), LIMIT)
            if message is None:
                return "gone", text
            m = json.loads(message)
            if m["parent_header"].get("msg_id") != id:
                continue
            c = m["content"]
            match m["msg_type"]:
                case "execute_reply":
                    status = c["status"]
                case "status":
                    idle = idle or c["execution_state"] == "idle"
                case "stream":
                    text += c["text"]
                case "execute_result":
                    text += c["data"].get("text/plain", "")
                case "error":
                    text += f"{c['ename']}: {c['evalue']}"
        return status, text

    async def day(self):
        began = time.monotonic()
        try:
            await self.arrive()
            arrived = time.monotonic() - began
            for lesson in LESSONS:
                await self.learn(lesson)
        except Exception as e:  # said for this learner; the others go on
            self.problems.append(f"{type(e).__name__}: {e}")
            arrived = 0
        print(json.dumps({"name": self.name, "cells": self.cells, "problems": self.problems,
                          "arrived": round(arrived, 1), "done": round(time.monotonic() - began, 1)}), flush=True)


async def refused(thief, victim):
    """what one learner can have of another's through the hub: nothing"""
    for path in ("/api/kernels", f"/api/kernels/{victim.kernel}", "/api/contents/sockbook", "/api/sessions"):
        try:
            await call("GET", victim.base + path, thief.token)
            print(json.dumps({"name": thief.name, "problems": [f"has {victim.base + path}"]}), flush=True)
        except HTTPClientError as e:
            if e.code not in (403, 404):
                print(json.dumps({"name": thief.name, "problems": [f"{victim.base + path}: {e}"]}), flush=True)
    try:
        await websocket_connect(HTTPRequest(
            URL.replace("http", "ws", 1) + f"{victim.base}/api/kernels/{victim.kernel}/channels", headers={"Authorization": f"token {thief.token}"}))
        print(json.dumps({"name": thief.name, "problems": ["talks to another's kernel"]}), flush=True)
    except HTTPClientError:
        pass


async def main():
    learners = [Learner(f"learner{i}") for i in range(USERS)]
    await asyncio.gather(*(l.day() for l in learners))
    if not any(l.problems for l in learners):
        await asyncio.gather(*(refused(l, learners[i - 1]) for i, l in enumerate(learners)))
    print(json.dumps({"name": "all"}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    for l in learners:
        await call("DELETE", f"/hub/api/users/{l.name}/server", ADMIN)


asyncio.run(main())
