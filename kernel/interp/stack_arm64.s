#include "textflag.h"

// func stackUsed() uintptr
//
// The bounds of the stack, low and high, are the first words of the runtime's g.
TEXT ·stackUsed(SB),NOSPLIT,$0-8
	MOVD 8(g), R0
	MOVD RSP, R1
	SUB R1, R0, R0
	MOVD R0, ret+0(FP)
	RET

// func runtimeThread() uint64
//
// The thread is m.procid, its m is g.m.
TEXT ·runtimeThread(SB),NOSPLIT,$0-8
	MOVD 48(g), R0
	MOVD 64(R0), R0
	MOVD R0, ret+0(FP)
	RET
