"""Cells that attack: each is refused with a clear error, and the kernel and its other processes go on.

ALLOWS says how cells are confined, "namespaces" or "loopback"; VICTIM is the home of the kernel's user.
"""

import json
import os
import pathlib
import re
import unittest

import kernel
from kernel import Case, wait_for

kernel.NAME = "attacked"
HOME = os.environ["VICTIM"]
LOOPBACK = os.environ["ALLOWS"] == "loopback"
OUTSIDE = "198.51.100.2"

TRY = """import ("syscall"; "io"; "runtime"; "golang.org/x/sys/unix")
func try(what string, err error) {
	if err == nil {
		fmt.Println("DONE:", what)
	} else {
		fmt.Println("refused:", what+":", err)
	}
}"""


class Attacks(Case):
    def setUp(self):
        super().setUp()
        self.ok(TRY)
        self.ok("%%on neighbour\nkept := 43")

    def tearDown(self):
        """the other process goes on, and this one answers"""
        self.assertEqual(self.ok("%%on neighbour\nkept").result, "43")
        self.assertEqual(self.ok("1 + 1").result, "2")

    def refused(self, code, *words, lines=None, why=None, limit=kernel.LIMIT):
        """run attacks, none of which succeeds; words are in what is said of them; why is in the explanation"""
        r = self.ok(code, limit=limit)
        self.assertNotIn("DONE", r.stdout)
        said = [l for l in r.stdout.splitlines() if l.startswith("refused: ")]
        self.assertEqual(len(said), lines if lines is not None else code.count("try("), r.stdout)
        for word in words:
            self.assertRegex(r.stdout, word)
        if why:
            self.assertIn("The sandbox refused", r.stderr)
            self.assertIn(why, r.stderr)
        return r

    def ends(self, code, *words, limit=kernel.LIMIT):
        """run what the process does not survive; it is told why"""
        r = self.k.run(code, limit=limit)
        self.assertEqual(r.status, "error", str(r))
        for word in words:
            self.assertRegex(r.traceback + r.stderr, word)
        self.assertNotIn("DONE", r.stdout)
        self.state_kept_or_gone(r)
        return r

    def test_the_place(self):
        """the cells are confined as this suite means it"""
        r = self.k.run("%hosts")
        if LOOPBACK:
            self.failed(r, "no network of hosts here", "seccomp")
        else:
            self.assertEqual(r.status, "ok", str(r))

    def test_read_home(self):
        absent = "permission denied" if LOOPBACK else "no such file or directory"
        self.refused(
            f'_, err := os.ReadFile("{HOME}/secret")\ntry("read", err)\n_, err = os.ReadDir("{HOME}")\ntry("list", err)\n'
            f'_, err = unix.Open("{HOME}/secret", unix.O_RDONLY, 0)\ntry("open", err)\n_, err = os.ReadFile("/etc/shadow")\ntry("shadow", err)\n'
            f'os.Symlink("{HOME}/secret", "link")\n_, err = os.ReadFile("link")\ntry("through a link", err)', absent)

    def test_write_outside(self):
        secret = pathlib.Path(HOME, "secret")
        before = secret.stat()
        r = self.refused(
            f'try("write", os.WriteFile("{HOME}/evil", []byte("x"), 0o644))\ntry("chmod", os.Chmod("{HOME}/secret", 0o777))\n'
            f'try("utime", os.Chtimes("{HOME}/secret", time.Now(), time.Now()))\ntry("remove", os.Remove("{HOME}/secret"))\n'
            f'try("rename", os.Rename("{HOME}/secret", "{HOME}/other"))\ntry("/", os.WriteFile("/evil", []byte("x"), 0o644))\n'
            'try("/dev/shm", os.WriteFile("/dev/shm/evil", []byte("x"), 0o644))\ntry("/etc/hosts", os.WriteFile("/etc/hosts", []byte("x"), 0o644))\n'
            'try("a setting", os.WriteFile("/proc/sys/kernel/core_pattern", []byte("x"), 0o644))')
        self.assertRegex(r.stdout, "permission denied|no such file|read-only|not permitted")
        self.assertEqual((secret.read_text(), secret.stat().st_mode, secret.stat().st_mtime), ("secret", before.st_mode, before.st_mtime))
        self.ok('err := os.WriteFile("mine", []byte("x"), 0o644)\nif err != nil { panic(err) }')
        self.assertEqual(sorted(os.listdir(HOME)), sorted({"secret", ".local"} & set(os.listdir(HOME))))

    def test_exec(self):
        self.fails('import "os/exec"\nexec.Command("true").Run()', "os/exec", "no cell can import")
        self.refused(
            'try("unix.Exec", unix.Exec("/bin/true", []string{"true"}, nil))\n_, err := syscall.ForkExec("/bin/true", []string{"true"}, nil)\ntry("ForkExec", err)\n'
            '_, err = os.StartProcess("/bin/true", []string{"true"}, &os.ProcAttr{})\ntry("os.StartProcess", err)\n'
            'try("itself", unix.Exec("/proc/self/exe", []string{"x"}, nil))',
            "operation not permitted", why="cannot start other programs")

    def test_the_kernel_s_process(self):
        self.refused(
            f'for _, pid := range []int{{{self.k.pid}, os.Getppid(), 1}} {{\n\tif pid <= 0 || pid == os.Getpid() {{ pid = {self.k.pid} }}\n'
            '\ttry("ptrace", unix.PtraceAttach(pid))\n\ttry("signal 0", unix.Kill(pid, 0))\n\ttry("SIGKILL", unix.Kill(pid, unix.SIGKILL))\n'
            '\ttry("SIGSTOP", syscall.Kill(pid, syscall.SIGSTOP))\n'
            '\t_, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", pid), os.O_RDWR, 0)\n\tif pid != os.Getpid() { try("memory", err) }\n}\n'
            'try("all", unix.Kill(-1, unix.SIGKILL))\ntry("the group", unix.Kill(0, unix.SIGKILL))',
            "not permitted|no such process", lines=17, why="cannot look into other processes")

    def test_connect_outside(self):
        """whether anything gets there is counted outside; a datagram may be sent, and is lost in the hosts' network"""
        r = self.refused(
            f'_, err := net.DialTimeout("tcp", "{OUTSIDE}:7000", time.Second)\ntry("net TCP", err)\n'
            f'to := &unix.SockaddrInet4{{Port: 7000, Addr: [4]byte{{198, 51, 100, 2}}}}\n'
            'fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)\nif err != nil { panic(err) }\ntry("unix.Connect", unix.Connect(fd, to))\n'
            '_, err = net.LookupHost("example.com")\ntry("resolve", err)',
            "permission denied" if LOOPBACK else "network is unreachable")
        udp = (f'u, err := net.Dial("udp", "{OUTSIDE}:7001")\nif err == nil {{ _, err = u.Write([]byte("x")) }}\ntry("net UDP", err)\n'
               'fd, err = unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)\nif err != nil { panic(err) }\nto.Port = 7001\n'
               'try("unix.Sendto", unix.Sendto(fd, []byte("x"), 0, to))\ntry("unix.Sendmsg", unix.Sendmsg(fd, []byte("x"), nil, to, 0))')
        if LOOPBACK:
            self.assertRegex(r.stderr, r"(?s)refused connect \(EACCES\).*only sockets that cells made")
            self.refused(udp, "permission denied", why="only sockets that cells made")
        else:
            self.ok(udp)

    def test_listen_everywhere(self):
        """the world outside knocks at 7777 all the time; it has longer here than it waits between two knocks"""
        self.refused(
            'l, err := net.Listen("tcp", ":7777")\nif err != nil { panic(err) }\np, err := net.ListenPacket("udp", ":7778")\nif err != nil { panic(err) }\n'
            'l.(*net.TCPListener).SetDeadline(time.Now().Add(1500 * time.Millisecond))\np.SetDeadline(time.Now().Add(1500 * time.Millisecond))\n'
            '_, err = l.Accept()\ntry("be reached by TCP", err)\n_, _, err = p.ReadFrom(make([]byte, 10))\ntry("be reached by UDP", err)\nl.Close()\np.Close()',
            "i/o timeout")

    def test_raw_packets(self):
        self.refused(
            '_, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)\ntry("packets", err)\n_, err = unix.Socket(unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_ICMP)\ntry("ICMP", err)\n'
            '_, err = unix.Socket(unix.AF_INET6, unix.SOCK_RAW, unix.IPPROTO_RAW)\ntry("IPv6", err)\n'
            f'_, err = net.Dial("ip4:icmp", "{OUTSIDE}")\ntry("net", err)',
            "operation not permitted", why="cannot make raw packets")
        self.refused('_, err := unix.Socket(unix.AF_VSOCK, unix.SOCK_STREAM, 0)\ntry("vsock", err)', "permission denied", why="no others")

    def test_mount(self):
        r = self.refused(
            'try("mount", unix.Mount("x", "/tmp", "tmpfs", 0, ""))\ntry("unmount", unix.Unmount("/proc", unix.MNT_DETACH))\ntry("chroot", unix.Chroot("/tmp"))\n'
            'try("a user namespace", unix.Unshare(unix.CLONE_NEWUSER))\ntry("setns", unix.Setns(0, 0))\ntry("name", unix.Sethostname([]byte("x")))',
            "operation not permitted")
        self.assertIn("cells cannot change mounts", r.stderr)

    def test_the_system(self):
        self.refused(
            '_, _, errno := unix.Syscall(unix.SYS_BPF, 0, 0, 0)\ntry("bpf", errno)\n_, err := unix.PerfEventOpen(&unix.PerfEventAttr{}, 0, -1, -1, 0)\ntry("perf", err)\n'
            '_, err = unix.KeyctlGetKeyringID(-3, false)\ntry("keyctl", err)\ntry("a module", unix.FinitModule(0, "", 0))\n'
            'try("a limit", unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 1 << 20, Max: 1 << 20}))\n'
            'try("priority", unix.Setpriority(unix.PRIO_PROCESS, 0, -20))\ntry("reboot", unix.Reboot(unix.LINUX_REBOOT_CMD_RESTART))',
            "operation not permitted", why="change or extend the system's kernel")

    def test_a_million_descriptors(self):
        self.refused(
            'var fds []int\nvar err error\nfor range 1_000_000 {\n\tvar fd int\n\tif fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); err != nil { break }\n\tfds = append(fds, fd)\n}\n'
            'try("a million sockets", err)\nfor _, fd := range fds { unix.Close(fd) }\nfmt.Println(len(fds) > 500)',
            "too many open files", "true")
        self.state_kept()

    def test_a_million_goroutines(self):
        r = self.k.run('block := make(chan int)\nfor range 1_000_000 {\n\tgo func() { <-block }()\n}\nclose(block)\nfmt.Println("made")', limit=180)
        if r.status == "ok":
            self.assertIn("made", r.stdout)
            self.state_kept()
        else:
            self.assertIn("memory", r.traceback)
            self.state_kept_or_gone(r)

    def test_threads_without_end(self):
        self.ends('for range 20000 {\n\tgo func() {\n\t\truntime.LockOSThread()\n\t\tunix.Nanosleep(&unix.Timespec{Sec: 20}, nil)\n\t}()\n}\ntime.Sleep(20 * time.Second)\ntry("threads", nil)',
                  "thread|memory")

    def test_memory_without_end(self):
        self.ends('var all [][]byte\nfor {\n\tb := make([]byte, 16<<20)\n\tfor i := 0; i < len(b); i += 4096 { b[i] = 1 }\n\tall = append(all, b)\n}', "memory", limit=120)

    def test_fill_the_disk(self):
        big = ('block := make([]byte, 1<<20)\nf, err := os.Create("big")\nif err != nil { panic(err) }\n'
               'for n := 0; err == nil && n < 200; n++ { _, err = f.Write(block) }\nf.Close()\ntry("a file of 200 MiB", err)')
        many = ('for n := 0; err == nil && n < 200; n++ {\n\terr = os.WriteFile(fmt.Sprint("more", n), block, 0o644)\n\tif err != nil { break }\n\ttime.Sleep(5 * time.Millisecond)\n}\ntry("200 MiB in files", err)')
        if LOOPBACK:  # no file system of its own: the kernel looks
            r = self.k.run(big)
            if r.status == "ok":
                self.assertRegex(r.stdout, "file too large")
                r = self.k.run("err = nil\n" + many)
            self.failed(r, "wrote files of more than 64 MiB")
            self.state_kept_or_gone(r)
            return
        self.refused(big, "file too large|no space left")
        self.refused("err = nil\n" + many, "no space left")
        self.state_kept()

    def test_spin_on_all_cores(self):
        id = self.k.send('for range 16 {\n\tgo func() { for { } }()\n}\nfmt.Println("spins")\nfor { }')
        self.k.until(id, "spins")
        self.assertEqual(self.k.ask("kernel_info_request")["implementation"], "sockbook")
        self.k.interrupt()
        r = self.k.collect(id)
        self.failed(r)
        self.state_kept_or_gone(r)

    def test_the_kernel_s_sockets(self):
        info = self.k.km.get_connection_info()
        ports = [info[n] for n in ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")]
        path = self.k.km.connection_file
        self.refused(
            f'for _, port := range []int{{{", ".join(map(str, ports))}}} {{\n'
            '\tfor _, host := range []string{"127.0.0.1", "0.0.0.0", "[::ffff:127.0.0.1]"} {\n'
            '\t\t_, err := net.DialTimeout("tcp", fmt.Sprint(host, ":", port), time.Second)\n\t\ttry(fmt.Sprint(host, ":", port), err)\n\t}\n'
            '\tfd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)\n\tif err != nil { panic(err) }\n'
            '\ttry("unix", unix.Connect(fd, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}))\n\tunix.Close(fd)\n}\n'
            f'_, err := os.ReadFile("{path}")\ntry("the connection file", err)\n'
            f'_, err = os.ReadFile("/proc/{self.k.pid}/environ")\ntry("the kernel\'s environment", err)',
            "permission denied" if LOOPBACK else "connection refused", lines=22)

    def test_the_process_s_own_line_to_the_kernel(self):
        """the descriptor by which the kernel talks to this process is not there for cells"""
        taken = self.ok(
            'taken := 0\nfor fd := 3; fd < 1024; fd++ {\n'
            '\tif _, err := unix.Write(fd, []byte("rubbish")); err != unix.EBADF {\n\t\ttaken++\n\t}\n'
            '\tif err := unix.Sendmsg(fd, nil, unix.UnixRights(1), nil, 0); err != unix.EBADF {\n\t\ttaken++\n\t}\n'
            '\tif err := unix.Close(fd); err != unix.EBADF {\n\t\ttaken++\n\t}\n}\ntaken').result
        self.assertEqual(taken, "0")
        self.assertEqual(self.ok("kept + 1").result, "42")
