package deploy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sockbook/kernel/course"
	"sockbook/kernel/deploy"
	"sockbook/kernel/handout"
	"sockbook/lessons"
	"sockbook/runtime/sandbox/profile"
)

// image returns the name of the image that is tested. It and its engines come
// from .ci/image, which .ci/run calls for these tests alone.
func image(t *testing.T) string {
	t.Helper()
	name := os.Getenv("SOCKBOOK_IMAGE")
	if name == "" {
		t.Skip("no image here: .ci/image go test ./kernel/deploy builds it, and an engine to run it")
	}
	return name
}

// limit bounds what an engine may take for a command: it is there to end what
// hangs, not to measure.
const limit = 8 * time.Minute

// engine runs docker or podman and returns what it prints, trimmed.
func engine(t *testing.T, program string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	var out, diag bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diag
	err = cmd.Run()
	return strings.TrimSpace(out.String()), strings.TrimSpace(diag.String()), err
}

// docker runs docker, which must succeed.
func docker(t *testing.T, args ...string) string {
	t.Helper()
	out, diag, err := engine(t, "docker", args...)
	if err != nil {
		t.Fatalf("docker %s: %v\n%s\n%s", strings.Join(args, " "), err, out, diag)
	}
	return out
}

// start starts a container and waits until Jupyter answers. It returns the
// container and its address.
func start(t *testing.T, options ...string) (id, address string) {
	t.Helper()
	name := image(t)
	began := time.Now()
	id = docker(t, slices.Concat([]string{"run", "-d", "-p", "127.0.0.1:0:8888"}, options, []string{name})...)
	t.Cleanup(func() { exec.Command("docker", "rm", "-fv", id).Run() })
	address, _, _ = strings.Cut(docker(t, "port", id, "8888"), "\n")
	address = "http://" + address
	for time.Since(began) < limit {
		if r, err := http.Get(address + "/api"); err == nil {
			r.Body.Close()
			t.Logf("Jupyter answers after %v", time.Since(began).Round(10*time.Millisecond))
			return id, address
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("Jupyter does not answer at %s:\n%s", address, logs(t, id))
	return "", ""
}

func logs(t *testing.T, id string) string {
	t.Helper()
	out, diag, err := engine(t, "docker", "logs", id)
	if err != nil {
		t.Fatal(err)
	}
	return out + diag
}

// token asks Jupyter for it as the log says.
func token(t *testing.T, id string) string {
	t.Helper()
	list := docker(t, "exec", id, "jupyter", "server", "list")
	_, rest, found := strings.Cut(list, "?token=")
	if !found {
		t.Fatalf("no token in %q", list)
	}
	value, _, _ := strings.Cut(rest, " ")
	return value
}

func TestImage(t *testing.T) {
	var info []struct {
		Size   int64
		Config struct {
			User, WorkingDir string
			Env, Entrypoint  []string
			ExposedPorts     map[string]any
			Labels           map[string]string
			Healthcheck      *struct{ Test []string }
		}
	}
	if err := json.Unmarshal([]byte(docker(t, "image", "inspect", image(t))), &info); err != nil || len(info) != 1 {
		t.Fatal(err)
	}
	c := info[0].Config
	t.Logf("the image has %d MB", info[0].Size/1e6)
	if info[0].Size >= 500e6 {
		t.Errorf("the image has %d MB", info[0].Size/1e6)
	}
	if c.User != "1000" || c.WorkingDir != "/home/jovyan" || c.ExposedPorts["8888/tcp"] == nil || c.Healthcheck == nil || len(c.Entrypoint) == 0 || c.Entrypoint[0] != "tini" {
		t.Errorf("%+v", c)
	}
	for _, label := range []string{"title", "description", "licenses", "version"} {
		if c.Labels["org.opencontainers.image."+label] == "" {
			t.Errorf("no label %s", label)
		}
	}
	script := `id -u; id -gn; pwd
for p in go gcc pip git; do command -v $p; done
cd /usr/local/share/sockbook/sbom && grep -c 'dep	github.com/traefik/yaegi' go.txt && grep -c '"name": "jupyterlab",' python.json && grep -c '^tini' debian.txt && grep -c git git.txt
sockbook version | head -1; jupyter kernelspec list 2>/dev/null | grep -c python; exit 0`
	out := docker(t, "run", "--rm", "--entrypoint", "sh", image(t), "-c", script)
	want := []string{"1000", "users", "/home/jovyan", "/usr/bin/git", "1", "1", "1", "1", "sockbook " + c.Labels["org.opencontainers.image.version"], "0"}
	if got := strings.Split(out, "\n"); !slices.Equal(got, want) {
		t.Errorf("in the image: %q, want %q", got, want)
	}
}

// Jupyter answers whoever has the token, and the log does not have it.
func TestToken(t *testing.T) {
	id, address := start(t)
	if got := status(t, address+"/api/kernelspecs"); got != http.StatusForbidden {
		t.Errorf("without the token: %d", got)
	}
	value := token(t, id)
	if len(value) < 32 {
		t.Errorf("token %q", value)
	}
	if got := status(t, address+"/api/kernelspecs?token="+value); got != http.StatusOK {
		t.Errorf("with the token: %d", got)
	}
	log := logs(t, id)
	if strings.Contains(log, value) {
		t.Errorf("the token is in the log:\n%s", log)
	}
	if !strings.Contains(log, "jupyter server list") {
		t.Errorf("the log does not say how to get the token:\n%s", log)
	}
	healthy(t, id)
	asked, _ := start(t, "-e", "SOCKBOOK_PRINT_TOKEN=1")
	if !strings.Contains(logs(t, asked), token(t, asked)) {
		t.Error("the token is not in the log though it was asked for")
	}
	terminal, _ := start(t, "-t")
	if !strings.Contains(logs(t, terminal), token(t, terminal)) {
		t.Error("the token is not on the terminal")
	}
	given, address := start(t, "-e", "JUPYTER_TOKEN=chosen-by-the-teacher")
	if got := status(t, address+"/api/kernelspecs?token=chosen-by-the-teacher"); got != http.StatusOK || strings.Contains(logs(t, given), "chosen-by") {
		t.Errorf("with a token of one's own: %d\n%s", got, logs(t, given))
	}
}

// healthy waits until a container's health check is content.
func healthy(t *testing.T, id string) {
	t.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(100 * time.Millisecond) {
		health := docker(t, "inspect", "-f", "{{.State.Health.Status}}", id)
		if health == "healthy" {
			return
		}
		if health != "starting" || time.Now().After(end) {
			t.Errorf("the container is %s", health)
			return
		}
	}
}

func status(t *testing.T, url string) int {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	io.Copy(io.Discard, r.Body)
	return r.StatusCode
}

// The image starts as any user, with a root directory that cannot be written to,
// and without the network.
func TestUsers(t *testing.T) {
	for name, options := range map[string][]string{
		"any user":                  {"--user", "12345"},
		"any user, a strange group": {"--user", "12345:54321"},
		"any user of the group":     {"--user", "12345", "--group-add", "users"},
		"a read-only root":          {"--read-only", "--tmpfs", "/tmp", "--tmpfs", "/home/jovyan:uid=1000,gid=100"},
		"any user, read-only":       {"--user", "12345", "--read-only", "--tmpfs", "/tmp"},
		"no capability":             {"--cap-drop", "ALL", "--security-opt", "no-new-privileges"},
	} {
		t.Run(name, func(t *testing.T) {
			id, address := start(t, append(options, "-e", "JUPYTER_TOKEN=x")...)
			if got := status(t, address+"/api/contents/sockbook/00-start/lesson.ipynb?token=x"); got != http.StatusOK {
				t.Errorf("the first lesson: %d\n%s", got, logs(t, id))
			}
		})
	}
}

// A lesson that the user changed is kept when the container is made anew.
func TestLessonsAreKept(t *testing.T) {
	image(t) // or the test is skipped
	volume := docker(t, "volume", "create")
	t.Cleanup(func() { exec.Command("docker", "volume", "rm", "-f", volume).Run() })
	mount := []string{"-v", volume + ":/home/jovyan", "-e", "JUPYTER_TOKEN=x"}
	id, _ := start(t, mount...)
	docker(t, "exec", id, "sh", "-c", "echo mine > sockbook/00-start/lesson.ipynb; rm sockbook/01-descriptors/lesson.ipynb")
	docker(t, "rm", "-f", id)
	id, _ = start(t, mount...)
	if got := docker(t, "exec", id, "cat", "sockbook/00-start/lesson.ipynb"); got != "mine" {
		t.Errorf("the changed lesson is %.100q", got)
	}
}

// deployed writes what a teacher gets to a folder.
func deployed(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	files, err := deploy.Files()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := handout.Put(dir, files, false); err != nil {
		t.Fatal(err)
	}
	return dir
}

// whole are the options by which all works, for each engine.
func whole(t *testing.T, program string) []string {
	t.Helper()
	none := []string{"--cap-drop", "ALL", "--security-opt", "no-new-privileges"}
	if program == "podman" {
		return append(none, "--security-opt", "unmask=ALL")
	}
	return append(none, "--security-opt", "seccomp="+filepath.Join(deployed(t), "sockbook.json"), "--security-opt", "systempaths=unconfined")
}

type report struct {
	Healthy, Full bool
	Container     string
	User          int
	Abilities     []struct {
		Name      string
		Works     bool
		Why, Give string
	}
	Lessons []struct {
		Name, Loses string
		Whole       bool
	}
}

// works names the abilities that there are.
func (r report) works() string {
	var names []string
	for _, a := range r.Abilities {
		if a.Works {
			names = append(names, a.Name)
		}
	}
	return strings.Join(names, " ")
}

// examine runs the doctor in a container.
func examine(t *testing.T, program string, options ...string) (r report) {
	t.Helper()
	args := slices.Concat([]string{"run", "--rm"}, options, []string{image(t), "sockbook", "doctor", "--json"})
	out, diag, err := engine(t, program, args...)
	if jsonErr := json.Unmarshal([]byte(out), &r); jsonErr != nil {
		t.Fatalf("%s %s: %v, %v\n%s\n%s", program, strings.Join(args, " "), err, jsonErr, out, diag)
	}
	if (err == nil) != r.Healthy {
		t.Errorf("healthy: %v, but %v", r.Healthy, err)
	}
	return r
}

const all = "cells confined hosts settings pictures"

func TestDoctor(t *testing.T) {
	file := filepath.Join(deployed(t), "sockbook.json")
	for _, c := range []struct {
		name, program string
		options       []string
		works         string
		give          string // in what would give hosts
	}{
		{"docker as it is", "docker", nil, "cells", "docker run --security-opt seccomp=sockbook.json --security-opt systempaths=unconfined"},
		{"docker, only the profile", "docker", []string{"--security-opt", "seccomp=" + file}, "cells confined", "docker run --security-opt systempaths=unconfined"},
		{"docker, whole", "docker", whole(t, "docker"), all, ""},
		{"docker, whole, with the cluster's profile", "docker", []string{"--security-opt", "seccomp=" + strings.Replace(file, "sockbook.json", "sockbook-kubernetes.json", 1),
			"--security-opt", "systempaths=unconfined", "--security-opt", "no-new-privileges", "--cap-drop", "ALL"}, all, ""},
		{"docker, whole, any user", "docker", append(whole(t, "docker"), "--user", "12345"), all, ""},
		{"docker, whole, read-only", "docker", append(whole(t, "docker"), "--read-only", "--tmpfs", "/tmp", "--tmpfs", "/home/jovyan:uid=1000,gid=100"), all, ""},
		{"podman as it is", "podman", nil, "cells confined", "podman run --security-opt unmask=ALL"},
		{"podman, whole", "podman", whole(t, "podman"), all, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := examine(t, c.program, c.options...)
			if r.works() != c.works || r.Full != (c.works == all) || r.Container != c.program {
				t.Errorf("works %q, want %q: %+v", r.works(), c.works, r)
			}
			for _, a := range r.Abilities {
				if a.Name == "hosts" && !strings.Contains(a.Give, c.give) {
					t.Errorf("hosts: %q", a.Give)
				}
			}
			for _, l := range r.Lessons {
				if c.works == all && !l.Whole {
					t.Errorf("lesson %s loses %s", l.Name, l.Loses)
				}
			}
		})
	}
}

// Each call that the profile adds is needed: without it something is lost.
func TestProfileIsSmallest(t *testing.T) {
	text, err := profile.Docker()
	if err != nil {
		t.Fatal(err)
	}
	image(t)
	for _, call := range profile.Added {
		t.Run(call, func(t *testing.T) {
			var p map[string]any
			if err := json.Unmarshal(text, &p); err != nil {
				t.Fatal(err)
			}
			rules := p["syscalls"].([]any)
			last := rules[len(rules)-1].(map[string]any)
			last["names"] = slices.DeleteFunc(last["names"].([]any), func(n any) bool { return n == call })
			file := filepath.Join(t.TempDir(), "less.json")
			less, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, less, 0o644); err != nil {
				t.Fatal(err)
			}
			args := []string{"run", "--rm", "--security-opt", "seccomp=" + file, "--security-opt", "systempaths=unconfined", image(t), "sockbook", "doctor"}
			out, diag, err := engine(t, "docker", args...)
			if err == nil && !strings.Contains(out, "sethostname") {
				t.Errorf("all works without %s:\n%s\n%s", call, out, diag)
			}
			t.Logf("without %s:\n%s", call, out)
		})
	}
}

