package jupyter

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"
)

const testKey = "a0436f6c-1916-498b-8eb9-e81ab9368e84"

func newSigner(t testing.TB, key string) *Signer {
	t.Helper()
	s, err := NewSigner(SchemeHMACSHA256, key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func testClock() time.Time { return time.Date(2026, 2, 3, 4, 5, 6, 7, time.FixedZone("", 3600)) }

// signed signs four parts by hand, as a client would, and puts an identity in front.
func signed(s *Signer, parts ...string) [][]byte {
	raw := make([][]byte, len(parts))
	for i, p := range parts {
		raw[i] = []byte(p)
	}
	n := min(len(raw), 4)
	return append([][]byte{[]byte("peer"), []byte(Delimiter), s.sign(raw[:n])}, raw...)
}

const goodHeader = `{"msg_id":"1","session":"s","username":"u","date":"2026-02-03T04:05:06.000007Z","msg_type":"execute_request","version":"5.3"}`

func TestDecodeRefuses(t *testing.T) {
	signer := newSigner(t, testKey)
	other := newSigner(t, "another key")
	deep := `{"a":` + strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth) + `}`
	ok := signed(signer, goodHeader, "{}", "{}", "{}")
	tests := []struct {
		name   string
		frames [][]byte
		part   string
		want   error
	}{
		{"no frames", nil, "identities", ErrNoDelimiter},
		{"no delimiter", append([][]byte{[]byte("peer")}, ok[2:]...), "identities", ErrNoDelimiter},
		{"delimiter far behind", append(make([][]byte, maxIdentities+1), ok[1:]...), "identities", ErrNoDelimiter},
		{"only the delimiter", ok[:2], "content", ErrShort},
		{"no content", ok[:6], "content", ErrShort},
		{"another key", signed(other, goodHeader, "{}", "{}", "{}"), "signature", ErrSignature},
		{"no signature", [][]byte{[]byte(Delimiter), nil, ok[3], ok[4], ok[5], ok[6]}, "signature", ErrSignature},
		{"upper-case signature", [][]byte{ok[1], bytes.ToUpper(ok[2]), ok[3], ok[4], ok[5], ok[6]}, "signature", ErrSignature},
		{"wrong order", [][]byte{ok[1], ok[2], ok[4], ok[3], ok[5], ok[6]}, "signature", ErrSignature},
		{"wrong order, signed", signed(signer, "{}", goodHeader, "{}", "{}"), "header", ErrMissing},
		{"too many buffers", append(ok[:7:7], make([][]byte, maxBuffers+1)...), "buffers", ErrTooMany},
		{"large header", signed(signer, `{"msg_id":"`+strings.Repeat("x", maxHeader)+`"}`, "{}", "{}", "{}"), "header", ErrTooLarge},
		{"large parent", signed(signer, goodHeader, strings.Repeat(" ", maxHeader+1), "{}", "{}"), "parent header", ErrTooLarge},
		{"header not UTF-8", signed(signer, "{\"msg_id\":\"\xff\"}", "{}", "{}", "{}"), "header", ErrNotUTF8},
		{"header not JSON", signed(signer, "{", "{}", "{}", "{}"), "header", ErrNotObject},
		{"header a list", signed(signer, "[1]", "{}", "{}", "{}"), "header", ErrNotObject},
		{"header empty", signed(signer, "", "{}", "{}", "{}"), "header", ErrNotObject},
		{"header without msg_type", signed(signer, `{"msg_id":"1"}`, "{}", "{}", "{}"), "header", ErrMissing},
		{"header with a number for msg_id", signed(signer, `{"msg_id":1,"msg_type":"x"}`, "{}", "{}", "{}"), "header", nil},
		{"parent null", signed(signer, goodHeader, "null", "{}", "{}"), "parent header", ErrNotObject},
		{"parent with a list for session", signed(signer, goodHeader, `{"session":[]}`, "{}", "{}"), "parent header", nil},
		{"metadata a string", signed(signer, goodHeader, "{}", `"{}"`, "{}"), "metadata", ErrNotObject},
		{"content not UTF-8", signed(signer, goodHeader, "{}", "{}", "{\"code\":\"\xc3\"}"), "content", ErrNotUTF8},
		{"content with rest", signed(signer, goodHeader, "{}", "{}", "{}{}"), "content", ErrNotObject},
		{"duplicate key", signed(signer, goodHeader, "{}", "{}", `{"code":"1","silent":true,"code":"2"}`), "content", ErrDuplicateKey},
		{"duplicate key, escaped", signed(signer, goodHeader, "{}", "{}", `{"code":"1","\u0063ode":"2"}`), "content", ErrDuplicateKey},
		{"duplicate key, deep", signed(signer, goodHeader, "{}", "{}", `{"a":[1,{"b":{},"b":[]}]}`), "content", ErrDuplicateKey},
		{"too deep", signed(signer, goodHeader, "{}", "{}", deep), "content", ErrTooDeep},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := newSigner(t, testKey).Decode(tt.frames)
			var frame *FrameError
			if !errors.As(err, &frame) {
				t.Fatalf("Decode = %v, %v, want a FrameError", m, err)
			}
			if frame.Part != tt.part || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("refused for %q, want part %q, reason %v", err, tt.part, tt.want)
			}
		})
	}
}

