package hint_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"sockbook/kernel/hint"
)

func TestOf(t *testing.T) {
	inner := hint.Add(fs.ErrNotExist, "make it")
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"no error", nil, ""},
		{"a hint to no error", hint.Add(nil, "nothing to do"), ""},
		{"no hint", errors.New("x"), ""},
		{"hint", inner, "make it"},
		{"wrapped", fmt.Errorf("open: %w", inner), "make it"},
		{"joined", errors.Join(errors.New("x"), inner), "make it"},
		{"the outermost of two", hint.Add(fmt.Errorf("open: %w", inner), "or not"), "or not"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := hint.Of(test.err); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if !errors.Is(inner, fs.ErrNotExist) || inner.Error() != fs.ErrNotExist.Error() {
		t.Errorf("%v is not the error that the hint was added to", inner)
	}
}
