#include "textflag.h"

// Go's assembler lacks these. d, n and m are numbers of registers, i that of a lane of m;
// q is 0 for the lower half of n (or, where it narrows, of d), UPPER for the upper half.
#define UPPER 0x40000000
#define LANE(i, m) (((i)>>2)<<11 | ((i)&3)<<20 | (m)<<16)
#define SMULL(q, d, n, m, i) WORD $(0x0F40A000 | q | LANE(i, m) | (n)<<5 | (d))
#define SMLAL(q, d, n, m, i) WORD $(0x0F402000 | q | LANE(i, m) | (n)<<5 | (d))
#define SMLSL(q, d, n, m, i) WORD $(0x0F406000 | q | LANE(i, m) | (n)<<5 | (d))

// SQSHRN $11 and SHRN $16 from 32 to 16 bits, SQSHRUN $2 from 16 to 8.
#define SQSHRN11 0x0F159400
#define SHRN16 0x0F108400
#define NARROW(op, q, d, n) WORD $(op | q | (n)<<5 | (d))
#define SQSHRUN2(d, n) WORD $(0x2F0E8400 | (n)<<5 | (d))

// MUL keeps the lower halves of 8 products.
#define MUL(d, n, m) WORD $(0x4E609C00 | (m)<<16 | (n)<<5 | (d))

// ODD8 makes an odd part of coefficients 1, 3, 5 and 7 in V10, adds it to E for result up, subtracts it for down.
#define ODD8(q, op, E, m1, i1, m3, i3, m5, i5, m7, i7, up, down) \
	SMULL(q, 10, 17, m1, i1)   \
	SMLAL(q, 10, 19, m3, i3)   \
	SMLAL(q, 10, 21, m5, i5)   \
	SMLAL(q, 10, 23, m7, i7)   \
	VADD V10.S4, E.S4, V11.S4  \
	VSUB V10.S4, E.S4, V12.S4  \
	NARROW(op, q, up, 11)      \
	NARROW(op, q, down, 12)

// HALF8 makes 4 columns of V24 to V31 of those of V16 to V23, with the factors in V0 and V1.
#define HALF8(q, op, ROUND) \
	VMOV ROUND.B16, V2.B16    \
	VMOV ROUND.B16, V3.B16    \
	SMLAL(q, 2, 16, 0, 0)     \
	SMLAL(q, 2, 20, 0, 0)     \
	SMLAL(q, 3, 16, 0, 0)     \
	SMLSL(q, 3, 20, 0, 0)     \
	SMULL(q, 4, 18, 0, 1)     \
	SMLAL(q, 4, 22, 0, 2)     \
	SMULL(q, 5, 18, 0, 2)     \
	SMLAL(q, 5, 22, 0, 3)     \
	VADD V4.S4, V2.S4, V6.S4  \
	VSUB V4.S4, V2.S4, V9.S4  \
	VADD V5.S4, V3.S4, V7.S4  \
	VSUB V5.S4, V3.S4, V8.S4  \
	ODD8(q, op, V6, 0, 4, 0, 5, 0, 6, 0, 7, 24, 31)  \
	ODD8(q, op, V7, 0, 5, 1, 0, 1, 1, 1, 2, 25, 30)  \
	ODD8(q, op, V8, 0, 6, 1, 1, 1, 3, 0, 5, 26, 29)  \
	ODD8(q, op, V9, 0, 7, 1, 2, 0, 5, 1, 4, 27, 28)

