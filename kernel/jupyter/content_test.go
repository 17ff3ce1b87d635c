package jupyter

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func message(t MsgType, content string) *Message {
	return &Message{Header: Header{ID: "1", Type: t}, Content: json.RawMessage(content)}
}

func TestUnmarshalRefuses(t *testing.T) {
	tests := []struct {
		name    string
		typ     MsgType
		content string
		into    any
		want    string
	}{
		{"no code", ExecuteRequestType, `{}`, new(ExecuteRequest), `execute_request: content field "code" is missing`},
		{"no content", ExecuteRequestType, ``, new(ExecuteRequest), `execute_request: content field "code" is missing`},
		{"null code", ExecuteRequestType, `{"code":null}`, new(ExecuteRequest), `execute_request: content field "code" is missing`},
		{"number for code", ExecuteRequestType, `{"code":1}`, new(ExecuteRequest), `execute_request: content field "code" must be a string, not a number`},
		{"string for silent", ExecuteRequestType, `{"code":"","silent":"no"}`, new(ExecuteRequest), `execute_request: content field "silent" must be true or false, not a string`},
		{"list for user_expressions", ExecuteRequestType, `{"code":"","user_expressions":[]}`, new(ExecuteRequest), `execute_request: content field "user_expressions" must be an object, not a list`},
		{"number for an expression", ExecuteRequestType, `{"code":"","user_expressions":{"a":1}}`, new(ExecuteRequest), `execute_request: content field "user_expressions" must be a string, not a number`},
		{"not an object", ExecuteRequestType, `[]`, new(ExecuteRequest), `execute_request: content must be an object, not a list`},
		{"not JSON", ExecuteRequestType, `{`, new(ExecuteRequest), `execute_request: content is malformed: unexpected end of JSON input`},
		{"no code to inspect", InspectRequestType, `{"cursor_pos":0}`, new(InspectRequest), `inspect_request: content field "code" is missing`},
		{"detail level", InspectRequestType, `{"code":"","detail_level":2}`, new(InspectRequest), `inspect_request: content field "detail_level" must be 0 or 1`},
		{"cursor beyond the end", CompleteRequestType, `{"code":"añ𝐚","cursor_pos":4}`, new(CompleteRequest), `complete_request: content field "cursor_pos" must be between 0 and 3, the length of the code in characters, not 4`},
		{"cursor before the start", InspectRequestType, `{"code":"a","cursor_pos":-1}`, new(InspectRequest), `inspect_request: content field "cursor_pos" must be between 0 and 1, the length of the code in characters, not -1`},
		{"fractional cursor", CompleteRequestType, `{"code":"a","cursor_pos":0.5}`, new(CompleteRequest), `complete_request: content field "cursor_pos" must be a whole number, not 0.5`},
		{"huge cursor", CompleteRequestType, `{"code":"a","cursor_pos":1e99}`, new(CompleteRequest), `complete_request: content field "cursor_pos" must be a whole number, not 1e99`},
		{"no history access", HistoryRequestType, `{"n":1}`, new(HistoryRequest), `history_request: content field "hist_access_type" is missing`},
		{"history access", HistoryRequestType, `{"hist_access_type":"all"}`, new(HistoryRequest), `history_request: content field "hist_access_type" must be "range", "tail" or "search"`},
		{"negative n", HistoryRequestType, `{"hist_access_type":"tail","n":-1}`, new(HistoryRequest), `history_request: content field "n" must not be negative`},
		{"is_complete without code", IsCompleteRequestType, `{}`, new(IsCompleteRequest), `is_complete_request: content field "code" is missing`},
		{"input without value", InputReplyType, `{}`, new(InputReply), `input_reply: content field "value" is missing`},
		{"comm without id", CommOpenType, `{"target_name":"x"}`, new(CommOpen), `comm_open: content field "comm_id" is missing`},
		{"comm without target", CommOpenType, `{"comm_id":"x"}`, new(CommOpen), `comm_open: content field "target_name" is missing`},
		{"comm message without id", CommMsgType, `{"data":{}}`, new(CommMsg), `comm_msg: content field "comm_id" is missing`},
		{"comm data a list", CommMsgType, `{"comm_id":"x","data":[]}`, new(CommMsg), `comm_msg: content field "data" must be an object, not a list`},
		{"comm close without id", CommCloseType, `{}`, new(CommClose), `comm_close: content field "comm_id" is missing`},
		{"restart a number", ShutdownRequestType, `{"restart":1}`, new(ShutdownRequest), `shutdown_request: content field "restart" must be true or false, not a number`},
		{"update without display id", UpdateDisplayDataType, `{"data":{}}`, new(UpdateDisplayData), `update_display_data: content field "transient.display_id" is missing`},
		{"display id a number", UpdateDisplayDataType, `{"transient":{"display_id":1}}`, new(UpdateDisplayData), `update_display_data: content field "transient.display_id" must be a string, not a number`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := message(tt.typ, tt.content).Unmarshal(tt.into)
			var wrong *ContentError
			if !errors.As(err, &wrong) || err.Error() != tt.want {
				t.Errorf("Unmarshal: %v, want %s", err, tt.want)
			}
		})
	}
}

