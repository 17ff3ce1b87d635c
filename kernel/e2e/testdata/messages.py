"""Messages that jupyter_kernel_test leaves out: queue, input, history, displays, comms, completion, values."""

import os
import re
import tempfile

import kernel
from kernel import Case, Kernel


class Execute(Case):
    def states(self, reply):
        return [c["execution_state"] for c in reply.of("status")]

    def test_order_of_messages(self):
        r = self.ok('fmt.Println("x")\n42')
        self.assertEqual([t for t, _ in r.messages], ["status", "execute_input", "stream", "execute_result", "status"])
        self.assertEqual(self.states(r), ["busy", "idle"])
        self.assertEqual(r.of("execute_input")[0]["execution_count"], r.count)

    def test_count(self):
        first = self.ok("1").count
        self.assertEqual(self.ok("2").count, first + 1)
        self.ok("3", silent=True)
        self.ok("4", store_history=False)
        self.assertEqual(self.fails('panic("x")').count, first + 2)
        self.assertEqual(self.ok("5").count, first + 3)

    def test_silent(self):
        r = self.ok('fmt.Println("x")\n42', silent=True)
        self.assertFalse(r.of("execute_result") + r.of("execute_input"), str(r))
        self.ok("quiet := 1", silent=True)
        self.assertEqual(self.ok("quiet").result, "1")

    def test_empty(self):
        for code in ("", "  \n", "// only a remark"):
            self.assertEqual(self.ok(code).result, None)

    def test_user_expressions(self):
        r = self.ok("x := 20", user_expressions={"double": "x * 2", "bad": "nowhere"})
        found = r.content["user_expressions"]
        self.assertEqual((found["double"]["status"], found["double"]["data"]["text/plain"]), ("ok", "40"))
        self.assertEqual(found["bad"]["status"], "error")
        self.assertIn("nowhere", found["bad"]["evalue"])

    def test_stop_on_error(self):
        first = self.k.send('time.Sleep(300 * time.Millisecond)\npanic("x")')
        others = [self.k.send("kept = 1") for _ in range(3)]
        self.failed(self.k.collect(first))
        for id in others:
            r = self.k.collect(id)
            self.assertEqual(r.status, "aborted", str(r))
            self.assertEqual(self.states(r), ["busy", "idle"])
        self.state_kept()

    def test_go_on_after_error(self):
        first = self.k.send('time.Sleep(300 * time.Millisecond)\npanic("x")', stop_on_error=False)
        second = self.k.send("kept = 1")
        self.failed(self.k.collect(first))
        self.assertEqual(self.k.collect(second).status, "ok")

    def test_compile_error(self):
        r = self.fails("var n int\nn = \"text\"", ":2:5:", "cannot use \"text\"")
        self.assertIn("^", r.traceback, "a caret under the place")
        self.assertIn('n = "text"', r.traceback, "the line itself")
        self.fails("nope()", "undefined: nope")
        self.state_kept()

    def test_nothing_of_a_cell_that_does_not_compile_runs(self):
        r = self.fails('fmt.Println("ran")\nkept = 1\nnope()')
        self.assertEqual(r.stdout, "")
        self.state_kept()

    def test_busy_kernel_answers_control(self):
        id = self.k.send('fmt.Println("started")\ntime.Sleep(time.Hour)')
        self.k.until(id, "started")
        msg = self.k.kc.session.msg("kernel_info_request", {})
        self.k.kc.control_channel.send(msg)
        reply = self.k.kc.get_control_msg(timeout=kernel.LIMIT)
        self.assertEqual(reply["msg_type"], "kernel_info_reply")
        self.k.interrupt()
        self.failed(self.k.collect(id))


class Values(Case):
    def test_values(self):
        for code, want in [
            ("[]byte(\"AB\")", r"41 42"),
            ("fmt.Errorf(\"no %s\", \"luck\")", r"no luck"),
            ("struct{ Port int; Host string }{80, \"a\"}", r"(?s)Port.*80.*Host.*a"),
            ("[]int{1, 2, 3}", r"1.*2.*3"),
            ("map[string]int{\"a\": 1}", r"a.*1"),
            ("3.5", r"^3\.5$"),
            ("true", r"^true$"),
            ("\"text\"", r"^text$"),
            ("2 * time.Second", r"^2s$"),
        ]:
            with self.subTest(code):
                self.assertRegex(self.ok(code).result or "no result", want)

    def test_no_value(self):
        for code in ("y := 1", "y = 2", "func f() {}", "f()", "var p *int", "for range 2 {}"):
            self.assertIsNone(self.ok(code).result, code)

    def test_table_for_slices_of_structs(self):
        r = self.ok('type peer struct{ Name string; Port int }\n[]peer{{"a", 1}, {"b", 2}}')
        data = r.of("execute_result")[0]["data"]
        self.assertIn("<table", data.get("text/html", ""), str(data))
        self.assertIn("Name", data["text/plain"])


