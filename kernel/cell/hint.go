package cell

import (
	"fmt"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"sockbook/kernel/cell/exportdata"
)

// A rule gives the hint for messages of one form; m are the parts of the
// message that the form captures. No hint is "".
type rule struct {
	form func() *regexp.Regexp
	hint func(c *checker, m []string) string
}

// rules are tried in order.
var rules = []rule{
	{pattern(`^undefined: (\w+)\.(\w+)$`), hintMember},
	{pattern(`^declared and not used: (\w+)$`), func(c *checker, m []string) string {
		return "use " + m[1] + ", or write _ in its place; only at the top of a cell may a variable go unused"
	}},
	{pattern(`^no new variables on left side of :=$`), func(c *checker, m []string) string {
		return "the variables exist in this cell already: assign with ="
	}},
	{pattern(`^assignment mismatch: 1 variable but .* returns 2 values$`), func(c *checker, m []string) string {
		return "it returns an error too: write value, err := …"
	}},
	{pattern(`^assignment mismatch: .* but .* returns? (\d+) values?$`), func(c *checker, m []string) string {
		return "write as many variables as there are values; _ takes one that is not needed"
	}},
	{pattern(`(net\.\w+) does not implement (net\.\w+) \(method \w+ has pointer receiver\)`), func(c *checker, m []string) string {
		return fmt.Sprintf("a %s holds a pointer: write *%s", m[2], m[1])
	}},
	{pattern(`^cannot use .* as \*?(net\.(?:TCP|UDP|Unix|IP)\w+) value .*$`), func(c *checker, m []string) string {
		return fmt.Sprintf("connections are used by pointer and taken out of an interface with an assertion: c.(*%s)", m[1])
	}},
	{pattern(`(\S+) does not implement (\S+) \(method (\w+) has pointer receiver\)`), func(c *checker, m []string) string {
		return fmt.Sprintf("only *%s has the method %s: use a pointer, &…", m[1], m[3])
	}},
	{pattern(`^cannot use (.*) \((?:variable|value|constant .*) of (?:\w+ )??type (.+?)\) as (.+?) value in`), hintConversion},
	{pattern(`\(mismatched types (untyped )?(.+) and (untyped )?(.+)\)$`), func(c *checker, m []string) string {
		left, right := m[2], m[4]
		switch {
		case left == "time.Duration" || right == "time.Duration":
			return "Go does not convert numbers by itself: write time.Duration(n) * time.Second"
		case basicKind(left)&types.IsNumeric != 0 && basicKind(right)&types.IsNumeric != 0:
			return fmt.Sprintf("Go does not convert numbers by itself: convert one side, as in %s(x)", left)
		}
		return ""
	}},
	{pattern(`\(untyped float constant\) truncated to (\w+)$`), func(c *checker, m []string) string {
		return fmt.Sprintf("the other operand is of type %s: convert that, as in float64(x)", m[1])
	}},
	{pattern(`^missing return$`), func(c *checker, m []string) string {
		return "every way through the function must end with return, or with panic"
	}},
	{pattern(`is not used$`), func(c *checker, m []string) string {
		return "a value by itself is only shown as the last line of a cell; assign it, or call something with it"
	}},
	{pattern(`^(.+) undefined \(type .* has no field or method (\w+), but does have (?:field|method) (\w+)\)$`), func(c *checker, m []string) string {
		return "did you mean " + m[3] + "?"
	}},
	{pattern(`"(.*)" imported and not used$`), func(c *checker, m []string) string {
		return "a whole program (package main) must use what it imports"
	}},
	{pattern(`cannot use nil as (.+) value`), func(c *checker, m []string) string {
		return "only pointers, functions, slices, maps, channels and interfaces can be nil"
	}},
	{pattern(`^multiple-value (.+) in`), func(c *checker, m []string) string {
		return "assign the values to variables first"
	}},
}

// hint says what a learner can do about an error, and which import would help.
func (c *checker) hint(msg string) (hint string, imports []string) {
	if m := undefinedName().FindStringSubmatch(msg); m != nil {
		return c.hintUndefined(m[1])
	}
	for _, r := range rules {
		if m := r.form().FindStringSubmatch(msg); m != nil {
			if hint := r.hint(c, m); hint != "" {
				return hint, nil
			}
		}
	}
	return "", nil
}

var undefinedName = pattern(`^undefined: (\w+)$`)

