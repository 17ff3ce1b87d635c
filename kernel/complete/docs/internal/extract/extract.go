// Package extract takes the documentation of the importable packages from
// their sources, as package docs embeds it. It is used by go generate and by
// the test that finds stale data, never by the kernel.
package extract

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sockbook/kernel/complete/docs"
	"sockbook/runtime/sock"
)

// File is the name of the data file.
const File = "docs.zip"

// Zip returns the documentation of sock.Packages and of package builtin: an
// entry a package, named by its path, a JSON object of docs.Entry by name. The
// same sources give the same bytes.
func Zip() ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	packages, err := list()
	if err != nil {
		return nil, err
	}
	for _, p := range packages {
		entries, err := p.entries()
		if err != nil {
			return nil, err
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.path, Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		if err := e.Encode(entries); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

type source struct {
	path, dir string
	files     []string
}

// list asks the go command for the packages' source files.
func list() ([]source, error) {
	args := append([]string{"list", "-f", "{{.ImportPath}}\t{{.Dir}}\t{{join .GoFiles \" \"}}", "builtin"}, sock.Packages...)
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var packages []source
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("go list says %q", line)
		}
		packages = append(packages, source{fields[0], fields[1], strings.Fields(fields[2])})
	}
	return packages, nil
}

func (s source) entries() (map[string]docs.Entry, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range s.files {
		f, err := parser.ParseFile(fset, filepath.Join(s.dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("documentation of %s: %w", s.path, err)
		}
		files = append(files, f)
	}
	mode := doc.Mode(0)
	if s.path == "builtin" {
		mode = doc.AllDecls
	}
	p, err := doc.NewFromFiles(fset, files, s.path, mode)
	if err != nil {
		return nil, fmt.Errorf("documentation of %s: %w", s.path, err)
	}
	c := collector{fset: fset, entries: map[string]docs.Entry{}, signatures: s.path == "builtin"}
	c.add("", p.Doc, nil)
	c.values(p.Consts)
	c.values(p.Vars)
	c.funcs("", p.Funcs)
	for _, t := range p.Types {
		c.add(t.Name, t.Doc, t.Decl)
		c.members(t)
		c.values(t.Consts)
		c.values(t.Vars)
		c.funcs("", t.Funcs)
		c.funcs(t.Name+".", t.Methods)
	}
	return c.entries, nil
}

type collector struct {
	fset    *token.FileSet
	entries map[string]docs.Entry

	signatures bool // with the declarations of functions: their types say nothing
}

func (c *collector) add(name, text string, decl ast.Node) {
	e := docs.Entry{Doc: strings.TrimSpace(text)}
	if decl != nil {
		var b bytes.Buffer
		config := printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}
		if err := config.Fprint(&b, c.fset, decl); err == nil {
			e.Decl = strings.TrimSpace(b.String())
		}
	}
	if e != (docs.Entry{}) {
		c.entries[name] = e
	}
}

func (c *collector) funcs(prefix string, list []*doc.Func) {
	for _, f := range list {
		if c.signatures {
			c.add(prefix+f.Name, f.Doc, f.Decl)
		} else {
			c.add(prefix+f.Name, f.Doc, nil)
		}
	}
}

// values adds constants and variables: what is written at a name, or else at
// its group.
func (c *collector) values(list []*doc.Value) {
	for _, v := range list {
		for _, spec := range v.Decl.Specs {
			spec, ok := spec.(*ast.ValueSpec)
			if !ok {
				continue
			}
			text := spec.Doc.Text() + spec.Comment.Text()
			if text == "" {
				text = v.Doc
			}
			for _, name := range spec.Names {
				c.add(name.Name, text, nil)
			}
		}
	}
}

// members adds the fields of a struct and the methods of an interface.
func (c *collector) members(t *doc.Type) {
	for _, spec := range t.Decl.Specs {
		spec, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		var fields *ast.FieldList
		switch x := spec.Type.(type) {
		case *ast.StructType:
			fields = x.Fields
		case *ast.InterfaceType:
			fields = x.Methods
		}
		if fields == nil {
			continue
		}
		for _, f := range fields.List {
			for _, name := range f.Names {
				c.add(t.Name+"."+name.Name, f.Doc.Text()+f.Comment.Text(), nil)
			}
		}
	}
}