func ptr[T any](v T) *T { return &v }

// TestUnmarshal reads contents with keys missing, null, and unknown.
func TestUnmarshal(t *testing.T) {
	tests := []struct {
		content string
		want    any
	}{
		{`{"code":"x"}`, &ExecuteRequest{Code: "x", StoreHistory: true, AllowStdin: true, StopOnError: true}},
		{`{"code":"x","silent":true,"store_history":true}`, &ExecuteRequest{Code: "x", Silent: true, AllowStdin: true, StopOnError: true}},
		{`{"code":"x","store_history":false,"allow_stdin":false,"stop_on_error":false,"user_expressions":{"a":"1"}}`,
			&ExecuteRequest{Code: "x", UserExpressions: map[string]string{"a": "1"}}},
		{`{"code":"","silent":null,"store_history":null,"allow_stdin":null,"stop_on_error":null,"user_expressions":null,"cell_id":"y"}`,
			&ExecuteRequest{StoreHistory: true, AllowStdin: true, StopOnError: true}},
		{`{"code":"añ𝐚"}`, &CompleteRequest{Code: "añ𝐚", CursorPos: 3}},
		{`{"code":"añ𝐚","cursor_pos":null}`, &CompleteRequest{Code: "añ𝐚", CursorPos: 3}},
		{`{"code":"añ𝐚","cursor_pos":0}`, &CompleteRequest{Code: "añ𝐚"}},
		{`{"code":"x","cursor_pos":1,"detail_level":1}`, &InspectRequest{Code: "x", CursorPos: 1, DetailLevel: 1}},
		{`{"hist_access_type":"tail","n":0}`, &HistoryRequest{Access: HistoryTail, Raw: true, Pattern: "*", N: ptr(0)}},
		{`{"hist_access_type":"search","pattern":"a*","raw":false,"output":true,"unique":true,"n":null}`,
			&HistoryRequest{Access: HistorySearch, Pattern: "a*", Output: true, Unique: true}},
		{`{"hist_access_type":"range","session":-1,"start":2,"stop":3}`,
			&HistoryRequest{Access: HistoryRange, Raw: true, Pattern: "*", Session: -1, Start: 2, Stop: ptr(3)}},
		{`{"code":""}`, &IsCompleteRequest{}},
		{`{}`, &CommInfoRequest{}},
		{`{"target_name":"t"}`, &CommInfoRequest{TargetName: "t"}},
		{`{}`, &KernelInfoRequest{}},
		{`{}`, &ConnectRequest{}},
		{`{}`, &InterruptRequest{}},
		{`{}`, &ShutdownRequest{}},
		{`{"restart":true}`, &ShutdownRequest{Restart: true}},
		{`{"value":""}`, &InputReply{}},
		{`{"comm_id":"c","target_name":"t"}`, &CommOpen{CommID: "c", TargetName: "t"}},
		{`{"comm_id":"c","data":{"a":[1]}}`, &CommMsg{CommID: "c", Data: Object{"a": []any{1.0}}}},
		{`{"comm_id":"c","data":null}`, &CommClose{CommID: "c"}},
		{`{"seq":1,"type":"request","command":"debugInfo"}`, &DebugRequest{Seq: 1, Type: "request", Command: "debugInfo"}},
	}
	for _, tt := range tests {
		got := reflect.New(reflect.TypeOf(tt.want).Elem()).Interface()
		if err := message("x", tt.content).Unmarshal(got); err != nil {
			t.Errorf("%T from %s: %v", tt.want, tt.content, err)
		} else if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%T from %s (-want +got):\n%s", tt.want, tt.content, d)
		}
	}
}

