#include "textflag.h"

// LUMA makes 16 samples, in OUT as 16 bits each, of 16 pixels. It leaves red and green of 8 pixels each in RG0 and RG1, blue and
// green in BG0 and BG1. Their order in OUT is 0 to 3, 8 to 11, and in the other lane 4 to 7, 12 to 15.
#define LUMA(R, RG0, BG0, RG1, BG1, OUT) \
	VMOVDQU   (R), BG0          \
	VMOVDQU   32(R), BG1        \
	VPSHUFB   Y14, BG0, RG0     \
	VPSHUFB   Y14, BG1, RG1     \
	VPSHUFB   Y15, BG0, BG0     \
	VPSHUFB   Y15, BG1, BG1     \
	VPMADDWD  (R8), RG0, OUT    \
	VPMADDWD  (R8), RG1, Y10    \
	VPMADDWD  32(R8), BG0, Y11  \
	VPMADDWD  32(R8), BG1, Y12  \
	VPADDD    (R9), OUT, OUT    \
	VPADDD    (R9), Y10, Y10    \
	VPADDD    Y11, OUT, OUT     \
	VPADDD    Y12, Y10, Y10     \
	VPSRLD    $16, OUT, OUT     \
	VPSRLD    $16, Y10, Y10     \
	VPACKUSDW Y10, OUT, OUT

// CHROMA makes 8 samples, in OUT as 32 bits each, of sums of two rows in Y0 to Y3.
#define CHROMA(offset, OUT) \
	VPMADDWD offset(R8), Y0, OUT     \
	VPMADDWD offset(R8), Y2, Y10     \
	VPMADDWD offset+32(R8), Y1, Y11  \
	VPMADDWD offset+32(R8), Y3, Y12  \
	VPADDD   Y11, OUT, OUT           \
	VPADDD   Y12, Y10, Y10           \
	VPHADDD  Y10, OUT, OUT           \
	VPADDD   32(R9), OUT, OUT        \
	VPSRAD   $16, OUT, OUT

// func convertAVX2(luma0, luma1, cb, cr, pix0, pix1 *byte, groups int)
TEXT ·convertAVX2(SB), NOSPLIT, $0-56
	MOVQ    luma0+0(FP), DI
	MOVQ    luma1+8(FP), SI
	MOVQ    cb+16(FP), DX
	MOVQ    cr+24(FP), CX
	MOVQ    pix0+32(FP), R10
	MOVQ    pix1+40(FP), R11
	MOVQ    groups+48(FP), R12
	LEAQ    ·pixelSums(SB), R8
	LEAQ    ·pixelMiddles(SB), R9
	VMOVDQU ·pixelShuffles(SB), Y14
	VMOVDQU ·pixelShuffles+32(SB), Y15
	VMOVDQU ·lumaOrder(SB), Y13

group:
	LUMA(R10, Y0, Y1, Y2, Y3, Y8)
	LUMA(R11, Y4, Y5, Y6, Y7, Y9)
	VPACKUSWB    Y9, Y8, Y8
	VPERMD       Y8, Y13, Y8
	VMOVDQU      X8, (DI)
	VEXTRACTI128 $1, Y8, (SI)
	VPADDW       Y4, Y0, Y0
	VPADDW       Y5, Y1, Y1
	VPADDW       Y6, Y2, Y2
	VPADDW       Y7, Y3, Y3
	CHROMA(64, Y8)
	CHROMA(128, Y9)
	VPACKSSDW    Y9, Y8, Y8
	VPACKUSWB    Y8, Y8, Y8
	VEXTRACTI128 $1, Y8, X9
	VPUNPCKLWD   X9, X8, X8
	VMOVQ        X8, (DX)
	VMOVHPS      X8, (CX)
	ADDQ         $64, R10
	ADDQ         $64, R11
	ADDQ         $16, DI
	ADDQ         $16, SI
	ADDQ         $8, DX
	ADDQ         $8, CX
	DECQ         R12
	JNZ          group
	VZEROUPPER
	RET
