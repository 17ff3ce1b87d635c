// A closure keeps the variables of its pass of the loop whatever way it goes.
package main

import (
	"fmt"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"
)

type Task struct {
	name string
	run  func() int
}

type Runner interface{ Add(f func() int) }

type list struct{ fs []func() int }

func (l *list) Add(f func() int)       { l.fs = append(l.fs, f) }
func (l *list) All(fs ...func() int)   { l.fs = append(l.fs, fs...) }
func (l *list) Task(t Task)            { l.fs = append(l.fs, t.run) }
func (l *list) Any(x any)              { l.fs = append(l.fs, x.(func() int)) }
func wrap(f func() int) func() int     { return func() int { return f() + 1000 } }
func pass[T any](x T) T                { return x }
func make2(i int) (func() int, string) { return func() int { i++; return i }, "x" }

func main() {
	var l list
	var r Runner = &l
	var maps []map[string]func() int
	ch := make(chan func() int, 3)
	var servers []*http.Server
	var clients []http.Client
	var tmpls []*template.Template
	var onces []func() int
	arr := [3]func() int{}
	for i := range 3 {
		n := i * 10
		f := func() int { n++; return n + i }
		l.Add(func() int { return n + i })
		r.Add(func() int { return n - i })
		l.All(f, func() int { return i })
		l.Task(Task{"t", func() int { return -n }})
		l.Any(func() int { return n * 2 })
		l.Add(wrap(func() int { return n }))
		l.Add(pass(func() int { return n + 5 }))
		maps = append(maps, map[string]func() int{"f": func() int { return n }})
		ch <- func() int { return n }
		arr[i] = func() int { return i }
		servers = append(servers, &http.Server{Addr: fmt.Sprint(n), ConnState: nil, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { fmt.Print("h", n, " ") })})
		clients = append(clients, http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return fmt.Errorf("c%d", n) }})
		tmpls = append(tmpls, template.Must(template.New("t").Funcs(template.FuncMap{"n": func() int { return n }}).Parse("{{n}} ")))
		onces = append(onces, sync.OnceValue(func() int { return n + 7 }))
		g, _ := make2(n)
		l.fs = append(l.fs, g, (func() int)(func() int { return n }))
		p := &Task{run: func() int { return n + 100 }}
		p.name = "x"
		l.fs = append(l.fs, p.run)
		if h := func() int { return n + 200 }; i > 0 {
			l.fs = append(l.fs, h)
		}
	}
	for _, f := range l.fs {
		fmt.Print(f(), " ")
	}
	fmt.Println()
	var b strings.Builder
	for i := range 3 {
		fmt.Print(maps[i]["f"](), (<-ch)(), arr[i](), clients[i].CheckRedirect(nil, nil), onces[i](), " ")
		servers[i].Handler.ServeHTTP(nil, nil)
		tmpls[i].Execute(&b, nil)
	}
	fmt.Println(b.String())
	var timers []*time.Timer
	done := make(chan int, 3)
	var visits []fs.WalkDirFunc
	for i, s := range []string{"a", "b", "c"} {
		timers = append(timers, time.AfterFunc(time.Hour, func() { done <- i }))
		visits = append(visits, func(path string, d fs.DirEntry, err error) error { fmt.Print(s, i, " "); return filepath.SkipAll })
	}
	for _, t := range timers {
		t.Reset(0)
	}
	got := []int{<-done, <-done, <-done}
	slices.Sort(got)
	for _, v := range visits {
		filepath.WalkDir(".", v)
	}
	fmt.Println(got)
}
