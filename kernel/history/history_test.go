package history_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sockbook/kernel/history"
)

// show writes entries as "session.line input".
func show(entries []history.Entry) string {
	var lines []string
	for _, e := range entries {
		lines = append(lines, fmt.Sprintf("%d.%d %s", e.Session, e.Line, e.Input))
	}
	return strings.Join(lines, "; ")
}

func TestOverRestarts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "history.jsonl")
	first := history.Open(path)
	for i, input := range []string{"a := 1", "a", "6*7"} {
		if err := first.Add(i+1, input, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, append(must(os.ReadFile(path)), "{\"s\":1,\"n\":4,\"in\":\"cut sh\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	second := history.Open(path)
	second.Add(1, "a", "1")
	tests := []struct {
		name string
		got  []history.Entry
		want string
	}{
		{"tail", second.Tail(2), "1.3 6*7; 2.1 a"},
		{"tail of all", second.Tail(-1), "1.1 a := 1; 1.2 a; 1.3 6*7; 2.1 a"},
		{"tail of none", second.Tail(0), ""},
		{"range", second.Range(1, 2, 3), "1.2 a"},
		{"range to the end", second.Range(1, 2, -1), "1.2 a; 1.3 6*7"},
		{"this session", second.Range(0, 0, -1), "2.1 a"},
		{"the session before", second.Range(-1, 1, 2), "1.1 a := 1"},
		{"no such session", second.Range(9, 0, -1), ""},
		{"search", second.Search("a*", -1, false), "1.1 a := 1; 1.2 a; 2.1 a"},
		{"search unique", second.Search("a*", -1, true), "1.1 a := 1; 2.1 a"},
		{"search the last", second.Search("*", 1, false), "2.1 a"},
		{"search one character", second.Search("6?7", -1, false), "1.3 6*7"},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, show(test.got)); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestManyKernelsAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.jsonl")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			l := history.Open(path)
			for i := range 50 {
				if err := l.Add(i+1, fmt.Sprint("cell ", i), ""); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	sessions := map[int]int{}
	for _, e := range history.Open(path).Tail(-1) {
		sessions[e.Session]++
	}
	if len(sessions) != 8 {
		t.Errorf("%d sessions, want 8", len(sessions))
	}
	for s, n := range sessions {
		if n != 50 {
			t.Errorf("session %d has %d entries, want 50", s, n)
		}
	}
}

func TestUnwritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", filepath.Join(file, "history.jsonl")} {
		l := history.Open(path)
		if err := l.Add(1, "a", ""); (err == nil) != (path == "") {
			t.Errorf("%q: error %v", path, err)
		}
		if got := show(l.Tail(5)); got != "1.1 a" {
			t.Errorf("%q: history %q", path, got)
		}
	}
}

func TestLongFileIsHalved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.jsonl")
	l := history.Open(path)
	long := strings.Repeat("x", 1<<20)
	for i := range 40 {
		l.Add(i+1, long, "")
	}
	next := history.Open(path)
	if got := next.Session(); got != 2 {
		t.Errorf("session %d, want 2", got)
	}
	entries := next.Tail(-1)
	if n := len(entries); n < 15 || n > 21 || entries[n-1].Line != 40 {
		t.Errorf("%d entries are left, the last is line %d", n, entries[n-1].Line)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("a*b?", "aXXbc")
	f.Add("**", "")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 1000 || len(text) > 1000 {
			return
		}
		history.Match(pattern, text)
		if !history.Match("*", text) {
			t.Error("* does not match")
		}
		if !strings.ContainsAny(pattern, "*?") && history.Match(pattern, text) != (string([]rune(pattern)) == string([]rune(text))) {
			t.Errorf("%q against %q", pattern, text)
		}
	})
}

func TestNextSession(t *testing.T) {
	tests := []struct {
		name, text string
		want       int
	}{
		{"no line", "", 1},
		{"an older kernel wrote last", "{\"s\":9,\"n\":0,\"in\":\"\"}\n{\"s\":10,\"n\":0,\"in\":\"\"}\n{\"s\":9,\"n\":1,\"in\":\"x\"}\n", 11},
		{"lines that are no entries", "\n{}\nx\n{\"s\":\n{\"s\":7x,\n{\"s\":2,\"n\":1,\"in\":\"{\\\"s\\\":8,\"}\n", 3},
		{"the rest of a long line", "{\"s\":3,\"n\":1,\"in\":\"" + strings.Repeat("x", 64<<10-19) + "{\"s\":8,\"n\":1}\n", 4},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "history.jsonl")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := history.Open(path).Session(); got != test.want {
				t.Errorf("session %d, want %d", got, test.want)
			}
		})
	}
}

// What the first cell of a kernel waits for, with a history of years.
func BenchmarkSession(b *testing.B) {
	path := filepath.Join(b.TempDir(), "history.jsonl")
	var text strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&text, "{\"s\":%d,\"n\":1,\"in\":%q}\n", i+1, strings.Repeat("fmt.Println(1)\n", 10))
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		history.Open(path).Session()
	}
}
