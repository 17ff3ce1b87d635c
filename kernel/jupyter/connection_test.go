package jupyter

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const goodConnection = `{"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 65535,
 "ip": "0.0.0.0", "key": "k", "transport": "tcp", "signature_scheme": "hmac-sha256", "kernel_name": "sockbook", "jupyter_session": "x"}`

func TestReadConnectionRefuses(t *testing.T) {
	change := func(old, new string) string {
		if !strings.Contains(goodConnection, old) {
			t.Fatalf("no %s in the connection file", old)
		}
		return strings.Replace(goodConnection, old, new, 1)
	}
	tests := []struct {
		name, text, field, want string
	}{
		{"empty", "", "", "not a JSON object: not JSON"},
		{"not JSON", "{", "", "not a JSON object: not JSON"},
		{"a list", "[]", "", "not a JSON object"},
		{"binary", "\xff", "", "not UTF-8"},
		{"huge", strings.Repeat(" ", maxConnectionFile) + "{}", "", "too large: more than 65536 bytes"},
		{"duplicate key", change(`"ip"`, `"key": "", "ip"`), "", `duplicate key "key"`},
		{"no ports", `{}`, "shell_port", "is missing or 0"},
		{"no control port", change(`"control_port": 4`, `"x": 4`), "control_port", "is missing or 0"},
		{"port 0", change(`"iopub_port": 2`, `"iopub_port": 0`), "iopub_port", "is missing or 0"},
		{"negative port", change(`"stdin_port": 3`, `"stdin_port": -3`), "stdin_port", "-3 is not a port: want 1 to 65535"},
		{"large port", change(`65535`, `65536`), "hb_port", "65536 is not a port: want 1 to 65535"},
		{"same port twice", change(`"stdin_port": 3`, `"stdin_port": 1`), "stdin_port", "1 is also shell_port"},
		{"port in quotes", change(`"shell_port": 1`, `"shell_port": "1"`), "shell_port", "must be a whole number, not a string"},
		{"fractional port", change(`"shell_port": 1`, `"shell_port": 1.5`), "shell_port", "must be a whole number, not 1.5"},
		{"key a number", change(`"k"`, `1`), "key", "must be a string, not a number"},
		{"ip a list", change(`"0.0.0.0"`, `[]`), "ip", "must be a string, not a list"},
		{"transport", change(`"tcp"`, `"udp"`), "transport", `"udp" is not supported`},
		{"ipc without path", strings.NewReplacer(`"tcp"`, `"ipc"`, `"0.0.0.0"`, `""`).Replace(goodConnection), "ip", "is missing"},
		{"scheme", change("hmac-sha256", "hmac-md5"), "signature_scheme", `signature scheme "hmac-md5" is not supported: only hmac-sha256 is`},
		{"curve", change(`"key"`, `"curve_secretkey": "x", "key"`), "curve_secretkey", "CurveZMQ encryption is asked for, and this kernel does not have it"},
		{"registration file", `{"registration_port": 1, "ip": "127.0.0.1", "key": "k"}`, "registration_port", "this is a registration file (protocol 5.6), and this kernel wants a connection file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "kernel.json")
			if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := ReadConnection(path)
			var e *ConnectionError
			if !errors.As(err, &e) {
				t.Fatalf("ReadConnection: %v, want a ConnectionError", err)
			}
			if e.File != path || e.Field != tt.field || e.Err.Error() != tt.want {
				t.Errorf("ReadConnection: %v, want field %q: %s", err, tt.field, tt.want)
			}
			if e.Hint() == "" {
				t.Error("no hint")
			}
		})
	}
	_, err := ReadConnection(filepath.Join(t.TempDir(), "none.json"))
	var e *ConnectionError
	if !errors.As(err, &e) || !errors.Is(err, fs.ErrNotExist) || e.Hint() == "" {
		t.Errorf("a file that does not exist: %v", err)
	}
}

func TestParseConnection(t *testing.T) {
	ports := Connection{Transport: TCP, IP: "127.0.0.1", ShellPort: 1, IOPubPort: 2, StdinPort: 3, ControlPort: 4, HeartbeatPort: 5,
		SignatureScheme: SchemeHMACSHA256}
	const bare = `"shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5`
	full := Connection{TCP, "0.0.0.0", 1, 2, 3, 4, 65535, SchemeHMACSHA256, "k", "sockbook"}
	ipc := ports
	ipc.Transport, ipc.IP = IPC, "/run/kernel-x"
	for text, want := range map[string]Connection{
		goodConnection:   full,
		"{" + bare + "}": ports,
		`{"signature_scheme":"","transport":"","ip":"","curve_secretkey":"",` + bare + `}`: ports,
		`{"transport":"ipc","ip":"/run/kernel-x",` + bare + `}`:                            ipc,
	} {
		if got, err := ParseConnection([]byte(text)); err != nil || got != want {
			t.Errorf("%s\n got %+v, %v\nwant %+v", text, got, err, want)
		}
	}
	if got, want := ipc.Path(2), "/run/kernel-x-2"; got != want {
		t.Errorf("path %s, want %s", got, want)
	}
	if _, err := (Connection{Key: "k"}).Signer(); err != nil {
		t.Errorf("signer of a connection without scheme: %v", err)
	}
}

func FuzzConnection(f *testing.F) {
	f.Add([]byte(goodConnection))
	f.Add([]byte(`{"transport":"ipc","ip":"x","shell_port":1e3}`))
	f.Add([]byte(`{"IP":"127.0.0.1","shell_port":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ParseConnection(text)
		if err != nil {
			if e := (*ConnectionError)(nil); !errors.As(err, &e) || e.Hint() == "" {
				t.Errorf("error %#v", err)
			}
			return
		}
		if _, err := c.Signer(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
		if c.IP == "" || c.ShellPort == c.IOPubPort {
			t.Errorf("accepted %+v", c)
		}
	})
}
