// Package export asks the go command for the types of the importable packages
// and packs them as package exportdata embeds them. It is used by go generate
// and by the test that finds stale data, never by the kernel.
package export

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"go/constant"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/tools/go/gcexportdata"

	"sockbook/kernel/cell/exportdata"
	"sockbook/runtime/sock"
)

// Archs are the values of GOARCH that data are made for. GOOS is linux.
var Archs = []string{"amd64", "arm64"}

// File is the name of an architecture's data file.
func File(arch string) string { return "packages_" + arch + ".zip" }

// Zip returns the export data of sock.Packages for arch: an entry a package,
// named by its import path, with its name as the comment. The untyped integer
// constants of a package that has many are in an entry of their own: a line
// each, name and value, which is read ten times faster. The same packages and
// Go version give the same bytes.
func Zip(arch string) ([]byte, error) {
	files, err := compiled(arch)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	compiler := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(files[path])
	})
	for _, path := range sock.Packages {
		if path == "unsafe" { // the type checker's own
			continue
		}
		pkg, err := compiler.Import(path)
		if err != nil {
			return nil, fmt.Errorf("decode the compiler's export data of %s: %w", path, err)
		}
		if table := takeConstants(pkg); table != nil {
			w, err := z.CreateHeader(&zip.FileHeader{Name: path + exportdata.ConstantsSuffix, Method: zip.Deflate})
			if err != nil {
				return nil, err
			}
			if _, err := w.Write(table); err != nil {
				return nil, err
			}
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: path, Comment: pkg.Name(), Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		// Without a file set no positions are written: they would name files
		// that the reader does not have.
		if err := gcexportdata.Write(w, nil, pkg); err != nil {
			return nil, fmt.Errorf("encode %s: %w", path, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// many is how many constants are worth a table.
const many = 500

// takeConstants takes the untyped integer constants out of a package that has
// many of them, and returns them as a table; otherwise nil.
func takeConstants(pkg *types.Package) []byte {
	var table bytes.Buffer
	var rest []types.Object
	n := 0
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if k, ok := obj.(*types.Const); ok && k.Exported() && k.Type() == types.Typ[types.UntypedInt] {
			if v, exact := constant.Int64Val(k.Val()); exact {
				fmt.Fprintf(&table, "%s %d\n", name, v)
				n++
				continue
			}
		}
		rest = append(rest, obj)
	}
	if n < many {
		return nil
	}
	// A scope has no way to take an object out, but it can be made anew.
	*pkg.Scope() = *types.NewScope(types.Universe, token.NoPos, token.NoPos, "")
	for _, obj := range rest {
		pkg.Scope().Insert(obj)
	}
	return table.Bytes()
}

// compiled has the go command compile the packages where they are not yet in
// its cache, and returns their files by import path.
func compiled(arch string) (map[string]string, error) {
	args := append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}, sock.Packages...)
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+arch, "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list -export: %w", err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			files[path] = file
		}
	}
	return files, nil
}
