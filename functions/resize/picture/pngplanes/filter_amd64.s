#include "textflag.h"

// func subVector(row, line *byte, count, n int)
TEXT ·subVector(SB), NOSPLIT, $0-32
	MOVQ  row+0(FP), DI
	MOVQ  line+8(FP), SI
	MOVQ  count+16(FP), CX
	MOVQ  n+24(FP), DX
	VPXOR X0, X0, X0

pixel:
	VMOVD  (SI), X1
	VPADDB X1, X0, X0
	VMOVD  X0, (DI)
	ADDQ   DX, SI
	ADDQ   DX, DI
	DECQ   CX
	JNZ    pixel
	RET

// func upVector(row, line, above *byte, vectors int)
TEXT ·upVector(SB), NOSPLIT, $0-32
	MOVQ row+0(FP), DI
	MOVQ line+8(FP), SI
	MOVQ above+16(FP), BX
	MOVQ vectors+24(FP), CX

vector:
	VMOVDQU (SI), Y0
	VPADDB  (BX), Y0, Y0
	VMOVDQU Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, BX
	ADDQ    $32, DI
	DECQ    CX
	JNZ     vector
	VZEROUPPER
	RET

// func averageVector(row, line, above *byte, count, n int)
TEXT ·averageVector(SB), NOSPLIT, $0-40
	MOVQ     row+0(FP), DI
	MOVQ     line+8(FP), SI
	MOVQ     above+16(FP), BX
	MOVQ     count+24(FP), CX
	MOVQ     n+32(FP), DX
	VPXOR    X0, X0, X0      // left
	VPCMPEQB X7, X7, X7
	VPABSB   X7, X7          // ones

pixel:
	VMOVD  (SI), X1
	VMOVD  (BX), X2
	VPAVGB X2, X0, X3        // rounds up,
	VPXOR  X2, X0, X4
	VPAND  X7, X4, X4
	VPSUBB X4, X3, X3        // and now down
	VPADDB X1, X3, X0
	VMOVD  X0, (DI)
	ADDQ   DX, SI
	ADDQ   DX, BX
	ADDQ   DX, DI
	DECQ   CX
	JNZ    pixel
	RET

// paethVector goes by a threshold, 3c - (a + b): from the larger of a and b up the prediction is the smaller one, down from the
// smaller one it is the larger, and between them c. Fewer steps wait for the pixel left than if distances were compared.
//
// func paethVector(row, line, above *byte, count, n int)
TEXT ·paethVector(SB), NOSPLIT, $0-40
	MOVQ  row+0(FP), DI
	MOVQ  line+8(FP), SI
	MOVQ  above+16(FP), BX
	MOVQ  count+24(FP), CX
	MOVQ  n+32(FP), DX
	VPXOR X0, X0, X0         // a, left, as words
	VPXOR X2, X2, X2         // c, left above

pixel:
	VMOVD      (BX), X1
	VPMOVZXBW  X1, X1        // b, above
	VMOVD      (SI), X3
	VPMOVZXBW  X3, X3
	VPADDW     X2, X2, X4
	VPADDW     X2, X4, X4
	VPSUBW     X1, X4, X4
	VPADDB     X3, X2, X5    // what c gives: bytes, their upper halves stay 0
	VPSUBW     X0, X4, X4    // the threshold
	VPMAXSW    X1, X0, X6
	VPMINSW    X1, X0, X7
	VPCMPGTW   X4, X6, X8
	VPCMPGTW   X7, X4, X9
	VPADDB     X3, X6, X6    // what the larger one gives
	VPADDB     X3, X7, X7    // and the smaller
	VPBLENDVB  X8, X5, X7, X8
	VPBLENDVB  X9, X8, X6, X0
	VPACKUSWB  X0, X0, X10
	VMOVD      X10, (DI)
	VMOVDQA    X1, X2
	ADDQ       DX, SI
	ADDQ       DX, BX
	ADDQ       DX, DI
	DECQ       CX
	JNZ        pixel
	RET
