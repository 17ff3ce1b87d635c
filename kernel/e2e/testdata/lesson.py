"""The first lesson, as a newcomer goes through it: an error to mend, a cell to interrupt."""

import os
import pathlib
import unittest

import nbformat

from kernel import Kernel


class First(unittest.TestCase):
    def test_as_a_newcomer(self):
        k = Kernel()
        self.addCleanup(k.close)
        nb = nbformat.read(pathlib.Path(os.environ["README"]).parent / "lessons" / "00-start" / "lesson.ipynb", 4)
        cells = [c.source for c in nb.cells if c.cell_type == "code"]
        hello, remember, broken, shout, connection, hang, after = cells
        run = k.run
        self.assertEqual(run(hello).stdout, "hello, socket\n")
        self.assertEqual(run(remember).result, "13")
        r = run(broken)
        self.assertEqual(r.status, "error")
        self.assertIn("undefined: strings", r.traceback)
        self.assertEqual(run('import "strings"\n' + broken).status, "ok")
        self.assertEqual(run(shout).result, "HELLO, SOCKET!")
        self.assertEqual(run(connection).stdout, '"anyone there?\\n" <nil>\n')
        r = k.answered(k.send(hang), patience=1)
        self.assertRegex(r.evalue + r.ename, "interrupt")
        self.assertIn("waiting.Accept()", r.traceback)
        self.assertEqual(run(after).result, "hello, socket")
