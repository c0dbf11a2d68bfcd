#include "textflag.h"

// Two blocks at a time, side by side in the lanes of every vector.

// HALVES makes T the sum of vectors A and B, and D their difference, which may be A.
#define HALVES(A, B, T, D) \
	VPADDW B, A, T \
	VPSUBW B, A, D

// EVEN makes a result of the pairs a, b in Y12 and Y13, with the factors at offset of R11.
#define EVEN(offset, ROUND, SHIFT, OUT) \
	VMOVDQU   offset(R11), Y15  \
	VPMADDWD  Y15, Y12, OUT     \
	VPMADDWD  Y15, Y13, Y14     \
	VPADDD    ROUND, OUT, OUT   \
	VPADDD    ROUND, Y14, Y14   \
	VPSRAD    SHIFT, OUT, OUT   \
	VPSRAD    SHIFT, Y14, Y14   \
	VPACKSSDW Y14, OUT, OUT

// ODD makes a result of the pairs d0, d1 in Y12 and Y13, and d2, d3 in Y14 and Y15, with the factors at offset of R11.
#define ODD(offset, ROUND, SHIFT, OUT) \
	VMOVDQU   offset(R11), Y8     \
	VMOVDQU   offset+32(R11), Y9  \
	VPMADDWD  Y8, Y12, OUT        \
	VPMADDWD  Y8, Y13, Y10        \
	VPMADDWD  Y9, Y14, Y8         \
	VPMADDWD  Y9, Y15, Y9         \
	VPADDD    ROUND, OUT, OUT     \
	VPADDD    ROUND, Y10, Y10     \
	VPADDD    Y8, OUT, OUT        \
	VPADDD    Y9, Y10, Y10        \
	VPSRAD    SHIFT, OUT, OUT     \
	VPSRAD    SHIFT, Y10, Y10     \
	VPACKSSDW Y10, OUT, OUT

// PASS makes results 0 to 7 in Y0 to Y7, of which 0 and 4 are not shifted, of t0 to t3 in Y0 to Y3 and d0 to d3 in Y8 to Y11.
#define PASS(ROUND, SHIFT) \
	HALVES(Y0, Y3, Y4, Y5)        \
	HALVES(Y1, Y2, Y6, Y7)        \
	VPADDW     Y6, Y4, Y0         \
	VPSUBW     Y6, Y4, Y4         \
	VPUNPCKLWD Y7, Y5, Y12        \
	VPUNPCKHWD Y7, Y5, Y13        \
	EVEN(0, ROUND, SHIFT, Y2)     \
	EVEN(32, ROUND, SHIFT, Y6)    \
	VPUNPCKLWD Y9, Y8, Y12        \
	VPUNPCKHWD Y9, Y8, Y13        \
	VPUNPCKLWD Y11, Y10, Y14      \
	VPUNPCKHWD Y11, Y10, Y15      \
	ODD(64, ROUND, SHIFT, Y1)     \
	ODD(128, ROUND, SHIFT, Y3)    \
	ODD(192, ROUND, SHIFT, Y5)    \
	ODD(256, ROUND, SHIFT, Y7)

// QUANTIZE divides column u, in C.
#define QUANTIZE(u, C) \
	VBROADCASTI128 (16*u)(R9), Y8      \
	VBROADCASTI128 (16*u+128)(R9), Y9  \
	VBROADCASTI128 (16*u+256)(R9), Y10 \
	VPABSW   C, Y11                    \
	VPADDW   Y8, Y11, Y11              \
	VPMULHUW Y9, Y11, Y11              \
	VPMULHUW Y10, Y11, Y11             \
	VPSIGNW  C, Y11, C

// FIRST begins the k-th eight coefficients of two blocks, in OUT, with those of column u, in C. NEXT adds others.
#define FIRST(k, u, C, OUT) \
	VPSHUFB (256*k+32*u)(R12), C, OUT

#define NEXT(k, u, C, OUT) \
	VPSHUFB (256*k+32*u)(R12), C, Y12 \
	VPOR    Y12, OUT, OUT

