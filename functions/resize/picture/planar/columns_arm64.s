#include "textflag.h"

// Instructions that the assembler has no name for, on vectors by their numbers.
#define SMLAL(m, n, d) WORD $(0x0E608000 | (m)<<16 | (n)<<5 | (d))  // d.4S += n.4H × m.4H
#define SMLAL2(m, n, d) WORD $(0x4E608000 | (m)<<16 | (n)<<5 | (d)) // d.4S += n's upper 4H × m's
#define SSHL(m, n, d) WORD $(0x4EA04400 | (m)<<16 | (n)<<5 | (d))   // d.4S = n.4S << m.4S, to the right if m is negative

// func columnsVector(row *int16, width int, pix *byte, stride int, coefs *int16, taps int, shift uint)
TEXT ·columnsVector(SB), NOSPLIT, $0-56
	MOVD row+0(FP), R0
	MOVD width+8(FP), R1
	MOVD pix+16(FP), R2
	MOVD stride+24(FP), R3
	MOVD coefs+32(FP), R4
	MOVD taps+40(FP), R5
	MOVD shift+48(FP), R6
	NEG  R6, R7
	VDUP R7, V30.S4
	SUB  $1, R6, R6
	MOVD $1, R7
	LSL  R6, R7, R7
	VDUP R7, V31.S4          // half a unit
	SUB  $32, R1, R8         // the last column to start from
	MOVD $0, R9              // column

columns32:
	VMOV V31.B16, V16.B16
	VMOV V31.B16, V17.B16
	VMOV V31.B16, V18.B16
	VMOV V31.B16, V19.B16
	VMOV V31.B16, V20.B16
	VMOV V31.B16, V21.B16
	VMOV V31.B16, V22.B16
	VMOV V31.B16, V23.B16
	ADD  R9, R2, R10
	MOVD R4, R11
	MOVD R5, R12

taps:
	VLD1R.P 2(R11), [V6.H8]
	VLD1 (R10), [V0.B16, V1.B16]
	ADD  R3, R10, R10
	VUSHLL $0, V0.B8, V2.H8
	VUSHLL2 $0, V0.B16, V3.H8
	VUSHLL $0, V1.B8, V4.H8
	VUSHLL2 $0, V1.B16, V5.H8
	SMLAL(6, 2, 16)
	SMLAL2(6, 2, 17)
	SMLAL(6, 3, 18)
	SMLAL2(6, 3, 19)
	SMLAL(6, 4, 20)
	SMLAL2(6, 4, 21)
	SMLAL(6, 5, 22)
	SMLAL2(6, 5, 23)
	SUBS $1, R12, R12
	BNE  taps

	SSHL(30, 16, 16)
	SSHL(30, 17, 17)
	SSHL(30, 18, 18)
	SSHL(30, 19, 19)
	SSHL(30, 20, 20)
	SSHL(30, 21, 21)
	SSHL(30, 22, 22)
	SSHL(30, 23, 23)
	VUZP1 V17.H8, V16.H8, V0.H8 // the lower half of each sum: no sum needs more
	VUZP1 V19.H8, V18.H8, V1.H8
	VUZP1 V21.H8, V20.H8, V2.H8
	VUZP1 V23.H8, V22.H8, V3.H8
	ADD  R9<<1, R0, R10
	VST1 [V0.H8, V1.H8, V2.H8, V3.H8], (R10)

	ADD  $32, R9, R9
	CMP  R1, R9
	BGE  done
	CMP  R8, R9
	CSEL GT, R8, R9, R9      // fewer than 32 are left: go back
	B    columns32

done:
	RET
