"""jupyter_kernel_test's own tests, with samples of Go, and what they leave out."""

import unittest

import jupyter_kernel_test as jkt
from jupyter_kernel_test import msgspec_v5

import kernel


def validate(msg, *args):
    """The library refuses two keys that jupyter_client itself adds to messages of protocol 5.1 and older."""
    msgspec_v5.validate_message({k: v for k, v in msg.items() if k not in ("msg_id", "msg_type")}, *args)


jkt.validate_message = validate


class Conformance(jkt.KernelTests):
    kernel_name = kernel.NAME

    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'import "fmt"\nfmt.Println("hello, world")'
    code_stderr = 'import ("fmt"; "os")\nfmt.Fprintln(os.Stderr, "oops")'
    completion_samples = [
        {"text": "fmt.Printl"},
        {"text": "strings.ToUp"},
        {"text": "fun"},
    ]
    complete_code_samples = [
        "1",
        "x := 1",
        "for i := 0; i < 3; i++ {\n}",
        "func f() int {\n\treturn 1\n}",
        "type T struct {\n\tn int\n}",
        'import "fmt"',
        "// a remark",
    ]
    incomplete_code_samples = ["for {", "func f() {", "fmt.Println(", "x := []int{", "if true {", "s := `one", "1 +", "/* a"]
    invalid_code_samples = ["x := = 1", "func )(", "fmt.Println(1))", "for }"]
    code_generate_error = 'panic("boom")'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": "x := 1\nx + 1", "result": "2"},
    ]
    code_inspect_sample = "fmt.Println"
    code_clear_output = 'import "sockbook/runtime/display"\ndisplay.Clear()'
    code_display_data = [
        {"code": 'import "sockbook/runtime/display"\ndisplay.HTML("<b>hi</b>")', "mime": "text/html"},
        {"code": 'import "sockbook/runtime/display"\ndisplay.Markdown("**hi**")', "mime": "text/markdown"},
        {"code": 'import "sockbook/runtime/display"\ndisplay.SVG("<svg xmlns=\\"http://www.w3.org/2000/svg\\"/>")', "mime": "image/svg+xml"},
    ]
    code_history_pattern = "6?*?7"
    supported_history_operations = ("tail", "range", "search")
    # code_page_something stays empty: pagers are payloads, which the specification deprecates


class Welcome(unittest.TestCase):
    """A subscriber is welcomed with its subscription (iopub_welcome, JEP 65)."""

    def test_iopub_welcome(self):
        k = kernel.Kernel()
        self.addCleanup(k.close)
        kc = k.km.blocking_client()
        self.addCleanup(kc.stop_channels)
        kc.start_channels()
        msg = kc.get_iopub_msg(timeout=kernel.LIMIT)
        self.assertEqual(msg["msg_type"], "iopub_welcome")
        self.assertEqual(msg["content"], {"subscription": ""})
