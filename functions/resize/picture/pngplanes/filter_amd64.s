#include "textflag.h"

// func subAVX2(row, line *byte, count, n int)
TEXT ·subAVX2(SB), NOSPLIT, $0-32
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

// func upAVX2(row, line, above *byte, vectors int)
TEXT ·upAVX2(SB), NOSPLIT, $0-32
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

// func averageAVX2(row, line, above *byte, count, n int)
TEXT ·averageAVX2(SB), NOSPLIT, $0-40
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

// func paethAVX2(row, line, above *byte, count, n int)
TEXT ·paethAVX2(SB), NOSPLIT, $0-40
	MOVQ  row+0(FP), DI
	MOVQ  line+8(FP), SI
	MOVQ  above+16(FP), BX
	MOVQ  count+24(FP), CX
	MOVQ  n+32(FP), DX
	VPXOR X15, X15, X15
	VPXOR X0, X0, X0         // a, left, as words
	VPXOR X2, X2, X2         // c, left above

pixel:
	VMOVD      (BX), X1
	VPUNPCKLBW X15, X1, X1   // b, above
	VMOVD      (SI), X3
	VPUNPCKLBW X15, X3, X3
	VPSUBW     X2, X1, X4
	VPSUBW     X2, X0, X5
	VPADDW     X5, X4, X6
	VPABSW     X4, X4        // from a
	VPABSW     X5, X5        // from b
	VPABSW     X6, X6        // from c
	VPMINSW    X6, X5, X7
	VPCMPGTW   X6, X5, X9
	VPCMPGTW   X7, X4, X8
	VPBLENDVB  X9, X2, X1, X10
	VPBLENDVB  X8, X10, X0, X0
	VPADDB     X3, X0, X0
	VPACKUSWB  X0, X0, X11
	VMOVD      X11, (DI)
	VMOVDQA    X1, X2
	ADDQ       DX, SI
	ADDQ       DX, BX
	ADDQ       DX, DI
	DECQ       CX
	JNZ        pixel
	RET
