#include "textflag.h"

// func stubBase() uintptr
TEXT ·stubBase(SB),NOSPLIT,$0-8
	LEAQ ·stubs(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// Arguments stay where they are. R12 and R13 are free in Go's register
// convention, DX is the closure.
TEXT ·stubCall(SB),NOSPLIT|NOFRAME,$0-0
	LEAQ ·stubFunc(SB), R12
	MOVQ (R12)(R13*8), DX
	MOVQ (DX), R12
	JMP R12

#define S1(i) PCALIGN $16; MOVL $(i), R13; JMP ·stubCall(SB)
#define S8(i) S1(i); S1(i+1); S1(i+2); S1(i+3); S1(i+4); S1(i+5); S1(i+6); S1(i+7)
#define S64(i) S8(i); S8(i+8); S8(i+16); S8(i+24); S8(i+32); S8(i+40); S8(i+48); S8(i+56)
#define S512(i) S64(i); S64(i+64); S64(i+128); S64(i+192); S64(i+256); S64(i+320); S64(i+384); S64(i+448)

// Each entry takes 16 bytes.
TEXT ·stubs(SB),NOSPLIT|NOFRAME,$0-0
	S512(0)
	S512(512)
	S512(1024)
	S512(1536)
	S512(2048)
	S512(2560)
	S512(3072)
	S512(3584)
	S512(4096)
	S512(4608)
	S512(5120)
	S512(5632)
	S512(6144)
	S512(6656)
	S512(7168)
	S512(7680)
	RET
