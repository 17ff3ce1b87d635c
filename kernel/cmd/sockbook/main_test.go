package main

import (
	"flag"
	"os"
	"os/exec"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what commands print into the scripts; read the difference")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sockbook": main})
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
			return cond == "root" && os.Geteuid() == 0, nil
		},
	})
}
