package jupyter

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
)

// Connection is a connection file: where the kernel listens, and the key it shares with its frontends
// (https://jupyter-client.readthedocs.io/en/latest/kernels.html#connection-files).
type Connection struct {
	Transport       string `json:"transport"` // "tcp" (if missing) or "ipc"
	IP              string `json:"ip"`        // an address or "*"; for ipc the common part of the sockets' paths
	ShellPort       int    `json:"shell_port"`
	IOPubPort       int    `json:"iopub_port"`
	StdinPort       int    `json:"stdin_port"`
	ControlPort     int    `json:"control_port"`
	HeartbeatPort   int    `json:"hb_port"`
	SignatureScheme string `json:"signature_scheme"` // "hmac-sha256", also if missing
	Key             string `json:"key"`              // empty: messages are not signed
	KernelName      string `json:"kernel_name"`
}

// Transports of a Connection.
const (
	TCP = "tcp"
	IPC = "ipc"
)

// maxConnectionFile bounds the size of a connection file in bytes; real ones have some 300.
const maxConnectionFile = 1 << 16

// A ConnectionError says what is wrong with a connection file, and what to do about it.
type ConnectionError struct {
	File  string // path
	Field string // JSON key; empty if the file as a whole is wrong
	Err   error
	What  string // to do
}

func (e *ConnectionError) Error() string {
	where := "connection file " + e.File
	if e.Field != "" {
		where += ": field " + strconv.Quote(e.Field)
	}
	return where + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *ConnectionError) Unwrap() error { return e.Err }

// Hint returns what to do.
func (e *ConnectionError) Hint() string { return e.What }

const hintFrontend = "connection files are written by the frontend that starts the kernel (jupyter lab, jupyter console); to start one by hand, run: jupyter console --kernel sockbook"

// ReadConnection reads the connection file at path, fills in defaults and checks every field. Every error is a
// *ConnectionError.
func ReadConnection(path string) (Connection, error) {
	fail := func(err error) (Connection, error) {
		return Connection{}, &ConnectionError{File: path, Err: err, What: hintFrontend}
	}
	f, err := os.Open(path)
	if err != nil {
		return fail(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxConnectionFile+1))
	if err != nil {
		return fail(err)
	}
	c, err := ParseConnection(text)
	if e, ok := errors.AsType[*ConnectionError](err); ok {
		e.File = path
	}
	return c, err
}

// ParseConnection is ReadConnection on the text of a file.
func ParseConnection(text []byte) (Connection, error) {
	whole := func(err error) (Connection, error) {
		return Connection{}, &ConnectionError{Err: err, What: hintFrontend}
	}
	if len(text) > maxConnectionFile {
		return whole(fmt.Errorf("%w: more than %d bytes", ErrTooLarge, maxConnectionFile))
	}
	if err := checkObject(text); err != nil {
		return whole(err)
	}
	if err := refuseForeign(text); err != nil {
		return Connection{}, err
	}
	var c Connection
	if err := json.Unmarshal(text, &c); err != nil {
		return Connection{}, connectionTypeError(err)
	}
	c = c.withDefaults()
	if err := c.validate(); err != nil {
		return Connection{}, err
	}
	return c, nil
}

// refuseForeign refuses files that ask for what this kernel does not have.
func refuseForeign(text []byte) error {
	var foreign struct {
		CurveSecretKey string          `json:"curve_secretkey"`
		Registration   json.RawMessage `json:"registration_port"`
	}
	if err := json.Unmarshal(text, &foreign); err != nil {
		return connectionTypeError(err)
	}
	if foreign.CurveSecretKey != "" {
		return &ConnectionError{
			Field: "curve_secretkey",
			Err:   errors.New("CurveZMQ encryption is asked for, and this kernel does not have it"),
			What:  `start the frontend with KernelManager.transport_encryption="disabled", or with the ipc transport, which stays in this machine`,
		}
	}
	if foreign.Registration != nil {
		return &ConnectionError{
			Field: "registration_port",
			Err:   errors.New("this is a registration file (protocol 5.6), and this kernel wants a connection file"),
			What:  "use a kernel provisioner that chooses the ports itself, as Jupyter's local provisioner does",
		}
	}
	return nil
}

func connectionTypeError(err error) error {
	if field, reason, ok := wrongType(err); ok {
		return &ConnectionError{Field: field, Err: errors.New(reason), What: hintFrontend}
	}
	return &ConnectionError{Err: err, What: hintFrontend}
}

func (c Connection) withDefaults() Connection {
	if c.Transport == "" {
		c.Transport = TCP
	}
	if c.IP == "" && c.Transport == TCP {
		c.IP = "127.0.0.1"
	}
	if c.SignatureScheme == "" {
		c.SignatureScheme = SchemeHMACSHA256
	}
	return c
}

func (c Connection) validate() error {
	bad := func(field, hint, format string, args ...any) error {
		return &ConnectionError{Field: field, Err: fmt.Errorf(format, args...), What: hint}
	}
	if c.Transport != TCP && c.Transport != IPC {
		return bad("transport", `this kernel speaks "tcp" and "ipc"`, "%q is not supported", c.Transport)
	}
	if c.Transport == IPC && c.IP == "" {
		return bad("ip", "for ipc, ip is the path that the names of the sockets begin with", "is missing")
	}
	if _, err := NewSigner(c.SignatureScheme, c.Key); err != nil {
		return bad("signature_scheme", "set Session.signature_scheme to "+SchemeHMACSHA256+" in the frontend, its default", "%w", err)
	}
	taken := map[int]string{}
	for _, p := range []struct {
		field string
		port  int
	}{
		{"shell_port", c.ShellPort}, {"iopub_port", c.IOPubPort}, {"stdin_port", c.StdinPort},
		{"control_port", c.ControlPort}, {"hb_port", c.HeartbeatPort},
	} {
		switch other := taken[p.port]; {
		case p.port == 0:
			return bad(p.field, hintFrontend, "is missing or 0")
		case p.port < 0 || p.port > 65535:
			return bad(p.field, hintFrontend, "%d is not a port: want 1 to 65535", p.port)
		case other != "":
			return bad(p.field, hintFrontend, "%d is also %s", p.port, other)
		}
		taken[p.port] = p.field
	}
	return nil
}

// Signer returns a Signer for the connection's key.
func (c Connection) Signer() (*Signer, error) {
	c = c.withDefaults()
	return NewSigner(c.SignatureScheme, c.Key)
}

// Path is the path of the UNIX-domain socket for a port of an ipc connection, as libzmq's frontends make it.
func (c Connection) Path(port int) string { return c.IP + "-" + strconv.Itoa(port) }