class Display(Case):
    DISPLAY = 'import "sockbook/runtime/display"\n'

    def test_update_by_id(self):
        self.ok(self.DISPLAY)
        r = self.ok('display.Text("0 %", display.ID("bar"))')
        shown = r.of("display_data")[0]
        self.assertEqual((shown["data"]["text/plain"], shown["transient"]["display_id"]), ("0 %", "bar"))
        r = self.ok('display.Text("50 %", display.Update("bar"))')
        changed = r.of("update_display_data")[0]
        self.assertEqual((changed["data"]["text/plain"], changed["transient"]["display_id"]), ("50 %", "bar"))

    def test_clear(self):
        self.ok(self.DISPLAY)
        self.assertEqual(self.ok("display.Clear()").of("clear_output"), [{"wait": False}])
        self.assertEqual(self.ok("display.ClearBeforeNext()").of("clear_output"), [{"wait": True}])

    def test_png(self):
        self.ok(self.DISPLAY)
        r = self.ok('display.PNG([]byte("\\x89PNG\\r\\n\\x1a\\n"))')
        self.assertEqual(r.of("display_data")[0]["data"]["image/png"].strip(), "iVBORw0KGgo=")

    def test_a_value_that_shows_itself(self):
        self.ok(self.DISPLAY)
        self.ok('type card struct{ s string }\nfunc (c card) Display() display.Bundle {\n'
                '\treturn display.Bundle{"text/plain": c.s, "text/html": "<b>" + c.s + "</b>"}\n}')
        data = self.ok('card{"ace"}').of("execute_result")[0]["data"]
        self.assertEqual((data["text/plain"], data["text/html"]), ("ace", "<b>ace</b>"))

    def test_order_of_print_and_display(self):
        self.ok(self.DISPLAY)
        r = self.ok('for i := 0; i < 20; i++ {\n\tfmt.Println(i)\n\tdisplay.Markdown(fmt.Sprint("m", i))\n}')
        seen = ""
        for t, c in r.messages:
            if t == "stream":
                seen += c["text"]
            if t == "display_data":
                seen += c["data"]["text/markdown"] + "\n"
        self.assertEqual(seen, "".join(f"{i}\nm{i}\n" for i in range(20)))


class Input(Case):
    def answer(self, code, *lines):
        """run a cell and answer its questions"""
        id = self.k.send(code, allow_stdin=True)
        for line in lines:
            question = self.k.kc.get_stdin_msg(timeout=kernel.LIMIT)
            self.assertEqual(question["msg_type"], "input_request")
            self.assertFalse(question["content"]["password"])
            self.k.kc.input(line)
        r = self.k.collect(id)
        self.assertEqual(r.status, "ok", str(r))
        return r

    def test_scan(self):
        r = self.answer('var name string\nvar n int\nfmt.Print("who? ")\nfmt.Scan(&name, &n)\nfmt.Println(name, n)', "ann", "7")
        self.assertEqual(r.stdout, "who? ann 7\n")

    def test_scanln(self):
        r = self.answer("var a, b int\nfmt.Scanln(&a, &b)\na + b", "40 2")
        self.assertEqual(r.result, "42")

    def test_bufio(self):
        r = self.answer("in := bufio.NewReader(os.Stdin)\nline, err := in.ReadString('\\n')\nfmt.Printf(\"%q %v\\n\", line, err)", "a line, ü")
        self.assertEqual(r.stdout, '"a line, ü\\n" <nil>\n')

    def test_scanner(self):
        r = self.answer("in := bufio.NewScanner(os.Stdin)\nfor i := 0; i < 3; i++ {\n\tin.Scan()\n\tfmt.Println(in.Text())\n}", "1", "", "3")
        self.assertEqual(r.stdout, "1\n\n3\n")

    def test_read(self):
        r = self.answer('b := make([]byte, 10)\nn, err := unix.Read(0, b)\nfmt.Printf("%q %v\\n", b[:n], err)', "ab")
        self.assertEqual(r.stdout, '"ab\\n" <nil>\n')

    def test_nobody_to_ask(self):
        r = self.k.run("var s string\nn, err := fmt.Scan(&s)\nfmt.Println(n, err)", allow_stdin=False)
        self.assertEqual(r.status, "ok", str(r))
        self.assertIn("EOF", r.stdout)

    def test_half_a_line_is_left_for_the_next_cell(self):
        self.answer("var first string\nfmt.Scan(&first)\nfirst", "one two")
        r = self.answer("var second string\nfmt.Scan(&second)\nsecond")
        self.assertEqual(r.result, "two")


