#include "textflag.h"

// func stubBase() uintptr
TEXT ·stubBase(SB),NOSPLIT,$0-8
	MOVD $·stubs(SB), R0
	MOVD R0, ret+0(FP)
	RET

// Arguments stay where they are. R16 and R17 are free, R26 is the closure.
TEXT ·stubCall(SB),NOSPLIT|NOFRAME,$0-0
	MOVD $·stubFunc(SB), R17
	MOVD (R17)(R16<<3), R26
	MOVD (R26), R17
	B (R17)

#define S1(i) PCALIGN $16; MOVD $(i), R16; B ·stubCall(SB)
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
