#include "textflag.h"

// PART8 makes results i and 7-i of a pass, in UP and DOWN, of the pairs of coefficients in Y0 to Y3.
#define PART8(i, ROUND, SHIFT, UP, DOWN) \
	VPMADDWD (128*i)(R8), Y0, Y4    \
	VPMADDWD (128*i+32)(R8), Y1, Y5 \
	VPMADDWD (128*i+64)(R8), Y2, Y6 \
	VPMADDWD (128*i+96)(R8), Y3, Y7 \
	VPADDD   Y5, Y4, Y4             \
	VPADDD   Y7, Y6, Y6             \
	VPADDD   ROUND, Y4, Y4          \
	VPADDD   Y6, Y4, UP             \
	VPSUBD   Y6, Y4, DOWN           \
	VPSRAD   SHIFT, UP, UP          \
	VPSRAD   SHIFT, DOWN, DOWN

#define PASS8(ROUND, SHIFT) \
	PART8(0, ROUND, SHIFT, Y8, Y15)  \
	PART8(1, ROUND, SHIFT, Y9, Y14)  \
	PART8(2, ROUND, SHIFT, Y10, Y13) \
	PART8(3, ROUND, SHIFT, Y11, Y12)

// func transform8AVX2(pix *byte, stride int, blk *block)
TEXT ·transform8AVX2(SB), NOSPLIT, $0-24
	MOVQ pix+0(FP), DI
	MOVQ stride+8(FP), SI
	MOVQ blk+16(FP), DX
	LEAQ ·sums8(SB), R8
	LEAQ ·rounds(SB), R9
	LEAQ ·shuffles(SB), R10

	// Pairs of rows, columns 0 to 3 in the lower lane. A load reads 16 bytes more than its row, still of blk.
	VPERMQ     $0x50, 0(DX), Y4
	VPERMQ     $0x50, 32(DX), Y5
	VPERMQ     $0x50, 64(DX), Y6
	VPERMQ     $0x50, 96(DX), Y7
	VPERMQ     $0x50, 16(DX), Y8
	VPERMQ     $0x50, 48(DX), Y9
	VPERMQ     $0x50, 80(DX), Y10
	VPERMQ     $0x50, 112(DX), Y11
	VPUNPCKLWD Y5, Y4, Y0
	VPUNPCKLWD Y7, Y6, Y1
	VPUNPCKLWD Y9, Y8, Y2
	VPUNPCKLWD Y11, Y10, Y3
	PASS8((R9), $11)

	// Pairs of columns, rows 0 to 3 in the lower lane.
	VPACKSSDW   Y9, Y8, Y8
	VPACKSSDW   Y11, Y10, Y10
	VPACKSSDW   Y13, Y12, Y12
	VPACKSSDW   Y15, Y14, Y14
	VPERM2I128  $0x20, Y12, Y8, Y4
	VPERM2I128  $0x20, Y14, Y10, Y5
	VPERM2I128  $0x31, Y12, Y8, Y6
	VPERM2I128  $0x31, Y14, Y10, Y7
	VMOVDQU     (R10), Y8
	VPSHUFB     Y8, Y4, Y4
	VPSHUFB     Y8, Y5, Y5
	VPSHUFB     Y8, Y6, Y6
	VPSHUFB     Y8, Y7, Y7
	VPUNPCKLQDQ Y5, Y4, Y0
	VPUNPCKHQDQ Y5, Y4, Y2
	VPUNPCKLQDQ Y7, Y6, Y1
	VPUNPCKHQDQ Y7, Y6, Y3
	PASS8(32(R9), $18)

	VPACKSSDW    Y9, Y8, Y8
	VPACKSSDW    Y11, Y10, Y10
	VPACKSSDW    Y13, Y12, Y12
	VPACKSSDW    Y15, Y14, Y14
	VPACKUSWB    Y10, Y8, Y8
	VPACKUSWB    Y14, Y12, Y12
	VMOVDQU      32(R10), Y0
	VPSHUFB      Y0, Y8, Y8
	VPSHUFB      Y0, Y12, Y12
	VPUNPCKLDQ   Y12, Y8, Y0
	VPUNPCKHDQ   Y12, Y8, Y1
	VEXTRACTI128 $1, Y0, X2
	VEXTRACTI128 $1, Y1, X3
	LEAQ         (SI)(SI*2), CX
	LEAQ         (DI)(SI*4), BX
	VMOVQ        X0, (DI)
	VMOVHPS      X0, (DI)(SI*1)
	VMOVQ        X1, (DI)(SI*2)
	VMOVHPS      X1, (DI)(CX*1)
	VMOVQ        X2, (BX)
	VMOVHPS      X2, (BX)(SI*1)
	VMOVQ        X3, (BX)(SI*2)
	VMOVHPS      X3, (BX)(CX*1)
	VZEROUPPER
	RET