func TestDecode(t *testing.T) {
	signer := newSigner(t, testKey)
	frames := signed(signer, goodHeader, `{ }`, `{"a":1}`, ` {"code":"a","x":{"code":[{"code":1},{"code":",{"}]}}`, "buffer 1", "")
	frames = append([][]byte{[]byte("proxy")}, frames...)
	m, err := signer.Decode(frames)
	if err != nil {
		t.Fatal(err)
	}
	h := m.Header
	if h.ID != "1" || h.Session != "s" || h.Username != "u" || h.Type != ExecuteRequestType || h.Version != "5.3" {
		t.Errorf("header %+v", h)
	}
	if want := time.Date(2026, 2, 3, 4, 5, 6, 7000, time.UTC); !h.Date.Equal(want) {
		t.Errorf("date %v, want %v", h.Date, want)
	}
	if !m.Parent.IsZero() {
		t.Errorf("parent %+v, want none", m.Parent)
	}
	if len(m.Identities) != 2 || string(m.Identities[1]) != "peer" || len(m.Buffers) != 2 || string(m.Buffers[0]) != "buffer 1" {
		t.Errorf("identities %q, buffers %q", m.Identities, m.Buffers)
	}
}

func TestReplay(t *testing.T) {
	signer := newSigner(t, testKey)
	frames := signed(signer, goodHeader, "{}", "{}", "{}")
	if _, err := signer.Decode(frames); err != nil {
		t.Fatal(err)
	}
	if _, err := signer.Decode(frames); !errors.Is(err, ErrReplay) {
		t.Errorf("second time: %v, want %v", err, ErrReplay)
	}
	unsigned := newSigner(t, "")
	for range 2 { // without a key nothing tells a replay from a repetition
		if _, err := unsigned.Decode(frames); err != nil {
			t.Errorf("without a key: %v", err)
		}
	}
}

// TestReplayMemory fills the memory of signatures: the oldest must go, all others stay.
func TestReplayMemory(t *testing.T) {
	s := newSigner(t, testKey)
	nth := func(i int) tag { return tag{byte(i), byte(i >> 8), byte(i >> 16)} }
	const more = 10
	for i := range remembered + more {
		if !s.remember(nth(i)) {
			t.Fatalf("tag %d not new", i)
		}
	}
	if len(s.seen) != remembered || len(s.ring) != remembered {
		t.Fatalf("%d and %d tags kept, want %d", len(s.seen), len(s.ring), remembered)
	}
	if s.remember(nth(more)) || s.remember(nth(remembered+more-1)) {
		t.Error("a tag was forgotten too early")
	}
	if !s.remember(nth(more - 1)) {
		t.Error("the oldest tag was not forgotten")
	}
}

func TestSchemes(t *testing.T) {
	for _, scheme := range []string{"", "hmac-sha512", "hmac-md5", "HMAC-SHA256", "sha256"} {
		if _, err := NewSigner(scheme, "k"); err == nil {
			t.Errorf("scheme %q accepted", scheme)
		}
	}
}

