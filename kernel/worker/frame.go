package worker

import (
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

// frame is what travels between the kernel and a worker: a length in four
// bytes, big-endian, then the frame as JSON.
type frame struct {
	Kind kind            `json:"kind"`
	Seq  uint64          `json:"seq,omitempty"`
	Body json.RawMessage `json:"body,omitempty"`
}

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
	f := frame{Kind: k, Seq: seq}
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("encode %s frame: %w", k, err)
		}
		f.Body = raw
	}
	text, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("encode %s frame: %w", k, err)
	}
	if len(text) > maxFrame {
		return nil, fmt.Errorf("encode %s frame: %d bytes are more than the %d a frame may have", k, len(text), maxFrame)
	}
	return append(binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(text)), uint32(len(text))), text...), nil
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
	if err := json.Unmarshal(data[4:4+n], &f); err != nil {
		return f, nil, false, fmt.Errorf("decode frame: %w", err)
	}
	return f, data[4+n:], true, nil
}
