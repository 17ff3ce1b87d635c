package exportdata_test

import (
	"bytes"
	"go/types"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"testing"

	"sockbook/kernel/cell/exportdata"
	"sockbook/kernel/cell/exportdata/internal/export"
	"sockbook/runtime/sock"
)

func TestEveryPackage(t *testing.T) {
	if paths := exportdata.Paths(); !slices.Equal(paths, sock.Packages) {
		t.Errorf("the data are of\n%q\nsock.Packages has\n%q\nrun: go generate ./kernel/cell/exportdata", paths, sock.Packages)
	}
	im := exportdata.NewImporter()
	for _, path := range sock.Packages {
		pkg, err := im.Import(path)
		if err != nil {
			t.Errorf("Import(%q): %v", path, err)
			continue
		}
		if pkg.Path() != path || !pkg.Complete() || pkg.Name() != exportdata.Name(path) {
			t.Errorf("Import(%q) = %v, complete %v, name %q", path, pkg, pkg.Complete(), pkg.Name())
		}
		if again, _ := im.Import(path); again != pkg {
			t.Errorf("Import(%q) decodes again", path)
		}
	}
}

// TestOrder imports a package after another one that mentions it.
func TestOrder(t *testing.T) {
	im := exportdata.NewImporter()
	http, err := im.Import("net/http")
	if err != nil {
		t.Fatal(err)
	}
	net, err := im.Import("net")
	if err != nil {
		t.Fatal(err)
	}
	conn := http.Scope().Lookup("Hijacker").Type().Underlying().(*types.Interface).Method(0).Signature().Results().At(0).Type()
	if !types.Identical(conn, net.Scope().Lookup("Conn").Type()) {
		t.Errorf("net.Conn of net/http is not the one of net")
	}
	for _, name := range []string{"KeepAliveConfig", "Dial", "ErrClosed", "IPv4len"} {
		if net.Scope().Lookup(name) == nil {
			t.Errorf("net has no %s", name)
		}
	}
}

func TestRefused(t *testing.T) {
	im := exportdata.NewImporter()
	for _, path := range []string{"", "C", "os/exec", "golang.org/x/sys/unix constants", "net/"} {
		if pkg, err := im.Import(path); err == nil {
			t.Errorf("Import(%q) = %v", path, pkg)
		}
	}
}

func TestConstants(t *testing.T) {
	pkg, err := exportdata.NewImporter().Import("golang.org/x/sys/unix")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"AF_INET": "2", "SO_REUSEPORT": "15", "ECONNREFUSED": "111", "INADDR_ANY": ""} {
		k, ok := pkg.Scope().Lookup(name).(*types.Const)
		if got := ""; ok && k.Val().ExactString() != want || !ok && want != got {
			t.Errorf("unix.%s = %v, want %s", name, k, want)
		}
	}
}

func TestNamed(t *testing.T) {
	if got := exportdata.Named("rand"); !slices.Equal(got, []string{"crypto/rand", "math/rand", "math/rand/v2"}) {
		t.Errorf("Named(rand) = %q", got)
	}
	if got := exportdata.Named("unix"); !slices.Equal(got, []string{"golang.org/x/sys/unix"}) {
		t.Errorf("Named(unix) = %q", got)
	}
}

// TestFresh makes the data again. For the other architecture that takes a
// minute if the go command has not compiled the packages before.
func TestFresh(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no go command")
		}
		t.Skip("no go command to make the data with")
	}
	for _, arch := range export.Archs {
		if testing.Short() && arch != runtime.GOARCH {
			continue
		}
		want, err := export.Zip(arch)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(export.File(arch))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is stale, run: go generate ./kernel/cell/exportdata", export.File(arch))
		}
	}
}
