// Package exportdata holds the types of every package that a cell may import,
// and decodes a package when it is first asked for.
//
// Start with [NewImporter]. The data are what the Go compiler exported for the
// packages of [sock.Packages] and whatever their declarations mention; they
// are embedded, one compressed file a package, for the architecture of this
// build. Nothing is read from the machine it runs on. After a change of the
// Go version, of golang.org/x/sys, or of sock.Packages, run go generate here.
package exportdata

//go:generate go run ./gen

import (
	"archive/zip"
	"bytes"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
)

// ConstantsSuffix marks the entry with a package's constants, behind its path.
const ConstantsSuffix = " constants"

// archive finds a package's file by its import path. It is read once a process.
var archive = sync.OnceValues(func() (map[string]*zip.File, error) {
	r, err := zip.NewReader(bytes.NewReader(packages), int64(len(packages)))
	if err != nil {
		return nil, fmt.Errorf("read the embedded export data: %w", err)
	}
	files := make(map[string]*zip.File, len(r.File))
	for _, f := range r.File {
		files[f.Name] = f
	}
	return files, nil
})

// Paths returns the import paths of all packages that a cell may import, sorted.
func Paths() []string {
	files, _ := archive() // a damaged archive has no packages; Import says so
	paths := []string{"unsafe"}
	for path := range files {
		if !strings.HasSuffix(path, ConstantsSuffix) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// Named returns the import paths of the packages of that name, sorted.
func Named(name string) []string {
	files, _ := archive()
	var paths []string
	for path, f := range files {
		if f.Comment == name {
			paths = append(paths, path)
		}
	}
	if name == "unsafe" {
		paths = append(paths, name)
	}
	slices.Sort(paths)
	return paths
}

// Name returns the name of the package of that path, or "".
func Name(path string) string {
	files, _ := archive()
	if f := files[path]; f != nil {
		return f.Comment
	}
	if path == "unsafe" {
		return path
	}
	return ""
}

// Importer is a types.Importer over the embedded data. It is not safe for
// concurrent use, and neither are the packages that it returned while another
// one is imported: decoding a package may complete others.
type Importer struct {
	fset   *token.FileSet
	known  map[string]*types.Package // everything that was mentioned so far
	loaded map[string]*types.Package // what was imported, and so is complete
}

// NewImporter makes an importer that has decoded nothing yet.
func NewImporter() *Importer {
	return &Importer{
		fset:   token.NewFileSet(),
		known:  map[string]*types.Package{},
		loaded: map[string]*types.Package{"unsafe": types.Unsafe},
	}
}

// Import returns the package of that path, complete. The error says that no
// cell may import it.
func (im *Importer) Import(path string) (*types.Package, error) {
	if pkg := im.loaded[path]; pkg != nil {
		return pkg, nil
	}
	files, err := archive()
	if err != nil {
		return nil, err
	}
	f := files[path]
	if f == nil {
		return nil, fmt.Errorf("no cell can import %q", path)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("open the export data of %s: %w", path, err)
	}
	defer r.Close()
	pkg, err := gcexportdata.Read(r, im.fset, im.known, path)
	if err != nil {
		return nil, fmt.Errorf("decode the export data of %s: %w", path, err)
	}
	if table := files[path+ConstantsSuffix]; table != nil {
		if err := insertConstants(pkg, table); err != nil {
			return nil, fmt.Errorf("decode the constants of %s: %w", path, err)
		}
	}
	im.loaded[path] = pkg
	return pkg, nil
}

// insertConstants reads a table of untyped integer constants, a line each.
func insertConstants(pkg *types.Package, table *zip.File) error {
	r, err := table.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	scope := pkg.Scope()
	for line := range strings.Lines(string(text)) {
		name, number, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		value, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return err
		}
		scope.Insert(types.NewConst(token.NoPos, pkg, name, types.Typ[types.UntypedInt], constant.MakeInt64(value)))
	}
	return nil
}
