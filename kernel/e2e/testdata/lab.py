"""A notebook with text, picture, error, input and progress, run in JupyterLab in Chromium as a person would."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import nbformat
from playwright.sync_api import sync_playwright

import kernel

SHOTS = pathlib.Path(os.environ["SHOTS"])
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]

MARKDOWN = """# A notebook of everything

Text, a value, a table, a picture, progress, input and an error."""
CELLS = [
    'import (\n\t"fmt"\n\t"os"\n\t"time"\n\t"sockbook/runtime/display"\n)\n\nfmt.Println("hello, socket")\nfmt.Fprintln(os.Stderr, "and on stderr")\n6 * 7',
    'type peer struct {\n\tName string\n\tPort int\n}\n[]peer{{"echo", 7}, {"http", 80}}',
    'display.SVG(`<svg xmlns="http://www.w3.org/2000/svg" width="320" height="60"><rect width="320" height="60" rx="8" fill="#17324d"/>'
    '<text x="20" y="38" font-family="sans-serif" font-size="20" fill="#fff">a picture of a socket</text></svg>`)',
    'display.Text("0 %", display.ID("bar"))\nfor n := 1; n <= 5; n++ {\n\ttime.Sleep(50 * time.Millisecond)\n'
    '\tdisplay.Text(fmt.Sprintf("%d %%", 20*n), display.Update("bar"))\n}',
    'var name string\nfmt.Print("your name? ")\nfmt.Scan(&name)\nfmt.Println("hello,", name)',
    'func divide(a, b int) int {\n\treturn a / b\n}\n\ndivide(1, 0)',
]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Lab(unittest.TestCase):
    """One JupyterLab and one browser."""

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="sockbook-lab-"))
        self.addCleanup(shutil.rmtree, self.dir, True)
        (self.dir / "root").mkdir()
        self.settings("notebook-extension", "tracker", {"windowingMode": "none"})
        self.settings("apputils-extension", "notification", {"fetchNews": "false", "checkForUpdates": False})
        self.url = f"http://127.0.0.1:{self.start()}"
        play = sync_playwright().start()
        self.addCleanup(play.stop)
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        self.addCleanup(browser.close)
        self.page = browser.new_page(viewport={"width": 1100, "height": 900})
        self.page.set_default_timeout(120_000)

    def settings(self, extension, name, value):
        folder = self.dir / "settings" / "@jupyterlab" / extension
        folder.mkdir(parents=True)
        (folder / f"{name}.jupyterlab-settings").write_text(json.dumps(value))

    def start(self):
        port = free_port()
        env = dict(os.environ, JUPYTERLAB_SETTINGS_DIR=str(self.dir / "settings"), JUPYTERLAB_WORKSPACES_DIR=str(self.dir / "workspaces"),
                   JUPYTER_CONFIG_DIR=str(self.dir / "config"))
        log = open(self.dir / "log", "wb")
        self.addCleanup(log.close)
        lab = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root",
             "--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={self.dir / 'root'}",
             "--LabApp.extension_manager=readonly"], env=env, stdout=log, stderr=log)

        def stop():
            lab.terminate()
            try:
                lab.wait(15)
            except subprocess.TimeoutExpired:
                lab.kill()
                lab.wait()

        self.addCleanup(stop)

        def up():
            self.assertIsNone(lab.poll(), f"jupyter lab ended\n{(self.dir / 'log').read_text()}")
            try:
                return urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=1).read()
            except OSError:
                return False

        kernel.wait_for(up, "jupyter lab does not answer", limit=120)
        return port

    def open(self, name, nb):
        """open a notebook as a document of its own and wait for its kernel"""
        nbformat.write(nb, self.dir / "root" / name)
        self.page.goto(f"{self.url}/doc/tree/{name}?reset", wait_until="domcontentloaded")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")

        def ready():
            sessions = json.loads(urllib.request.urlopen(self.url + "/api/sessions", timeout=5).read())
            idle = any(s["kernel"] and s["kernel"]["execution_state"] == "idle" and s["kernel"]["connections"] for s in sessions)
            return idle and self.page.evaluate(
                "() => document.querySelector('.jp-Notebook-ExecutionIndicator')?.getAttribute('data-status') === 'idle'")

        end = time.monotonic() + 120
        while not ready():
            self.assertLess(time.monotonic(), end, "the kernel is not idle after 120 s")
            self.page.wait_for_timeout(100)

    def run_all(self):
        self.page.click('.lm-MenuBar-itemLabel:text-is("Run")')
        self.page.click('.lm-Menu-itemLabel:text-is("Run All Cells")')

    def ran(self, count):
        """wait until so many code cells have run and none does"""
        self.page.wait_for_function(
            """n => { const p = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(e => e.textContent);
                 return p.filter(t => /\\[\\d+\\]/.test(t)).length >= n && !p.some(t => t.includes('*')) }""", arg=count)

    def outputs(self):
        return self.page.evaluate("() => [...document.querySelectorAll('.jp-CodeCell')].map(c => "
                                  "[...c.querySelectorAll('.jp-OutputArea-output')].map(o => o.innerText).join('\\n'))")

    def shot(self, name):
        """a picture of the whole notebook"""
        self.page.set_viewport_size({"width": 1100, "height": 6000})
        self.page.wait_for_timeout(500)
        self.page.evaluate("() => { document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0 }")
        height = self.page.evaluate("() => Math.max(...[...document.querySelectorAll('.jp-Cell')].map(c => c.getBoundingClientRect().bottom))")
        self.page.set_viewport_size({"width": 1100, "height": min(6000, int(height) + 60)})
        self.page.wait_for_timeout(500)
        self.page.evaluate("() => { document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0 }")
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png")

    def test_everything(self):
        nb = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": kernel.NAME, "display_name": "Go (Sockbook)", "language": "go"}})
        nb.cells = [nbformat.v4.new_markdown_cell(MARKDOWN)] + [nbformat.v4.new_code_cell(c) for c in CELLS]
        self.open("everything.ipynb", nb)
        self.run_all()
        field = self.page.wait_for_selector(".jp-Stdin-input")
        field.fill("Ada")
        field.press("Enter")
        self.ran(len(CELLS))
        self.page.wait_for_selector('.jp-RenderedText[data-mime-type="application/vnd.jupyter.stderr"]')
        self.shot("everything")
        out = self.outputs()
        for text, want in zip(out, ["hello, socket", "echo", "", "100 %", "hello, Ada", "integer divide by zero"], strict=True):
            self.assertIn(want, text)
        self.assertIn("42", out[0])
        self.assertIn("and on stderr", out[0])
        self.assertNotIn("80 %", out[3])
        self.assertIn("divide", out[5])
        self.assertEqual(self.page.locator(".jp-OutputArea-output img").count(), 1, "pictures")
        self.assertEqual(self.page.locator(".jp-OutputArea-output table").count(), 1, "tables")
        # Go is highlighted as Go: keywords have a class of their own
        self.assertGreater(self.page.locator(".cm-content .tok-keyword, .cm-content span[class]").count(), 5)

    def test_interrupt_and_go_on(self):
        nb = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": kernel.NAME, "display_name": "Go (Sockbook)", "language": "go"}})
        nb.cells = [nbformat.v4.new_code_cell(c) for c in ("kept := 41", "for { }", "kept + 1")]
        self.open("interrupt.ipynb", nb)
        self.run_all()
        self.page.wait_for_function("() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')][1].textContent.includes('*')"
                                    " && /\\[1\\]/.test(document.querySelector('.jp-CodeCell .jp-InputPrompt').textContent)")
        self.page.click('button[data-command="notebook:interrupt-kernel"], .jp-ToolbarButtonComponent[title*="nterrupt"], '
                        'jp-button[title*="nterrupt"]')
        self.ran(2)
        self.page.locator(".jp-CodeCell .cm-content").nth(2).click()
        self.page.keyboard.press("Shift+Enter")
        self.ran(3)
        self.shot("interrupt")
        out = self.outputs()
        self.assertRegex(out[1], "(?i)interrupt")
        self.assertIn("42", out[2])
