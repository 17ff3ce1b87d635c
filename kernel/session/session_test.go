package session_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"sockbook/kernel/history"
	"sockbook/kernel/jupyter"
	"sockbook/kernel/session"
	"sockbook/kernel/transport"
	"sockbook/kernel/worker"
	"sockbook/runtime/display/sink"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// frontend is a fake wire that writes down what it gets, a line a message.
type frontend struct {
	shell, control, stdin chan *jupyter.Message
	origin                *jupyter.Origin
	served                chan struct{} // closed when Serve returned

	mu    sync.Mutex
	lines []string
	seen  chan struct{} // has room for one; filled with each line
}

func (f *frontend) Shell() <-chan *jupyter.Message   { return f.shell }
func (f *frontend) Control() <-chan *jupyter.Message { return f.control }
func (f *frontend) Stdin() <-chan *jupyter.Message   { return f.stdin }

func (f *frontend) Reply(c transport.Channel, m *jupyter.Message) error {
	if len(m.Identities) != 1 || string(m.Identities[0]) != "me" {
		return fmt.Errorf("reply to %q", m.Identities)
	}
	f.note(fmt.Sprintf("%s %s %s", c, m.Type(), brief(m)))
	return nil
}

func (f *frontend) Publish(_ context.Context, messages ...*jupyter.Message) error {
	for _, m := range messages {
		line := fmt.Sprintf("%s %s", m.Type(), brief(m))
		if !m.Parent.IsZero() {
			line += " ← " + m.Parent.ID[len("request "):]
		}
		f.note(line)
	}
	return nil
}

func (f *frontend) note(line string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lines = append(f.lines, line)
	select {
	case f.seen <- struct{}{}:
	default:
	}
}

// brief is what matters of a message's content.
func brief(m *jupyter.Message) string {
	var c map[string]any
	if err := json.Unmarshal(m.Content, &c); err != nil {
		return err.Error()
	}
	var words []string
	for _, key := range []string{"status", "execution_state", "execution_count", "code", "name", "text", "data", "transient", "ename", "evalue", "user_expressions", "payload", "matches", "found", "history", "comms", "comm_id", "restart", "success", "message", "wait", "indent"} {
		v, ok := c[key]
		if !ok {
			continue
		}
		if text, ok := v.(string); ok {
			words = append(words, text)
			continue
		}
		text, _ := json.Marshal(v)
		if key == "payload" && string(text) == "[]" {
			continue
		}
		words = append(words, strings.ReplaceAll(string(text), `"`, ""))
	}
	return strings.ReplaceAll(strings.Join(words, " "), "\n", "⏎")
}

// send sends a request named id.
func (f *frontend) send(t *testing.T, to chan *jupyter.Message, id string, kind jupyter.MsgType, content string) {
	t.Helper()
	m := &jupyter.Message{Identities: [][]byte{[]byte("me")}, Content: json.RawMessage(content)}
	if err := json.Unmarshal(fmt.Appendf(nil, `{"msg_id":"request %s","msg_type":%q,"session":"s","username":"u","version":"5.5"}`, id, kind), &m.Header); err != nil {
		t.Fatal(err)
	}
	to <- m
}

func (f *frontend) execute(t *testing.T, id, code string, more ...string) {
	t.Helper()
	text, _ := json.Marshal(code)
	f.send(t, f.shell, id, jupyter.ExecuteRequestType, `{"code":`+string(text)+strings.Join(append([]string{""}, more...), ",")+`}`)
}

// until waits for a line that begins with want, and returns all lines up to it.
func (f *frontend) until(t *testing.T, want string) []string {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		f.mu.Lock()
		for i, line := range f.lines {
			if strings.HasPrefix(line, want) {
				got := f.lines[:i+1]
				f.lines = f.lines[i+1:]
				f.mu.Unlock()
				return got
			}
		}
		f.mu.Unlock()
		select {
		case <-f.seen:
		case <-deadline:
			t.Fatalf("no line %q in\n%s", want, strings.Join(f.lines, "\n"))
		}
	}
}

// fake is a worker whose cells are commands.
type fake struct {
	interrupts chan struct{}
	started    chan struct{}
	restarts   int
}

