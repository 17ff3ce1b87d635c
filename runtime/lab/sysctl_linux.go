package lab

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"sockbook/runtime/netns"
)

// sysctl reads or sets a host's setting.
func (w *world) sysctl(a sysctlArgs) (string, error) {
	h, err := w.host(a.Host)
	if err != nil {
		return "", err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.isOn(); err != nil {
		return "", err
	}
	if a.Value == nil {
		return h.readSysctl(a.Name)
	}
	return h.sysctl(a.Name, *a.Value)
}

// sysctl sets a setting and returns what the kernel made of it.
func (h *host) sysctl(name, value string) (string, error) {
	full, err := sysctlName(name)
	if err != nil {
		return "", err
	}
	if len(value) > maxSysctlValue || strings.ContainsAny(value, "\n\x00") {
		return "", &Error{Msg: fmt.Sprintf("%s cannot have such a value", full)}
	}
	path, err := sysctlPath(full)
	if err != nil {
		return "", err
	}
	err = netns.Do(func() error { return os.WriteFile(path, []byte(value), 0) }, h.net)
	if err != nil {
		return "", h.refusedSysctl(full, value, err)
	}
	h.state.Lock()
	h.set[full] = value
	h.state.Unlock()
	return h.readSysctl(full)
}

// refusedSysctl explains a setting that could not be set.
func (h *host) refusedSysctl(full, value string, err error) error {
	var errno unix.Errno
	errors.As(err, &errno)
	switch errno {
	case unix.ENOENT:
		return &Error{Msg: fmt.Sprintf("this kernel has no setting %s for a host", full), Err: errno}
	case unix.EROFS, unix.EACCES, unix.EPERM:
		return &Error{Msg: fmt.Sprintf("%s cannot be set here", full), Err: errno,
			Hint: "in Docker: --security-opt systempaths=unconfined makes /proc/sys writable for the lab"}
	case unix.EINVAL, unix.ERANGE:
		e := &Error{Msg: fmt.Sprintf("%s cannot be %q", full, value), Err: errno}
		if now, err := h.readSysctl(full); err == nil {
			e.Hint = fmt.Sprintf("now it is %q", now)
		}
		return e
	}
	return fmt.Errorf("set %s: %w", full, err)
}

func (h *host) readSysctl(name string) (string, error) {
	path, err := sysctlPath(name)
	if err != nil {
		return "", err
	}
	var b []byte
	err = netns.Do(func() (err error) {
		b, err = os.ReadFile(path)
		return err
	}, h.net)
	if errors.Is(err, os.ErrNotExist) {
		return "", &Error{Msg: fmt.Sprintf("this kernel has no setting %s for a host", name), Err: unix.ENOENT}
	}
	return strings.Join(strings.Fields(string(b)), " "), err
}