// STORE writes the k-th eight coefficients of two blocks.
#define STORE(k, Y, X) \
	VMOVDQU      X, (16*k)(DI)        \
	VEXTRACTI128 $1, Y, (16*k+128)(DI)

// func transformAVX2(blocks *block, masks *uint64, pix *byte, stride, pairs int, q *quantizer)
TEXT ·transformAVX2(SB), NOSPLIT, $0-48
	MOVQ blocks+0(FP), DI
	MOVQ masks+8(FP), SI
	MOVQ pix+16(FP), DX
	MOVQ stride+24(FP), CX
	MOVQ pairs+32(FP), R8
	MOVQ q+40(FP), R9
	LEAQ (CX)(CX*2), R10
	LEAQ ·sums(SB), R11
	LEAQ ·gathers(SB), R12
	LEAQ ·rounds(SB), R13

pair:
	LEAQ      (DX)(CX*4), BX
	VPMOVZXBW (DX), Y8
	VPMOVZXBW (DX)(CX*1), Y9
	VPMOVZXBW (DX)(CX*2), Y10
	VPMOVZXBW (DX)(R10*1), Y11
	VPMOVZXBW (BX), Y12
	VPMOVZXBW (BX)(CX*1), Y13
	VPMOVZXBW (BX)(CX*2), Y14
	VPMOVZXBW (BX)(R10*1), Y15
	HALVES(Y8, Y15, Y0, Y8)
	HALVES(Y9, Y14, Y1, Y9)
	HALVES(Y10, Y13, Y2, Y10)
	HALVES(Y11, Y12, Y3, Y11)
	PASS((R13), $11)
	VPADDW    ·levels(SB), Y0, Y0
	VPSLLW    $2, Y0, Y0
	VPSLLW    $2, Y4, Y4

	// Rows to columns.
	VPUNPCKLWD  Y1, Y0, Y8
	VPUNPCKHWD  Y1, Y0, Y9
	VPUNPCKLWD  Y3, Y2, Y10
	VPUNPCKHWD  Y3, Y2, Y11
	VPUNPCKLWD  Y5, Y4, Y12
	VPUNPCKHWD  Y5, Y4, Y13
	VPUNPCKLWD  Y7, Y6, Y14
	VPUNPCKHWD  Y7, Y6, Y15
	VPUNPCKLDQ  Y10, Y8, Y0
	VPUNPCKHDQ  Y10, Y8, Y1
	VPUNPCKLDQ  Y11, Y9, Y2
	VPUNPCKHDQ  Y11, Y9, Y3
	VPUNPCKLDQ  Y14, Y12, Y4
	VPUNPCKHDQ  Y14, Y12, Y5
	VPUNPCKLDQ  Y15, Y13, Y6
	VPUNPCKHDQ  Y15, Y13, Y7
	VPUNPCKLQDQ Y4, Y0, Y8
	VPUNPCKHQDQ Y4, Y0, Y9
	VPUNPCKLQDQ Y5, Y1, Y10
	VPUNPCKHQDQ Y5, Y1, Y11
	VPUNPCKLQDQ Y6, Y2, Y12
	VPUNPCKHQDQ Y6, Y2, Y13
	VPUNPCKLQDQ Y7, Y3, Y14
	VPUNPCKHQDQ Y7, Y3, Y15
	HALVES(Y8, Y15, Y0, Y8)
	HALVES(Y9, Y14, Y1, Y9)
	HALVES(Y10, Y13, Y2, Y10)
	HALVES(Y11, Y12, Y3, Y11)
	PASS(32(R13), $15)
	VPADDW      ·levels+32(SB), Y0, Y0
	VPADDW      ·levels+32(SB), Y4, Y4
	VPSRAW      $2, Y0, Y0
	VPSRAW      $2, Y4, Y4

	QUANTIZE(0, Y0)
	QUANTIZE(1, Y1)
	QUANTIZE(2, Y2)
	QUANTIZE(3, Y3)
	QUANTIZE(4, Y4)
	QUANTIZE(5, Y5)
	QUANTIZE(6, Y6)
	QUANTIZE(7, Y7)

	FIRST(0, 0, Y0, Y8)
	NEXT(0, 1, Y1, Y8)
	NEXT(0, 2, Y2, Y8)
	NEXT(0, 3, Y3, Y8)
	STORE(0, Y8, X8)
	FIRST(1, 0, Y0, Y9)
	NEXT(1, 1, Y1, Y9)
	NEXT(1, 2, Y2, Y9)
	NEXT(1, 3, Y3, Y9)
	NEXT(1, 4, Y4, Y9)
	NEXT(1, 5, Y5, Y9)
	STORE(1, Y9, X9)
	VPACKSSWB Y9, Y8, Y8
	FIRST(2, 0, Y0, Y9)
	NEXT(2, 1, Y1, Y9)
	NEXT(2, 2, Y2, Y9)
	NEXT(2, 3, Y3, Y9)
	NEXT(2, 4, Y4, Y9)
	STORE(2, Y9, X9)
	FIRST(3, 3, Y3, Y10)
	NEXT(3, 4, Y4, Y10)
	NEXT(3, 5, Y5, Y10)
	NEXT(3, 6, Y6, Y10)
	NEXT(3, 7, Y7, Y10)
	STORE(3, Y10, X10)
	VPACKSSWB Y10, Y9, Y9
	FIRST(4, 0, Y0, Y10)
	NEXT(4, 1, Y1, Y10)
	NEXT(4, 2, Y2, Y10)
	NEXT(4, 3, Y3, Y10)
	NEXT(4, 4, Y4, Y10)
	STORE(4, Y10, X10)
	FIRST(5, 3, Y3, Y11)
	NEXT(5, 4, Y4, Y11)
	NEXT(5, 5, Y5, Y11)
	NEXT(5, 6, Y6, Y11)
	NEXT(5, 7, Y7, Y11)
	STORE(5, Y11, X11)
	VPACKSSWB Y11, Y10, Y10
	FIRST(6, 2, Y2, Y11)
	NEXT(6, 3, Y3, Y11)
	NEXT(6, 4, Y4, Y11)
	NEXT(6, 5, Y5, Y11)
	NEXT(6, 6, Y6, Y11)
	NEXT(6, 7, Y7, Y11)
	STORE(6, Y11, X11)
	FIRST(7, 4, Y4, Y13)
	NEXT(7, 5, Y5, Y13)
	NEXT(7, 6, Y6, Y13)
	NEXT(7, 7, Y7, Y13)
	STORE(7, Y13, X13)
	VPACKSSWB Y13, Y11, Y11

	// Y8 to Y11 hold 16 coefficients of each block as bytes. Put those of one block together, and see which are 0.
	VPXOR      Y15, Y15, Y15
	VPERM2I128 $0x20, Y9, Y8, Y0
	VPERM2I128 $0x20, Y11, Y10, Y1
	VPERM2I128 $0x31, Y9, Y8, Y2
	VPERM2I128 $0x31, Y11, Y10, Y3
	VPCMPEQB   Y15, Y0, Y0
	VPCMPEQB   Y15, Y1, Y1
	VPCMPEQB   Y15, Y2, Y2
	VPCMPEQB   Y15, Y3, Y3
	VPMOVMSKB  Y0, BX
	VPMOVMSKB  Y1, AX
	SHLQ       $32, AX
	ORQ        AX, BX
	NOTQ       BX
	ORQ        $1, BX
	MOVQ       BX, (SI)
	VPMOVMSKB  Y2, BX
	VPMOVMSKB  Y3, AX
	SHLQ       $32, AX
	ORQ        AX, BX
	NOTQ       BX
	ORQ        $1, BX
	MOVQ       BX, 8(SI)

	ADDQ $16, DX
	ADDQ $16, SI
	ADDQ $256, DI
	DECQ R8
	JNZ  pair
	VZEROUPPER
	RET
