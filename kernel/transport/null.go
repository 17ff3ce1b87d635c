package transport

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-zeromq/zmq4"
)

// null is the NULL mechanism of ZMTP 3 (RFC 23), from the side that accepts. zmq4's own reads past the end of malformed
// metadata, and zmq4.Open panics for a socket type that it does not know; null hands it only what it can take.
type null struct {
	typ      zmq4.SocketType // ours
	identity []byte          // the peer's; empty if it has none
}

// The properties that READY carries.
const (
	propSocketType = "Socket-Type"
	propIdentity   = "Identity"
)

// maxIdentity is the longest identity of a peer in bytes (RFC 23, section 3.2).
const maxIdentity = 255

// Type says NULL to the peer.
func (n *null) Type() zmq4.SecurityType { return zmq4.NullSecurity }

// Handshake exchanges READY commands and checks the peer's socket type.
func (n *null) Handshake(conn *zmq4.Conn, _ bool) error {
	if err := conn.SendCmd(zmq4.CmdReady, appendProperty(nil, propSocketType, string(n.typ))); err != nil {
		return fmt.Errorf("send READY: %w", err)
	}
	cmd, err := conn.RecvCmd()
	if err != nil {
		return fmt.Errorf("receive READY: %w", err)
	}
	switch cmd.Name {
	case zmq4.CmdReady:
	case zmq4.CmdError:
		return fmt.Errorf("the peer refused the handshake: %q", cmd.Body)
	default:
		return fmt.Errorf("command %q in place of READY", cmd.Name)
	}
	meta, err := parseProperties(cmd.Body)
	if err != nil {
		return fmt.Errorf("metadata of READY: %w", err)
	}
	typ := meta[strings.ToLower(propSocketType)]
	if !slices.Contains(partners(n.typ), zmq4.SocketType(typ)) {
		return fmt.Errorf("a %q socket cannot talk to %s", typ, n.typ)
	}
	id := meta[strings.ToLower(propIdentity)]
	if len(id) > maxIdentity {
		return fmt.Errorf("identity of %d bytes, at most %d", len(id), maxIdentity)
	}
	n.identity = []byte(id)
	conn.Peer.Meta[propSocketType] = typ // zmq4.Open looks at it
	return nil
}

// partners are the socket types that may connect to ours.
func partners(ours zmq4.SocketType) []zmq4.SocketType {
	if ours == zmq4.XPub {
		return []zmq4.SocketType{zmq4.Sub, zmq4.XSub}
	}
	return []zmq4.SocketType{zmq4.Dealer, zmq4.Req, zmq4.Router}
}

// Encrypt writes data as it is.
func (n *null) Encrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

// Decrypt writes data as it is.
func (n *null) Decrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

func appendProperty(b []byte, name, value string) []byte {
	b = append(b, byte(len(name)))
	b = append(b, name...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(value)))
	return append(b, value...)
}

var errShortProperty = errors.New("ends within a property")

// parseProperties reads name and value pairs (RFC 23: property = name value), the names in lower case, as they compare
// without regard to case. Of a name given twice the last counts.
func parseProperties(b []byte) (map[string]string, error) {
	props := make(map[string]string)
	for len(b) > 0 {
		n := int(b[0])
		b = b[1:]
		if len(b) < n+4 {
			return nil, errShortProperty
		}
		name := strings.ToLower(string(b[:n]))
		size := binary.BigEndian.Uint32(b[n:])
		b = b[n+4:]
		if uint64(len(b)) < uint64(size) {
			return nil, errShortProperty
		}
		props[name] = string(b[:size])
		b = b[size:]
	}
	return props, nil
}
