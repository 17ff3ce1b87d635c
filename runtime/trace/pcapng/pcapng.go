// Package pcapng writes a trace as a pcapng file, which Wireshark, tshark and
// tcpdump read.
//
// Call [Write]. Each host is an interface named after it; a frame stands on
// the interface of the host that sent it, at the time it left, once. What the
// lab knows beyond the bytes (the frame's fate, what is special about it, the
// cell and line that sent it) is in its comment.
//
// It does not read files.
package pcapng

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"sockbook/runtime/trace"
	"sockbook/runtime/wire"
)

// maxComment bounds a comment, in bytes; pcapng itself allows 65535.
const maxComment = 1000

// Write writes the packets of a trace. frames are those of the Input that the
// trace was built from. Errors are those of w, or tell of a frame that pcapng
// cannot hold.
func Write(w io.Writer, t *trace.Trace, frames []wire.Frame) error {
	names := []string{}
	for _, h := range t.Hosts {
		names = append(names, h.Name)
	}
	// The hub, which is host -1, comes last.
	names = append(names, wire.Router)
	var ng *pcapgo.NgWriter
	for i, name := range names {
		intf := pcapgo.NgInterface{Name: name, Description: description(t, i), OS: "Linux", LinkType: layers.LinkTypeEthernet, TimestampResolution: 9}
		var err error
		if ng == nil {
			options := pcapgo.NgWriterOptions{SectionInfo: pcapgo.NgSectionInfo{Application: "Sockbook", OS: "Linux", Comment: clip(strings.Join(t.Notes, "\n"))}}
			ng, err = pcapgo.NewNgWriterInterface(w, intf, options)
		} else {
			_, err = ng.AddInterface(intf)
		}
		if err != nil {
			return fmt.Errorf("write pcapng interface %s: %w", name, err)
		}
	}
	for i := range t.Packets {
		p := &t.Packets[i]
		if p.Message != "" {
			continue // was on no wire
		}
		if p.Frame < 0 || p.Frame >= len(frames) {
			return fmt.Errorf("write pcapng: packet %d is of frame %d, but there are %d: not the frames of this trace", i, p.Frame, len(frames))
		}
		f := &frames[p.Frame]
		at := p.From
		if at < 0 {
			at = len(names) - 1
		}
		ci := gopacket.CaptureInfo{Timestamp: f.Time, CaptureLength: len(f.Data), Length: max(f.Len, len(f.Data)), InterfaceIndex: at}
		opts := pcapgo.NgPacketOptions{}
		if c := comment(t, p); c != "" {
			opts.Comments = []string{c}
		}
		if err := ng.WritePacketWithOptions(ci, f.Data, opts); err != nil {
			return fmt.Errorf("write pcapng packet %d: %w", i, err)
		}
	}
	if err := ng.Flush(); err != nil {
		return fmt.Errorf("write pcapng: %w", err)
	}
	return nil
}

func description(t *trace.Trace, host int) string {
	if host == len(t.Hosts) {
		return "frames made by the lab's wire"
	}
	var s []string
	for _, a := range t.Hosts[host].Addrs {
		s = append(s, a.String())
	}
	return strings.Join(s, ", ")
}

// comment says of a packet what its bytes do not.
func comment(t *trace.Trace, p *trace.Packet) string {
	var parts []string
	for _, a := range p.Arrivals {
		var s string
		switch a.Fate {
		case wire.Dropped, wire.Refused:
			s = "lost"
			if a.Fate == wire.Refused {
				s = "refused"
			}
			if a.To >= 0 && len(p.Arrivals) > 1 {
				s += " on the way to " + t.Hosts[a.To].Name
			}
			if a.By != "" {
				s += ": " + a.By
			}
		case wire.UnderWay:
			s = "still under way"
		case wire.Delivered:
			if d := a.At - p.At; d.Milliseconds() >= 1 {
				s = fmt.Sprintf("arrived after %v", d)
			}
		}
		if s != "" {
			parts = append(parts, s)
		}
	}
	if r := p.Remarks(); r != "" {
		parts = append(parts, r)
	}
	if p.Call >= 0 {
		c := &t.Calls[p.Call]
		s := strings.TrimSpace(c.Name + " " + c.Args)
		if c.Cell > 0 {
			s += fmt.Sprintf(", cell %d", c.Cell)
		}
		if c.Line > 0 {
			s += fmt.Sprintf(", line %d", c.Line)
		}
		parts = append(parts, "by "+s)
	}
	return clip(strings.Join(parts, "; "))
}

// clip cuts a comment to what is sensible, and to valid UTF-8.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "�")
	if len(s) <= maxComment {
		return s
	}
	n := maxComment
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
