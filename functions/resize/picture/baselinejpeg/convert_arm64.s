#include "textflag.h"

// Go's assembler lacks these. d, n and m are numbers of registers, i that of a lane of V0; q is 0 for the lower half
// of n (or, where it narrows, of d), UPPER for the upper half.
#define UPPER 0x40000000
#define LANE(i) (((i)>>2)<<11 | ((i)&3)<<20)
#define UMULL(q, d, n, i) WORD $(0x2F40A000 | q | LANE(i) | (n)<<5 | (d))
#define UMLAL(q, d, n, i) WORD $(0x2F402000 | q | LANE(i) | (n)<<5 | (d))
#define UMLSL(q, d, n, i) WORD $(0x2F406000 | q | LANE(i) | (n)<<5 | (d))
#define UADDLP(d, n) WORD $(0x6E202800 | (n)<<5 | (d)) // sums of two of 16 bytes
#define UADALP(d, n) WORD $(0x6E206800 | (n)<<5 | (d)) // and adds them
#define SQXTUN(d, n) WORD $(0x2E212800 | (n)<<5 | (d)) // 8 bytes, limited
#define RSHRN16(q, d, n) WORD $(0x0F108C00 | q | (n)<<5 | (d))

// Lanes of V0.
#define RED_Y 0
#define GREEN_Y 1
#define BLUE_Y 2
#define HALF 3
#define RED_CB 4
#define GREEN_CB 5
#define GREEN_CR 6
#define BLUE_CR 7

// QUARTER makes 4 samples of luma, as half of d, of half of the 8 pixels in V16 to V18.
#define QUARTER(q, d) \
	UMULL(q, 19, 16, RED_Y)   \
	UMLAL(q, 19, 17, GREEN_Y) \
	UMLAL(q, 19, 18, BLUE_Y)  \
	RSHRN16(q, d, 19)

// LUMA makes 16 samples, in V22, of the 16 pixels in R, G and B.
#define LUMA(R, G, B) \
	VUXTL  R.B8, V16.H8  \
	VUXTL  G.B8, V17.H8  \
	VUXTL  B.B8, V18.H8  \
	QUARTER(0, 20)       \
	QUARTER(UPPER, 20)   \
	VUXTL2 R.B16, V16.H8 \
	VUXTL2 G.B16, V17.H8 \
	VUXTL2 B.B16, V18.H8 \
	QUARTER(0, 21)       \
	QUARTER(UPPER, 21)   \
	VUZP1  V21.B16, V20.B16, V22.B16

// CHROMA makes 8 samples, in the n-th register, of sums: half of those in plus without what others take.
#define CHROMA(n, V, plus, minus1, i1, minus2, i2) \
	UMULL(0, 19, plus, HALF)      \
	UMLSL(0, 19, minus1, i1)      \
	UMLSL(0, 19, minus2, i2)      \
	RSHRN16(0, n, 19)             \
	UMULL(UPPER, 19, plus, HALF)  \
	UMLSL(UPPER, 19, minus1, i1)  \
	UMLSL(UPPER, 19, minus2, i2)  \
	RSHRN16(UPPER, n, 19)         \
	VADD V1.H8, V.H8, V.H8        \
	SQXTUN(n, n)

// func convertNEON(luma0, luma1, cb, cr, pix0, pix1 *byte, groups int)
TEXT ·convertNEON(SB), NOSPLIT, $0-56
	MOVD luma0+0(FP), R0
	MOVD luma1+8(FP), R1
	MOVD cb+16(FP), R2
	MOVD cr+24(FP), R3
	MOVD pix0+32(FP), R4
	MOVD pix1+40(FP), R5
	MOVD groups+48(FP), R6
	MOVD $·shares(SB), R7
	VLD1 (R7), [V0.H8]
	MOVD $128, R7
	VDUP R7, V1.H8

group:
	VLD4.P 64(R4), [V4.B16, V5.B16, V6.B16, V7.B16]
	VLD4.P 64(R5), [V8.B16, V9.B16, V10.B16, V11.B16]
	LUMA(V4, V5, V6)
	VST1.P [V22.B16], 16(R0)
	LUMA(V8, V9, V10)
	VST1.P [V22.B16], 16(R1)
	UADDLP(24, 4)
	UADALP(24, 8)
	UADDLP(25, 5)
	UADALP(25, 9)
	UADDLP(26, 6)
	UADALP(26, 10)
	CHROMA(20, V20, 26, 24, RED_CB, 25, GREEN_CB)
	CHROMA(21, V21, 24, 25, GREEN_CR, 26, BLUE_CR)
	VST1.P [V20.B8], 8(R2)
	VST1.P [V21.B8], 8(R3)
	SUBS $1, R6
	BNE  group
	RET
