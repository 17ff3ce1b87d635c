package sock

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A name that was just added is found, as Go's resolver has it, though it has
// looked at /etc/hosts before; another is known to be none.
func TestFreshNames(t *testing.T) {
	preferGo, dial := net.DefaultResolver.PreferGo, net.DefaultResolver.Dial
	defer func() { net.DefaultResolver.PreferGo, net.DefaultResolver.Dial = preferGo, dial }()
	file := filepath.Join(t.TempDir(), "hosts")
	FreshNames(file)
	if err := os.WriteFile(file, []byte("127.0.0.1 localhost\n10.0.0.7 just-added # new\nfd00::7 just-added\nnonsense just-added\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := net.LookupHost("just-added")
	slices.Sort(got)
	if want := []string{"10.0.0.7", "fd00::7"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	var none *net.DNSError
	if _, err := net.LookupHost("never-added"); !errors.As(err, &none) || !none.IsNotFound {
		t.Errorf("another: %v", err)
	}
}

func FuzzNamesAnswer(f *testing.F) {
	f.Add([]byte("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06server\x00\x00\x01\x00\x01"), "10.0.0.1 server\n")
	f.Add([]byte{}, "")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, question []byte, text string) {
		file := filepath.Join(dir, "hosts")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		namesAnswer(question, file) // an error or an answer, no panic
	})
}
