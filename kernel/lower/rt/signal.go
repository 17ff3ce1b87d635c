package rt

import (
	"os"
	"os/signal"
	"reflect"
)

// A cell's chan os.Signal holds values in static form, so signals come through
// a channel of the real type and a goroutine that ends with signalStop.

func (w *World) signalNotify(c chan any, sigs []any) {
	if c == nil {
		panic("os/signal: Notify using nil channel")
	}
	real := make(chan os.Signal, max(cap(c), 1))
	if old, ok := w.signals.LoadOrStore(reflect.ValueOf(c).Pointer(), real); ok {
		real = old.(chan os.Signal)
	} else {
		go func() {
			for s := range real {
				select {
				case c <- s:
				default:
				}
			}
		}()
	}
	var list []os.Signal
	for _, s := range sigs {
		list = append(list, s.(os.Signal))
	}
	signal.Notify(real, list...)
}

func (w *World) signalStop(c chan any) {
	if real, ok := w.signals.LoadAndDelete(reflect.ValueOf(c).Pointer()); ok {
		signal.Stop(real.(chan os.Signal))
		close(real.(chan os.Signal))
	}
}