// Lessons run to their ends in both engines: as it is on one machine, with what
// is stored where hosts are missing; whole with all that they show. Exercises
// are for the lessons' own tests.
func TestLessons(t *testing.T) {
	c, err := course.Load(lessons.Files())
	if err != nil {
		t.Log(err) // the lessons' own test says so
	}
	var chosen []string
	for _, l := range c.Lessons {
		switch l.Number {
		case 2, 5, 10, 17:
			chosen = append(chosen, l.Name)
		}
	}
	if len(chosen) == 0 {
		t.Fatal("none of the lessons 02, 05, 10 and 17 is there")
	}
	for _, program := range []string{"docker", "podman"} {
		for name, args := range map[string][]string{
			"as it is": slices.Concat([]string{"run", "--rm", image(t), "sockbook", "lessons", "check", "--no-lab", "--cells"}, chosen),
			"whole":    slices.Concat([]string{"run", "--rm"}, whole(t, program), []string{image(t), "sockbook", "lessons", "check", "--cells"}, chosen),
		} {
			t.Run(fmt.Sprint(program, " ", name), func(t *testing.T) {
				out, diag, err := engine(t, program, args...)
				if err != nil {
					t.Errorf("%s %s: %v\n%s\n%s", program, strings.Join(args, " "), err, out, diag)
				}
				t.Log(out)
			})
		}
	}
}

// The first cell says what is missing, and how to get it.
func TestFirstCell(t *testing.T) {
	notebook := `{"cells":[{"cell_type":"code","id":"a","metadata":{},"execution_count":null,"outputs":[],"source":"1 + 1"}],"metadata":{"language_info":{"name":"go"}},"nbformat":4,"nbformat_minor":5}`
	out := docker(t, "run", "--rm", image(t), "sh", "-c", "echo '"+notebook+"' > /tmp/n.ipynb; sockbook run /tmp/n.ipynb 2>&1")
	for _, want := range []string{"there is no network of hosts here", "sockbook doctor --seccomp-profile > sockbook.json", "systempaths=unconfined", "2"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
}
