package sandbox

import (
	"fmt"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// action is what happens to a system call: a return value of a seccomp filter
// (seccomp(2)).
type action uint32

const (
	allow  action = unix.SECCOMP_RET_ALLOW
	notify action = unix.SECCOMP_RET_USER_NOTIF
	kill   action = unix.SECCOMP_RET_KILL_PROCESS
	next   action = 0xffffffff // ours: the rules that follow decide
)

func fail(e unix.Errno) action { return unix.SECCOMP_RET_ERRNO | action(e) }

// cond holds for an argument of a call if its low 32 bits, under the mask, are
// one of the values. Arguments of type int have no more bits than those.
type cond struct {
	arg    int
	high   bool   // look at the high 32 bits instead: for pointers
	mask   uint32 // 0: all bits
	values []uint32
}

// rule says what happens to a call: then, if all conditions of one of the
// alternatives hold, or if there are none; else els.
type rule struct {
	call uint32
	any  [][]cond
	then action
	els  action
}

// always is a rule without conditions.
func always(a action, calls ...uint32) []rule {
	rules := make([]rule, len(calls))
	for i, c := range calls {
		rules[i] = rule{call: c, then: a}
	}
	return rules
}

// where returns the conditions that an argument is one of the values.
func where(arg int, values ...uint32) cond { return cond{arg: arg, values: values} }

// Offsets in struct seccomp_data (seccomp(2)). Both architectures are
// little-endian.
const (
	offsetCall = 0
	offsetArch = 4
	offsetArgs = 16
)

// x32Bit marks calls of the x32 ABI on amd64, which has the same arch value.
const x32Bit = 0x40000000

// assemble makes the filter's program: the first rule for a call decides, and
// rest is for calls without a rule. foreign is for calls of another
// architecture.
func assemble(arch uint32, rules []rule, rest, foreign action) ([]bpf.RawInstruction, error) {
	load := func(offset int) bpf.Instruction { return bpf.LoadAbsolute{Off: uint32(offset), Size: 4} }
	program := []bpf.Instruction{
		load(offsetArch),
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: arch, SkipTrue: 1},
		bpf.RetConstant{Val: uint32(foreign)},
		load(offsetCall),
	}
	if arch == unix.AUDIT_ARCH_X86_64 {
		program = append(program,
			bpf.JumpIf{Cond: bpf.JumpLessThan, Val: x32Bit, SkipTrue: 1},
			bpf.RetConstant{Val: uint32(foreign)})
	}
	for _, r := range rules {
		body := r.body(load)
		program = append(program,
			bpf.JumpIf{Cond: bpf.JumpEqual, Val: r.call, SkipTrue: 1},
			bpf.Jump{Skip: uint32(len(body))})
		program = append(program, body...)
	}
	program = append(program, bpf.RetConstant{Val: uint32(rest)})
	raw, err := bpf.Assemble(program)
	if err != nil {
		return nil, fmt.Errorf("assemble a seccomp filter: %w", err)
	}
	return raw, nil
}

// body returns what decides a call that the rule is for. It returns, unless
// the rules that follow decide.
func (r rule) body(load func(int) bpf.Instruction) []bpf.Instruction {
	then := bpf.RetConstant{Val: uint32(r.then)}
	var els bpf.Instruction = bpf.RetConstant{Val: uint32(r.els)}
	if r.els == next {
		els = load(offsetCall)
	}
	if len(r.any) == 0 {
		return []bpf.Instruction{then}
	}
	var body []bpf.Instruction
	for _, alternative := range r.any {
		var code []bpf.Instruction
		var fails []int // jumps to the next alternative
		for _, c := range alternative {
			offset := offsetArgs + 8*c.arg
			if c.high {
				offset += 4
			}
			code = append(code, load(offset))
			if c.mask != 0 {
				code = append(code, bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: c.mask})
			}
			for i, v := range c.values {
				code = append(code, bpf.JumpIf{Cond: bpf.JumpEqual, Val: v, SkipTrue: uint8(len(c.values) - i)})
			}
			fails = append(fails, len(code))
			code = append(code, nil)
		}
		code = append(code, then)
		for _, i := range fails {
			code[i] = bpf.Jump{Skip: uint32(len(code) - i - 1)}
		}
		body = append(body, code...)
	}
	return append(body, els)
}