// TURN8 transposes V24 to V31 to V16 to V23.
#define TURN8 \
	VTRN1 V25.H8, V24.H8, V16.H8 \
	VTRN2 V25.H8, V24.H8, V17.H8 \
	VTRN1 V27.H8, V26.H8, V18.H8 \
	VTRN2 V27.H8, V26.H8, V19.H8 \
	VTRN1 V29.H8, V28.H8, V20.H8 \
	VTRN2 V29.H8, V28.H8, V21.H8 \
	VTRN1 V31.H8, V30.H8, V22.H8 \
	VTRN2 V31.H8, V30.H8, V23.H8 \
	VTRN1 V18.S4, V16.S4, V24.S4 \
	VTRN1 V19.S4, V17.S4, V25.S4 \
	VTRN2 V18.S4, V16.S4, V26.S4 \
	VTRN2 V19.S4, V17.S4, V27.S4 \
	VTRN1 V22.S4, V20.S4, V28.S4 \
	VTRN1 V23.S4, V21.S4, V29.S4 \
	VTRN2 V22.S4, V20.S4, V30.S4 \
	VTRN2 V23.S4, V21.S4, V31.S4 \
	VTRN1 V28.D2, V24.D2, V16.D2 \
	VTRN1 V29.D2, V25.D2, V17.D2 \
	VTRN1 V30.D2, V26.D2, V18.D2 \
	VTRN1 V31.D2, V27.D2, V19.D2 \
	VTRN2 V28.D2, V24.D2, V20.D2 \
	VTRN2 V29.D2, V25.D2, V21.D2 \
	VTRN2 V30.D2, V26.D2, V22.D2 \
	VTRN2 V31.D2, V27.D2, V23.D2

#define STORE8(n, V) \
	SQSHRUN2(n, n)       \
	VST1 [V.B8], (R0)    \
	ADD  R1, R0

// func transform8NEON(pix *byte, stride int, blk *int16, f *factors)
TEXT ·transform8NEON(SB), NOSPLIT, $0-32
	MOVD  pix+0(FP), R0
	MOVD  stride+8(FP), R1
	MOVD  blk+16(FP), R2
	MOVD  f+24(FP), R5
	MOVD  $·sums8(SB), R3
	MOVD  $·rounds(SB), R4
	VLD1  (R3), [V0.H8, V1.H8]
	VLD1R.P 4(R4), [V13.S4]
	VLD1R (R4), [V14.S4]
	VLD1.P 64(R2), [V16.H8, V17.H8, V18.H8, V19.H8]
	VLD1  (R2), [V20.H8, V21.H8, V22.H8, V23.H8]
	VLD1.P 64(R5), [V24.H8, V25.H8, V26.H8, V27.H8]
	VLD1  (R5), [V28.H8, V29.H8, V30.H8, V31.H8]
	MUL(24, 16, 24)
	MUL(25, 17, 25)
	MUL(26, 18, 26)
	MUL(27, 19, 27)
	MUL(28, 20, 28)
	MUL(29, 21, 29)
	MUL(30, 22, 30)
	MUL(31, 23, 31)
	VUZP1 V25.H8, V24.H8, V16.H8 // row 0; they lie in pairs 0 and 4, 2 and 6, 1 and 3, 5 and 7
	VUZP2 V25.H8, V24.H8, V20.H8
	VUZP1 V27.H8, V26.H8, V18.H8
	VUZP2 V27.H8, V26.H8, V22.H8
	VUZP1 V29.H8, V28.H8, V17.H8
	VUZP2 V29.H8, V28.H8, V19.H8
	VUZP1 V31.H8, V30.H8, V21.H8
	VUZP2 V31.H8, V30.H8, V23.H8
	HALF8(0, SQSHRN11, V13)
	HALF8(UPPER, SQSHRN11, V13)
	TURN8
	HALF8(0, SHRN16, V14)
	HALF8(UPPER, SHRN16, V14)
	TURN8
	STORE8(16, V16)
	STORE8(17, V17)
	STORE8(18, V18)
	STORE8(19, V19)
	STORE8(20, V20)
	STORE8(21, V21)
	STORE8(22, V22)
	STORE8(23, V23)
	RET

