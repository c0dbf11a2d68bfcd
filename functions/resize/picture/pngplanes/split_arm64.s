#include "textflag.h"

// Instructions that the assembler has no name for, on vectors by their numbers.
#define UMULL(m, n, d) WORD $(0x2E20C000 | (m)<<16 | (n)<<5 | (d))   // d.8H = n.8B × m.8B
#define UMULL2(m, n, d) WORD $(0x6E20C000 | (m)<<16 | (n)<<5 | (d))  // d.8H = n's upper 8B × m's
#define URSHR8(n, d) WORD $(0x6F182400 | (n)<<5 | (d))               // d.8H = n.8H >> 8, rounded
#define RADDHN(m, n, d) WORD $(0x2E204000 | (m)<<16 | (n)<<5 | (d))  // d.8B = (n.8H + m.8H) >> 8, rounded
#define RADDHN2(m, n, d) WORD $(0x6E204000 | (m)<<16 | (n)<<5 | (d)) // the same for d's upper 8B

// func split3Vector(a, b, c, from *byte, groups int)
TEXT ·split3Vector(SB), NOSPLIT, $0-40
	MOVD a+0(FP), R0
	MOVD b+8(FP), R1
	MOVD c+16(FP), R2
	MOVD from+24(FP), R4
	MOVD groups+32(FP), R5

group:
	VLD3.P 48(R4), [V0.B16, V1.B16, V2.B16]
	VST1.P [V0.B16], 16(R0)
	VST1.P [V1.B16], 16(R1)
	VST1.P [V2.B16], 16(R2)
	SUBS   $1, R5, R5
	BNE    group
	RET

// func split4Vector(a, b, c, d, from *byte, groups int)
TEXT ·split4Vector(SB), NOSPLIT, $0-48
	MOVD a+0(FP), R0
	MOVD b+8(FP), R1
	MOVD c+16(FP), R2
	MOVD d+24(FP), R3
	MOVD from+32(FP), R4
	MOVD groups+40(FP), R5

group:
	VLD4.P 64(R4), [V0.B16, V1.B16, V2.B16, V3.B16]
	VST1.P [V0.B16], 16(R0)
	VST1.P [V1.B16], 16(R1)
	VST1.P [V2.B16], 16(R2)
	VST1.P [V3.B16], 16(R3)
	SUBS   $1, R5, R5
	BNE    group
	RET

// func weighVector(colour, alpha *byte, groups int)
TEXT ·weighVector(SB), NOSPLIT, $0-24
	MOVD colour+0(FP), R0
	MOVD alpha+8(FP), R1
	MOVD groups+16(FP), R2

group:
	VLD1   (R0), [V0.B16]
	VLD1.P 16(R1), [V1.B16]
	UMULL(1, 0, 2)
	UMULL2(1, 0, 3)
	URSHR8(2, 4)
	URSHR8(3, 5)
	RADDHN(4, 2, 0)
	RADDHN2(5, 3, 0)
	VST1.P [V0.B16], 16(R0)
	SUBS   $1, R2, R2
	BNE    group
	RET