class History(Case):
    def texts(self, reply):
        self.assertEqual(reply["status"], "ok")
        return [entry[2] for entry in reply["history"]]

    def test_kinds(self):
        for n in range(5):
            self.ok(f"1000 + {n}")
        self.assertEqual(self.texts(self.k.ask("history_request", hist_access_type="tail", n=2, output=False, raw=True)), ["1000 + 3", "1000 + 4"])
        found = self.k.ask("history_request", hist_access_type="search", pattern="1000*", n=3, output=False, raw=True, unique=True)
        self.assertEqual(self.texts(found), ["1000 + 2", "1000 + 3", "1000 + 4"])
        found = self.k.ask("history_request", hist_access_type="range", session=0, start=2, stop=4, output=False, raw=True)
        self.assertEqual(self.texts(found), ["1000 + 0", "1000 + 1"])

    def test_kept_over_restarts(self):
        self.ok("123456")
        self.k.km.restart_kernel()
        self.k.kc.stop_channels()
        self.k.kc = self.k.client()
        self.assertIn("123456", self.texts(self.k.ask("history_request", hist_access_type="tail", n=10, output=False, raw=True)))

    def test_bad_requests(self):
        for content in ({"hist_access_type": "nothing"}, {}, {"hist_access_type": "tail", "n": -5}, {"hist_access_type": "range", "session": 99}):
            reply = self.k.ask("history_request", **content)
            self.assertIn(reply["status"], ("ok", "error"))
        self.state_kept()


class Editing(Case):
    def complete(self, text):
        reply = self.k.ask("complete_request", code=text, cursor_pos=len(text))
        self.assertEqual(reply["status"], "ok")
        return reply

    def test_complete(self):
        for text, want in [("ke", "kept"), ("fmt.Printl", "Println"), ("strings.NewRe", "NewReader"), ("unix.SOCK_STR", "SOCK_STREAM"),
                           ("var wg sync.Wai", "WaitGroup"), ("x := kept + ke", "kept")]:
            with self.subTest(text):
                reply = self.complete(text)
                self.assertTrue(any(m.endswith(want) for m in reply["matches"]), str(reply)[:500])
                start, end = reply["cursor_start"], reply["cursor_end"]
                self.assertTrue(reply["matches"][0].startswith(text[start:end]), (start, end, reply["matches"][:3]))

    def test_complete_types(self):
        reply = self.complete("fmt.Printl")
        types = reply["metadata"]["_jupyter_types_experimental"]
        self.assertEqual(types[0]["type"], "function")

    def test_cursor_counts_characters(self):
        text = 's := "€😀"; ke'
        reply = self.complete(text)
        self.assertIn("kept", reply["matches"])
        self.assertEqual((reply["cursor_start"], reply["cursor_end"]), (len(text) - 2, len(text)))

    def test_while_busy(self):
        """Jupyter queues requests on shell; completion comes when the cell ends, and does no harm."""
        id = self.k.send('fmt.Println("started")\ntime.Sleep(200 * time.Millisecond)')
        self.assertIn("kept", self.complete("ke")["matches"])

    def test_places_out_of_range(self):
        for pos in (-5, 1000):
            for kind, more in (("complete_request", {}), ("inspect_request", {"detail_level": 0})):
                self.assertIn(self.k.ask(kind, code="ke", cursor_pos=pos, **more)["status"], ("ok", "error"))

    def test_inspect(self):
        for text, want in [("fmt.Println", "Println(a ...any) (n int, err error)"), ("kept", "int"), ("unix.Socket", "Socket(domain int, typ int, proto int) (fd int, err error)"), ("net.Dial(", "Dial")]:
            with self.subTest(text):
                reply = self.k.ask("inspect_request", code=text, cursor_pos=len(text), detail_level=0)
                self.assertTrue(reply["found"], text)
                self.assertIn(want, reply["data"]["text/plain"])
                self.assertIn("text/markdown", reply["data"])
        self.assertFalse(self.k.ask("inspect_request", code="nowhere", cursor_pos=3, detail_level=0)["found"])

    def test_indent(self):
        reply = self.k.ask("is_complete_request", code="func f() {\n\tfor {")
        self.assertEqual(reply["status"], "incomplete")
        self.assertEqual(set(reply["indent"]), {"\t"}, "Go indents by tabs")


