package sock

import (
	"context"
	"net"
	"net/http"
	"net/rpc"
	"reflect"
)

// hookDefaultTransport has http.DefaultTransport, and so http.Get and
// http.DefaultClient, tell whom it dials. It dials as it did. Copies that
// Clone makes of it tell it too.
func hookDefaultTransport() {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok || t.DialContext == nil {
		return
	}
	t.DialContext = toldFunc("Dial", reflect.ValueOf(t.DialContext), false).Interface().(func(context.Context, string, string) (net.Conn, error))
}

// rpcDial is rpc.Dial, which is net.Dial and rpc.NewClient.
func (c *Calls) rpcDial(network, address string) (*rpc.Client, error) {
	dial := c.Func("net", "Dial", reflect.ValueOf(net.Dial)).Interface().(func(network, address string) (net.Conn, error))
	conn, err := dial(network, address)
	if err != nil {
		return nil, err
	}
	return rpc.NewClient(conn), nil
}
