package rt

import "reflect"

// Operations that wait, and that the end of the goroutine's cell wakes.

func (w *World) cancel() <-chan struct{} {
	if w.Hooks.Cancel == nil {
		return nil
	}
	return w.Hooks.Cancel()
}

// Select is a select statement: dirs has an r or s for each channel, values
// what is sent. It gives the number of the channel, -1 for default, and what
// was received.
func (w *World) Select(def bool, dirs string, chans, values []any) (int, any, bool) {
	cases := make([]reflect.SelectCase, 0, len(chans)+1)
	for i, ch := range chans {
		v := reflect.ValueOf(ch)
		c := reflect.SelectCase{Dir: reflect.SelectRecv, Chan: v}
		if dirs[i] == 's' {
			c.Dir = reflect.SelectSend
			c.Send = reflect.New(v.Type().Elem()).Elem()
			if values[i] != nil {
				c.Send.Set(reflect.ValueOf(values[i]))
			}
		}
		cases = append(cases, c)
	}
	cancel := w.cancel()
	switch {
	case def:
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectDefault})
	case cancel != nil:
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(cancel)})
	}
	k, v, ok := reflect.Select(cases)
	switch {
	case k < len(chans) && v.IsValid():
		return k, v.Interface(), ok
	case k < len(chans):
		return k, nil, false
	case !def:
		w.Hooks.Cancelled()
	}
	return -1, nil, false
}