// PASS4 makes V24 to V27 of V16 to V19, with the factors in V0.
#define PASS4(op, ROUND) \
	VMOV ROUND.B16, V2.B16    \
	VMOV ROUND.B16, V3.B16    \
	SMLAL(0, 2, 16, 0, 0)     \
	SMLAL(0, 2, 18, 0, 1)     \
	SMLAL(0, 3, 16, 0, 2)     \
	SMLAL(0, 3, 18, 0, 3)     \
	SMULL(0, 4, 17, 0, 4)     \
	SMLAL(0, 4, 19, 0, 5)     \
	SMULL(0, 5, 17, 0, 6)     \
	SMLAL(0, 5, 19, 0, 7)     \
	VADD V4.S4, V2.S4, V6.S4  \
	VADD V5.S4, V3.S4, V7.S4  \
	VSUB V5.S4, V3.S4, V8.S4  \
	VSUB V4.S4, V2.S4, V9.S4  \
	NARROW(op, 0, 24, 6)      \
	NARROW(op, 0, 25, 7)      \
	NARROW(op, 0, 26, 8)      \
	NARROW(op, 0, 27, 9)

// TURN4 transposes V24 to V27 to V16 to V19.
#define TURN4 \
	VTRN1 V25.H4, V24.H4, V20.H4 \
	VTRN2 V25.H4, V24.H4, V21.H4 \
	VTRN1 V27.H4, V26.H4, V22.H4 \
	VTRN2 V27.H4, V26.H4, V23.H4 \
	VTRN1 V22.S2, V20.S2, V16.S2 \
	VTRN1 V23.S2, V21.S2, V17.S2 \
	VTRN2 V22.S2, V20.S2, V18.S2 \
	VTRN2 V23.S2, V21.S2, V19.S2

// TRANSFORM4 makes 4 rows of 4 samples, in V16 to V19, of the coefficients at R2 and their factors at R5 with the
// sums at R3. Rows lie in pairs 0 and 2, 1 and 3.
#define TRANSFORM4 \
	MOVD  $·rounds(SB), R4     \
	VLD1  (R3), [V0.H8]        \
	VLD1R.P 4(R4), [V13.S4]    \
	VLD1R (R4), [V14.S4]       \
	VLD1  (R2), [V20.H8, V21.H8] \
	VLD1  (R5), [V22.H8, V23.H8] \
	MUL(20, 20, 22)            \
	MUL(21, 21, 23)            \
	VUZP1 V20.H8, V20.H8, V16.H8 \
	VUZP2 V20.H8, V20.H8, V18.H8 \
	VUZP1 V21.H8, V21.H8, V17.H8 \
	VUZP2 V21.H8, V21.H8, V19.H8 \
	PASS4(SQSHRN11, V13)       \
	TURN4                      \
	PASS4(SHRN16, V14)         \
	TURN4                      \
	SQSHRUN2(16, 16)           \
	SQSHRUN2(17, 17)           \
	SQSHRUN2(18, 18)           \
	SQSHRUN2(19, 19)

// func transform4NEON(pix *byte, stride int, blk *int16, f *factors)
TEXT ·transform4NEON(SB), NOSPLIT, $0-32
	MOVD pix+0(FP), R0
	MOVD stride+8(FP), R1
	MOVD blk+16(FP), R2
	MOVD f+24(FP), R5
	MOVD $·sums4(SB), R3
	TRANSFORM4
	VST1 V16.S[0], (R0)
	ADD  R1, R0
	VST1 V17.S[0], (R0)
	ADD  R1, R0
	VST1 V18.S[0], (R0)
	ADD  R1, R0
	VST1 V19.S[0], (R0)
	RET

#define STORE3(V) \
	VST1.P V.H[0], 2(R0) \
	VST1   V.B[3], (R0)  \
	ADD    R1, R0

// func transform3NEON(pix *byte, stride int, blk *int16, f *factors)
TEXT ·transform3NEON(SB), NOSPLIT, $0-32
	MOVD pix+0(FP), R0
	MOVD stride+8(FP), R1
	MOVD blk+16(FP), R2
	MOVD f+24(FP), R5
	MOVD $·sums3(SB), R3
	SUB  $2, R1
	TRANSFORM4
	STORE3(V16)
	STORE3(V17)
	STORE3(V19)
	RET
