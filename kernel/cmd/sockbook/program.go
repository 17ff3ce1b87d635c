package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"github.com/spf13/cobra"

	"sockbook/kernel/cell"
	"sockbook/kernel/gorun"
	"sockbook/kernel/hint"
	"sockbook/kernel/interp"
)

// programArgument is the command that "sockbook run FILE.go" starts.
const programArgument = "program"

// newProgramCommand makes the command that runs one Go program.
func newProgramCommand() *cobra.Command {
	return &cobra.Command{
		Use:    programArgument,
		Short:  `Be a Go program; "sockbook run" starts this by itself`,
		Args:   cobra.NoArgs,
		Hidden: true,
		RunE: func(*cobra.Command, []string) error {
			return hint.Add(gorun.Main(interpret), `to run a program, use "sockbook run FILE.go".`)
		},
	}
}

func interpret(name, text string, color bool) (int, error) {
	status, err := interp.RunProgram(name, text)
	var refused *cell.Error
	if errors.As(err, &refused) {
		return status, errors.New(refused.Text(color))
	}
	return status, err
}

// confinedHint says what a program that failed may have been refused, if it
// asks for such things; else it is empty.
func confinedHint(path string, text []byte) string {
	file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
	if err != nil {
		return ""
	}
	refused := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if pkg, ok := s.X.(*ast.Ident); ok {
				refused[outOfReach[pkg.Name+"."+s.Sel.Name]] = true
			}
		}
		return true
	})
	var parts []string
	for _, what := range []string{noFiles, noNetwork} {
		if refused[what] {
			parts = append(parts, what)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "programs run confined here: " + strings.Join(parts, "; ") + "."
}

// What a confined program has not got, though no call is refused.
const (
	noFiles   = "of this machine's files there are none, /tmp is empty"
	noNetwork = "there is no network but one of its own"
)

// outOfReach has the functions that get something else than outside, by name.
var outOfReach = map[string]string{
	"os.Open": noFiles, "os.OpenFile": noFiles, "os.Create": noFiles, "os.ReadFile": noFiles, "os.WriteFile": noFiles, "os.ReadDir": noFiles,
	"os.Stat": noFiles, "os.Lstat": noFiles, "os.Mkdir": noFiles, "os.MkdirAll": noFiles, "os.Remove": noFiles, "os.RemoveAll": noFiles,
	"os.Rename": noFiles, "os.Chdir": noFiles, "os.DirFS": noFiles, "os.OpenRoot": noFiles, "filepath.Walk": noFiles, "filepath.WalkDir": noFiles,
	"unix.Open": noFiles, "syscall.Open": noFiles, "unix.Mkdir": noFiles, "syscall.Mkdir": noFiles,
	"net.Dial": noNetwork, "net.DialTimeout": noNetwork, "net.DialTCP": noNetwork, "net.DialUDP": noNetwork, "net.LookupHost": noNetwork,
	"net.LookupIP": noNetwork, "net.LookupAddr": noNetwork, "http.Get": noNetwork, "http.Post": noNetwork, "http.PostForm": noNetwork,
	"unix.Connect": noNetwork, "syscall.Connect": noNetwork,
}
