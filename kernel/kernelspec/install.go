package kernelspec

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"sockbook/kernel/atomicfile"
	"sockbook/kernel/hint"
)

// Installed says what Install did.
type Installed struct {
	// Dir is the kernelspec's folder.
	Dir string
	// Program is what the kernelspec starts.
	Program string
	// Copied tells whether Program was written; it is not where it is the same already.
	Copied bool
}

// Install copies the running program to p and writes a kernelspec called name
// that starts it. A kernelspec of that name is replaced if it is Sockbook's,
// and left alone, with an error, if it is not.
func (p Place) Install(name, displayName string) (Installed, error) {
	dir := filepath.Join(p.Jupyter, "kernels", name)
	done := Installed{Dir: dir}
	if err := checkName(name); err != nil {
		return done, err
	}
	if old, err := readSpec(dir); err == nil && !old.Ours() {
		return done, hint.Add(fmt.Errorf("%s is another kernel, %q", dir, old.DisplayName),
			"choose another name by --name, or remove that kernel first.")
	}
	var err error
	if done.Program, done.Copied, err = p.placeProgram(); err != nil {
		return done, cannotWrite(err)
	}
	files, err := New(done.Program, displayName).files()
	if err != nil {
		return done, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return done, cannotWrite(fmt.Errorf("make the kernelspec's folder: %w", err))
	}
	for _, name := range kernelJSONLast(files) {
		if old, err := os.ReadFile(filepath.Join(dir, name)); err == nil && bytes.Equal(old, files[name]) {
			continue
		}
		if err := atomicfile.Write(filepath.Join(dir, name), files[name], 0o644); err != nil {
			return done, cannotWrite(fmt.Errorf("write the kernelspec: %w", err))
		}
	}
	return done, nil
}

// kernelJSONLast orders the files so that Jupyter, which looks for kernel.json,
// sees a whole kernelspec or none.
func kernelJSONLast(files map[string][]byte) []string {
	var names []string
	for name := range files {
		if name != "kernel.json" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return append(names, "kernel.json")
}

// cannotWrite adds what helps where writing was refused.
func cannotWrite(err error) error {
	return hint.Add(err, "choose a place that you may write to: --user, --prefix, or another one by XDG_DATA_HOME or JUPYTER_DATA_DIR.")
}

// Removed says what Uninstall did.
type Removed struct {
	// Gone lists the files and folders that were removed.
	Gone []string
	// Left lists what was found beside them and is not Sockbook's.
	Left []string
}

// Uninstall removes the kernelspec called name from p, and the program if no
// other kernelspec in p starts it. Files that Install did not make stay.
func (p Place) Uninstall(name string) (Removed, error) {
	var done Removed
	if err := checkName(name); err != nil {
		return done, err
	}
	dir := filepath.Join(p.Jupyter, "kernels", name)
	spec, err := readSpec(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return done, hint.Add(fmt.Errorf("there is no kernel called %s in %s", name, filepath.Join(p.Jupyter, "kernels")),
			`"sockbook doctor" lists where kernels are found; choose one by --name and --user, --prefix or --sys-prefix.`)
	case err != nil:
		return done, err
	case !spec.Ours():
		return done, hint.Add(fmt.Errorf("%s is another kernel, %q, and is left alone", dir, spec.DisplayName),
			`remove it by "jupyter kernelspec remove `+name+`" if you mean it.`)
	}
	files, err := spec.files()
	if err != nil {
		return done, err
	}
	// the other way round: kernel.json first
	names := kernelJSONLast(files)
	slices.Reverse(names)
	for _, name := range names {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return done, cannotWrite(fmt.Errorf("remove the kernelspec: %w", err))
		}
	}
	if os.Remove(dir) == nil {
		done.Gone = append(done.Gone, dir)
	} else {
		done.Left = append(done.Left, dir)
	}
	if spec.Program() != p.Program || p.uses(p.Program) {
		return done, nil
	}
	if err := os.Remove(p.Program); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return done, cannotWrite(fmt.Errorf("remove the program: %w", err))
	}
	done.Gone = append(done.Gone, p.Program)
	bin := filepath.Dir(p.Program)
	_ = os.Remove(bin) // only where it is empty
	_ = os.Remove(filepath.Dir(bin))
	return done, nil
}

// uses tells whether some kernelspec in p starts program.
func (p Place) uses(program string) bool {
	dirs, err := os.ReadDir(filepath.Join(p.Jupyter, "kernels"))
	if err != nil {
		return false
	}
	for _, d := range dirs {
		spec, err := readSpec(filepath.Join(p.Jupyter, "kernels", d.Name()))
		if err == nil && spec.Program() == program {
			return true
		}
	}
	return false
}
