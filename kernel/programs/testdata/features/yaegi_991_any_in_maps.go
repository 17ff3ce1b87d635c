// Values in map[string]any, aliases of it, printed, asserted and changed (yaegi #991, #989, #1342, #1344).
package main

import (
	"fmt"
	"sort"
)

type DTO = map[string]any
type list []any

func invoke(req DTO) (*DTO, error) {
	return &DTO{"id": req["id"], "type": fmt.Sprintf("%T", req["id"]), "copy": list{req["id"], req}}, nil
}

func walk(path string, v any, out *[]string) {
	switch v := v.(type) {
	case DTO:
		var ks []string
		for k := range v {
			ks = append(ks, k)
		}
		sort.Strings(ks)
		for _, k := range ks {
			walk(path+"."+k, v[k], out)
		}
	case list:
		for i, e := range v {
			walk(fmt.Sprint(path, "[", i, "]"), e, out)
		}
	case []any:
		walk(path, list(v), out)
	default:
		*out = append(*out, fmt.Sprintf("%s=%v(%T)", path, v, v))
	}
}

func main() {
	r, err := invoke(DTO{"id": "1", "n": 2})
	fmt.Println((*r)["type"], err, len(*r))
	fmt.Printf("%T %T\n", (*r)["id"], (*r)["copy"])
	var out []string
	walk("$", *r, &out)
	for _, l := range out {
		fmt.Println(l)
	}
	m := (*r)["copy"].(list)[1].(DTO)
	m["n"] = m["n"].(int) + 1
	n, ok := m["n"].(float64)
	fmt.Println(m["n"], n, ok, m)
	m["f"] = func(s string) string { return s + "!" }
	fmt.Println(m["f"].(func(string) string)("called"), m["zz"] == nil)
	delete(m, "f")
	var a any = m
	a.(DTO)["late"] = []any{1, nil}
	fmt.Println(len(m), m["late"].([]any)[1] == nil)
	defer func() { fmt.Println(recover()) }()
	_ = m["id"].(fmt.Stringer)
}
