"""The first lesson, as a newcomer goes through it: an error to mend, a question, a cell to interrupt, an exercise."""

import os
import pathlib
import re
import tempfile
import unittest

import nbformat

from kernel import Kernel

LESSON = pathlib.Path(os.environ["README"]).parent / "lessons" / "00-start"


class First(unittest.TestCase):
    def test_as_a_newcomer(self):
        folder = tempfile.TemporaryDirectory()  # where the progress is kept
        self.addCleanup(folder.cleanup)
        k = Kernel(cwd=folder.name)
        self.addCleanup(k.close)
        nb = nbformat.read(LESSON / "lesson.ipynb", 4)
        cells = {c.id: c.source for c in nb.cells if c.cell_type == "code"}
        run = k.run
        self.assertEqual(run(cells["start-02"]).stdout, "hello, socket\n")
        self.assertEqual(run(cells["start-04"]).result, "13")
        r = run(cells["start-05"])
        self.assertEqual(r.status, "error")
        self.assertIn("undefined: strings", r.traceback)
        self.assertEqual(run(cells["start-07"]).result, "HELLO, SOCKET!")
        self.assertEqual(run(cells["start-09"]).stdout, '"anyone there?\\n" <nil>\n')

        self.assertEqual(run(cells["start-13"]).status, "ok")
        self.assertIn("kept: a)", run("%predict 0.2 A)").stdout)
        self.assertEqual(run("%predict 0.2 z").status, "error")
        self.assertEqual(run(cells["start-15"]).status, "ok")
        self.assertIn("stays a", run("%predict 0.2 b").stdout)

        r = k.answered(k.send(re.sub(".*SetDeadline.*", "", cells["start-18"])), patience=1)
        self.assertRegex(r.evalue + r.ename, "interrupt")
        self.assertIn("waiting.Accept()", r.traceback)
        self.assertEqual(run("greeting").result, "hello, socket")

        run(cells["start-20"])
        r = run(cells["start-21"])
        self.assertEqual(r.status, "error")
        self.assertIn("without connecting", r.traceback)
        self.assertNotIn("goroutine", r.traceback)
        self.assertEqual(run((LESSON / "solutions" / "0.1.cell").read_text()).status, "ok")
        self.assertEqual(run("%check 0.1").stdout, "PASS  0.1 Ask a server (1 point)\n")
