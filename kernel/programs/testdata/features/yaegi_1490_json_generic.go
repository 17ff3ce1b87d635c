// JSON methods of generic types (yaegi #1490, #1491).
package main

import (
	"encoding/json"
	"fmt"
	"reflect"
)

type Slice[T any] struct{ ж []T }

func (v Slice[T]) MarshalJSON() ([]byte, error)  { return json.Marshal(v.ж) }
func (v *Slice[T]) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &v.ж) }

type view struct {
	Int     int
	Strings Slice[string]
	Ptr     *Slice[string] `json:",omitempty"`
}

func main() {
	s := Slice[string]{[]string{"bar"}}
	for _, in := range []view{{1, s, &s}, {Int: 2}} {
		b, err := json.Marshal(in)
		var out view
		err2 := json.Unmarshal(b, &out)
		fmt.Println(string(b), err, err2, reflect.DeepEqual(in, out))
	}
}
