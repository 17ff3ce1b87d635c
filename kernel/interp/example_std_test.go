package interp

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sockbook/runtime/sock"
)

var (
	importBlock  = regexp.MustCompile(`(?ms)^import \((.*?)^\)|^import (.*?)$`)
	importPath   = regexp.MustCompile(`"([^"]+)"`)
	exampleFunc  = regexp.MustCompile(`(?ms)^func (Example\w*)\(\) \{\n(.*?)^\}`)
	exampleWants = regexp.MustCompile(`(?s)// Output:(.*?)\z`)
	commentMark  = regexp.MustCompile(`(?m)^\s*// ?`)
)

// notHere are examples that a cell cannot run as they are, and why.
var notHere = map[string]string{
	"context/example_test.go":       "mentions a constant of another file",
	"os/example_test.go":            "reads a file beside itself",
	"sync/example_test.go":          "reads a file beside itself",
	"time/example_test.go":          "its tests run in a time zone of their own",
	"runtime/example_test.go":       "runtime.AddCleanup is not available in cells",
	"log/example_test.go":           "prints the file and line of the caller",
	"log/slog/example_wrap_test.go": "prints the file and line of the caller",
}

// TestStandardExamples runs the examples of the standard library's
// documentation, which say what they print.
func TestStandardExamples(t *testing.T) {
	root := goroot(t)
	importable := map[string]bool{}
	for _, p := range sock.Packages {
		importable[p] = true
	}
	var paths []string
	for _, p := range sock.Packages {
		list, _ := filepath.Glob(filepath.Join(root, "src", p, "example*_test.go"))
		paths = append(paths, list...)
	}
	dir := t.TempDir()
	ran := 0
	for _, path := range paths {
		rel, _ := filepath.Rel(filepath.Join(root, "src"), path)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		program, want, ok := exampleProgram(string(text), importable)
		if !ok || notHere[rel] != "" {
			continue
		}
		ran++
		file := filepath.Join(dir, strings.ReplaceAll(rel, "/", "_"))
		if err := os.WriteFile(file, []byte(program), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Run(rel, func(t *testing.T) {
			r := asCell(t, time.Minute, file)
			if got := normal(r.stdout); got != want || r.status != 0 {
				t.Errorf("exit status %d, got\n%s\n%s\nwant\n%s", r.status, got, r.stderr, want)
			}
		})
	}
	if ran < 50 {
		t.Errorf("only %d files of examples were found", ran)
	}
}

// exampleProgram makes a program of a file's examples, and what it is to print.
func exampleProgram(text string, importable map[string]bool) (program, want string, ok bool) {
	if strings.Contains(text, "//go:build") || strings.Contains(text, "\nfunc main(") {
		return "", "", false
	}
	for _, block := range importBlock.FindAllString(text, -1) {
		for _, m := range importPath.FindAllStringSubmatch(block, -1) {
			if !importable[m[1]] {
				return "", "", false
			}
		}
	}
	var calls []string
	for _, m := range exampleFunc.FindAllStringSubmatch(text, -1) {
		out := exampleWants.FindStringSubmatch(m[2])
		if out == nil || strings.Contains(strings.ToLower(m[2]), "unordered output") {
			continue
		}
		calls = append(calls, "\t"+m[1]+"()\n\tos_.Stdout.WriteString(\"\\n--\\n\")\n")
		want += commentMark.ReplaceAllString(out[1], "") + "\n--\n"
	}
	if len(calls) == 0 {
		return "", "", false
	}
	name := regexp.MustCompile(`(?m)^package (\w+)`).FindStringSubmatch(text)[1]
	want = strings.ReplaceAll(want, name+".", "main.")
	text = regexp.MustCompile(`(?m)^package \w+`).ReplaceAllString(text, "package main\nimport os_ \"os\"")
	return text + "\nfunc main() {\n" + strings.Join(calls, "") + "}\n", normal(want), true
}

// normal trims what the testing package trims too.
func normal(s string) string {
	var parts []string
	for _, p := range strings.Split(s, "\n--\n") {
		parts = append(parts, strings.TrimSpace(p))
	}
	return strings.TrimSpace(strings.Join(parts, "\n--\n"))
}
