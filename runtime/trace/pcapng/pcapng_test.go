package pcapng

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket/pcapgo"

	"sockbook/runtime/trace"
	"sockbook/runtime/trace/tracetest"
	"sockbook/runtime/wire"
)

// readBack tests that a file holds the frames that it was written from.
func readBack(t *testing.T, file []byte, tr *trace.Trace, frames []wire.Frame) {
	t.Helper()
	r, err := pcapgo.NewNgReader(bytes.NewReader(file), pcapgo.DefaultNgReaderOptions)
	if err != nil {
		t.Fatal(err)
	}
	for i := range tr.Packets {
		data, ci, opts, err := r.ReadPacketDataWithOptions()
		if err != nil {
			t.Fatalf("packet %d: %v", i, err)
		}
		p, f := &tr.Packets[i], frames[tr.Packets[i].Frame]
		if !bytes.Equal(data, f.Data) || ci.Length != max(f.Len, len(f.Data)) || !ci.Timestamp.Equal(f.Time) {
			t.Errorf("packet %d: %d of %d B at %v, want %d of %d B at %v", i, len(data), ci.Length, ci.Timestamp, len(f.Data), f.Len, f.Time)
		}
		if want := comment(tr, p); want != strings.Join(opts.Comments, "") {
			t.Errorf("packet %d: comment %q, want %q", i, opts.Comments, want)
		}
		intf, err := r.Interface(ci.InterfaceIndex)
		if err != nil {
			t.Fatal(err)
		}
		if want := f.From; p.From >= 0 && intf.Name != want {
			t.Errorf("packet %d: interface %q, want %q", i, intf.Name, want)
		}
	}
	if _, _, err := r.ReadPacketData(); !errors.Is(err, io.EOF) {
		t.Errorf("after the last packet: %v, want EOF", err)
	}
}

func TestWrite(t *testing.T) {
	for _, s := range tracetest.Scenarios() {
		t.Run(s.Name, func(t *testing.T) {
			tr := trace.Build(s.In)
			var b bytes.Buffer
			if err := Write(&b, tr, s.In.Frames); err != nil {
				t.Fatal(err)
			}
			readBack(t, b.Bytes(), tr, s.In.Frames)
		})
	}
}

func TestWriteErrors(t *testing.T) {
	in := tracetest.Handshake().In
	tr := trace.Build(in)
	if err := Write(io.Discard, tr, nil); err == nil || !strings.Contains(err.Error(), "not the frames of this trace") {
		t.Errorf("frames of another trace: %v", err)
	}
	if err := Write(full{}, tr, in.Frames); !errors.Is(err, errFull) {
		t.Errorf("full disk: %v", err)
	}
}

var errFull = errors.New("no space left")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// TestTshark lets Wireshark's own reader say what is in a file.
func TestTshark(t *testing.T) {
	bin, err := exec.LookPath("tshark")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("tshark must be installed for CI: %v", err)
		}
		t.Skipf("no tshark: %v", err)
	}
	tests := []struct {
		name string
		in   trace.Input
		want []string // parts of the lines, in order
	}{
		{"crash", tracetest.Crash().In, []string{
			"client|0.000000000|[PSH, ACK]|lost: crash server; by Write 14 B, cell 7, line 3",
			"client|0.204030000|[PSH, ACK]|lost: crash server; retransmission 1",
			"client|0.420030000|", "client|0.852030000|"}},
		{"router", tracetest.RouterUnreachable().In, []string{"client|0.000000000|[SYN]|refused: unreachable server", "router|0.000050000|Destination unreachable (Host unreachable)"}},
		{"IPv6", tracetest.IPv6().In, []string{"client|", "server|", "client|", "server|", "client|", "client|", "server|"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr := trace.Build(tt.in)
			path := filepath.Join(t.TempDir(), "x.pcapng")
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(Write(f, tr, tt.in.Frames), f.Close()); err != nil {
				t.Fatal(err)
			}
			out, err := exec.CommandContext(t.Context(), bin, "-n", "-r", path, "-T", "fields", "-E", "separator=|",
				"-e", "frame.interface_name", "-e", "frame.time_relative", "-e", "_ws.col.Info", "-e", "frame.comment",
				"-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE").Output()
			if err != nil {
				t.Fatalf("tshark: %v", err)
			}
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			if len(lines) != len(tt.want) {
				t.Fatalf("%d lines, want %d:\n%s", len(lines), len(tt.want), out)
			}
			for i, want := range tt.want {
				for _, part := range strings.Split(want, "|") {
					if !strings.Contains(lines[i], part) {
						t.Errorf("line %d: %q, want %q in it", i, lines[i], part)
					}
				}
			}
			if strings.Contains(string(out), "Malformed") || strings.Contains(string(out), "CHECKSUM") {
				t.Errorf("tshark complains:\n%s", out)
			}
		})
	}
}

// FuzzWrite: whatever frames and comments, the file can be read back.
func FuzzWrite(f *testing.F) {
	f.Add([]byte{}, "", "a", int64(0), 0)
	f.Add(tracetest.Handshake().In.Frames[0].Data, "drop client server third SYN", "client", int64(1_700_000_000_123_456_789), 2000)
	f.Add([]byte{1, 2, 3}, strings.Repeat("ä", 600)+"\xff", "\xff", int64(1), -4)
	f.Fuzz(func(t *testing.T, data []byte, by, host string, nanos int64, length int) {
		if nanos < 0 || len(host) > 1000 || length > 1<<20 || len(data) > 1<<16 {
			t.Skip("no time, name or length that the hub could give")
		}
		in := trace.Input{Housekeeping: true, Notes: []string{by}, Frames: []wire.Frame{
			{Seq: 1, Sent: 1, Time: time.Unix(0, nanos), From: host, To: "b", Data: data, Len: length, Fate: wire.Dropped, By: by},
			{Seq: 2, Sent: 2, Time: time.Unix(0, nanos), From: wire.Router, To: host, Data: data, Len: len(data)},
		}}
		tr := trace.Build(in)
		var b bytes.Buffer
		if err := Write(&b, tr, in.Frames); err != nil {
			t.Fatal(err)
		}
		readBack(t, b.Bytes(), tr, in.Frames)
	})
}
