// JSON: tags, custom marshalling, embedded structs, streams, unknown fields,
// errors, any.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"sort"
	"strings"
	"time"
)

type Duration struct{ time.Duration }

func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }
func (d *Duration) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	var err error
	d.Duration, err = time.ParseDuration(s)
	return err
}

type Level int

const (
	Debug Level = iota
	Info
	Error
)

func (l Level) MarshalText() ([]byte, error) {
	return []byte([]string{"debug", "info", "error"}[l]), nil
}

func (l *Level) UnmarshalText(b []byte) error {
	switch strings.ToLower(string(b)) {
	case "debug":
		*l = Debug
	case "info":
		*l = Info
	case "error":
		*l = Error
	default:
		return fmt.Errorf("unknown level %q", b)
	}
	return nil
}

type Base struct {
	ID      int       `json:"id"`
	Created time.Time `json:"created"`
}

type Server struct {
	Base
	Name     string            `json:"name"`
	Addrs    []netip.AddrPort  `json:"addrs,omitempty"`
	Timeout  Duration          `json:"timeout"`
	Level    Level             `json:"level"`
	Labels   map[string]string `json:"labels,omitempty"`
	Parent   *Server           `json:"parent,omitempty"`
	Password string            `json:"-"`
	Raw      json.RawMessage   `json:"raw,omitempty"`
	Extra    any               `json:"extra"`
	secret   int
	Count    int64 `json:"count,string"`
}

type shape interface{ Area() float64 }
type square struct{ Side float64 }
type circle struct{ R float64 }

func (s square) Area() float64  { return s.Side * s.Side }
func (c *circle) Area() float64 { return 3 * c.R * c.R }

type shapes []shape

func (s *shapes) UnmarshalJSON(b []byte) error {
	var raw []struct {
		Kind string
		Data json.RawMessage
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	for _, r := range raw {
		switch r.Kind {
		case "square":
			var q square
			if err := json.Unmarshal(r.Data, &q); err != nil {
				return err
			}
			*s = append(*s, q)
		case "circle":
			c := new(circle)
			if err := json.Unmarshal(r.Data, c); err != nil {
				return err
			}
			*s = append(*s, c)
		default:
			return fmt.Errorf("unknown shape %q", r.Kind)
		}
	}
	return nil
}

func main() {
	s := Server{
		Base:    Base{7, time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)},
		Name:    "alpha <&>",
		Addrs:   []netip.AddrPort{netip.MustParseAddrPort("10.0.0.1:80"), netip.MustParseAddrPort("[::1]:443")},
		Timeout: Duration{90 * time.Second},
		Level:   Error,
		Labels:  map[string]string{"z": "last", "a": "first"},
		Parent:  &Server{Name: "beta"},
		Raw:     json.RawMessage(`{"x": [1, 2]}`),
		Extra:   []any{1, "two", nil, 3.5, map[string]int{"k": 1}},
		secret:  1,
		Count:   12345678901,
	}
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(string(b))
	var back Server
	if err := json.Unmarshal(b, &back); err != nil {
		fmt.Println(err)
	}
	again, _ := json.Marshal(back)
	var compact bytes.Buffer
	json.Compact(&compact, b)
	fmt.Println(bytes.Equal(again, compact.Bytes()), back.ID, back.Timeout, back.Level, back.Parent.Name, back.Count)
	fmt.Printf("%T %v\n", back.Extra, back.Extra)

	for _, bad := range []string{`{"id": "x"}`, `{"timeout": "soon"}`, `{"level": "loud"}`, `{"name": "x"`, `[1]`, `{"addrs": ["nope"]}`} {
		var s Server
		err := json.Unmarshal([]byte(bad), &s)
		var te *json.UnmarshalTypeError
		var se *json.SyntaxError
		switch {
		case errors.As(err, &te):
			fmt.Println("type:", te.Field, te.Value, te.Type)
		case errors.As(err, &se):
			fmt.Println("syntax at", se.Offset, err)
		default:
			fmt.Println("other:", err)
		}
	}
	var list shapes
	err = json.Unmarshal([]byte(`[{"kind":"square","data":{"side":2}},{"Kind":"circle","Data":{"R":1}}]`), &list)
	for _, sh := range list {
		fmt.Printf("%T %v %v;", sh, sh, sh.Area())
	}
	fmt.Println(err, json.Unmarshal([]byte(`[{"kind":"blob"}]`), &list))

	dec := json.NewDecoder(strings.NewReader(`{"a":1} {"b":[true,null]} 3 "x" oops`))
	dec.UseNumber()
	for {
		var v any
		if err := dec.Decode(&v); err == io.EOF {
			break
		} else if err != nil {
			fmt.Println("stop:", err)
			break
		}
		fmt.Printf("%T %v\n", v, v)
	}
	strict := json.NewDecoder(strings.NewReader(`{"Side": 1, "Colour": "red"}`))
	strict.DisallowUnknownFields()
	fmt.Println(strict.Decode(&square{}))

	var tree map[string]any
	json.Unmarshal([]byte(`{"n":{"m":[{"k":"deep"}]},"a":1e3}`), &tree)
	deep := tree["n"].(map[string]any)["m"].([]any)[0].(map[string]any)["k"].(string)
	keys := make([]string, 0)
	for k := range tree {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Println(deep, keys, tree["a"].(float64))
	out, err := json.Marshal(map[Level][]byte{Info: []byte("hi"), Debug: nil})
	fmt.Println(string(out), err)
	_, err = json.Marshal(map[string]any{"f": func() {}})
	fmt.Println(err)
	anon, _ := json.Marshal(struct {
		A int `json:"a"`
		B struct{ C []int }
		*Base
	}{A: 1})
	fmt.Println(string(anon))
}
