#include "textflag.h"
#include "go_asm.h"
#include "neon_arm64.h"

// The edge of a block: of the last column of the one to its left, and from 16 on of the corner and the row above.
DATA edges<>+0(SB)/8, $0x12111003070b0f0f
DATA edges<>+8(SB)/8, $0xff18181716151413
GLOBL edges<>(SB), RODATA|NOPTR, $16

// The samples that the mean is of.
DATA means<>+0(SB)/8, $0x0908070604030201
DATA means<>+8(SB)/8, $0xffffffffffffffff
GLOBL means<>(SB), RODATA|NOPTR, $16

// Column, row and corner for all samples of a block.
DATA columns<>+0(SB)/8, $0x0303030304040404
DATA columns<>+8(SB)/8, $0x0101010102020202
GLOBL columns<>(SB), RODATA|NOPTR, $16
DATA rows<>+0(SB)/8, $0x0908070609080706
DATA rows<>+8(SB)/8, $0x0908070609080706
GLOBL rows<>(SB), RODATA|NOPTR, $16

#define CONSTANT(name, v) \
	MOVD $name<>(SB), R8 \
	VLD1 (R8), [v.B16]

// func subblocksVector(luma *byte, modes *uint8, residues *int16, table *byte)
TEXT ·subblocksVector(SB), NOSPLIT, $0-32
	MOVD luma+0(FP), R0
	MOVD modes+8(FP), R1
	MOVD residues+16(FP), R2
	MOVD table+24(FP), R3
	CONSTANT(edges, V28)
	CONSTANT(means, V29)
	CONSTANT(columns, V30)
	CONSTANT(rows, V31)
	MOVD $4, R4

row:
	SUB  $4, R0, R8
	VLD1 (R8), V0.S[0]
	ADD  $const_workStride, R8, R8
	VLD1 (R8), V0.S[1]
	ADD  $const_workStride, R8, R8
	VLD1 (R8), V0.S[2]
	ADD  $const_workStride, R8, R8
	VLD1 (R8), V0.S[3]
	MOVD $4, R5

block:
	SUB   $(const_workStride+1), R0, R8
	VLD1  (R8), [V1.B16]
	VTBL  V28.B16, [V0.B16, V1.B16], V2.B16 // the edge
	MOVBU (R1), R9
	CMP   $const_byGradient, R9
	BEQ   gradient
	BLT   mean
	VEXT  $1, V2.B16, V2.B16, V3.B16
	VEXT  $2, V2.B16, V2.B16, V4.B16
	UHADD(4, 2, 4)
	URHADD(3, 4, 4)                         // of three
	URHADD(3, 2, 5)                         // of two
	ADD   R9<<4, R3, R8
	VLD1  (R8), [V6.B16]
	VTBL  V6.B16, [V4.B16, V5.B16], V0.B16

add:
	MOVD    R2, R8
	VLD1    (R8), V1.D[0]
	ADD     $32, R8, R8
	VLD1    (R8), V1.D[1]
	ADD     $32, R8, R8
	VLD1    (R8), V2.D[0]
	ADD     $32, R8, R8
	VLD1    (R8), V2.D[1]
	VUSHLL  $0, V0.B8, V3.H8
	VUSHLL2 $0, V0.B16, V4.H8
	SQADDH(1, 3, 3)
	SQADDH(2, 4, 4)
	SQXTUN(3, 0)
	SQXTUN2(4, 0)
	MOVD    R0, R8
	VST1    V0.S[0], (R8)
	ADD     $const_workStride, R8, R8
	VST1    V0.S[1], (R8)
	ADD     $const_workStride, R8, R8
	VST1    V0.S[2], (R8)
	ADD     $const_workStride, R8, R8
	VST1    V0.S[3], (R8)
	ADD     $1, R1, R1
	ADD     $4, R0, R0
	ADD     $8, R2, R2
	SUBS    $1, R5, R5
	BNE     block
	ADD     $(4*const_workStride-16), R0, R0
	ADD     $(2*const_bandCoefficients-32), R2, R2
	SUBS    $1, R4, R4
	BNE     row
	RET

mean:
	VTBL    V29.B16, [V2.B16], V3.B16
	VUADDLV V3.B16, V3
	URSHR3H(3, 3)
	VDUP    V3.B[0], V0.B16
	B       add

gradient:
	VTBL    V30.B16, [V2.B16], V3.B16
	VTBL    V31.B16, [V2.B16], V4.B16
	VDUP    V2.B[5], V5.B16
	VUSHLL  $0, V3.B8, V6.H8
	VUSHLL2 $0, V3.B16, V7.H8
	VUSHLL  $0, V4.B8, V16.H8
	VUSHLL2 $0, V4.B16, V17.H8
	VUSHLL  $0, V5.B8, V18.H8
	VADD    V16.H8, V6.H8, V6.H8
	VADD    V17.H8, V7.H8, V7.H8
	VSUB    V18.H8, V6.H8, V6.H8
	VSUB    V18.H8, V7.H8, V7.H8
	SQXTUN(6, 0)
	SQXTUN2(7, 0)
	B       add

// func gradientVector(to, left, right *byte, height int)
TEXT ·gradientVector(SB), NOSPLIT, $0-32
	MOVD    to+0(FP), R0
	MOVD    left+8(FP), R1
	MOVD    right+16(FP), R2
	MOVD    height+24(FP), R3
	SUB     $const_workStride, R0, R8
	VLD1    (R8), [V0.B16]
	MOVBU   -const_workStride(R1), R8
	VDUP    R8, V2.H8
	MOVBU   -const_workStride(R2), R8
	VDUP    R8, V3.H8
	VUSHLL2 $0, V0.B16, V1.H8
	VUSHLL  $0, V0.B8, V0.H8
	VSUB    V2.H8, V0.H8, V0.H8
	VSUB    V3.H8, V1.H8, V1.H8

sample:
	MOVBU (R1), R8
	VDUP  R8, V2.H8
	MOVBU (R2), R8
	VDUP  R8, V3.H8
	VADD  V0.H8, V2.H8, V2.H8
	VADD  V1.H8, V3.H8, V3.H8
	SQXTUN(2, 4)
	SQXTUN2(3, 4)
	VST1  [V4.B16], (R0)
	ADD   $const_workStride, R0, R0
	ADD   $const_workStride, R1, R1
	ADD   $const_workStride, R2, R2
	SUBS  $1, R3, R3
	BNE   sample
	RET
