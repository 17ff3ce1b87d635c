package jupyter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Delimiter is the frame that ends the identities ("The Wire Protocol").
const Delimiter = "<IDS|MSG>"

var delimiter = []byte(Delimiter) // never written to

// What a list of frames may hold. The transport has a bound of its own for what it reads at all.
const (
	maxIdentities = 16
	maxBuffers    = 1024
	maxHeader     = 64 << 10 // bytes, header and parent header each
	maxMetadata   = 1 << 20  // bytes
	maxContent    = 64 << 20 // bytes
)

// Reasons for which Signer.Decode refuses a list of frames; each comes wrapped in a FrameError.
var (
	ErrNoDelimiter  = errors.New("no " + Delimiter + " frame")
	ErrShort        = errors.New("too few frames")
	ErrTooMany      = errors.New("too many frames")
	ErrTooLarge     = errors.New("too large")
	ErrSignature    = errors.New("wrong signature: the sender does not have this kernel's key")
	ErrReplay       = errors.New("this message came before")
	ErrNotUTF8      = errors.New("not UTF-8")
	ErrNotObject    = errors.New("not a JSON object")
	ErrDuplicateKey = errors.New("duplicate key")
	ErrTooDeep      = errors.New("nested too deeply")
	ErrMissing      = errors.New("missing")
)

// A FrameError says which part of a message was refused, and why: Err is or wraps one of the reasons above, or says
// which field of a header has the wrong type.
type FrameError struct {
	Part string // "identities", "signature", "header", "parent header", "metadata", "content", "buffers"
	Err  error
}

func (e *FrameError) Error() string { return "malformed message: " + e.Part + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *FrameError) Unwrap() error { return e.Err }

// A part is one of the four signed frames.
type part struct {
	name string
	max  int
}

var parts = [4]part{{"header", maxHeader}, {"parent header", maxHeader}, {"metadata", maxMetadata}, {"content", maxContent}}

// Decode reads a message from its frames, which begin with the identities. The message shares their memory. The
// signature is checked before anything is parsed. Every error is a *FrameError.
func (s *Signer) Decode(frames [][]byte) (*Message, error) {
	identities, rest, err := cutDelimiter(frames)
	if err != nil {
		return nil, &FrameError{"identities", err}
	}
	if len(rest) < 1+len(parts) {
		return nil, &FrameError{"content", fmt.Errorf("%w: %d after the delimiter, want at least %d", ErrShort, len(rest), 1+len(parts))}
	}
	signature, signed, buffers := rest[0], rest[1:1+len(parts)], rest[1+len(parts):]
	if len(buffers) > maxBuffers {
		return nil, &FrameError{"buffers", fmt.Errorf("%w: %d, at most %d", ErrTooMany, len(buffers), maxBuffers)}
	}
	for i, p := range parts {
		if len(signed[i]) > p.max {
			return nil, &FrameError{p.name, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(signed[i]), p.max)}
		}
	}
	if err := s.verify(signature, signed); err != nil {
		return nil, &FrameError{"signature", err}
	}
	for i, p := range parts {
		if err := checkObject(signed[i]); err != nil {
			return nil, &FrameError{p.name, err}
		}
	}
	m := &Message{Identities: identities, Metadata: signed[2], Content: signed[3], Buffers: buffers}
	if err := decodeHeader(signed[0], &m.Header); err != nil {
		return nil, &FrameError{"header", err}
	}
	if !isEmptyObject(signed[1]) {
		if err := json.Unmarshal(signed[1], &m.Parent); err != nil {
			return nil, &FrameError{"parent header", plainTypeError(err)}
		}
	}
	return m, nil
}

func decodeHeader(text []byte, h *Header) error {
	if err := json.Unmarshal(text, h); err != nil {
		return plainTypeError(err)
	}
	if h.ID == "" {
		return fmt.Errorf("msg_id: %w", ErrMissing)
	}
	if h.Type == "" {
		return fmt.Errorf("msg_type: %w", ErrMissing)
	}
	return nil
}

// cutDelimiter splits frames at the delimiter, which must be among the first frames.
func cutDelimiter(frames [][]byte) (before, after [][]byte, err error) {
	for i, f := range frames {
		if i > maxIdentities {
			break
		}
		if string(f) == Delimiter {
			return frames[:i:i], frames[i+1:], nil
		}
	}
	return nil, nil, ErrNoDelimiter
}

func isEmptyObject(text []byte) bool {
	inner := bytes.TrimSpace(text)
	return len(inner) >= 2 && len(bytes.TrimSpace(inner[1:len(inner)-1])) == 0
}

// Encode turns m into frames, identities first, and signs them. The frames share m's memory. The error is that of a
// header that cannot be encoded, which no header made by an Origin is.
func (s *Signer) Encode(m *Message) ([][]byte, error) {
	header, err := m.Header.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("encode header of %s: %w", m.Type(), err)
	}
	parent, err := m.Parent.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("encode parent header of %s: %w", m.Type(), err)
	}
	frames := make([][]byte, 0, len(m.Identities)+2+len(parts)+len(m.Buffers))
	frames = append(frames, m.Identities...)
	frames = append(frames, delimiter, nil, header, parent, object(m.Metadata), object(m.Content))
	at := len(m.Identities) + 1
	frames[at] = s.sign(frames[at+1:])
	return append(frames, m.Buffers...), nil
}

func object(text json.RawMessage) []byte {
	if len(text) == 0 {
		return []byte("{}")
	}
	return text
}
