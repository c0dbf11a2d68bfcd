#include "textflag.h"

// Instructions that the assembler has no name for, on vectors by their numbers.
#define SMLAL(m, n, d) WORD $(0x0E608000 | (m)<<16 | (n)<<5 | (d))  // d.4S += n.4H × m.4H
#define SMLAL2(m, n, d) WORD $(0x4E608000 | (m)<<16 | (n)<<5 | (d)) // d.4S += n's upper 4H × m's
#define SSHL(m, n, d) WORD $(0x4EA04400 | (m)<<16 | (n)<<5 | (d))   // d.4S = n.4S << m.4S, to the right if m is negative
#define SQXTUN(n, d) WORD $(0x2E212800 | (n)<<5 | (d))              // d.8B = n.8H, clamped to 0 to 255

// ADDRESS makes R the place of the sums that the next output starts with.
#define ADDRESS(R) \
	MOVW.P 4(R2), R      \
	ADD  R<<1, R1, R

// func rowsVector(dst *byte, sums *int16, starts *int32, coefs *int16, groups, chunks int, shift uint)
TEXT ·rowsVector(SB), NOSPLIT, $0-56
	MOVD dst+0(FP), R0
	MOVD sums+8(FP), R1
	MOVD starts+16(FP), R2
	MOVD coefs+24(FP), R3
	MOVD groups+32(FP), R4
	MOVD chunks+40(FP), R5
	MOVD shift+48(FP), R6
	NEG  R6, R7
	VDUP R7, V30.S4
	SUB  $1, R6, R6
	MOVD $1, R7
	LSL  R6, R7, R7
	VDUP R7, V31.S4          // half a unit

group:
	ADDRESS(R8)
	ADDRESS(R9)
	ADDRESS(R10)
	ADDRESS(R11)
	ADDRESS(R12)
	ADDRESS(R13)
	ADDRESS(R14)
	ADDRESS(R15)
	VEOR V16.B16, V16.B16, V16.B16
	VEOR V17.B16, V17.B16, V17.B16
	VEOR V18.B16, V18.B16, V18.B16
	VEOR V19.B16, V19.B16, V19.B16
	VEOR V20.B16, V20.B16, V20.B16
	VEOR V21.B16, V21.B16, V21.B16
	VEOR V22.B16, V22.B16, V22.B16
	VEOR V23.B16, V23.B16, V23.B16
	MOVD R5, R16

taps: // V16 to V23 add up outputs 0, 4, 1, 5, 2, 6, 3, 7
	VLD1.P 64(R3), [V0.H8, V1.H8, V2.H8, V3.H8]
	VLD1.P 64(R3), [V4.H8, V5.H8, V6.H8, V7.H8]
	VLD1.P 16(R8), [V8.H8]
	VLD1.P 16(R12), [V9.H8]
	VLD1.P 16(R9), [V10.H8]
	VLD1.P 16(R13), [V11.H8]
	VLD1.P 16(R10), [V12.H8]
	VLD1.P 16(R14), [V13.H8]
	VLD1.P 16(R11), [V14.H8]
	VLD1.P 16(R15), [V15.H8]
	SMLAL(0, 8, 16)
	SMLAL(1, 9, 17)
	SMLAL(2, 10, 18)
	SMLAL(3, 11, 19)
	SMLAL(4, 12, 20)
	SMLAL(5, 13, 21)
	SMLAL(6, 14, 22)
	SMLAL(7, 15, 23)
	SMLAL2(0, 8, 16)
	SMLAL2(1, 9, 17)
	SMLAL2(2, 10, 18)
	SMLAL2(3, 11, 19)
	SMLAL2(4, 12, 20)
	SMLAL2(5, 13, 21)
	SMLAL2(6, 14, 22)
	SMLAL2(7, 15, 23)
	SUBS $1, R16, R16
	BNE  taps

	VADDP V18.S4, V16.S4, V16.S4
	VADDP V22.S4, V20.S4, V20.S4
	VADDP V20.S4, V16.S4, V16.S4 // outputs 0 to 3
	VADDP V19.S4, V17.S4, V17.S4
	VADDP V23.S4, V21.S4, V21.S4
	VADDP V21.S4, V17.S4, V17.S4 // outputs 4 to 7
	VADD V31.S4, V16.S4, V16.S4
	VADD V31.S4, V17.S4, V17.S4
	SSHL(30, 16, 16)
	SSHL(30, 17, 17)
	VUZP1 V17.H8, V16.H8, V16.H8
	SQXTUN(16, 16)
	VST1.P [V16.B8], 8(R0)
	SUBS $1, R4, R4
	BNE  group
	RET
