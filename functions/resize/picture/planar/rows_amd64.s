#include "textflag.h"

// FIRST makes SUM the products of 8 sums of one output, at A, and of 8 of another, at B, with their coefficients.
#define FIRST(A, B, offset, SUM) \
	VMOVDQU (R13)(A*2), X4                \
	VINSERTI128 $1, (R13)(B*2), Y4, Y4    \
	VPMADDWD offset(SI), Y4, SUM

// NEXT adds to SUM as FIRST.
#define NEXT(A, B, offset, SUM) \
	FIRST(A, B, offset, Y5)               \
	VPADDD Y5, SUM, SUM

// func rowsVector(dst *byte, sums *int16, starts *int32, coefs *int16, groups, chunks int, shift uint)
TEXT ·rowsVector(SB), NOSPLIT, $0-56
	MOVQ dst+0(FP), DI
	MOVQ starts+16(FP), R12
	MOVQ coefs+24(FP), SI
	DECQ chunks+40(FP)       // those after the first,
	SHLQ $4, chunks+40(FP)   // in bytes of sums
	MOVQ shift+48(FP), CX
	VMOVQ CX, X7
	DECQ CX
	MOVL $1, AX
	SHLL CX, AX
	VMOVD AX, X6
	VPBROADCASTD X6, Y6      // half a unit

group:
	MOVQ sums+8(FP), R13
	MOVLQSX 0(R12), AX
	MOVLQSX 4(R12), BX
	MOVLQSX 8(R12), CX
	MOVLQSX 12(R12), DX
	MOVLQSX 16(R12), R8
	MOVLQSX 20(R12), R9
	MOVLQSX 24(R12), R10
	MOVLQSX 28(R12), R11
	ADDQ $32, R12
	FIRST(AX, R8, 0, Y0)
	FIRST(BX, R9, 32, Y1)
	FIRST(CX, R10, 64, Y2)
	FIRST(DX, R11, 96, Y3)
	SUBQ $-128, SI
	CMPQ chunks+40(FP), $0
	JEQ  last
	MOVQ R12, starts+16(FP)
	MOVQ chunks+40(FP), R12
	ADDQ R13, R12            // where the last chunk is

taps:
	ADDQ $16, R13
	NEXT(AX, R8, 0, Y0)
	NEXT(BX, R9, 32, Y1)
	NEXT(CX, R10, 64, Y2)
	NEXT(DX, R11, 96, Y3)
	SUBQ $-128, SI
	CMPQ R13, R12
	JLT  taps
	MOVQ starts+16(FP), R12

last:
	// The low half holds outputs 0 to 3, the high half 4 to 7.
	VPHADDD Y1, Y0, Y0
	VPHADDD Y3, Y2, Y2
	VPHADDD Y2, Y0, Y0
	VPADDD Y6, Y0, Y0
	VPSRAD X7, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPACKSSDW X1, X0, X0
	VPACKUSWB X0, X0, X0
	VMOVQ X0, (DI)
	ADDQ $8, DI
	DECQ groups+32(FP)
	JNZ  group
	VZEROUPPER
	RET