// fromElsewhere are names that people bring from other languages.
var fromElsewhere = map[string]string{
	"while": "Go's only loop is for: for condition { … }",
	"None":  "Go's word is nil", "null": "Go's word is nil", "NULL": "Go's word is nil",
	"True": "Go's word is true", "False": "Go's word is false",
	"self": "a method's receiver has the name that its declaration gives it", "this": "a method's receiver has the name that its declaration gives it",
	"printf": `import "fmt" and call fmt.Printf`, "puts": `import "fmt" and call fmt.Println`,
	"try":       "Go has no exceptions: functions return an error, look at it with if err != nil",
	"htons":     `binary.BigEndian.PutUint16 of encoding/binary writes a number in network byte order; package net and unix.SockaddrInet4 take ports as plain int`,
	"ntohs":     `binary.BigEndian.Uint16 of encoding/binary reads a number in network byte order`,
	"htonl":     `binary.BigEndian.PutUint32 of encoding/binary writes a number in network byte order`,
	"ntohl":     `binary.BigEndian.Uint32 of encoding/binary reads a number in network byte order`,
	"inet_pton": "netip.ParseAddr or net.ParseIP read an address", "inet_ntop": "the String method of netip.Addr or net.IP writes an address",
	"perror": "errors are values: fmt.Println(err)", "errno": "a call returns its error; errors.Is(err, unix.ECONNREFUSED) asks which it is",
	"fork":   "a Go program can not fork; start another process of the notebook with %%on NAME",
	"exec":   "a cell can not start programs; start another process of the notebook with %%on NAME",
	"sizeof": "unsafe.Sizeof of package unsafe",
}

// hintUndefined is about a name that means nothing.
func (c *checker) hintUndefined(name string) (string, []string) {
	if paths := exportdata.Named(name); len(paths) > 0 {
		quoted := make([]string, len(paths))
		for i, p := range paths {
			quoted[i] = fmt.Sprintf("import %q", p)
		}
		return "add " + strings.Join(quoted, " or "), paths
	}
	if hint := fromElsewhere[name]; hint != "" {
		return hint, nil
	}
	if near := nearest(name, c.visibleNames()); near != "" {
		return "did you mean " + near + "?", nil
	}
	if unix := c.inUnix(name); unix != "" {
		return fmt.Sprintf("unix.%s of golang.org/x/sys/unix?", unix), []string{"golang.org/x/sys/unix"}
	}
	return "", nil
}

// inUnix returns the name that C's socket interface and x/sys/unix share.
func (c *checker) inUnix(name string) string {
	pkg, err := c.env.importer.Import("golang.org/x/sys/unix")
	if err != nil || len(name) < 3 {
		return ""
	}
	for _, try := range []string{name, strings.ToUpper(name[:1]) + name[1:]} {
		if obj := pkg.Scope().Lookup(try); obj != nil && obj.Exported() {
			return try
		}
	}
	return ""
}

// visibleNames are the names that a cell can use at its top.
func (c *checker) visibleNames() []string {
	names := types.Universe.Names()
	for key, d := range c.env.defs {
		if _, _, method := methodKey(key); !method && d.stale == nil {
			names = append(names, key)
		}
	}
	for key := range c.plan.byKey {
		if _, _, method := methodKey(key); !method {
			names = append(names, key)
		}
	}
	for name := range c.plan.vars {
		names = append(names, name)
	}
	for name := range c.imports {
		names = append(names, name)
	}
	return names
}

// syntaxHint says what a learner can do about a syntax error in line.
func syntaxHint(msg, line string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch {
	case fromElsewhere[word] != "":
		return fromElsewhere[word]
	case strings.Contains(msg, "keyword else"):
		return "else stands on the line of the brace before it: } else {"
	case strings.Contains(msg, "expected { after"), strings.Contains(msg, "newline before {"):
		return "the opening brace stands at the end of the line, not on the next one"
	case strings.Contains(msg, "assignment as value"):
		return "== compares, = assigns"
	case strings.Contains(msg, "unexpected newline in"):
		return "in a list over several lines every line ends with a comma, the last one too"
	case strings.Contains(msg, "unexpected EOF, expected }"):
		return "a brace { is not closed"
	case strings.Contains(msg, "newline in string"):
		return "text in double quotes ends on its line; text in `backquotes` may span lines"
	case strings.Contains(msg, "in rune literal"):
		return "single quotes hold one character; text is written in double quotes"
	}
	return ""
}

// hintMember is about a name that a package does not have.
func hintMember(c *checker, m []string) string {
	var imp *types.PkgName
	if p := c.imports[m[1]]; p != nil {
		imp = p
	} else if p, ok := c.env.lookup(m[1]).(*types.PkgName); ok {
		imp = p
	}
	if imp == nil {
		return ""
	}
	for _, path := range exportdata.Named(m[1]) {
		if path == imp.Imported().Path() {
			continue
		}
		if other, err := c.env.importer.Import(path); err == nil && other.Scope().Lookup(m[2]) != nil {
			return fmt.Sprintf("%s is of package %s; here %s is %s", m[2], path, m[1], imp.Imported().Path())
		}
	}
	var exported []string
	scope := imp.Imported().Scope()
	for _, name := range scope.Names() {
		if scope.Lookup(name).Exported() {
			exported = append(exported, name)
		}
	}
	if near := nearest(m[2], exported); near != "" {
		return fmt.Sprintf("did you mean %s.%s?", m[1], near)
	}
	return ""
}