func (w *fake) Run(name, text string, out worker.Sink) (worker.Outcome, error) {
	command, argument, _ := strings.Cut(strings.TrimSpace(text), " ")
	switch command {
	case "print":
		out.Stream("stdout", argument)
	case "value":
		return worker.Outcome{Result: map[string]any{"text/plain": argument}}, nil
	case "show":
		out.Display(sink.Message{Kind: sink.Show, ID: "d", Data: map[string]any{"text/plain": "1"}})
		out.Display(sink.Message{Kind: sink.Update, ID: "d", Data: map[string]any{"text/plain": "2"}})
		out.Display(sink.Message{Kind: sink.Clear, Wait: true})
	case "fail":
		return worker.Outcome{Failure: &worker.Failure{Name: "panic", Message: argument, Traceback: []string{"trace"}}}, nil
	case "broken":
		return worker.Outcome{}, fmt.Errorf("no process can be started")
	case "bug":
		panic("nil map")
	case "ask":
		line, err := out.Input(context.Background())
		out.Stream("stdout", fmt.Sprintf("%q %v", line, err))
	case "wait":
		w.started <- struct{}{}
		<-w.interrupts
		return worker.Outcome{Failure: &worker.Failure{Name: "interrupted", Message: name}}, nil
	}
	return worker.Outcome{}, nil
}

func (w *fake) Settle(context.Context) {}

func (w *fake) Interrupt() { w.close() }
func (w *fake) reset()     { w.restarts++ }
func (w *fake) close() {
	select {
	case w.interrupts <- struct{}{}:
	default:
	}
}

func (w *fake) Complete(_ context.Context, text string, cursor int) (worker.Completion, error) {
	if text == "gone" {
		return worker.Completion{}, fmt.Errorf("the process ended")
	}
	return worker.Completion{Start: 4, End: cursor, Matches: []worker.Match{{Text: "Println", Kind: "function"}}}, nil
}

func (w *fake) Inspect(_ context.Context, text string, cursor, detail int) (worker.Inspection, error) {
	return worker.Inspection{Found: true, Data: map[string]string{"text/plain": text}}, nil
}

// serve starts a session and ends it with the test.
func serve(t *testing.T) (*frontend, *fake) {
	t.Helper()
	f := &frontend{
		shell: make(chan *jupyter.Message, 100), control: make(chan *jupyter.Message, 100), stdin: make(chan *jupyter.Message, 100),
		seen: make(chan struct{}, 1), served: make(chan struct{}),
	}
	w := &fake{interrupts: make(chan struct{}, 1), started: make(chan struct{}, 1)}
	clock := func() time.Time { return time.Unix(0, 0) }
	f.origin = jupyter.NewOrigin("frontend", "u", clock)
	s := session.New(session.Config{Wire: f, Origin: jupyter.NewOrigin("kernel", "u", clock), History: history.Open(""), Version: "v1",
		Process: func(string) (session.Worker, error) { return w, nil }, Asked: func(string) (session.Worker, error) { return w, nil }, Reset: w.reset, Close: w.close})
	ctx, cancel := context.WithCancel(context.Background())
	go func() { s.Serve(ctx); close(f.served) }()
	t.Cleanup(func() { cancel(); <-f.served })
	f.until(t, "status starting")
	return f, w
}

