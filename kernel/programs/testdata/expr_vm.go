// An expression parser, a compiler to byte code and a tiny stack machine.
package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
)

type Kind int

const (
	EOF Kind = iota
	Number
	Ident
	Op
)

type Token struct {
	Kind Kind
	Text string
	Pos  int
}

type SyntaxError struct {
	Pos int
	Msg string
}

func (e SyntaxError) Error() string { return fmt.Sprintf("at %d: %s", e.Pos, e.Msg) }

func lex(s string) (toks []Token, err error) {
	rs := []rune(s)
	for i := 0; i < len(rs); {
		start := i
		switch r := rs[i]; {
		case unicode.IsSpace(r):
			i++
			continue
		case unicode.IsDigit(r):
			for i < len(rs) && (unicode.IsDigit(rs[i]) || rs[i] == '.') {
				i++
			}
			toks = append(toks, Token{Number, string(rs[start:i]), start})
		case unicode.IsLetter(r):
			for i < len(rs) && unicode.IsLetter(rs[i]) {
				i++
			}
			toks = append(toks, Token{Ident, string(rs[start:i]), start})
		case strings.ContainsRune("+-*/^(),=?:", r):
			i++
			toks = append(toks, Token{Op, string(r), start})
		default:
			return nil, SyntaxError{i, fmt.Sprintf("unexpected %q", r)}
		}
	}
	return append(toks, Token{Kind: EOF, Pos: len(rs)}), nil
}

type Node interface{ compile(c *compiler) }

type (
	Num    float64
	Var    string
	Unary  struct{ X Node }
	Binary struct {
		Op   byte
		L, R Node
	}
	Call struct {
		Name string
		Args []Node
	}
	Assign struct {
		Name string
		X    Node
	}
	Cond struct{ If, Then, Else Node }
)

type parser struct {
	toks []Token
	i    int
}

func (p *parser) peek() Token { return p.toks[p.i] }
func (p *parser) next() Token { t := p.toks[p.i]; p.i++; return t }
func (p *parser) accept(s string) bool {
	if t := p.peek(); t.Kind == Op && t.Text == s {
		p.i++
		return true
	}
	return false
}
func (p *parser) expect(s string) {
	if !p.accept(s) {
		p.fail("expected %q", s)
	}
}
func (p *parser) fail(f string, args ...any) {
	panic(SyntaxError{p.peek().Pos, fmt.Sprintf(f, args...)})
}

var prec = map[string]int{"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}

func (p *parser) expr(min int) Node {
	left := p.unary()
	for {
		t := p.peek()
		pr, ok := prec[t.Text]
		if t.Kind != Op || !ok || pr < min {
			break
		}
		p.next()
		q := pr + 1
		if t.Text == "^" {
			q = pr
		}
		left = &Binary{t.Text[0], left, p.expr(q)}
	}
	if min == 0 && p.accept("?") {
		a := p.expr(0)
		p.expect(":")
		return Cond{left, a, p.expr(0)}
	}
	return left
}

func (p *parser) unary() Node {
	if p.accept("-") {
		return Unary{p.expr(3)}
	}
	switch t := p.next(); {
	case t.Kind == Number:
		f, err := strconv.ParseFloat(t.Text, 64)
		if err != nil {
			panic(fmt.Errorf("number: %w", err))
		}
		return Num(f)
	case t.Kind == Ident && p.accept("("):
		c := &Call{Name: t.Text}
		for !p.accept(")") {
			c.Args = append(c.Args, p.expr(0))
			if !p.accept(",") && p.peek().Text != ")" {
				p.fail("expected , or )")
			}
		}
		return c
	case t.Kind == Ident && p.accept("="):
		return Assign{t.Text, p.expr(0)}
	case t.Kind == Ident:
		return Var(t.Text)
	case t.Text == "(":
		n := p.expr(0)
		p.expect(")")
		return n
	}
	p.i--
	p.fail("unexpected %q", p.peek().Text)
	return nil
}

func Parse(s string) (n Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(error)
			if !ok {
				panic(r)
			}
			n, err = nil, e
		}
	}()
	toks, err := lex(s)
	if err != nil {
		return nil, err
	}
	p := &parser{toks: toks}
	n = p.expr(0)
	if p.peek().Kind != EOF {
		p.fail("trailing %q", p.peek().Text)
	}
	return n, nil
}

type Code byte

const (
	Push Code = iota
	Load
	Store
	Neg
	Arith
	CallFn
	JumpZero
	Jump
)

//go:generate stringer
func (c Code) String() string {
	return [...]string{"PUSH", "LOAD", "STORE", "NEG", "ARITH", "CALL", "JZ", "JMP"}[c]
}

type Instr struct {
	Code
	Arg any
}

func (i Instr) String() string {
	if b, ok := i.Arg.(byte); ok {
		return fmt.Sprintf("%v %c", i.Code, b)
	}
	if i.Arg == nil {
		return i.Code.String()
	}
	return fmt.Sprintf("%v %v", i.Code, i.Arg)
}

