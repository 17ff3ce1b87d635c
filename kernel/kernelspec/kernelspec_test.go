package kernelspec

import (
	"bytes"
	"errors"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sockbook/kernel/hint"
)

func TestLogos(t *testing.T) {
	for name, side := range map[string]int{"logo-32x32.png": 32, "logo-64x64.png": 64} {
		picture, err := logos.ReadFile("logos/" + name)
		if err != nil {
			t.Fatal(err)
		}
		config, err := png.DecodeConfig(bytes.NewReader(picture))
		if err != nil || config.Width != side || config.Height != side {
			t.Errorf("%s is %d × %d, %v", name, config.Width, config.Height, err)
		}
	}
	if _, err := logos.ReadFile("logos/logo-svg.svg"); err != nil {
		t.Error(err)
	}
}

func TestCheckName(t *testing.T) {
	for name, good := range map[string]bool{
		"": false, ".": false, "..": false, "a/b": false, "a b": false, "Go": false, "é": false, "../x": false, "a\n": false,
		"sockbook": true, "go1.26": true, "a_b-c": true,
	} {
		if err := checkName(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestOurs(t *testing.T) {
	for _, test := range []struct {
		argv []string
		want bool
	}{
		{nil, false},
		{[]string{"sockbook"}, false},
		{[]string{"/usr/bin/python3", "kernel", connectionFile}, false},
		{[]string{"/x/sockbook", "-f", connectionFile}, false},
		{New("/x/sockbook", "").Argv, true},
	} {
		if got := (Spec{Argv: test.argv}).Ours(); got != test.want {
			t.Errorf("%v: %t", test.argv, got)
		}
	}
}

// clean takes away what would lead away from a test's own home.
func clean(t *testing.T) (home string) {
	t.Helper()
	home = t.TempDir()
	for _, name := range []string{"XDG_DATA_HOME", "JUPYTER_DATA_DIR", "JUPYTER_PATH", "JUPYTER_PREFER_ENV_PATH", "VIRTUAL_ENV", "CONDA_PREFIX"} {
		t.Setenv(name, "")
	}
	t.Setenv("HOME", home)
	return home
}

func TestSearchPath(t *testing.T) {
	home := clean(t)
	system := []string{"/usr/local/share/jupyter", "/usr/share/jupyter"}
	user := home + "/.local/share/jupyter"
	for _, test := range []struct {
		name string
		env  map[string]string
		want []string
	}{
		{"no home", map[string]string{"HOME": ""}, nil},
		{"nothing set", nil, []string{user}},
		{"XDG", map[string]string{"XDG_DATA_HOME": "/xdg"}, []string{"/xdg/jupyter"}},
		{"XDG, relative, is ignored", map[string]string{"XDG_DATA_HOME": "xdg"}, []string{user}},
		{"Jupyter's own", map[string]string{"XDG_DATA_HOME": "/xdg", "JUPYTER_DATA_DIR": "/j"}, []string{"/j"}},
		{"Jupyter's path", map[string]string{"JUPYTER_PATH": "/a::/b"}, []string{"/a", "/b", user}},
		{"environments", map[string]string{"VIRTUAL_ENV": "/v", "CONDA_PREFIX": "/c"}, []string{"/v/share/jupyter", "/c/share/jupyter", user}},
		{"user first", map[string]string{"VIRTUAL_ENV": "/v", "JUPYTER_PREFER_ENV_PATH": "No"}, []string{user, "/v/share/jupyter"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			if diff := cmp.Diff(append(test.want, system...), searchPath()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The program that is copied is this test's own.
func TestInstallFindUninstall(t *testing.T) {
	home := clean(t)
	place, err := User()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		done, err := place.Install("k", "K")
		want := Installed{Dir: home + "/.local/share/jupyter/kernels/k", Program: home + "/.local/share/sockbook/bin/sockbook", Copied: i == 0}
		if err != nil || done != want {
			t.Fatalf("time %d: %+v, %v; want %+v", i+1, done, err, want)
		}
	}
	found := Find("k")
	if len(found) != 1 || found[0].Err != nil || found[0].Spec.DisplayName != "K" || !found[0].Spec.Ours() {
		t.Errorf("found %+v", found)
	}
	if got := Find("other"); len(got) != 0 {
		t.Errorf("found %+v", got)
	}
	removed, err := place.Uninstall("k")
	if err != nil || len(removed.Gone) != 2 || len(removed.Left) != 0 {
		t.Errorf("removed %+v, %v", removed, err)
	}
	left := 0
	err = fs.WalkDir(os.DirFS(home), ".", func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			left++
		}
		return err
	})
	if err != nil || left > 0 {
		t.Errorf("%d files left, %v", left, err)
	}
}

func TestProgramIsCopiedWhenItDiffers(t *testing.T) {
	clean(t)
	place, err := User()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := place.Install("k", "K"); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(place.Program)
	if err != nil {
		t.Fatal(err)
	}
	last := bytes.Clone(whole)
	last[len(last)-1] ^= 1
	for name, damage := range map[string]func() error{
		"shorter":         func() error { return os.WriteFile(place.Program, whole[:100], 0o755) },
		"longer":          func() error { return os.WriteFile(place.Program, append(whole[:len(whole):len(whole)], 0), 0o755) },
		"another byte":    func() error { return os.WriteFile(place.Program, last, 0o755) },
		"gone":            func() error { return os.Remove(place.Program) },
		"not executable":  func() error { return os.Chmod(place.Program, 0o644) },
		"a dangling link": func() error { return errors.Join(os.Remove(place.Program), os.Symlink("nowhere", place.Program)) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := damage(); err != nil {
				t.Fatal(err)
			}
			done, err := place.Install("k", "K")
			if err != nil || !done.Copied {
				t.Fatalf("%+v, %v", done, err)
			}
			got, err := os.ReadFile(place.Program)
			if err != nil || !bytes.Equal(got, whole) {
				t.Errorf("the program has %d bytes, want %d; %v", len(got), len(whole), err)
			}
			if info, err := os.Lstat(place.Program); err != nil || info.Mode() != 0o755 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
		})
	}
}

func TestFindSaysWhatIsWrong(t *testing.T) {
	home := clean(t)
	for name, text := range map[string]string{
		"half":       `{"argv": [`,
		"no-program": `{"argv": []}`,
		"gone":       `{"argv": ["/nowhere/sockbook", "kernel", "{connection_file}"]}`,
	} {
		dir := filepath.Join(home, ".local/share/jupyter/kernels", name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "kernel.json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if found := Find(name); len(found) != 1 || found[0].Err == nil {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestErrorsHaveHints(t *testing.T) {
	clean(t)
	t.Setenv("HOME", "")
	_, noHome := User()
	t.Setenv("PATH", "")
	_, noPython := SysPrefix(t.Context())
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	place, err := Prefix(file)
	if err != nil {
		t.Fatal(err)
	}
	_, noFolder := place.Install("k", "K")
	_, nothing := place.Uninstall("k")
	_, badName := place.Install("A B", "K")
	for _, err := range []error{noHome, noPython, noFolder, nothing, badName} {
		var p *hint.Error
		if !errors.As(err, &p) || p.Hint() == "" {
			t.Errorf("no hint: %v", err)
		}
	}
}
