package interp

import "reflect"

// Channel operations that an interrupt can end.

func (m *Machine) genRecv(n *node) {
	value := genValue(n.child[0])
	tnext, fnext := getExec(n.tnext), getExec(n.fnext)
	i, level := n.findex, n.level
	n.exec = func(f *frame) bltn {
		v, _ := m.recv(value(f), f, n)
		getFrame(f, level).data[i] = v
		if fnext != nil && !v.Bool() {
			return fnext
		}
		return tnext
	}
}

func (m *Machine) genRecv2(n *node) {
	value := genValue(n.child[0])
	res, ok := genValue(n.anc.child[0]), genValue(n.anc.child[1])
	wantsRes, wantsOK := n.anc.child[0].ident != "_", n.anc.child[1].ident != "_"
	tnext := getExec(n.tnext)
	n.exec = func(f *frame) bltn {
		v, received := m.recv(value(f), f, n)
		if wantsRes {
			res(f).Set(v)
		}
		if wantsOK {
			ok(f).SetBool(received)
		}
		return tnext
	}
}

func (m *Machine) genSend(n *node) {
	ch := genValue(n.child[0])
	value := genDestValue(n.child[0].typ.val, n.child[1])
	next := getExec(n.tnext)
	n.exec = func(f *frame) bltn {
		m.send(ch(f), value(f), f, n)
		return next
	}
}

func (m *Machine) genRangeChan(n *node) {
	i := n.child[0].findex
	value := genValue(n.child[1])
	fnext, tnext := getExec(n.fnext), getExec(n.tnext)
	n.exec = func(f *frame) bltn {
		v, ok := m.recv(value(f), f, n)
		if !ok {
			return fnext
		}
		f.data[i].Set(v)
		return tnext
	}
}

// recv receives from ch, or panics when the goroutine is interrupted.
func (m *Machine) recv(ch reflect.Value, f *frame, n *node) (reflect.Value, bool) {
	g := m.goroutineOf(f)
	f.deferred.at = n
	if g.cancel == nil {
		return ch.Recv()
	}
	if v, ok := ch.TryRecv(); ok || v.IsValid() && !ch.IsNil() {
		return v, ok
	}
	g.waits(n)
	chosen, v, ok := reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: ch}, {Dir: reflect.SelectRecv, Chan: reflect.ValueOf(g.cancel)}})
	if chosen == 1 {
		m.stopHere(g)
	}
	return v, ok
}

func (m *Machine) send(ch, v reflect.Value, f *frame, n *node) {
	g := m.goroutineOf(f)
	f.deferred.at = n
	if g.cancel == nil {
		ch.Send(v)
		return
	}
	if ch.IsNil() || !ch.TrySend(v) {
		g.waits(n)
		chosen, _, _ := reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: ch, Send: v}, {Dir: reflect.SelectRecv, Chan: reflect.ValueOf(g.cancel)}})
		if chosen == 1 {
			m.stopHere(g)
		}
	}
}
