package worker

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBirths(t *testing.T) {
	words := `fatal error: concurrent map writes

goroutine 5 [running labels:{"cell": "[7]", "line": "4"}]:
internal/runtime/maps.fatal({0x4df269?, 0xbbe4a973f20?})
	/usr/local/go/src/runtime/panic.go:1181 +0x18

goroutine 9 gp=0xc000088960 m=nil [chan receive, 2 minutes labels:{"cell": "[8]", "line": "0"}]:
main.main()

goroutine 1 [select]:
`
	want := []string{
		"    goroutine 5, started at cell [7], line 4: running",
		"    goroutine 9, cell [8] itself: chan receive, 2 minutes",
	}
	if diff := cmp.Diff(want, births(words)); diff != "" {
		t.Error(diff)
	}
}
