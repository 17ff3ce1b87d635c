package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

const quiet = unix.MS_NOSUID | unix.MS_NODEV

// root gives the process a root directory of its own, in a mount namespace of
// its own: nothing but what Go reads, read-only, and an empty /tmp. It returns
// what is missing.
func (s setup) root() (lacks []string, err error) {
	at, err := mountPoint()
	if err != nil {
		return nil, err
	}
	if err := mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return nil, fmt.Errorf("keep mounts to itself: %w", err)
	}
	files := s.rootFiles()
	if err := mount("root", at, "tmpfs", quiet, "size=256k,nr_inodes=96,mode=755"); err != nil {
		return nil, fmt.Errorf("make a root directory: %w", err)
	}
	for _, dir := range []string{"proc", "dev", "tmp", "etc", "old", "usr/share/zoneinfo"} {
		if err := os.MkdirAll(filepath.Join(at, dir), 0o755); err != nil {
			return nil, fmt.Errorf("make a root directory: %w", err)
		}
	}
	for name, text := range files {
		if err := writeFile(filepath.Join(at, name), text); err != nil {
			return nil, fmt.Errorf("make a root directory: %w", err)
		}
	}
	if err := mount("tmp", at+"/tmp", "tmpfs", quiet|unix.MS_NOEXEC, fmt.Sprintf("size=%d,nr_inodes=%d,mode=1777", MaxDisk, maxInodes)); err != nil {
		return nil, fmt.Errorf("make a temporary directory: %w", err)
	}
	lacks, err = s.rootMounts(at)
	if err != nil {
		return nil, err
	}
	return lacks, changeRoot(at)
}

// mountPoint returns a directory to mount the new root on. It is hidden only
// for this process, and only until the root is changed.
func mountPoint() (string, error) {
	for _, dir := range []string{"/tmp", "/mnt", "/var", "/usr"} {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir, nil
		}
	}
	return "", errors.New("make a root directory: none of /tmp, /mnt, /var and /usr is there to mount it on")
}

// rootFiles returns the files of the new root directory.
func (s setup) rootFiles() map[string]string {
	files := map[string]string{
		"etc/resolv.conf":   "nameserver 127.0.0.1\noptions attempts:1 timeout:1\n",
		"etc/nsswitch.conf": "hosts: files dns\n",
		"etc/passwd":        "learner:x:1000:1000::/tmp:/none\n",
		"etc/group":         "learner:x:1000:\n",
		"etc/hosts":         "127.0.0.1 localhost\n::1 localhost\n",
	}
	if s.Hostname != "" {
		files["etc/hosts"] = "127.0.0.1 localhost " + s.Hostname + "\n::1 localhost\n"
	}
	// Small, and read now: the time zone, and the names of services and protocols.
	for _, name := range []string{"etc/localtime", "etc/services", "etc/protocols", "etc/timezone"} {
		if text, err := os.ReadFile("/" + name); err == nil && len(text) < 32<<10 {
			files[name] = string(text)
		}
	}
	return files
}

func writeFile(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o444)
}

// rootMounts mounts in the new root what is a file system's own.
func (s setup) rootMounts(at string) (lacks []string, err error) {
	for _, dev := range []string{"/dev/null", "/dev/zero", "/dev/urandom"} {
		if err := writeFile(at+dev, ""); err != nil {
			return nil, fmt.Errorf("make %s: %w", dev, err)
		}
		if err := mount(dev, at+dev, "", unix.MS_BIND, ""); err != nil {
			return nil, fmt.Errorf("make %s: %w", dev, err)
		}
	}
	if err := bindReadOnly("/usr/share/zoneinfo", at+"/usr/share/zoneinfo"); err != nil && !errors.Is(err, unix.ENOENT) {
		lacks = append(lacks, fmt.Sprintf("no time zones but the local one: %v", err))
	}
	if s.Mode == LabHost {
		// The lab's names, which it adds to.
		if err := bindReadOnly("/etc/hosts", at+"/etc/hosts"); err != nil {
			lacks = append(lacks, fmt.Sprintf("no names of hosts: %v", err))
		}
	}
	if s.Mode == Namespaces && mountProc(at+"/proc") == nil {
		return lacks, nil
	}
	if err := bindProc(at + "/proc"); err != nil {
		lacks = append(lacks, fmt.Sprintf("no /proc, so net.Listen takes 128 as its backlog: %v", err))
	}
	return lacks, nil
}

// mountProc mounts a /proc that shows the process itself. Where the machine's
// is hidden in part, as by Docker, this is not permitted.
func mountProc(at string) error {
	const flags = quiet | unix.MS_NOEXEC | unix.MS_RDONLY
	err := mount("proc", at, "proc", flags, "")
	if err != nil {
		err = mount("proc", at, "proc", flags, "subset=pid")
	}
	return err
}

// bindProc makes a /proc of the process's own directory in the one it sees, and
// of the network's settings.
func bindProc(at string) error {
	seen, err := os.Readlink("/proc/self")
	if err != nil {
		return err
	}
	self := strconv.Itoa(os.Getpid()) // not seen, where /proc is of another pid namespace
	for from, to := range map[string]string{seen: self, "sys/net": "sys/net"} {
		if err := os.MkdirAll(at+"/"+to, 0o755); err != nil {
			return err
		}
		if err := bindReadOnly("/proc/"+from, at+"/"+to); err != nil {
			return err
		}
	}
	if err := os.Symlink(self, at+"/self"); err != nil {
		return err
	}
	return os.Symlink("self/net", at+"/net")
}

// changeRoot makes at the root directory and lets go of the old one.
func changeRoot(at string) error {
	if err := os.NewSyscallError("pivot_root", unix.PivotRoot(at, at+"/old")); err != nil {
		return fmt.Errorf("change the root directory: %w", err)
	}
	if err := unix.Chdir("/"); err != nil {
		return fmt.Errorf("change the root directory: %w", err)
	}
	if err := unix.Unmount("/old", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("let go of the old root directory: %w", err)
	}
	if err := unix.Rmdir("/old"); err != nil {
		return fmt.Errorf("let go of the old root directory: %w", err)
	}
	if err := mount("", "/", "", unix.MS_REMOUNT|unix.MS_RDONLY|quiet, "size=256k"); err != nil {
		return fmt.Errorf("make the root directory read-only: %w", err)
	}
	if err := unix.Chdir("/tmp"); err != nil {
		return fmt.Errorf("enter the temporary directory: %w", err)
	}
	return nil
}

func mount(source, target, fs string, flags uintptr, data string) error {
	return os.NewSyscallError("mount", unix.Mount(source, target, fs, flags, data))
}

// bindReadOnly shows a file or directory elsewhere, too, not to be changed.
// The flags that it was mounted with must be kept: they may be locked
// (mount_namespaces(7)).
func bindReadOnly(source, target string) error {
	if err := mount(source, target, "", unix.MS_BIND, ""); err != nil {
		return err
	}
	var st unix.Statfs_t
	if err := unix.Statfs(target, &st); err != nil {
		return os.NewSyscallError("statfs", err)
	}
	const same = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC | unix.MS_NOATIME | unix.MS_NODIRATIME // as ST_ has them
	flags := uintptr(st.Flags&same) | unix.MS_BIND | unix.MS_REMOUNT | unix.MS_RDONLY | quiet
	const stRelatime = 0x1000
	if st.Flags&stRelatime != 0 {
		flags |= unix.MS_RELATIME
	}
	return mount("", target, "", flags, "")
}