// TestSignature compares with a signature that Python's hmac module made.
func TestSignature(t *testing.T) {
	s := newSigner(t, "secret")
	got := s.sign([][]byte{[]byte(`{"msg_id":"1"}`), []byte("{}"), []byte("{}"), []byte(`{"code":"1"}`)})
	const want = "260b97890d61eb0e6ad1283eaca56d59541c56327271b249b87dde0226568bfb"
	if string(got) != want {
		t.Errorf("signature %s, want %s", got, want)
	}
	if _, err := hex.DecodeString(string(got)); err != nil {
		t.Error(err)
	}
}

// TestParentEcho sends a reply to a request whose header has keys this package does not know: all come back.
func TestParentEcho(t *testing.T) {
	signer := newSigner(t, testKey)
	header := `{"msg_id":"1","msg_type":"kernel_info_request","date":"yesterday","x": {"deep":[1,2.50]},"subshell_id":null}`
	req, err := signer.Decode(signed(signer, header, "{}", "{}", "{}"))
	if err != nil {
		t.Fatal(err)
	}
	if !req.Header.Date.IsZero() {
		t.Errorf("date %v from %q", req.Header.Date, "yesterday")
	}
	reply, err := NewOrigin("kernel", "", testClock).Reply(req, KernelInfoReply{})
	if err != nil {
		t.Fatal(err)
	}
	frames, err := signer.Encode(reply)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(frames[4]); got != header {
		t.Errorf("parent header\n%s, want\n%s", got, header)
	}
	if string(frames[0]) != "peer" {
		t.Errorf("identity %q, want the request's", frames[0])
	}
	if want := `{"msg_id":"kernel_1","session":"kernel","username":"","date":"2026-02-03T03:05:06.000000007Z","msg_type":"kernel_info_reply","version":"5.5"}`; string(frames[3]) != want {
		t.Errorf("header\n%s, want\n%s", frames[3], want)
	}
}

func TestOrigin(t *testing.T) {
	o := NewOrigin(NewID(), "u", testClock)
	a, err := o.New(StatusType, Header{}, KernelStatus{Busy})
	if err != nil {
		t.Fatal(err)
	}
	b, err := o.New(ClearOutputType, a.Header, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Header.ID == b.Header.ID {
		t.Errorf("two messages with the id %s", a.Header.ID)
	}
	if string(b.Content) != "{}" {
		t.Errorf("nil content became %s", b.Content)
	}
	for _, bad := range []any{1, "x", []int{}, func() {}} {
		if m, err := o.New(StatusType, Header{}, bad); err == nil {
			t.Errorf("content %#v became %s", bad, m.Content)
		}
	}
	if _, err := o.Reply(a, nil); err == nil {
		t.Error("a reply to a status message was made")
	}
	if x, y := NewID(), NewID(); x == y || len(x) != 36 {
		t.Errorf("ids %s and %s", x, y)
	}
}

// TestHeaderTypes pins the words for a header's field of the wrong type.
func TestHeaderTypes(t *testing.T) {
	s := newSigner(t, testKey)
	_, err := s.Decode(signed(s, `{"msg_id":1,"msg_type":"x"}`, "{}", "{}", "{}"))
	if want := "malformed message: header: msg_id must be a string, not a number"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = s.Decode(signed(s, goodHeader, `{"session":[]}`, "{}", "{}"))
	if want := "malformed message: parent header: session must be a string, not a list"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func BenchmarkDecode(b *testing.B) {
	s := newSigner(b, testKey)
	frames := signed(s, goodHeader, "{}", `{"cellId":"x","trusted":true,"deletedCells":[]}`,
		`{"silent":false,"store_history":true,"user_expressions":{},"allow_stdin":true,"stop_on_error":true,"code":"`+strings.Repeat("x := 1\\n", 100)+`"}`)
	b.ReportAllocs()
	for b.Loop() {
		clear(s.seen) // or it would be a replay
		m, err := s.Decode(frames)
		if err != nil {
			b.Fatal(err)
		}
		if err := m.Unmarshal(new(ExecuteRequest)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	s := newSigner(b, testKey)
	o := NewOrigin(NewID(), "user", time.Now)
	parent := Header{ID: "1", raw: goodHeader}
	b.ReportAllocs()
	for b.Loop() {
		m, err := o.New(StreamType, parent, Stream{Stdout, "hello\n"})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Encode(m); err != nil {
			b.Fatal(err)
		}
	}
}
