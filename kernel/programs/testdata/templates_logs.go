// text/template with functions and methods; log and slog with writers of one's
// own; tabwriter; regexp.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"text/tabwriter"
	"text/template"
)

type Item struct {
	Name  string
	Price float64
	Tags  []string
}

func (i Item) Upper() string               { return strings.ToUpper(i.Name) }
func (i *Item) Discount(p float64) float64 { return i.Price * (1 - p/100) }
func (i Item) Fail() (string, error)       { return "", errors.New("cannot " + i.Name) }

type Order struct {
	ID    int
	Items []*Item
	Meta  map[string]any
}

func (o Order) Total() (sum float64) {
	for _, i := range o.Items {
		sum += i.Price
	}
	return
}

const page = `Order {{printf "%04d" .ID}}
{{- range $i, $it := .Items}}
{{inc $i}}. {{.Upper | pad 8}}|{{printf "%.2f" (.Discount 10)}}{{if .Tags}} [{{join .Tags ", "}}]{{else}} no tags{{end}}
{{- end}}
{{with .Meta.note}}Note: {{.}}{{end}}
{{- define "sum"}}Total: {{.}}{{end}}
{{template "sum" .Total}} {{if and (gt .Total 10.0) (not .Meta.paid)}}please pay{{end}}
{{len .Items}} {{index .Meta "k"}} {{eq .ID 7}} {{html "<b>"}}
`

// prefixer puts a prefix and a number before each line.
type prefixer struct {
	prefix string
	n      int
	out    *bytes.Buffer
}

func (p *prefixer) Write(b []byte) (int, error) {
	for _, line := range bytes.SplitAfter(b, []byte("\n")) {
		if len(line) > 0 {
			p.n++
			fmt.Fprintf(p.out, "%s%d %s", p.prefix, p.n, line)
		}
	}
	return len(b), nil
}

type memHandler struct {
	records *[]string
	attrs   []slog.Attr
	group   string
}

func (h memHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelInfo }
func (h memHandler) Handle(_ context.Context, r slog.Record) error {
	s := fmt.Sprintf("%v %s", r.Level, r.Message)
	add := func(a slog.Attr) bool {
		s += " " + h.group + a.String()
		return true
	}
	for _, a := range h.attrs {
		add(a)
	}
	r.Attrs(add)
	*h.records = append(*h.records, s)
	return nil
}
func (h memHandler) WithAttrs(as []slog.Attr) slog.Handler {
	h.attrs = append(h.attrs[:len(h.attrs):len(h.attrs)], as...)
	return h
}
func (h memHandler) WithGroup(name string) slog.Handler {
	h.group += name + "."
	return h
}

type secret string

func (secret) LogValue() slog.Value { return slog.StringValue("***") }

func main() {
	funcs := template.FuncMap{
		"inc":  func(i int) int { return i + 1 },
		"join": strings.Join,
		"pad":  func(n int, s string) string { return fmt.Sprintf("%-*s", n, s) },
	}
	t := template.Must(template.New("page").Funcs(funcs).Parse(page))
	o := Order{7, []*Item{{"tea", 3.5, []string{"hot", "green"}}, {"cake", 10, nil}}, map[string]any{"note": "be quick", "k": 'x', "paid": false}}
	if err := t.Execute(os.Stdout, o); err != nil {
		fmt.Println(err)
	}
	for _, text := range []string{"{{.Nothing}}", "{{.Fail}}", "{{index .Tags 5}}", "{{if}}", "{{.Name | nofunc}}"} {
		t, err := template.New("x").Parse(text)
		if err == nil {
			err = t.Execute(&bytes.Buffer{}, o.Items[0])
		}
		fmt.Println("error:", err)
	}

	p := &prefixer{prefix: "#", out: new(bytes.Buffer)}
	l := log.New(p, "app: ", log.Lmsgprefix)
	l.Println("started", 1, 2)
	l.Printf("two\nlines")
	l.SetPrefix("<")
	l.SetFlags(0)
	l.Output(1, "no newline")
	fmt.Print(p.out.String())
	func() {
		defer func() { fmt.Printf("%v %T\n", recover(), recover()) }()
		l.Panicf("panic %d", 42)
	}()

	var records []string
	sl := slog.New(memHandler{records: &records})
	sl.Debug("not seen")
	sl.Info("hello", "n", 1, "err", errors.New("bad"))
	sl.With("conn", 7).WithGroup("g").Warn("careful", slog.Any("pw", secret("1234")), slog.Group("in", "x", 1))
	fmt.Println(strings.Join(records, "\n"))
	h := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})
	slog.New(h).Error("text", "pw", secret("x"), "item", Item{Name: "i"})

	tw := tabwriter.NewWriter(os.Stdout, 0, 8, 2, '.', tabwriter.AlignRight|tabwriter.Debug)
	fmt.Fprintln(tw, "a\tbbb\tc")
	fmt.Fprintln(tw, "aaaa\tb\tccccc")
	tw.Flush()

	re := regexp.MustCompile(`(?P<user>\w+)@(?P<host>[\w.]+)`)
	text := "ann@example.org, bob@host.net; nobody"
	fmt.Println(re.FindAllString(text, -1), re.SubexpNames(), re.NumSubexp())
	fmt.Println(re.ReplaceAllString(text, "${host} at $user"))
	fmt.Println(re.ReplaceAllStringFunc(text, func(s string) string { return fmt.Sprint(len(s)) }))
	for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
		fmt.Print(m, text[m[2]:m[3]], " ")
	}
	_, err := regexp.Compile("a(b")
	fmt.Println(err)
}
