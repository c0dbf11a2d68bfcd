#include "textflag.h"

// FOLD leaves the sum of Y's eight lanes in the lowest one of X.
#define FOLD(Y, X) \
	VEXTRACTI128 $1, Y, X9   \
	VPADDD       X9, X, X    \
	VPSHUFD      $0x4e, X, X9 \
	VPADDD       X9, X, X    \
	VPSHUFD      $0xb1, X, X9 \
	VPADDD       X9, X, X

// func sumsVector(p *byte, vectors int) (bytes, weighted uint32)
TEXT ·sumsVector(SB), NOSPLIT, $0-24
	MOVQ     p+0(FP), SI
	MOVQ     vectors+8(FP), CX
	VMOVDQU  ·adlerWeights(SB), Y7
	VPXOR    Y6, Y6, Y6
	VPCMPEQW Y5, Y5, Y5
	VPSRLW   $15, Y5, Y5     // ones
	VPXOR    Y0, Y0, Y0      // sum of bytes
	VPXOR    Y1, Y1, Y1      // sum of these sums before each vector
	VPXOR    Y2, Y2, Y2      // weighted within vectors

vector:
	VMOVDQU    (SI), Y3
	VPADDD     Y0, Y1, Y1
	VPSADBW    Y6, Y3, Y4
	VPADDD     Y4, Y0, Y0
	VPMADDUBSW Y7, Y3, Y3
	VPMADDWD   Y5, Y3, Y3
	VPADDD     Y3, Y2, Y2
	ADDQ       $32, SI
	DECQ       CX
	JNZ        vector
	VPSLLD     $5, Y1, Y1
	VPADDD     Y1, Y2, Y2
	FOLD(Y0, X0)
	FOLD(Y2, X2)
	VMOVD      X0, AX
	MOVL       AX, bytes+16(FP)
	VMOVD      X2, AX
	MOVL       AX, weighted+20(FP)
	VZEROUPPER
	RET