// TestMarshal pins what goes over the wire: nil lists and objects must not become null, nor fields appear that the
// specification leaves out.
func TestMarshal(t *testing.T) {
	boom := Error{"panic", "boom", Strings{"a", "b"}}
	tests := []struct {
		content any
		want    string
	}{
		{ExecuteReply{ExecutionCount: 1}, `{"status":"ok","execution_count":1,"user_expressions":{},"payload":[]}`},
		{ExecuteReply{ExecutionCount: 1, UserExpressions: Object{"a": ErrorReply{StatusError, boom}}, Payload: []Object{{"source": "page"}}},
			`{"status":"ok","execution_count":1,"user_expressions":{"a":{"status":"error","ename":"panic","evalue":"boom","traceback":["a","b"]}},"payload":[{"source":"page"}]}`},
		{ExecuteReply{Status: StatusError, ExecutionCount: 2, Error: boom}, `{"status":"error","execution_count":2,"ename":"panic","evalue":"boom","traceback":["a","b"]}`},
		{ExecuteReply{Status: StatusAborted, ExecutionCount: 3, Error: boom}, `{"status":"aborted","execution_count":3}`},
		{NewErrorReply(Error{Name: "x"}), `{"status":"error","ename":"x","evalue":"","traceback":[]}`},
		{Error{}, `{"ename":"","evalue":"","traceback":[]}`},
		{InspectReply{}, `{"status":"ok","found":false,"data":{},"metadata":{}}`},
		{InspectReply{Found: true, Data: MIMEBundle{"text/plain": "<a> & b"}}, `{"status":"ok","found":true,"data":{"text/plain":"<a> & b"},"metadata":{}}`},
		{CompleteReply{CursorEnd: 1}, `{"status":"ok","matches":[],"cursor_start":0,"cursor_end":1,"metadata":{}}`},
		{CompleteReply{Matches: Strings{"a"}, Metadata: Object{CompletionTypes: []CompletionType{{Text: "a", Type: "function"}}}},
			`{"status":"ok","matches":["a"],"cursor_start":0,"cursor_end":0,"metadata":{"_jupyter_types_experimental":[{"text":"a","type":"function","start":0,"end":0}]}}`},
		{HistoryReply{}, `{"status":"ok","history":[]}`},
		{HistoryReply{History: []HistoryEntry{{1, 2, "a", false, nil}, {1, 3, "b", true, nil}, {1, 4, "c", true, ptr("d")}}},
			`{"status":"ok","history":[[1,2,"a"],[1,3,["b",null]],[1,4,["c","d"]]]}`},
		{IsCompleteReply{Status: Complete, Indent: "x"}, `{"status":"complete"}`},
		{IsCompleteReply{Status: Incomplete}, `{"status":"incomplete","indent":""}`},
		{ConnectReply{Shell: 1}, `{"status":"ok","shell_port":1,"iopub_port":0,"stdin_port":0,"control_port":0,"hb_port":0}`},
		{CommInfoReply{}, `{"status":"ok","comms":{}}`},
		{CommInfoReply{Comms: map[string]CommInfo{"c": {"t"}}}, `{"status":"ok","comms":{"c":{"target_name":"t"}}}`},
		{KernelInfoReply{ProtocolVersion: Version}, `{"status":"ok","protocol_version":"5.5","implementation":"","implementation_version":"","language_info":{"name":"","version":"","mimetype":"","file_extension":""},"banner":"","debugger":false,"help_links":[],"supported_features":[]}`},
		{ShutdownReply{Restart: true}, `{"status":"ok","restart":true}`},
		{InterruptReply{}, `{"status":"ok"}`},
		{DebugReply{Type: "response", Command: "attach", Message: "no"}, `{"seq":0,"type":"response","request_seq":0,"success":false,"command":"attach","message":"no"}`},
		{InputRequest{Prompt: "?"}, `{"prompt":"?","password":false}`},
		{IOPubWelcome{}, `{"subscription":""}`},
		{Stream{Stdout, "a\u2028<"}, `{"name":"stdout","text":"a\u2028<"}`},
		{Stream{Stderr, "\xff"}, `{"name":"stderr","text":"\ufffd"}`},
		{DisplayData{}, `{"data":{},"metadata":{},"transient":{}}`},
		{UpdateDisplayData{Transient: Transient{"d"}}, `{"data":{},"metadata":{},"transient":{"display_id":"d"}}`},
		{ExecuteInput{"x", 1}, `{"code":"x","execution_count":1}`},
		{ExecuteResult{ExecutionCount: 1, Data: MIMEBundle{"text/plain": "1"}}, `{"execution_count":1,"data":{"text/plain":"1"},"metadata":{},"transient":{}}`},
		{KernelStatus{Busy}, `{"execution_state":"busy"}`},
		{ClearOutput{true}, `{"wait":true}`},
		{CommOpen{CommID: "c", TargetName: "t"}, `{"comm_id":"c","target_name":"t","data":{}}`},
		{CommMsg{CommID: "c"}, `{"comm_id":"c","data":{}}`},
		{CommClose{CommID: "c"}, `{"comm_id":"c","data":{}}`},
	}
	o := NewOrigin("s", "u", testClock)
	for _, tt := range tests {
		m, err := o.New("x", Header{}, tt.content)
		if err != nil {
			t.Errorf("%T: %v", tt.content, err)
			continue
		}
		if got := string(m.Content); got != tt.want {
			t.Errorf("%T\n got %s\nwant %s", tt.content, got, tt.want)
		}
	}
}

