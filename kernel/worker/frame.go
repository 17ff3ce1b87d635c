package worker

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// maxFrame bounds a frame in bytes: a picture under a cell fits, a runaway
// length does not.
const maxFrame = 64 << 20

// kind names a frame. A frame with a seq answers or belongs to the request
// with that seq.
type kind string

const (
	// Parent to child.
	kindRun       kind = "run"       // runRequest; answered by kindDone
	kindInterrupt kind = "interrupt" // interruptRequest; not answered
	kindComplete  kind = "complete"  // askRequest; answered by kindAnswer
	kindInspect   kind = "inspect"   // askRequest; answered by kindAnswer
	kindRest      kind = "rest"      // no body; answered by kindAnswer: whether all of the cell's goroutines wait
	kindSource    kind = "source"    // sourceRequest; answered by kindAnswer
	kindAck       kind = "ack"       // no body; answers kindDisplay
	kindRecord    kind = "record"    // recordRequest; not answered
	kindFlush     kind = "flush"     // no body; answered by kindAnswer after kindCalls with all calls so far

	// Child to parent.
	kindDone    kind = "done"    // Outcome
	kindAnswer  kind = "answer"  // Completion, Inspection, Source or bool
	kindCalls   kind = "calls"   // Calls, while they are recorded
	kindDisplay kind = "display" // sink.Message; answered by kindAck, so that the order holds
)

// frame is what travels between the kernel and a worker: the length of what
// follows in four bytes, big-endian; the seq in eight; the length of the kind in
// one, and the kind; the body as JSON, to the end.
type frame struct {
	Kind kind
	Seq  uint64
	Body json.RawMessage // nil: none
}

// headSize is the size of what comes before the kind, without the length.
const headSize = 8 + 1

type runRequest struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type interruptRequest struct {
	Cell uint64 `json:"cell"` // seq of the run frame that is to end
}

type askRequest struct {
	Text   string `json:"text"`
	Cursor int    `json:"cursor"` // in code points
	Detail int    `json:"detail,omitempty"`
}

type sourceRequest struct {
	Names []string `json:"names"`
}

type recordRequest struct {
	On bool `json:"on"`
}

// encode returns the frame's bytes on the wire.
func encode(k kind, seq uint64, body any) ([]byte, error) {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return nil, fmt.Errorf("encode %s frame: %w", k, err)
		}
	}
	n := headSize + len(k) + len(text)
	if n > maxFrame {
		return nil, fmt.Errorf("encode %s frame: %d bytes are more than the %d a frame may have", k, n, maxFrame)
	}
	data := binary.BigEndian.AppendUint32(make([]byte, 0, 4+n), uint32(n))
	data = binary.BigEndian.AppendUint64(data, seq)
	data = append(data, byte(len(k)))
	return append(append(data, k...), text...), nil
}

// decode takes the first frame off data and returns the rest. ok is false
// while data does not hold a whole frame.
func decode(data []byte) (f frame, rest []byte, ok bool, err error) {
	if len(data) < 4 {
		return f, data, false, nil
	}
	n := binary.BigEndian.Uint32(data)
	if n > maxFrame {
		return f, nil, false, fmt.Errorf("decode frame: %d bytes are more than the %d a frame may have", n, maxFrame)
	}
	if uint32(len(data)-4) < n {
		return f, data, false, nil
	}
	head, rest := data[4:4+n], data[4+n:]
	if n < headSize || int(n) < headSize+int(head[headSize-1]) {
		return f, nil, false, fmt.Errorf("decode frame: %d bytes are less than its head", n)
	}
	name, body := head[headSize:headSize+head[headSize-1]], head[headSize+head[headSize-1]:]
	f = frame{Kind: kind(name), Seq: binary.BigEndian.Uint64(head)}
	if len(body) > 0 {
		f.Body = bytes.Clone(body)
	}
	return f, rest, true, nil
}
