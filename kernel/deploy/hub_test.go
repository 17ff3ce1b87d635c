package deploy_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"sockbook/kernel/course"
	"sockbook/lessons"
)

// learners is how large the class is.
const learners = 10

// TestHub has a class come to a JupyterHub as a teacher would set it up: each
// runs a lesson to its end, all at once, and nobody reaches another's.
func TestHub(t *testing.T) {
	name := image(t)
	programs := os.Getenv("SOCKBOOK_HUB")
	if programs == "" {
		t.Fatal("SOCKBOOK_HUB is not set")
	}
	network := fmt.Sprint("sockbook-test-", os.Getpid())
	docker(t, "network", "create", "--opt", "com.docker.network.bridge.enable_icc=false", network)
	t.Cleanup(func() { exec.Command("docker", "network", "rm", network).Run() })
	t.Cleanup(func() { // containers and homes of a test that failed
		for i := range learners {
			exec.Command("docker", "rm", "-f", fmt.Sprint("jupyter-learner", i)).Run()
			exec.Command("docker", "volume", "rm", "-f", fmt.Sprint("sockbook-learner", i)).Run()
		}
	})
	config, err := filepath.Abs("testdata/hub/test_config.py")
	if err != nil {
		t.Fatal(err)
	}
	url := fmt.Sprint("http://127.0.0.1:", freePort(t))
	env := append(os.Environ(), "PATH="+filepath.Join(programs, "bin")+":"+os.Getenv("PATH"), "SOCKBOOK_DEPLOYED="+deployed(t), "SOCKBOOK_IMAGE="+name,
		"SOCKBOOK_NETWORK="+network, "SOCKBOOK_URL="+url, "SOCKBOOK_PASSWORD=a class of ten", "TEST_TOKEN=the-token-of-the-test")
	hub := exec.Command(filepath.Join(programs, "bin", "jupyterhub"), "-f", config, fmt.Sprintf("--ConfigurableHTTPProxy.api_url=http://127.0.0.1:%d", freePort(t)),
		fmt.Sprintf("--JupyterHub.hub_port=%d", freePort(t)))
	hub.Dir, hub.Env = t.TempDir(), env
	hub.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // with its proxy and its services
	var log bytes.Buffer
	hub.Stdout, hub.Stderr = &log, &log
	if err := hub.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-hub.Process.Pid, syscall.SIGTERM)
		stop := time.AfterFunc(20*time.Second, func() { syscall.Kill(-hub.Process.Pid, syscall.SIGKILL) })
		hub.Wait()
		stop.Stop()
		syscall.Kill(-hub.Process.Pid, syscall.SIGKILL)
		if t.Failed() {
			t.Logf("the hub's log:\n%s", &log)
		}
	})
	waitFor(t, url+"/hub/api")

	chosen := lessonsFor(t)
	t.Logf("%d learners run %s", learners, strings.Join(chosen, ", "))
	class := exec.CommandContext(t.Context(), filepath.Join(programs, "bin", "python"), slices.Concat([]string{"testdata/hub/class.py", url, fmt.Sprint(learners)}, chosen)...)
	class.Env = env
	var diag bytes.Buffer
	class.Stderr = &diag
	home, err := class.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := class.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := class.Start(); err != nil {
		t.Fatal(err)
	}
	stop := time.AfterFunc(8*time.Minute, func() { class.Process.Kill() })
	defer stop.Stop()
	done := watchClass(t, out)
	if done == learners && !t.Failed() {
		strangers(t)
		memory(t)
	}
	io.WriteString(home, "\n")
	if err := class.Wait(); err != nil || done != learners {
		t.Errorf("%d learners came to the end: %v\n%s", done, err, &diag)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func waitFor(t *testing.T, url string) {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if r, err := http.Get(url); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
	}
	t.Fatalf("nobody answers at %s", url)
}

// lessonsFor chooses what the class learns: one lesson on one machine, and one
// with hosts.
func lessonsFor(t *testing.T) []string {
	t.Helper()
	c, err := course.Load(lessons.Files())
	if err != nil {
		t.Log(err) // the lessons' own test says so
	}
	var chosen []string
	for _, l := range c.Lessons {
		if l.Number == 2 || l.Number == 10 {
			chosen = append(chosen, l.Name)
		}
	}
	if len(chosen) == 0 {
		t.Fatal("there is neither lesson 02 nor 10")
	}
	return chosen
}

// watchClass reports what the class says, and returns how many came to the end.
func watchClass(t *testing.T, out io.Reader) (done int) {
	t.Helper()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var said struct {
			Name          string
			Cells         int
			Problems      []string
			Arrived, Done float64
		}
		if err := json.Unmarshal(lines.Bytes(), &said); err != nil {
			t.Errorf("the class says %q", lines.Text())
			continue
		}
		if said.Name == "all" {
			return done
		}
		for _, p := range said.Problems {
			t.Errorf("%s: %s", said.Name, p)
		}
		if said.Done > 0 {
			done++
			t.Logf("%s: a server after %.1f s, %d cells, the end after %.1f s", said.Name, said.Arrived, said.Cells, said.Done)
			if said.Cells == 0 {
				t.Errorf("%s ran no cell", said.Name)
			}
		}
	}
	return done
}

// strangers has one learner's container look for another's server, files and
// processes.
func strangers(t *testing.T) {
	t.Helper()
	healthy(t, "jupyter-learner1")
	ip := docker(t, "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", "jupyter-learner1")
	own := docker(t, "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", "jupyter-learner0")
	docker(t, "exec", "jupyter-learner1", "sh", "-c", "echo secret > ~/marker-of-learner1")
	script := fmt.Sprintf(`timeout 3 bash -c '</dev/tcp/%s/8888' 2>/dev/null && echo "reaches the other server"
timeout 3 bash -c '</dev/tcp/%s/8888' && echo "reaches itself"
find / -xdev -name 'marker-of-learner1' 2>/dev/null; ls ~/marker* 2>/dev/null
cat /proc/[0-9]*/environ 2>/dev/null | tr '\0' '\n' | grep -a learner1
exit 0`, ip, own)
	if got := docker(t, "exec", "jupyter-learner0", "sh", "-c", script); got != "reaches itself" {
		t.Errorf("one learner %q", got)
	}
}

// memory prints what each learner takes.
func memory(t *testing.T) {
	t.Helper()
	out := docker(t, "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}} {{.PIDs}} threads")
	for line := range strings.Lines(out) {
		t.Log(strings.TrimSpace(line))
	}
}