// TestHistoryEntry reads what was written.
func TestHistoryEntry(t *testing.T) {
	for _, e := range []HistoryEntry{{1, 2, "a", false, nil}, {1, 2, "a", true, nil}, {1, 2, "a", true, ptr("b")}} {
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		got := HistoryEntry{9, 9, "9", true, ptr("9")}
		if err := json.Unmarshal(text, &got); err != nil {
			t.Errorf("%s: %v", text, err)
		} else if d := cmp.Diff(e, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", text, d)
		}
	}
	for _, bad := range []string{`{}`, `[]`, `[1,2]`, `[1,2,3]`, `[1,2,[]]`, `[1,2,[null,null]]`, `[1,2,["a"]]`, `["1",2,"a"]`, `[1,"2","a"]`, `[1,2,["a","b","c"]]`} {
		if err := json.Unmarshal([]byte(bad), new(HistoryEntry)); err == nil {
			t.Errorf("%s accepted", bad)
		}
	}
}

// contents are a pointer to each struct that clients fill.
func contents() []any {
	return []any{
		new(ExecuteRequest), new(InspectRequest), new(CompleteRequest), new(HistoryRequest), new(IsCompleteRequest),
		new(ConnectRequest), new(CommInfoRequest), new(KernelInfoRequest), new(ShutdownRequest), new(InterruptRequest),
		new(DebugRequest), new(InputReply), new(CommOpen), new(CommMsg), new(CommClose), new(UpdateDisplayData),
		new(HistoryReply), new(ExecuteReply),
	}
}

// FuzzContent reads any JSON as any content: it must be refused with a ContentError, or come back the same when written
// and read again.
func FuzzContent(f *testing.F) {
	for i := range contents() {
		for _, text := range []string{
			`{}`, `{"code":"x","cursor_pos":1}`, `{"comm_id":"c","target_name":"t","data":{"a":1e400}}`,
			`{"hist_access_type":"tail","n":3,"history":[[1,2,["a","b"]]]}`, `{"value":"x","restart":true}`,
			`{"transient":{"display_id":"x"},"data":{"text/plain":"x"}}`, `[`, `{"arguments":{"a": 1 }}`,
		} {
			f.Add(i, text)
		}
	}
	f.Fuzz(func(t *testing.T, which int, text string) {
		all := contents()
		v := all[uint(which)%uint(len(all))]
		if err := message("x", text).Unmarshal(v); err != nil {
			if wrong := (*ContentError)(nil); !errors.As(err, &wrong) {
				t.Errorf("error %v", err)
			}
			return
		}
		written, err := marshal(v)
		if err != nil {
			t.Fatalf("%+v: %v", v, err)
		}
		again := reflect.New(reflect.TypeOf(v).Elem()).Interface()
		if err := message("x", string(written)).Unmarshal(again); err != nil {
			t.Fatalf("%s read again: %v", written, err)
		}
		rewritten, err := marshal(again)
		if err != nil || string(rewritten) != string(written) {
			t.Errorf("%s became %s, %v", written, rewritten, err)
		}
	})
}

