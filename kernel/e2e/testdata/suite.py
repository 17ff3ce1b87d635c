"""suite.py NAME: runs the unittest suite in NAME.py and prints one line of JSON a test, as it ends."""

import json
import sys
import unittest


class Verdicts(unittest.TestResult):
    def say(self, test, outcome, text=""):
        print(json.dumps({"Test": test.id().split(".", 1)[-1], "Outcome": outcome, "Text": text}), flush=True)

    def addSuccess(self, test):
        self.say(test, "ok")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.say(test, "skip", reason)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.say(test, "fail", self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.say(test, "fail", self.errors[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.say(subtest, "fail", (self.failures + self.errors)[-1][1])

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.say(test, "fail", "unexpected success")

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.say(test, "skip", "known: " + self.expectedFailures[-1][1])


def main():
    unittest.defaultTestLoader.loadTestsFromName(sys.argv[1]).run(Verdicts())


if __name__ == "__main__":
    main()
