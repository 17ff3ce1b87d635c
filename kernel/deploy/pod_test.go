package deploy_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The pod that KubeSpawner makes of the values for a cluster is confined, and
// allows what a lab needs.
func TestPod(t *testing.T) {
	image(t) // or the test is skipped
	cmd := exec.Command(filepath.Join(os.Getenv("SOCKBOOK_HUB"), "bin", "python"), "testdata/hub/pod.py", filepath.Join(deployed(t), "zero-to-jupyterhub.yaml"))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	type object = map[string]any
	var pod struct {
		Spec struct {
			HostUsers       *bool
			SecurityContext map[string]any
			Containers      []struct {
				Image           string
				SecurityContext map[string]any
				Resources       struct{ Limits map[string]float64 }
			}
		}
	}
	if err := json.Unmarshal(out, &pod); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if pod.Spec.HostUsers == nil || *pod.Spec.HostUsers {
		t.Errorf("the pod has not got user namespaces of its own: %s", out)
	}
	if len(pod.Spec.Containers) != 1 {
		t.Fatalf("%d containers: %s", len(pod.Spec.Containers), out)
	}
	c := pod.Spec.Containers[0]
	seccomp := object{"type": "Localhost", "localhostProfile": "profiles/sockbook.json"}
	if diff := cmp.Diff(object{"fsGroup": 100.0, "seccompProfile": seccomp}, pod.Spec.SecurityContext); diff != "" {
		t.Errorf("the pod's securityContext:\n%s", diff)
	}
	if diff := cmp.Diff(object{"runAsUser": 1000.0, "allowPrivilegeEscalation": false, "procMount": "Unmasked", "seccompProfile": seccomp,
		"capabilities": object{"drop": []interface{}{"ALL"}}}, c.SecurityContext); diff != "" {
		t.Errorf("the container's securityContext:\n%s", diff)
	}
	if diff := cmp.Diff(map[string]float64{"cpu": 1, "memory": 1 << 30}, c.Resources.Limits); diff != "" {
		t.Errorf("limits:\n%s", diff)
	}
}
