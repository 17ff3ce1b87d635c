package wire

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"time"
)

// ErrCodec is what bytes that AppendFrames did not make give.
var ErrCodec = errors.New("wire: bad encoding of frames")

// AppendFrames encodes frames for another process, one after the other: numbers
// as unsigned varints, times as nanoseconds since 1970 (0 for none), texts and
// data with their length before them.
func AppendFrames(b []byte, frames []Frame) []byte {
	for _, f := range frames {
		b = binary.AppendUvarint(b, f.Seq)
		b = binary.AppendUvarint(b, f.Sent)
		b = appendTime(b, f.Time)
		b = appendTime(b, f.Arrived)
		b = appendText(b, f.From)
		b = appendText(b, f.To)
		b = appendText(b, f.By)
		b = appendText(b, string(f.Data))
		b = binary.AppendUvarint(b, uint64(f.Len))
		made := byte(0)
		if f.Made {
			made = 1
		}
		b = append(b, byte(f.Fate), made)
		b = appendSamples(b, f.Before)
		b = appendSamples(b, f.After)
	}
	return b
}

func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return binary.AppendUvarint(b, 0)
	}
	return binary.AppendUvarint(b, uint64(t.UnixNano()))
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendSamples(b []byte, samples []Sample) []byte {
	b = binary.AppendUvarint(b, uint64(len(samples)))
	for _, s := range samples {
		b = appendText(b, s.Host)
		b = appendAddr(b, s.Local)
		b = appendAddr(b, s.Remote)
		b = append(b, byte(s.State))
	}
	return b
}

func appendAddr(b []byte, a netip.AddrPort) []byte {
	b = appendText(b, string(a.Addr().AsSlice()))
	return binary.AppendUvarint(b, uint64(a.Port()))
}

// DecodeFrames decodes what AppendFrames made of frames. Their data share b.
func DecodeFrames(b []byte) ([]Frame, error) {
	var frames []Frame
	d := decoder{b: b}
	for len(d.b) > 0 && !d.bad {
		f := Frame{Seq: d.number(1 << 63), Sent: d.number(1 << 63), Time: d.time(), Arrived: d.time(),
			From: string(d.bytes()), To: string(d.bytes()), By: string(d.bytes()), Data: d.bytes(), Len: int(d.number(1 << 31))}
		f.Fate = Fate(d.number(127))
		f.Made = d.number(1) == 1
		f.Before, f.After = d.samples(), d.samples()
		frames = append(frames, f)
	}
	if d.bad {
		return nil, ErrCodec
	}
	return frames, nil
}

// decoder takes values off the front of b. After the first that is not there
// it is bad and gives zeros.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) number(most uint64) uint64 {
	n, size := binary.Uvarint(d.b)
	if size <= 0 || n > most || d.bad {
		d.bad = true
		return 0
	}
	d.b = d.b[size:]
	return n
}

func (d *decoder) bytes() []byte {
	n := int(d.number(uint64(len(d.b))))
	if d.bad || n > len(d.b) {
		d.bad = true
		return nil
	}
	v := d.b[:n:n]
	d.b = d.b[n:]
	return v
}

func (d *decoder) time() time.Time {
	n := d.number(1<<63 - 1)
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(n))
}

func (d *decoder) samples() (samples []Sample) {
	for range d.number(4) {
		samples = append(samples, Sample{Host: string(d.bytes()), Local: d.addr(), Remote: d.addr(), State: State(d.number(127))})
	}
	return samples
}

func (d *decoder) addr() netip.AddrPort {
	raw := d.bytes()
	a, ok := netip.AddrFromSlice(raw)
	if !ok && len(raw) > 0 {
		d.bad = true
	}
	return netip.AddrPortFrom(a, uint16(d.number(65535)))
}
