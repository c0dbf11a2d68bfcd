#include "textflag.h"

// Instructions that the assembler has no name for, on vectors by their numbers.
#define UADDLP(n, d) WORD $(0x6E202800 | (n)<<5 | (d))              // d.8H = sums of n.16B by twos
#define UADALP(n, d) WORD $(0x6E206800 | (n)<<5 | (d))              // d.8H += sums of n.16B by twos
#define UADALPH(n, d) WORD $(0x6E606800 | (n)<<5 | (d))             // d.4S += sums of n.8H by twos
#define UMLAL(m, n, d) WORD $(0x2E608000 | (m)<<16 | (n)<<5 | (d))  // d.4S += n.4H × m.4H
#define UMLAL2(m, n, d) WORD $(0x6E608000 | (m)<<16 | (n)<<5 | (d)) // d.4S += n's upper 4H × m's

// Bytes at one place of all vectors are added up first, in 16 bits, and weighted once: adlerMost/adlerVector times 255 is less than
// 1 << 16.
//
// func sumsVector(p *byte, vectors int) (bytes, weighted uint32)
TEXT ·sumsVector(SB), NOSPLIT, $0-24
	MOVD p+0(FP), R0
	MOVD vectors+8(FP), R1
	MOVD $·adlerWeights(SB), R2
	VLD1 (R2), [V20.H8, V21.H8, V22.H8, V23.H8]
	VEOR V2.B16, V2.B16, V2.B16 // sum of bytes
	VEOR V3.B16, V3.B16, V3.B16 // sum of these sums before each vector
	VEOR V16.B16, V16.B16, V16.B16 // V16 to V19: sums by place
	VEOR V17.B16, V17.B16, V17.B16
	VEOR V18.B16, V18.B16, V18.B16
	VEOR V19.B16, V19.B16, V19.B16

vector:
	VLD1.P  32(R0), [V0.B16, V1.B16]
	VADD    V2.S4, V3.S4, V3.S4
	UADDLP(0, 4)
	UADALP(1, 4)
	UADALPH(4, 2)
	VUADDW  V0.B8, V16.H8, V16.H8
	VUADDW2 V0.B16, V17.H8, V17.H8
	VUADDW  V1.B8, V18.H8, V18.H8
	VUADDW2 V1.B16, V19.H8, V19.H8
	SUBS    $1, R1, R1
	BNE     vector

	VSHL  $5, V3.S4, V3.S4
	UMLAL(20, 16, 3)
	UMLAL2(20, 16, 3)
	UMLAL(21, 17, 3)
	UMLAL2(21, 17, 3)
	UMLAL(22, 18, 3)
	UMLAL2(22, 18, 3)
	UMLAL(23, 19, 3)
	UMLAL2(23, 19, 3)
	VADDV V2.S4, V2
	VADDV V3.S4, V3
	FMOVS F2, bytes+16(FP)
	FMOVS F3, weighted+20(FP)
	RET
