package stage

import (
	"slices"
	"testing"
)

func TestSettings(t *testing.T) {
	tests := map[string]struct {
		set  []setting
		want []string
	}{
		"none":            {nil, nil},
		"set twice":       {[]setting{{"a", "x", "15", "3"}, {"a", "x", "3", "1"}}, []string{"a: x is 1 here (it was 15)"}},
		"set back":        {[]setting{{"a", "x", "15", "3"}, {"a", "x", "3", "15"}}, nil},
		"set to the same": {[]setting{{"a", "x", "15", "15"}}, nil},
		"a slow one":      {[]setting{{"a", "tcp_retries2", "15", "3"}}, []string{"a: tcp_retries2 is 3 here; Linux's own 15 would make this take about 15 minutes"}},
		"two hosts":       {[]setting{{"a", "x", "15", "3"}, {"b", "x", "15", "3"}, {"a", "x", "3", "15"}}, []string{"b: x is 3 here (it was 15)"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var all []setting
			for _, s := range test.set {
				all = changed(all, s)
			}
			var got []string
			for _, s := range all {
				got = append(got, s.String())
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("have %q, want %q", got, test.want)
			}
		})
	}
}
