package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"sockbook/runtime/lab"
	"sockbook/runtime/sandbox/sandboxtest"
)

var update = flag.Bool("update", false, "write what commands print into the scripts; read the difference")

func TestMain(m *testing.M) {
	// A stage starts this binary so: testscript would not know the name.
	if len(os.Args) == 2 && (os.Args[1] == "worker" || os.Args[1] == lab.Argument) {
		main()
		return
	}
	testscript.Main(tests{m}, map[string]func(){"sockbook": main, "place": place})
}

// tests are those of this package, and what they leave is removed.
type tests struct{ *testing.M }

func (t tests) Run() int {
	defer func() { os.RemoveAll(programDir) }()
	return t.M.Run()
}

// The scripts in testdata run the command as a person would; their comments
// say what each is about.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir+"/home dir") // a space, to see that it is no trouble
			self, err := exec.LookPath("sockbook")
			if err != nil {
				return err
			}
			env.Setenv("SOCKBOOK", self)
			return os.Mkdir(env.WorkDir+"/home dir", 0o755)
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "root":
				return os.Geteuid() == 0, nil
			case "lab":
				return labAllowed(), nil
			}
			return false, fmt.Errorf("there is no condition %q", cond)
		},
	})
}

// labAllowed tells whether this place allows a lab. Where CI=true it must.
var labAllowed = sync.OnceValue(func() bool {
	self, err := exec.LookPath("sockbook")
	if err == nil {
		_, err = lab.Probe(context.Background(), []string{self, lab.Argument})
	}
	return err == nil || os.Getenv("CI") == "true"
})

// place NAME PROGRAM ARGUMENTS… runs a program in a place that allows less:
// "filtered" refuses what makes namespaces, as Docker's seccomp filter does;
// "limited" has user.max_user_namespaces at 0.
func place() {
	fail := func(what string, err error) {
		fmt.Fprintf(os.Stderr, "place: %s: %v\n", what, err)
		os.Exit(97)
	}
	name, argv := os.Args[1], os.Args[2:]
	path, err := exec.LookPath(argv[0])
	if err != nil {
		fail("find the program", err)
	}
	switch name {
	case "filtered":
		if err := sandboxtest.RefuseNamespaces(unix.SYS_UNSHARE); err != nil {
			fail("refuse namespaces", err)
		}
	case "limited":
		self, err := os.Executable()
		if err != nil {
			fail("find this program", err)
		}
		cmd := exec.Command(self, append([]string{"inside"}, argv...)...)
		cmd.Args[0] = "place" // by which testscript finds it
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER, Pdeathsig: syscall.SIGKILL,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}}
		cmd.Run() // its status is ours
		os.Exit(cmd.ProcessState.ExitCode())
	case "inside":
		if err := os.WriteFile("/proc/sys/user/max_user_namespaces", []byte("0"), 0); err != nil {
			fail("limit namespaces", err)
		}
	default:
		fail(name, os.ErrNotExist)
	}
	fail(path, syscall.Exec(path, argv, os.Environ()))
}