func TestExecute(t *testing.T) {
	tests := []struct {
		name, code, more string
		want             []string // between busy and idle
	}{
		{"a value", "value 42", "", []string{
			"execute_input 1 value 42", "shell execute_reply ok 1 {}", "execute_result 1 {text/plain:42} {}"}},
		{"output", "print hi", "", []string{
			"execute_input 1 print hi", "stream stdout hi", "shell execute_reply ok 1 {}"}},
		{"displays", "show", "", []string{
			"execute_input 1 show", "display_data {text/plain:1} {display_id:d}", "update_display_data {text/plain:2} {display_id:d}", "clear_output true", "shell execute_reply ok 1 {}"}},
		{"a failure", "fail boom", "", []string{
			"execute_input 1 fail boom", "error panic boom", "shell execute_reply error 1 panic boom"}},
		{"silent", "print hi", `"silent":true`, []string{"shell execute_reply ok 0 {}"}},
		{"silent failure", "fail boom", `"silent":true`, []string{"shell execute_reply error 0 panic boom"}},
		{"not stored", "value 1", `"store_history":false`, []string{
			"execute_input 0 value 1", "shell execute_reply ok 0 {}", "execute_result 0 {text/plain:1} {}"}},
		{"nothing", "", "", []string{"execute_input 1 ", "shell execute_reply ok 1 {}"}},
		{"user expressions", "print x", `"user_expressions":{"b":"fail no","a":"value 7"}`, []string{
			"execute_input 1 print x", "stream stdout x",
			"shell execute_reply ok 1 {a:{data:{text/plain:7},metadata:{},status:ok},b:{ename:panic,evalue:no,status:error,traceback:[trace]}}"}},
		{"the kernel's trouble", "broken", "", []string{
			"execute_input 1 broken", "error sockbook no process can be started", "shell execute_reply error 1 sockbook no process can be started"}},
		{"a bug of ours", "bug", "", []string{
			"execute_input 1 bug", "shell execute_reply error sockbook a bug of Sockbook, please report it: nil map"}},
		{"no input allowed", "ask", `"allow_stdin":false`, []string{
			"execute_input 1 ask", `stream stdout "" this frontend cannot give input`, "shell execute_reply ok 1 {}"}},
		{"an unknown directive", "%crush server", "", []string{
			"execute_input 1 %crush server", "error directive there is no directive %crush", "shell execute_reply error 1 directive there is no directive %crush"}},
		{"formatted", "%%fmt\nx:=1", "", []string{"execute_input 1 %%fmt⏎x:=1", "shell execute_reply ok 1 {} [{replace:true,source:set_next_input,text:x := 1}]"}},
		{"cannot be formatted", "%%fmt\nx:= =1", "", []string{
			"execute_input 1 %%fmt⏎x:= =1", "error sockbook 1:5: syntax error: unexpected =, expected expression", "shell execute_reply error 1 sockbook 1:5: syntax error: unexpected =, expected expression"}},
		{"only a directive", "%help reset", "", []string{
			"execute_input 1 %help reset", "stream stdout %reset⏎    Forget everything: the next cells run in fresh Go processes.⏎", "shell execute_reply ok 1 {}"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, _ := serve(t)
			var more []string
			if test.more != "" {
				more = []string{test.more}
			}
			f.execute(t, "1", test.code, more...)
			got := f.until(t, "status idle")
			want := []string{"status busy ← 1"}
			for _, line := range test.want {
				if !strings.HasPrefix(line, "shell") {
					line += " ← 1"
				}
				want = append(want, line)
			}
			want = append(want, "status idle ← 1")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBadContent(t *testing.T) {
	f, _ := serve(t)
	for i, test := range []struct {
		kind    jupyter.MsgType
		content string
	}{
		{jupyter.ExecuteRequestType, `{}`},
		{jupyter.ExecuteRequestType, `{"code":7}`},
		{jupyter.CompleteRequestType, `{"code":[]}`},
		{jupyter.HistoryRequestType, `{"hist_access_type":"all"}`},
		{jupyter.CompleteRequestType, `{"code":"gone","cursor_pos":1}`},
	} {
		id := fmt.Sprint(i)
		f.send(t, f.shell, id, test.kind, test.content)
		got := f.until(t, "status idle ← "+id)
		if len(got) < 3 || !strings.HasPrefix(got[len(got)-2], "shell "+strings.Replace(string(test.kind), "request", "reply", 1)+" error sockbook ") {
			t.Errorf("%s %s: %q", test.kind, test.content, got)
		}
	}
}

func TestAbortWhatWaits(t *testing.T) {
	f, w := serve(t)
	f.execute(t, "1", "wait")
	<-w.started
	f.execute(t, "2", "value 2")
	f.send(t, f.shell, "i", jupyter.KernelInfoRequestType, "{}")
	f.until(t, "status idle ← i")
	f.until(t, "status busy ← 1") // the cell still runs
	f.send(t, f.control, "c", jupyter.InterruptRequestType, "{}")
	f.execute(t, "3", "value 3")
	f.until(t, "status idle ← 1")
	got := f.until(t, "status idle ← 3")
	want := []string{"status busy ← 2", "shell execute_reply aborted 0", "status idle ← 2", "status busy ← 3", "shell execute_reply aborted 0", "status idle ← 3"}
	var shell []string
	for _, line := range got {
		if !strings.Contains(line, "← c") && !strings.HasPrefix(line, "control") && !strings.HasPrefix(line, "status busy ← 1") {
			shell = append(shell, line)
		}
	}
	if diff := cmp.Diff(want, shell); diff != "" {
		t.Error(diff)
	}
	f.execute(t, "4", "value 4")
	if got := f.until(t, "status idle ← 4"); len(got) != 5 {
		t.Errorf("the next cell: %q", got)
	}
}

func TestNoAbortWhereNotAsked(t *testing.T) {
	f, _ := serve(t)
	f.execute(t, "1", "fail boom", `"stop_on_error":false`)
	f.execute(t, "2", "value 2")
	got := f.until(t, "status idle ← 2")
	if want := "shell execute_reply ok 2 {}"; got[len(got)-3] != want {
		t.Errorf("got %q, want %q", got[len(got)-3], want)
	}
}

func TestInput(t *testing.T) {
	f, _ := serve(t)
	stale, _ := f.origin.New(jupyter.InputReplyType, jupyter.Header{}, jupyter.InputReply{Value: "stale"})
	f.stdin <- stale
	f.execute(t, "1", "ask")
	f.until(t, "stdin input_request")
	answer, _ := f.origin.New(jupyter.InputReplyType, jupyter.Header{}, jupyter.InputReply{Value: "Ada"})
	f.stdin <- answer
	got := f.until(t, "stream")
	if want := `stream stdout "Ada" <nil> ← 1`; got[len(got)-1] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAsks(t *testing.T) {
	tests := []struct {
		kind          jupyter.MsgType
		content, want string
	}{
		{jupyter.CompleteRequestType, `{"code":"fmt.Pri","cursor_pos":7}`, "shell complete_reply ok [Println]"},
		{jupyter.CompleteRequestType, `{"code":"%he","cursor_pos":3}`, "shell complete_reply ok [%help]"},
		{jupyter.CompleteRequestType, `{"code":"x\n%","cursor_pos":3}`, "shell complete_reply ok [%%fmt,%help,%reset]"},
		{jupyter.InspectRequestType, `{"code":"fmt","cursor_pos":1}`, "shell inspect_reply ok {text/plain:fmt} true"},
		{jupyter.InspectRequestType, `{"code":"%nothing","cursor_pos":3}`, "shell inspect_reply ok {} false"},
		{jupyter.InspectRequestType, `{"code":"%reset","cursor_pos":3}`, "shell inspect_reply ok {text/markdown:`%reset`\\n\\nForget"},
		{jupyter.HistoryRequestType, `{"hist_access_type":"tail","n":5,"output":true}`, "shell history_reply ok [[1,1,[value 5,5]]]"},
		{jupyter.HistoryRequestType, `{"hist_access_type":"range","session":0,"start":1,"stop":2}`, "shell history_reply ok [[1,1,value 5]]"},
		{jupyter.HistoryRequestType, `{"hist_access_type":"search","pattern":"nothing*"}`, "shell history_reply ok []"},
		{jupyter.IsCompleteRequestType, `{"code":"for {"}`, "shell is_complete_reply incomplete \t"},
		{jupyter.IsCompleteRequestType, `{"code":"x := = 1"}`, "shell is_complete_reply invalid"},
		{jupyter.IsCompleteRequestType, `{"code":"%ps"}`, "shell is_complete_reply complete"},
		{jupyter.CommInfoRequestType, `{}`, "shell comm_info_reply ok {}"},
		{jupyter.CommOpenType, `{"comm_id":"c1","target_name":"jupyter.widget","data":{}}`, "comm_close {} c1 ← "},
		{jupyter.ConnectRequestType, `{}`, "shell connect_reply ok"},
		{jupyter.KernelInfoRequestType, `{}`, "shell kernel_info_reply ok"},
	}
	f, _ := serve(t)
	f.execute(t, "0", "value 5")
	f.until(t, "status idle ← 0")
	for i, test := range tests {
		id := fmt.Sprint("ask", i)
		f.send(t, f.shell, id, test.kind, test.content)
		got := f.until(t, "status idle ← "+id)
		if got[0] != "status busy ← "+id || len(got) != 3 || !strings.HasPrefix(got[1], test.want) {
			t.Errorf("%s %s: %q, want %q", test.kind, test.content, got, test.want)
		}
	}
	f.send(t, f.shell, "x", "no_such_request", "{}")
	if got := f.until(t, "status idle ← x"); len(got) != 2 {
		t.Errorf("an unknown request: %q", got)
	}
	f.send(t, f.control, "d", jupyter.DebugRequestType, `{"seq":3,"type":"request","command":"initialize"}`)
	if got := f.until(t, "status idle ← d"); got[1] != "control debug_reply false this kernel has no debugger" {
		t.Errorf("debug_request: %q", got)
	}
}

func TestDirectives(t *testing.T) {
	f, w := serve(t)
	f.execute(t, "1", "%reset\nvalue `\n%d`")
	got := f.until(t, "status idle")
	if w.restarts != 1 || got[3] != "execute_result 1 {text/plain:`\\n%d`} {} ← 1" {
		t.Errorf("restarts %d, %q", w.restarts, got)
	}
}

func TestShutdown(t *testing.T) {
	for _, test := range []struct{ name, content, want string }{
		{"for good", `{"restart":false}`, "control shutdown_reply ok false"},
		{"restart", `{"restart":true}`, "control shutdown_reply ok true"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, w := serve(t)
			f.execute(t, "1", "wait") // a running cell does not hold it up
			<-w.started
			f.send(t, f.control, "s", jupyter.ShutdownRequestType, test.content)
			<-f.served
			if got := strings.Join(f.until(t, "status idle ← s"), "\n"); !strings.Contains(got, test.want) || !strings.Contains(got, "shutdown_reply ok") {
				t.Errorf("got\n%s", got)
			}
		})
	}
}
