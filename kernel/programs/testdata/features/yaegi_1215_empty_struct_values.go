// Empty structs and literals as arguments, elements and map values (yaegi #1215, #1065, #1308).
package main

import "fmt"

type data struct{ S string }
type empty struct{}
type AST struct {
	Num  int
	Kids []AST
}

func (empty) Hi() string     { return "hi" }
func render(v any) string    { return fmt.Sprintf("%v|%+v|%T", v, v, v) }
func variadic(vs ...any) int { return len(vs) }
func newAST(n int, root AST, kids ...AST) AST {
	return AST{n, append([]AST{root}, kids...)}
}

func main() {
	fmt.Println(render(data{}), render(&data{}), render(empty{}), render(struct{}{}), render([]data{{}}), render([0]int{}))
	fmt.Println(variadic(data{}, empty{}, nil), variadic(data{}), empty{}.Hi(), (&empty{}).Hi())
	set := map[string]struct{}{"a": {}}
	set["b"] = struct{}{}
	_, ok := set["a"]
	_, no := set["z"]
	fmt.Println(len(set), ok, no, set)
	fmt.Println(newAST(1, AST{}, AST{}, AST{2, nil}))
	nested := []struct {
		v any
		s string
	}{{v: []any{data{"x"}, &data{"y"} != nil}, s: "s"}, {}}
	fmt.Println(nested, render(nested[1]))
	sig := make(chan empty, 2)
	sig <- empty{}
	fmt.Println(<-sig == empty{}, any(empty{}) == any(empty{}), any(empty{}) == any(struct{}{}))
	var arr [3]empty
	for i, e := range arr {
		fmt.Print(i, e, " ")
	}
	fmt.Println(len(arr))
}
