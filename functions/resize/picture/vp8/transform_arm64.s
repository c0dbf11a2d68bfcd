#include "textflag.h"
#include "go_asm.h"
#include "neon_arm64.h"

// func addVector(to *byte, residues *int16, height int)
TEXT ·addVector(SB), NOSPLIT, $0-24
	MOVD to+0(FP), R0
	MOVD residues+8(FP), R1
	MOVD height+16(FP), R2

line:
	VLD1    (R0), [V0.B16]
	VLD1.P  32(R1), [V1.H8, V2.H8]
	VUSHLL  $0, V0.B8, V3.H8
	VUSHLL2 $0, V0.B16, V4.H8
	SQADDH(1, 3, 3)
	SQADDH(2, 4, 4)
	SQXTUN(3, 0)
	SQXTUN2(4, 0)
	VST1    [V0.B16], (R0)
	ADD     $const_workStride, R0, R0
	SUBS    $1, R2, R2
	BNE     line
	RET

// PASS transforms V0 to V3. V30 has the cosine less 1, V31 half the sine.
#define PASS \
	VADD V2.H8, V0.H8, V4.H8      \
	VSUB V2.H8, V0.H8, V5.H8      \
	SQDMULHH(31, 1, 6)            \
	SQDMULHH(30, 3, 7)            \
	SSRA1H(7, 3)                  \
	SQDMULHH(30, 1, 16)           \
	VSUB V3.H8, V6.H8, V6.H8      \
	SSRA1H(16, 1)                 \
	VADD V17.H8, V1.H8, V1.H8     \
	VADD V1.H8, V4.H8, V0.H8      \
	VSUB V1.H8, V4.H8, V3.H8      \
	VADD V6.H8, V5.H8, V1.H8      \
	VSUB V6.H8, V5.H8, V2.H8

// TURN transposes two blocks side by side.
#define TURN \
	VTRN1 V1.H8, V0.H8, V4.H8 \
	VTRN2 V1.H8, V0.H8, V5.H8 \
	VTRN1 V3.H8, V2.H8, V6.H8 \
	VTRN2 V3.H8, V2.H8, V7.H8 \
	VTRN1 V6.S4, V4.S4, V0.S4 \
	VTRN2 V6.S4, V4.S4, V2.S4 \
	VTRN1 V7.S4, V5.S4, V1.S4 \
	VTRN2 V7.S4, V5.S4, V3.S4

// SINE makes V17 of the last row, which PASS changes.
#define SINE SQDMULHH(31, 3, 17)

// func transformVector(c *int16, found uint)
TEXT ·transformVector(SB), NOSPLIT, $0-16
	MOVD c+0(FP), R0
	MOVD found+8(FP), R1
	MOVD $(const_cosine-65536), R8
	VDUP R8, V30.H8
	MOVD $(const_sine/2), R8
	VDUP R8, V31.H8
	VMOVI $4, V29.B16
	VUSHR $8, V29.H8, V29.H8

band:
	TBZ  $0, R1, next
	MOVD R0, R3
	MOVD $2, R4

half:
	MOVD R3, R2
	VLD1 (R2), [V0.H8]
	ADD  $32, R2, R2
	VLD1 (R2), [V1.H8]
	ADD  $32, R2, R2
	VLD1 (R2), [V2.H8]
	ADD  $32, R2, R2
	VLD1 (R2), [V3.H8]
	SINE
	PASS
	TURN
	VADD V29.H8, V0.H8, V0.H8
	SINE
	PASS
	SSHR3H(0, 0)
	SSHR3H(1, 1)
	SSHR3H(2, 2)
	SSHR3H(3, 3)
	TURN
	MOVD R3, R2
	VST1 [V0.H8], (R2)
	ADD  $32, R2, R2
	VST1 [V1.H8], (R2)
	ADD  $32, R2, R2
	VST1 [V2.H8], (R2)
	ADD  $32, R2, R2
	VST1 [V3.H8], (R2)
	ADD  $16, R3, R3
	SUBS $1, R4, R4
	BNE  half

next:
	ADD  $(2*const_bandCoefficients), R0, R0
	LSR  $1, R1, R1
	CBNZ R1, band
	RET

// func stretchVector(samples *byte, vectors int, middle, stretch, less int)
TEXT ·stretchVector(SB), NOSPLIT, $0-40
	MOVD samples+0(FP), R0
	MOVD vectors+8(FP), R1
	MOVD middle+16(FP), R2
	VDUP R2, V29.H8
	MOVD stretch+24(FP), R2
	VDUP R2, V30.H8
	MOVD less+32(FP), R2
	VDUP R2, V31.H8

vector:
	MOVD    $2, R2

half:
	VLD1    (R0), [V0.B16]
	VUSHLL  $0, V0.B8, V1.H8
	VUSHLL2 $0, V0.B16, V2.H8
	VSUB    V29.H8, V1.H8, V3.H8
	VSUB    V29.H8, V2.H8, V4.H8
	SQRDMULHH(30, 3, 3)
	SQRDMULHH(30, 4, 4)
	VSUB    V31.H8, V1.H8, V1.H8
	VSUB    V31.H8, V2.H8, V2.H8
	VADD    V3.H8, V1.H8, V1.H8
	VADD    V4.H8, V2.H8, V2.H8
	SQXTUN(1, 0)
	SQXTUN2(2, 0)
	VST1.P  [V0.B16], 16(R0)
	SUBS    $1, R2, R2
	BNE     half
	SUBS    $1, R1, R1
	BNE     vector
	RET
