#include "textflag.h"

// func split3Vector(a, b, c, from *byte, groups int)
TEXT ·split3Vector(SB), NOSPLIT, $0-40
	MOVQ    a+0(FP), AX
	MOVQ    b+8(FP), BX
	MOVQ    c+16(FP), DX
	MOVQ    from+24(FP), SI
	MOVQ    groups+32(FP), CX
	VMOVDQU ·everyThird(SB), X14
	VMOVDQU ·everyThird+16(SB), X15
	VMOVDQU ·thirds(SB), X11
	VMOVDQU ·thirds+16(SB), X12
	VMOVDQU ·thirds+32(SB), X13

group:
	VMOVDQU   (SI), X0
	VMOVDQU   16(SI), X1
	VMOVDQU   32(SI), X2
	VPBLENDVB X15, X1, X0, X3
	VPBLENDVB X14, X2, X3, X3
	VPBLENDVB X14, X0, X1, X4
	VPBLENDVB X15, X2, X4, X4
	VPBLENDVB X15, X0, X2, X5
	VPBLENDVB X14, X1, X5, X5
	VPSHUFB   X11, X3, X3
	VPSHUFB   X12, X4, X4
	VPSHUFB   X13, X5, X5
	VMOVDQU   X3, (AX)
	VMOVDQU   X4, (BX)
	VMOVDQU   X5, (DX)
	ADDQ      $48, SI
	ADDQ      $16, AX
	ADDQ      $16, BX
	ADDQ      $16, DX
	DECQ      CX
	JNZ       group
	RET

// func split4Vector(a, b, c, d, from *byte, groups int)
TEXT ·split4Vector(SB), NOSPLIT, $0-48
	MOVQ    a+0(FP), AX
	MOVQ    b+8(FP), BX
	MOVQ    c+16(FP), DX
	MOVQ    d+24(FP), DI
	MOVQ    from+32(FP), SI
	MOVQ    groups+40(FP), CX
	VMOVDQU ·quarters(SB), X15

group:
	VMOVDQU     (SI), X0
	VMOVDQU     16(SI), X1
	VMOVDQU     32(SI), X2
	VMOVDQU     48(SI), X3
	VPSHUFB     X15, X0, X0
	VPSHUFB     X15, X1, X1
	VPSHUFB     X15, X2, X2
	VPSHUFB     X15, X3, X3
	VPUNPCKLDQ  X1, X0, X4
	VPUNPCKHDQ  X1, X0, X5
	VPUNPCKLDQ  X3, X2, X6
	VPUNPCKHDQ  X3, X2, X7
	VPUNPCKLQDQ X6, X4, X0
	VPUNPCKHQDQ X6, X4, X1
	VPUNPCKLQDQ X7, X5, X2
	VPUNPCKHQDQ X7, X5, X3
	VMOVDQU     X0, (AX)
	VMOVDQU     X1, (BX)
	VMOVDQU     X2, (DX)
	VMOVDQU     X3, (DI)
	ADDQ        $64, SI
	ADDQ        $16, AX
	ADDQ        $16, BX
	ADDQ        $16, DX
	ADDQ        $16, DI
	DECQ        CX
	JNZ         group
	RET

// func weighVector(colour, alpha *byte, groups int)
TEXT ·weighVector(SB), NOSPLIT, $0-24
	MOVQ     colour+0(FP), DI
	MOVQ     alpha+8(FP), SI
	MOVQ     groups+16(FP), CX
	VPCMPEQW Y7, Y7, Y7
	VPSRLW   $15, Y7, Y7
	VPSLLW   $7, Y7, Y7      // 128

group:
	VPMOVZXBW (DI), Y0
	VPMOVZXBW (SI), Y1
	VPMULLW   Y1, Y0, Y0
	VPADDW    Y7, Y0, Y0
	VPSRLW    $8, Y0, Y1
	VPADDW    Y1, Y0, Y0
	VPSRLW    $8, Y0, Y0
	VPACKUSWB Y0, Y0, Y0
	VPERMQ    $0x08, Y0, Y0
	VMOVDQU   X0, (DI)
	ADDQ      $16, DI
	ADDQ      $16, SI
	DECQ      CX
	JNZ       group
	VZEROUPPER
	RET
