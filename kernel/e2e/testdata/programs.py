"""Jupyter's own programs drive the kernel, and the sockbook command does without them."""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import nbformat
import pexpect

import kernel
from kernel import NAME, plain

BIN = pathlib.Path(sys.executable).parent
SOCKBOOK = os.environ["SOCKBOOK"]


def notebook(*cells):
    nb = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": NAME, "display_name": "Go", "language": "go"}})
    nb.cells = [nbformat.v4.new_code_cell(c) for c in cells]
    return nb


def whole(outputs):
    """outputs with texts of one stream run together, as JupyterLab has them and jupyter execute does not"""
    all = []
    for o in outputs:
        if all and o.output_type == all[-1].output_type == "stream" and o.name == all[-1].name:
            all[-1].text += o.text
        else:
            all.append(o)
    return all


class Programs(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)

    def call(self, *args, status=0, **options):
        done = subprocess.run([str(a) for a in args], cwd=self.dir, capture_output=True, text=True, timeout=120, **options)
        self.assertEqual(done.returncode, status, f"{args}\n{done.stdout}\n{done.stderr}")
        return done

    def write(self, name, nb):
        nbformat.write(nb, self.dir / name)
        return self.dir / name

    def test_kernelspec(self):
        specs = json.loads(self.call(BIN / "jupyter", "kernelspec", "list", "--json").stdout)["kernelspecs"]
        self.assertEqual(specs[NAME]["spec"]["display_name"], "Go (Sockbook)")
        self.assertEqual(specs[NAME]["spec"]["interrupt_mode"], "message")
        self.assertIn("logo-64x64.png", os.listdir(specs[NAME]["resource_dir"]))

    def test_install_list_uninstall(self):
        for where in (["--user"], ["--name", "other", "--display-name", "Other"]):
            self.call(SOCKBOOK, "install", *where)
        env = {k: v for k, v in os.environ.items() if k != "JUPYTER_PATH"}
        names = lambda: set(json.loads(self.call(BIN / "jupyter", "kernelspec", "list", "--json", env=env).stdout)["kernelspecs"])
        self.assertLessEqual({NAME, "other"}, names())
        self.call(SOCKBOOK, "uninstall", "--name", "other")
        self.assertIn(NAME, names())
        self.call(SOCKBOOK, "uninstall")
        self.assertFalse({NAME, "other"} & names())

    def test_start(self):
        """sockbook start: JupyterLab with the kernel and the lessons; Ctrl-C, twice, ends it well"""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        env = {k: v for k, v in os.environ.items() if k != "JUPYTER_PATH"}
        lab = subprocess.Popen([SOCKBOOK, "start", self.dir / "les sons", "--no-browser", "--port", str(port), "--",
                                "--IdentityProvider.token=", "--ServerApp.port_retries=0"],
                               env=env, stdout=subprocess.DEVNULL, stderr=open(self.dir / "log", "w"), start_new_session=True)
        try:
            def get(path):
                self.assertIsNone(lab.poll(), (self.dir / "log").read_text())
                try:
                    return json.loads(urllib.request.urlopen(f"http://127.0.0.1:{port}/api/{path}", timeout=5).read())
                except OSError:
                    return None

            kernel.wait_for(lambda: get("status"), "JupyterLab does not answer", limit=120)
            specs = get("kernelspecs")
            self.assertEqual(specs["default"], NAME)
            self.assertTrue(specs["kernelspecs"][NAME]["spec"]["argv"][0].startswith(os.environ["HOME"]))
            self.assertIn("00-start", [f["name"] for f in get("contents")["content"]])
            while lab.poll() is None:  # the second one skips the question
                lab.send_signal(signal.SIGINT)
                try:
                    lab.wait(3)
                except subprocess.TimeoutExpired:
                    continue
            self.assertEqual(lab.returncode, 0)
        finally:
            lab.kill()
            lab.wait()

    def test_readme(self):
        """README's first cell prints what README says, but for the port."""
        readme = pathlib.Path(os.environ["README"]).read_text()
        cell, shown = re.search(r"```go\n(.*?)```\n```\n(.*?)```", readme, re.S).groups()
        path = self.write("n.ipynb", notebook(cell))
        numbers = lambda text: re.sub(r"port \d+", "port N", text)
        self.assertEqual(numbers(self.call(SOCKBOOK, "run", path).stdout), numbers(shown))

    def test_jupyter_execute(self):
        path = self.write("n.ipynb", notebook('import "fmt"\nx := 20', 'fmt.Println("hello")\nx + 22',
                                              'import "sockbook/runtime/display"\ndisplay.HTML("<b>hi</b>")'))
        self.call(BIN / "jupyter", "execute", path, "--output=out.ipynb")
        nb = nbformat.read(self.dir / "out.ipynb", 4)
        nbformat.validate(nb)
        self.assertEqual([c.execution_count for c in nb.cells], [1, 2, 3])
        self.assertEqual(nb.cells[1].outputs[0].text, "hello\n")
        self.assertEqual(nb.cells[1].outputs[1].data["text/plain"], "42")
        self.assertEqual(nb.cells[2].outputs[0].data["text/html"], "<b>hi</b>")
        self.assertEqual(nb.metadata.language_info.name, "go")

    def test_jupyter_execute_error(self):
        path = self.write("n.ipynb", notebook('panic("boom")', "1"))
        self.assertIn("boom", self.call(BIN / "jupyter", "execute", path, status=1).stderr)

    def test_console(self):
        c = pexpect.spawn(str(BIN / "jupyter"), ["console", "--kernel", NAME, "--ZMQTerminalInteractiveShell.simple_prompt=True"],
                          env=dict(os.environ, TERM="dumb"), encoding="utf-8", timeout=60, cwd=self.dir)
        self.addCleanup(c.close, True)
        c.expect(r"In ?\[\d+\]:")
        c.sendline('import "fmt"')
        c.expect(r"In ?\[\d+\]:")
        c.sendline("6 * 7")
        c.expect("42")
        c.expect(r"In ?\[\d+\]:")
        c.sendline('panic("boom")')
        c.expect("boom")
        c.expect(r"In ?\[\d+\]:")
        c.sendline('var s string; fmt.Scan(&s); fmt.Println("you said", s)')
        c.sendline("yes")
        c.expect("you said yes")
        c.expect(r"In ?\[\d+\]:")
        c.sendline('fmt.Println("started"); for { }')
        c.expect("started\r\n")
        c.sendintr()
        c.expect("(?i)interrupt")
        c.expect(r"In ?\[\d+\]:")
        c.sendeof()
        c.expect_exact("exit ([y]/n)?")
        c.sendline("y")
        c.expect(pexpect.EOF)

    def test_run_program(self):
        (self.dir / "p.go").write_text(
            'package main\n\nimport (\n\t"bufio"\n\t"fmt"\n\t"os"\n)\n\nfunc main() {\n\tin := bufio.NewScanner(os.Stdin)\n'
            '\tfor in.Scan() {\n\t\tfmt.Println("got", in.Text())\n\t}\n\tfmt.Fprintln(os.Stderr, "done")\n}\n')
        done = self.call(SOCKBOOK, "run", "p.go", input="one\ntwo\n")
        self.assertEqual((done.stdout, done.stderr), ("got one\ngot two\n", "done\n"))

    def test_run_program_that_fails(self):
        """status and last line as go run has them"""
        for body, said in (("os.Exit(3)", "exit status 3"), ('panic("boom")', "exit status 2")):
            (self.dir / "p.go").write_text(f'package main\n\nimport "os"\n\nfunc main() {{\n\tif len(os.Args) < 9 {{ {body} }}\n}}\n')
            done = self.call(SOCKBOOK, "run", "p.go", status=1)
            self.assertTrue(done.stderr.endswith(said + "\n"), done.stderr)
        self.assertIn("boom", done.stderr)
        (self.dir / "p.go").write_text('package main\n\nimport "os"\n\nfunc main() { os.Exit(0) }\n')
        self.assertEqual(self.call(SOCKBOOK, "run", "p.go").stderr, "")
        (self.dir / "p.go").write_text("package main\n\nfunc main() { nope() }\n")
        self.assertIn("undefined: nope", self.call(SOCKBOOK, "run", "p.go", status=1).stderr)

    def test_run_notebook(self):
        path = self.write("n.ipynb", notebook('import "fmt"\nx := 20', 'fmt.Println("hello")\nx + 22', 'panic("boom")', "x"))
        done = self.call(SOCKBOOK, "run", path, "-o", "out.ipynb", status=1)
        self.assertEqual(done.stdout, "hello\n42\n")
        self.assertIn("boom", done.stderr)
        self.assertRegex(done.stderr, r"sockbook: .*n\.ipynb: cell 3: .*boom")
        self.assertNotIn("\x1b", done.stderr)
        nb = nbformat.read(self.dir / "out.ipynb", 4)
        nbformat.validate(nb)
        self.assertEqual([c.execution_count for c in nb.cells], [1, 2, 3, None])
        self.assertEqual([[o.output_type for o in c.outputs] for c in nb.cells], [[], ["stream", "execute_result"], ["error"], []])
        # what Jupyter's own tool makes of it
        self.call(BIN / "jupyter", "execute", path, "--output=other.ipynb", "--allow-errors")

    def test_run_and_jupyter_execute_agree(self):
        path = self.write("n.ipynb", notebook('import "fmt"\nfor i := 0; i < 3; i++ { fmt.Println(i) }', "[]int{1, 2}",
                                              'import "sockbook/runtime/display"\ndisplay.Markdown("*x*")\n7', 'println("err")'))
        self.call(SOCKBOOK, "run", path, "-o", "ours.ipynb")
        self.call(BIN / "jupyter", "execute", path, "--output=theirs.ipynb")
        ours, theirs = (nbformat.read(self.dir / n, 4) for n in ("ours.ipynb", "theirs.ipynb"))
        for a, b in zip(ours.cells, theirs.cells, strict=True):
            b.outputs = whole(b.outputs)
            self.assertEqual((a.outputs, a.execution_count, a.source), (b.outputs, b.execution_count, b.source))