// hintConversion is about a value of another type than is wanted.
func hintConversion(c *checker, m []string) string {
	value, have, want := m[1], m[2], m[3]
	h, w := basicKind(have), basicKind(want)
	switch {
	case h&types.IsNumeric != 0 && w&types.IsUnsigned != 0 && h&types.IsUnsigned == 0:
		return fmt.Sprintf("convert it: %s(%s); a number that does not fit loses its upper bits", want, value)
	case h&types.IsNumeric != 0 && w&types.IsNumeric != 0:
		return fmt.Sprintf("convert it: %s(%s)", want, value)
	case have == "string" && want == "[]byte", have == "[]byte" && want == "string":
		return fmt.Sprintf("convert it: %s(%s)", want, value)
	case want == "time.Duration" && h&types.IsNumeric != 0:
		return fmt.Sprintf("multiply with a unit: time.Duration(%s) * time.Millisecond", value)
	case w&types.IsString != 0 && h&types.IsInteger != 0:
		return "strconv.Itoa or fmt.Sprint write a number as text"
	case w&types.IsInteger != 0 && h&types.IsString != 0:
		return "strconv.Atoi reads a number from text"
	}
	return ""
}

// basicKind returns what kind of basic type a name is of, 0 if of none.
func basicKind(name string) types.BasicInfo {
	if t, ok := types.Universe.Lookup(name).(*types.TypeName); ok {
		if b, ok := t.Type().Underlying().(*types.Basic); ok {
			return b.Info()
		}
	}
	return 0
}

// instead says what a cell can use in place of a package that it can not
// import.
var instead = map[string]string{
	"C":                "cells are pure Go; package golang.org/x/sys/unix has the system calls",
	"os/exec":          "a cell can not start programs, so that nothing outlives the notebook; start another process of it with %%on NAME, and use package net or a socketpair between them",
	"plugin":           "a cell can not load compiled code",
	"testing":          "write cells that compare and print; %check grades exercises",
	"io/ioutil":        "its functions are in os and io now: os.ReadFile, io.ReadAll",
	"embed":            "os.ReadFile reads a file",
	"golang.org/x/net": "package net has TCP, UDP and Unix sockets; golang.org/x/sys/unix has the rest",
	"log/syslog":       "package log prints below the cell",
	"net/smtp":         "an SMTP conversation is plain text over net.Dial: write it by hand",
	"html/template":    "text/template is there, html.EscapeString too",
}

// importHint says what to do about an import that is refused.
func importHint(path string) string {
	if hint := instead[path]; hint != "" {
		return hint
	}
	for prefix, hint := range instead {
		if strings.HasPrefix(path, prefix+"/") && strings.Contains(prefix, ".") {
			return hint
		}
	}
	paths := exportdata.Paths()
	if near := nearest(path, paths); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	last := path[strings.LastIndexAny(path, "/.")+1:]
	if named := exportdata.Named(last); len(named) > 0 {
		return fmt.Sprintf("did you mean %q?", named[0])
	}
	if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") {
		return "a cell can only import packages that the notebook brings: the standard library's for networking, golang.org/x/sys/unix and sockbook/runtime/display"
	}
	return "a cell can import: " + strings.Join(paths, " ")
}

// nearest returns the one of candidates that name was most likely meant to be,
// or "".
func nearest(name string, candidates []string) string {
	limit := 1
	if len(name) > 4 {
		limit = 2
	}
	best, bestAt := "", limit+1
	slices.Sort(candidates)
	for _, c := range candidates {
		if c == name || len(c) < 2 || len(name) < 2 {
			continue
		}
		d := distance(strings.ToLower(name), strings.ToLower(c), limit)
		if d < bestAt || d == bestAt && best != "" && common(name, c) > common(name, best) {
			best, bestAt = c, d
		}
	}
	return best
}

// common is the length of what a and b begin with alike.
func common(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// distance is the number of letters to insert, delete, change or swap with
// their neighbour to get from a to b; more than limit counts as limit+1.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit || len(a) > 64 || len(b) > 64 {
		return limit + 1
	}
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	before, above, row := rows[0], rows[1], rows[2]
	for j := range above {
		above[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(above[j+1]+1, row[j]+1, above[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, before
	}
	return min(above[len(b)], limit+1)
}