// PASS4 makes the results of a pass, in X4 to X7, of the pairs of coefficients in X0 and X1.
#define PASS4(ROUND, SHIFT) \
	VPMADDWD (R8), X0, X2   \
	VPMADDWD 32(R8), X1, X3 \
	VPMADDWD 64(R8), X0, X8 \
	VPMADDWD 96(R8), X1, X9 \
	VPADDD   ROUND, X2, X2  \
	VPADDD   ROUND, X8, X8  \
	VPADDD   X3, X2, X4     \
	VPADDD   X9, X8, X5     \
	VPSUBD   X9, X8, X6     \
	VPSUBD   X3, X2, X7     \
	VPSRAD   SHIFT, X4, X4  \
	VPSRAD   SHIFT, X5, X5  \
	VPSRAD   SHIFT, X6, X6  \
	VPSRAD   SHIFT, X7, X7  \
	VPACKSSDW X5, X4, X4    \
	VPACKSSDW X7, X6, X6

// TRANSFORM4 makes 4 columns of 4 samples, in X4, of the 4 rows of 4 coefficients at DX with the sums at R8.
#define TRANSFORM4 \
	LEAQ        ·rounds(SB), R9    \
	LEAQ        ·shuffles(SB), R10 \
	VMOVDQU     (DX), X2           \
	VMOVDQU     16(DX), X3         \
	VPUNPCKLWD  X3, X2, X0         \
	VPUNPCKHWD  X3, X2, X1         \
	PASS4((R9), $11)               \
	VPSHUFB     (R10), X4, X4      \
	VPSHUFB     (R10), X6, X6      \
	VPUNPCKLQDQ X6, X4, X0         \
	VPUNPCKHQDQ X6, X4, X1         \
	PASS4(32(R9), $18)             \
	VPACKUSWB   X6, X4, X4

// func transform4AVX2(pix *byte, stride int, blk *block)
TEXT ·transform4AVX2(SB), NOSPLIT, $0-24
	MOVQ    pix+0(FP), DI
	MOVQ    stride+8(FP), SI
	MOVQ    blk+16(FP), DX
	LEAQ    ·sums4(SB), R8
	TRANSFORM4
	VPSHUFB 32(R10), X4, X4
	LEAQ    (SI)(SI*2), CX
	VMOVD   X4, (DI)
	VPEXTRD $1, X4, (DI)(SI*1)
	VPEXTRD $2, X4, (DI)(SI*2)
	VPEXTRD $3, X4, (DI)(CX*1)
	RET

// func transform3AVX2(pix *byte, stride int, blk *block)
TEXT ·transform3AVX2(SB), NOSPLIT, $0-24
	MOVQ    pix+0(FP), DI
	MOVQ    stride+8(FP), SI
	MOVQ    blk+16(FP), DX
	LEAQ    ·sums3(SB), R8
	TRANSFORM4
	VPSHUFB 64(R10), X4, X4
	VPEXTRW $0, X4, (DI)
	VPEXTRB $2, X4, 2(DI)
	VPEXTRW $2, X4, (DI)(SI*1)
	VPEXTRB $6, X4, 2(DI)(SI*1)
	VPEXTRW $4, X4, (DI)(SI*2)
	VPEXTRB $10, X4, 2(DI)(SI*2)
	RET
