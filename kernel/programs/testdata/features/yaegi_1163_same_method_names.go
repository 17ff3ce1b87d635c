// Methods of one name in types of one program, with other signatures (yaegi #1163, #1068, #1173, #1315, #1404).
package main

import "fmt"

type WidgetEvent struct{ s string }
type WindowEvent struct{ n int }
type Widget interface{ Handle(e *WidgetEvent) string }
type Button struct{ id int }

func (b *Button) Handle(e *WidgetEvent) string { return fmt.Sprint("button ", b.id, e.s) }

type Window struct {
	Widget
	title string
}

func (w *Window) Handle(e *WindowEvent) int { return e.n + len(w.title) }

type I interface{ Hello() string }
type I2 I
type I3 = I2
type T struct{}
type U struct{ T }

func (t T) Hello() string     { return "hello T" }
func (u U) Hello() (s string) { return "hello U over " + u.T.Hello() }

var real = func() string { return "my real" }

func len2(len int) int { return len * 2 }

func f(i any) string {
	switch j := i.(type) {
	case I2:
		return j.Hello()
	case Widget:
		return j.Handle(&WidgetEvent{"?"})
	case interface{ Handle(*WindowEvent) int }:
		return fmt.Sprint(j.Handle(&WindowEvent{1}))
	}
	return "none"
}

func main() {
	w := &Window{&Button{1}, "title"}
	fmt.Println(w.Handle(&WindowEvent{10}), w.Widget.Handle(&WidgetEvent{"e"}))
	var i I2 = T{}
	var k I3 = U{}
	var j I = i
	fmt.Println(i.Hello(), j.Hello(), k.Hello(), real(), len2(4))
	fmt.Println(f(w), f(&Button{2}), f(U{}), f(&T{}), f(3), f(nil))
	if i, ok := i.(T); ok {
		fmt.Println("inner", i.Hello())
	}
	if w, ok := any(w).(Widget); !ok {
		fmt.Println(w == nil)
	}
	_ = real
	copy := func(a, b string) string { return a + b }
	fmt.Println(copy("x", "y"))
}