class Other(Case):
    def test_kernel_info(self):
        info = self.k.ask("kernel_info_request")
        self.assertEqual(info["protocol_version"], "5.5")
        self.assertEqual(info["implementation"], "sockbook")
        language = info["language_info"]
        self.assertEqual((language["name"], language["file_extension"], language["mimetype"]), ("go", ".go", "text/x-go"))
        self.assertTrue(info["help_links"])
        for link in info["help_links"]:
            self.assertEqual(set(link), {"text", "url"})
        self.assertFalse(info.get("debugger"))

    def test_comms(self):
        self.assertEqual(self.k.ask("comm_info_request")["comms"], {})
        kc = self.k.kc
        msg = kc.session.msg("comm_open", {"comm_id": "c1", "target_name": "nobody", "data": {}})
        kc.shell_channel.send(msg)
        while True:
            m = kc.get_iopub_msg(timeout=kernel.LIMIT)
            if m["msg_type"] == "comm_close":
                break
        self.assertEqual(m["content"]["comm_id"], "c1")
        for kind in ("comm_msg", "comm_close"):
            kc.shell_channel.send(kc.session.msg(kind, {"comm_id": "unknown", "data": {}}))
        self.state_kept()

    def test_debug_is_refused(self):
        msg = self.k.kc.session.msg("debug_request", {"type": "request", "command": "initialize", "seq": 1, "arguments": {}})
        self.k.kc.control_channel.send(msg)
        reply = self.k.kc.get_control_msg(timeout=kernel.LIMIT)
        self.assertEqual(reply["msg_type"], "debug_reply")
        self.assertFalse(reply["content"].get("success", False))
        self.state_kept()

    def test_unknown_message(self):
        self.k.kc.shell_channel.send(self.k.kc.session.msg("tea_request", {"sugar": 2}))
        self.state_kept()

    def test_nonsense_content(self):
        for kind in ("execute_request", "complete_request", "inspect_request", "is_complete_request", "comm_open", "history_request"):
            for content in ({}, {"code": 7}, {"code": None, "cursor_pos": "x"}, {"target_name": [], "comm_id": {}}):
                self.k.kc.shell_channel.send(self.k.kc.session.msg(kind, content))
        self.state_kept()

    def test_two_clients(self):
        other = self.k.client()
        self.addCleanup(other.stop_channels)
        id = other.execute("kept = 5\nkept")
        self.assertEqual(self.k.collect(id, kc=other).result, "5")
        self.assertEqual(self.ok("kept").result, "5")

    def test_ipc(self):
        """the transport of UNIX sockets"""
        with tempfile.TemporaryDirectory() as folder:
            km = kernel.jupyter_client.KernelManager(kernel_name=kernel.NAME, transport="ipc", ip=os.path.join(folder, "k"))
            km.start_kernel()
            kc = km.blocking_client()
            try:
                kc.start_channels()
                kc.wait_for_ready(timeout=kernel.LIMIT)
                reply = kc.execute_interactive("1 + 1", timeout=kernel.LIMIT, output_hook=lambda m: None)
                self.assertEqual(reply["content"]["status"], "ok")
            finally:
                kc.stop_channels()
                km.shutdown_kernel(now=True)

    def test_loopback_only(self):
        """nobody else on the network reaches the kernel"""
        ports = {int(p) for p in re.findall(r"\d+", str([v for k, v in self.k.km.get_connection_info().items() if k.endswith("_port")]))}
        listening = set()
        for line in open(f"/proc/{self.k.pid}/net/tcp").readlines()[1:]:
            address, state = line.split()[1], line.split()[3]
            host, port = address.split(":")
            if state == "0A" and int(port, 16) in ports:
                self.assertEqual(host, "0100007F")
                listening.add(int(port, 16))
        self.assertEqual(listening, ports)
