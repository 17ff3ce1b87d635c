package sock

import (
	"os"
	"os/exec"
	"testing"
)

// TestFresh makes the symbol tables again and compares them.
func TestFresh(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no go command")
		}
		t.Skip("no go command to make the tables with")
	}
	if out, err := exec.Command("go", "run", "./internal/gensym", "-check", ".").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