// FuzzDecode has a signed client send any four parts, and frames in any number: no panic, typed errors, and what is
// accepted encodes to the same frames.
func FuzzDecode(f *testing.F) {
	f.Add(goodHeader, "{}", "{}", `{"code":"1"}`, "buffer", 0)
	f.Add(`{"msg_id":"1","msg_type":"x","date":null,"subshell_id":null,"y":[{}]}`, goodHeader, `{"a":{"b":[]}}`, ` { } `, "", 1)
	f.Add(`{"msg_id":"1","msg_id":"1"}`, "{", "[]", "\xff", Delimiter, 2)
	f.Add(goodHeader, "{}", "{}", `{"a":"\ud800","b":"\"\\"}`, "", 8)
	f.Fuzz(func(t *testing.T, header, parent, metadata, content, rest string, cut int) {
		s := newSigner(t, testKey)
		frames := signed(s, header, parent, metadata, content, rest)
		frames = frames[min(uint(cut)%16, uint(len(frames))):]
		m, err := s.Decode(frames)
		if err != nil {
			if wrong := (*FrameError)(nil); !errors.As(err, &wrong) {
				t.Errorf("error %v", err)
			}
			return
		}
		for _, v := range contents() {
			m.Unmarshal(v)
		}
		back, err := s.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		if m.Parent.IsZero() { // {} may have been written with spaces
			at := len(m.Identities)
			frames[at+1], frames[at+3] = back[at+1], []byte("{}")
		}
		if d := cmp.Diff(frames, back); d != "" {
			t.Errorf("frames changed (-in +out):\n%s", d)
		}
	})
}

// FuzzFrames splits any text into frames and decodes them without a key.
func FuzzFrames(f *testing.F) {
	for _, frames := range [][]string{
		{}, {Delimiter}, {"id", Delimiter, "", goodHeader, "{}", "{}", "{}"}, {Delimiter, Delimiter, Delimiter, goodHeader, "{}", "{}", "{}", "", ""},
	} {
		f.Add(strings.Join(frames, "|"))
	}
	f.Fuzz(func(t *testing.T, text string) {
		var frames [][]byte
		for _, part := range strings.Split(strings.ReplaceAll(text, Delimiter, "\x00"), "|") {
			frames = append(frames, []byte(strings.ReplaceAll(part, "\x00", Delimiter)))
		}
		m, err := new(Signer).Decode(frames)
		if err != nil {
			if _, ok := errors.AsType[*FrameError](err); !ok {
				t.Errorf("error %v", err)
			}
			return
		}
		if m.Header.ID == "" || m.Type() == "" || len(m.Identities) > maxIdentities {
			t.Errorf("accepted %q as %+v", frames, m)
		}
	})
}

// FuzzKeys compares checkObject with a slow check that uses encoding/json's tokens.
func FuzzKeys(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":1,"b":{"a":"{,"},"c":[{"a":1},{"a":2}]}`, `{"a":1,"\u0061":2}`, `[{"a":1}]`, `{"a":"\\","a":"\""}`, ` {"":"" , " ":""}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		err := checkObject([]byte(text))
		want := slowCheck(text)
		if (err == nil) != want && !errors.Is(err, ErrTooDeep) {
			t.Errorf("checkObject(%q) = %v, slow check says %v", text, err, want)
		}
	})
}

// slowCheck is checkObject by way of json.Decoder's tokens.
func slowCheck(text string) bool {
	if !json.Valid([]byte(text)) || strings.ToValidUTF8(text, "") != text {
		return false
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	type frame struct {
		keys map[string]bool
		key  bool
	}
	var stack []frame
	first := true
	for {
		tok, err := d.Token()
		if err != nil {
			return true
		}
		if first && tok != json.Delim('{') {
			return false
		}
		first = false
		top := func() *frame { return &stack[len(stack)-1] }
		switch tok {
		case json.Delim('{'):
			stack = append(stack, frame{map[string]bool{}, true})
			continue
		case json.Delim('['):
			stack = append(stack, frame{})
			continue
		case json.Delim('}'), json.Delim(']'):
			stack = stack[:len(stack)-1]
		default:
			if top().key {
				if top().keys[tok.(string)] {
					return false
				}
				top().keys[tok.(string)] = true
				top().key = false
				continue
			}
		}
		if len(stack) > 0 {
			top().key = top().keys != nil
		}
	}
}
