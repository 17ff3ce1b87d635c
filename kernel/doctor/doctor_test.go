package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/sys/unix"

	"sockbook/kernel/course"
	"sockbook/kernel/worker"
	"sockbook/runtime/netns"
)

// cells are cells of which some fail: those whose text has one of the words.
type cells struct {
	fail   []string
	closed bool
}

func (c *cells) Run(name, text string, out worker.Sink) (worker.Outcome, error) {
	for _, f := range c.fail {
		if strings.Contains(text, f) {
			return worker.Outcome{Failure: &worker.Failure{Name: "test", Message: f + " fails"}}, nil
		}
	}
	out.Stream("stdout", "echo tcp_retries2 = 5 PSH,ACK")
	return worker.Outcome{}, nil
}

func (c *cells) Interrupt() {}
func (c *cells) Close()     { c.closed = true }

func TestTrial(t *testing.T) {
	for _, c := range []struct {
		name  string
		noLab bool
		fail  []string
		works string
	}{
		{"nothing runs", false, []string{"import"}, "settings"},
		{"no sockets on one machine", true, []string{"127.0.0.1"}, ""},
		{"no hosts", true, nil, "cells"},
		{"no process on a host", false, []string{"%%on server\n"}, "cells"},
		{"none in the background", false, []string{"%%on server &"}, "cells"},
		{"hosts that cannot be reached", false, []string{"net.Dial(\"tcp\", \"server"}, "cells"},
		{"settings refused", false, []string{"%sysctl"}, "cells hosts pictures"},
		{"no pictures", false, []string{"%%wire"}, "cells hosts settings"},
		{"all", false, nil, "cells hosts settings pictures"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fake := &cells{fail: c.fail}
			config := Config{Cells: func(noLab bool) Cells {
				if noLab != c.noLab {
					t.Errorf("without a lab: %v", noLab)
				}
				return fake
			}}
			found := config.trial(t.Context(), c.noLab)
			var works []string
			for _, name := range []Name{Run, Hosts, Settings, Pictures} {
				a := found.ability(name, "it")
				if a.Works {
					works = append(works, string(name))
				}
				if a.Works != (a.Why == "") {
					t.Errorf("%s: works %v, but %q", name, a.Works, a.Why)
				}
			}
			want := c.works
			if c.name == "nothing runs" { // what needs hosts is not tried without them
				want = ""
			}
			if got := strings.Join(works, " "); got != want {
				t.Errorf("works %q, want %q", got, want)
			}
			if !fake.closed {
				t.Error("the cells were not closed")
			}
		})
	}
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		lesson Lesson
		works  string
		loses  string // in what it loses; empty: it is whole
	}{
		{Lesson{Needs: Run}, "", "do not run"},
		{Lesson{Needs: Hosts}, "cells", "stored pictures"},
		{Lesson{Needs: Hosts}, "cells hosts", "pictures"},
		{Lesson{Needs: Hosts, Settings: true}, "cells hosts pictures", "settings"},
		{Lesson{Needs: Hosts}, "cells hosts pictures", ""},
		{Lesson{Needs: Run}, "cells", ""},
		{Lesson{Needs: Run, Settings: true}, "cells", ""}, // it says so itself
		{Lesson{Needs: Hosts, Settings: true}, "cells hosts pictures settings", ""},
	} {
		r := &Report{}
		for _, name := range strings.Fields(c.works) {
			r.Abilities = append(r.Abilities, Ability{Name: Name(name), Works: true})
		}
		got := r.judge(c.lesson)
		if got.Whole != (c.loses == "") || !strings.Contains(got.Loses, c.loses) || got.Whole != (got.Loses == "") {
			t.Errorf("%+v where %q works: %+v", c.lesson, c.works, got)
		}
	}
}

func TestGive(t *testing.T) {
	seccomp := &netns.NotAllowedError{Missing: "a seccomp filter", Hint: "general", Err: unix.EPERM}
	proc := &netns.NotAllowedError{Missing: "parts of /proc are hidden", Hint: "general", Err: unix.EPERM}
	limit := &netns.NotAllowedError{Missing: "user.max_user_namespaces is 0", Hint: "general", Err: unix.ENOSPC}
	for _, c := range []struct {
		container string
		err       error
		want      string
	}{
		{"", errors.New("out of memory"), "report it"},
		{"docker", context.Canceled, "report it"},
		{"", seccomp, "general"},
		{"docker", seccomp, "docker run --security-opt seccomp=sockbook.json --security-opt systempaths=unconfined"},
		{"docker", fmt.Errorf("wrapped: %w", seccomp), "docker run --security-opt seccomp=sockbook.json"},
		{"docker", proc, "docker run --security-opt systempaths=unconfined"},
		{"podman", proc, "podman run --security-opt unmask=ALL"},
		{"kubernetes", seccomp, "Localhost"},
		{"kubernetes", proc, "procMount: Unmasked"},
		{"docker", limit, "general"},
	} {
		if got := (&Report{Container: c.container}).give(c.err); !strings.Contains(got, c.want) {
			t.Errorf("%s, %v: %q", c.container, c.err, got)
		}
	}
}

func TestLessonsOf(t *testing.T) {
	notebook := func(source string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(`{"cells":[{"cell_type":"code","id":"a","metadata":{},"execution_count":null,"outputs":[],"source":` + fmt.Sprintf("%q", source) + `}],"metadata":{},"nbformat":4,"nbformat_minor":5}`)}
	}
	about := func(needs string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(`{"title":"T","question":"Q?","needs":"` + needs + `","picture":{"cell":"a","alt":"A"}}`)}
	}
	c, err := course.Load(fstest.MapFS{
		"00-start/lesson.ipynb": notebook("x := 1"), "00-start/lesson.json": about("loopback"),
		"01-one/lesson.ipynb": notebook("x := 1\n%sysctl client tcp_retries2=3"), "01-one/lesson.json": about("lab"),
		"02-two/lesson.ipynb": notebook("// %sysctl is explained later"), "02-two/lesson.json": about("lab"),
		"README.md": about("no lesson"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []Lesson{{Name: "00-start", Needs: Run}, {Name: "01-one", Needs: Hosts, Settings: true}, {Name: "02-two", Needs: Hosts}}
	if got := LessonsOf(c); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
