package jupyter

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// A Message is one message of the protocol, in or out.
type Message struct {
	// Identities are the frames before the delimiter: the routing prefix on ROUTER channels, the topic on iopub.
	Identities [][]byte
	Header     Header
	// Parent is the header of the message that caused this one; the zero Header is sent as {}.
	Parent Header
	// Metadata is a JSON object; nil is sent as {}.
	Metadata json.RawMessage
	// Content is a JSON object; nil is sent as {}. Unmarshal reads it.
	Content json.RawMessage
	// Buffers are raw bytes that follow the content; the signature does not cover them.
	Buffers [][]byte
}

// Type is the message's type, from its header.
func (m *Message) Type() MsgType { return m.Header.Type }

// A Header says which message this is, and whose. A Header that was received keeps its JSON text, so that it goes back
// as a parent header with everything the client put into it, known here or not; treat it as read-only.
type Header struct {
	ID       string    // msg_id: unique for each message
	Session  string    // the sending process
	Username string    // may be empty
	Date     time.Time // when the message was made; zero if the sender gave none that could be read
	Type     MsgType
	Version  string // of the protocol
	// SubshellID names a subshell (a 5.5 option); empty for the kernel's own shell.
	SubshellID string

	raw string // the JSON text as received
}

// IsZero reports whether h is the empty header: {} on the wire.
func (h Header) IsZero() bool { return h.ID == "" && h.raw == "" }

type wireHeader struct {
	ID         string  `json:"msg_id"`
	Session    string  `json:"session"`
	Username   string  `json:"username"`
	Date       string  `json:"date"`
	Type       MsgType `json:"msg_type"`
	Version    string  `json:"version"`
	SubshellID string  `json:"subshell_id,omitempty"`
}

// MarshalJSON gives the text that was received, or for a header made here its fields, the date in RFC 3339 with
// nanoseconds, in UTC.
func (h Header) MarshalJSON() ([]byte, error) {
	if h.raw != "" {
		return []byte(h.raw), nil
	}
	if h.IsZero() {
		return []byte("{}"), nil
	}
	date := ""
	if !h.Date.IsZero() {
		date = h.Date.UTC().Format(time.RFC3339Nano)
	}
	return marshal(wireHeader{h.ID, h.Session, h.Username, date, h.Type, h.Version, h.SubshellID})
}

// UnmarshalJSON reads a header and keeps its text. Any key may be missing, and a date that cannot be read is left zero,
// as old and foreign clients differ there; a key of the wrong type is an error.
func (h *Header) UnmarshalJSON(text []byte) error {
	var w wireHeader
	if err := json.Unmarshal(text, &w); err != nil {
		return err
	}
	date, err := time.Parse(time.RFC3339Nano, w.Date)
	if err != nil {
		date = time.Time{}
	}
	*h = Header{w.ID, w.Session, w.Username, date, w.Type, w.Version, w.SubshellID, string(text)}
	return nil
}

// An Origin makes messages in the name of one process. Its methods may be called from any goroutine.
type Origin struct {
	session, username string
	now               func() time.Time
	count             atomic.Uint64
}

// NewOrigin returns an Origin for the process that session names (NewID makes one: it must differ after a restart, by
// which frontends know of the restart). now is the clock for the headers' dates.
func NewOrigin(session, username string, now func() time.Time) *Origin {
	return &Origin{session: session, username: username, now: now}
}

// Session is the session that the Origin's messages carry.
func (o *Origin) Session() string { return o.session }

// New makes a message of type t caused by the one whose header is parent (the zero Header if by none). The content is
// anything that encoding/json turns into an object: one of the structs of this package, a map, a json.RawMessage; nil
// is {}.
func (o *Origin) New(t MsgType, parent Header, content any) (*Message, error) {
	body := json.RawMessage("{}")
	if content != nil {
		var err error
		if body, err = marshal(content); err != nil {
			return nil, fmt.Errorf("encode content of %s: %w", t, err)
		}
		if body[0] != '{' {
			return nil, fmt.Errorf("encode content of %s: %T is not a JSON object", t, content)
		}
	}
	n := strconv.FormatUint(o.count.Add(1), 10)
	return &Message{
		Header: Header{
			ID:       o.session + "_" + n,
			Session:  o.session,
			Username: o.username,
			Date:     o.now(),
			Type:     t,
			Version:  Version,
		},
		Parent:  parent,
		Content: body,
	}, nil
}

// Reply makes the reply to req: its identities route it back, its header is the parent, its type is req's with _reply
// for _request.
func (o *Origin) Reply(req *Message, content any) (*Message, error) {
	name, ok := strings.CutSuffix(string(req.Type()), "_request")
	if !ok {
		return nil, fmt.Errorf("reply to %s: it is not a request", req.Type())
	}
	m, err := o.New(MsgType(name+"_reply"), req.Header, content)
	if err != nil {
		return nil, err
	}
	m.Identities = req.Identities
	return m, nil
}

// NewID returns a random identifier in the form of a UUID (RFC 9562, version 4), for sessions, comms and displays.
func NewID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails since Go 1.24
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// marshal is json.Marshal without its escapes for HTML, which would only make output longer.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
