#include "textflag.h"

// func stackUsed() uintptr
//
// The bounds of the stack, low and high, are the first words of the runtime's g.
TEXT ·stackUsed(SB),NOSPLIT,$0-8
	MOVQ (TLS), AX
	MOVQ 8(AX), AX
	SUBQ SP, AX
	MOVQ AX, ret+0(FP)
	RET

// func runtimeThread() uint64
//
// The thread is m.procid, its m is g.m.
TEXT ·runtimeThread(SB),NOSPLIT,$0-8
	MOVQ (TLS), AX
	MOVQ 48(AX), AX
	MOVQ 64(AX), AX
	MOVQ AX, ret+0(FP)
	RET
