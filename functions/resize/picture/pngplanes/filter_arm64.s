#include "textflag.h"

// Instructions that the assembler has no name for, on vectors by their numbers.
#define UHADD(m, n, d) WORD $(0x2E200400 | (m)<<16 | (n)<<5 | (d)) // d.8B = (n.8B + m.8B) / 2, rounded down
#define CMGE(m, n, d) WORD $(0x4E603C00 | (m)<<16 | (n)<<5 | (d))  // d.8H = all ones where n.8H ≥ m.8H, with signs
#define XTN(n, d) WORD $(0x0E212800 | (n)<<5 | (d))                // d.8B = the lower halves of n.8H

// func subVector(row, line *byte, count, n int)
TEXT ·subVector(SB), NOSPLIT, $0-32
	MOVD row+0(FP), R0
	MOVD line+8(FP), R1
	MOVD count+16(FP), R3
	MOVD n+24(FP), R4
	VEOR V0.B16, V0.B16, V0.B16 // left

pixel:
	FMOVS (R1), F1
	VADD  V1.B8, V0.B8, V0.B8
	FMOVS F0, (R0)
	ADD   R4, R1, R1
	ADD   R4, R0, R0
	SUBS  $1, R3, R3
	BNE   pixel
	RET

// func upVector(row, line, above *byte, vectors int)
TEXT ·upVector(SB), NOSPLIT, $0-32
	MOVD row+0(FP), R0
	MOVD line+8(FP), R1
	MOVD above+16(FP), R2
	MOVD vectors+24(FP), R3

vector:
	VLD1.P 32(R1), [V0.B16, V1.B16]
	VLD1.P 32(R2), [V2.B16, V3.B16]
	VADD   V2.B16, V0.B16, V0.B16
	VADD   V3.B16, V1.B16, V1.B16
	VST1.P [V0.B16, V1.B16], 32(R0)
	SUBS   $1, R3, R3
	BNE    vector
	RET

// func averageVector(row, line, above *byte, count, n int)
TEXT ·averageVector(SB), NOSPLIT, $0-40
	MOVD row+0(FP), R0
	MOVD line+8(FP), R1
	MOVD above+16(FP), R2
	MOVD count+24(FP), R3
	MOVD n+32(FP), R4
	VEOR V0.B16, V0.B16, V0.B16 // left

pixel:
	FMOVS (R1), F1
	FMOVS (R2), F2
	UHADD(2, 0, 0)
	VADD  V1.B8, V0.B8, V0.B8
	FMOVS F0, (R0)
	ADD   R4, R1, R1
	ADD   R4, R2, R2
	ADD   R4, R0, R0
	SUBS  $1, R3, R3
	BNE   pixel
	RET

// paethVector goes by a threshold, 3c - (a + b): from the larger of a and b up the prediction is the smaller one, down from the
// smaller one it is the larger, and between them c. Fewer steps wait for the pixel left than if distances were compared.
//
// func paethVector(row, line, above *byte, count, n int)
TEXT ·paethVector(SB), NOSPLIT, $0-40
	MOVD row+0(FP), R0
	MOVD line+8(FP), R1
	MOVD above+16(FP), R2
	MOVD count+24(FP), R3
	MOVD n+32(FP), R4
	VEOR V0.B16, V0.B16, V0.B16 // a, left, as words
	VEOR V2.B16, V2.B16, V2.B16 // c, left above

pixel:
	FMOVS  (R2), F1
	FMOVS  (R1), F3
	VUSHLL $0, V1.B8, V1.H8  // b, above
	VUSHLL $0, V3.B8, V3.H8
	VADD   V2.H8, V2.H8, V4.H8
	VADD   V2.H8, V4.H8, V4.H8
	VSUB   V1.H8, V4.H8, V4.H8
	VADD   V3.B16, V2.B16, V5.B16 // what c gives: bytes, their upper halves stay 0
	VSUB   V0.H8, V4.H8, V4.H8 // the threshold
	VUMAX  V1.H8, V0.H8, V6.H8
	VUMIN  V1.H8, V0.H8, V7.H8
	CMGE(6, 4, 8)
	CMGE(4, 7, 0)
	VADD   V3.B16, V6.B16, V6.B16 // what the larger one gives
	VADD   V3.B16, V7.B16, V7.B16 // and the smaller
	VBSL   V5.B16, V7.B16, V8.B16
	VBSL   V8.B16, V6.B16, V0.B16
	XTN(0, 9)
	FMOVS  F9, (R0)
	VMOV   V1.B16, V2.B16
	ADD    R4, R1, R1
	ADD    R4, R2, R2
	ADD    R4, R0, R0
	SUBS   $1, R3, R3
	BNE    pixel
	RET
