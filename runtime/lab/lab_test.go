package lab

import (
	"testing"
	"time"
)

func TestConnect(t *testing.T) {
	begin := time.Now()
	x, client, server := pair(t)
	t.Log("up after", time.Since(begin))
	infos, err := x.Hosts(x.ctx)
	x.ok(err)
	for _, i := range infos {
		t.Logf("%+v", i)
	}
	t.Log(x.Lacks())
	l := server.listen(7777, 5)
	c := client.socket()
	is(t, "connect", client.connect(c, "10.0.0.1:7777"), "ok")
	s := server.accept(l)
	is(t, "write", client.write(c, "hello"), "ok")
	is(t, "read", server.read1(s), "hello")
	is(t, "close", client.close(c), "ok")
	is(t, "read", server.read1(s), "EOF")
	x.expect("client SYN", "server SYN-ACK", "client data 5", "client FIN")
	for _, f := range x.frames {
		t.Logf("%d %v %s→%s %v %v %v | %v", f.Seq, f.Time.Format("05.000000"), segment(f), f.To, f.Fate, f.By, f.Before, f.After)
	}
	all, err := x.Sockets(x.ctx, "")
	x.ok(err)
	for _, s := range all {
		t.Logf("%+v %+v", s, s.TCP)
	}
}
