package e2e

import (
	"testing"
	"time"
)

func TestLeftovers(t *testing.T) { suite(t, "leftovers", 4*time.Minute) }