type compiler struct{ out []Instr }

func (c *compiler) emit(op Code, arg any) int {
	c.out = append(c.out, Instr{op, arg})
	return len(c.out) - 1
}

func (n Num) compile(c *compiler)   { c.emit(Push, float64(n)) }
func (v Var) compile(c *compiler)   { c.emit(Load, string(v)) }
func (u Unary) compile(c *compiler) { u.X.compile(c); c.emit(Neg, nil) }
func (b *Binary) compile(c *compiler) {
	b.L.compile(c)
	b.R.compile(c)
	c.emit(Arith, b.Op)
}
func (f *Call) compile(c *compiler) {
	for _, a := range f.Args {
		a.compile(c)
	}
	c.emit(CallFn, struct {
		Name string
		N    int
	}{f.Name, len(f.Args)})
}
func (a Assign) compile(c *compiler) { a.X.compile(c); c.emit(Store, a.Name) }
func (d Cond) compile(c *compiler) {
	d.If.compile(c)
	jz := c.emit(JumpZero, nil)
	d.Then.compile(c)
	end := c.emit(Jump, nil)
	c.out[jz].Arg = len(c.out)
	d.Else.compile(c)
	c.out[end].Arg = len(c.out)
}

type VM struct {
	vars  map[string]float64
	funcs map[string]any
	stack []float64
}

var ErrZero = errors.New("division by zero")

func (vm *VM) pop() float64 {
	n := len(vm.stack) - 1
	v := vm.stack[n]
	vm.stack = vm.stack[:n]
	return v
}

func (vm *VM) Run(code []Instr) (float64, error) {
	vm.stack = vm.stack[:0]
	for pc := 0; pc < len(code); pc++ {
		switch in := code[pc]; in.Code {
		case Push:
			vm.stack = append(vm.stack, in.Arg.(float64))
		case Load:
			v, ok := vm.vars[in.Arg.(string)]
			if !ok {
				return 0, fmt.Errorf("undefined: %s", in.Arg)
			}
			vm.stack = append(vm.stack, v)
		case Store:
			vm.vars[in.Arg.(string)] = vm.stack[len(vm.stack)-1]
		case Neg:
			vm.stack[len(vm.stack)-1] *= -1
		case Arith:
			b, a := vm.pop(), vm.pop()
			switch in.Arg.(byte) {
			case '+':
				a += b
			case '-':
				a -= b
			case '*':
				a *= b
			case '/':
				if b == 0 {
					return 0, fmt.Errorf("pc %d: %w", pc, ErrZero)
				}
				a /= b
			case '^':
				a = math.Pow(a, b)
			}
			vm.stack = append(vm.stack, a)
		case CallFn:
			c := in.Arg.(struct {
				Name string
				N    int
			})
			args := append([]float64(nil), vm.stack[len(vm.stack)-c.N:]...)
			vm.stack = vm.stack[:len(vm.stack)-c.N]
			switch f := vm.funcs[c.Name].(type) {
			case func(float64) float64:
				vm.stack = append(vm.stack, f(args[0]))
			case func(...float64) float64:
				vm.stack = append(vm.stack, f(args...))
			case nil:
				return 0, fmt.Errorf("no function %s/%d", c.Name, c.N)
			}
		case JumpZero:
			if vm.pop() == 0 {
				pc = in.Arg.(int) - 1
			}
		case Jump:
			pc = in.Arg.(int) - 1
		}
	}
	return vm.pop(), nil
}

func main() {
	vm := &VM{vars: map[string]float64{"pi": math.Pi}, funcs: map[string]any{
		"sqrt": math.Sqrt,
		"sum": func(xs ...float64) (s float64) {
			for _, x := range xs {
				s += x
			}
			return
		},
	}}
	for _, src := range []string{"1 + 2*3", "-2^2", "2^3^2", "(1+2)*-3", "x = sqrt(16) / 8", "x*4 ? sum(1,2,3) : 1/0", "0 ? 1 : sum()",
		"1/(x-0.5)", "y+1", "nope(1)", "1 +", "2 $ 3", "(1", "1.2.3", "3 4"} {
		n, err := Parse(src)
		if err != nil {
			var se SyntaxError
			fmt.Printf("%-22s syntax: %v %t %t\n", src, err, errors.As(err, &se), errors.Is(err, strconv.ErrSyntax))
			continue
		}
		c := new(compiler)
		n.compile(c)
		v, err := vm.Run(c.out)
		if err != nil {
			fmt.Printf("%-22s error: %v %t\n", src, err, errors.Is(err, ErrZero))
			continue
		}
		fmt.Printf("%-22s = %-6g %v\n", src, v, c.out)
	}
	n, _ := Parse("a ? b : -c*2")
	fmt.Printf("%T %+v\n", n, n.(Cond).If)
	fmt.Printf("%#v\n", n.(Cond).Then)
}
