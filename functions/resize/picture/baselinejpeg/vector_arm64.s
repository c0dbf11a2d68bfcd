#include "textflag.h"

// Go's assembler lacks these. d, n and m are numbers of registers, i that of a lane of m;
// q is 0 for the lower half of n (or, where it narrows, of d), UPPER for the upper half.
#define UPPER 0x40000000
#define LANE(i, m) (((i)>>2)<<11 | ((i)&3)<<20 | (m)<<16)
#define SMULL(q, d, n, m, i) WORD $(0x0F40A000 | q | LANE(i, m) | (n)<<5 | (d))
#define SMLAL(q, d, n, m, i) WORD $(0x0F402000 | q | LANE(i, m) | (n)<<5 | (d))
#define SMLSL(q, d, n, m, i) WORD $(0x0F406000 | q | LANE(i, m) | (n)<<5 | (d))
#define UMULL(q, d, n, m) WORD $(0x2E60C000 | q | (m)<<16 | (n)<<5 | (d))
#define UADDL(d, n, m) WORD $(0x2E200000 | (m)<<16 | (n)<<5 | (d)) // of 8 bytes each
#define USUBL(d, n, m) WORD $(0x2E202000 | (m)<<16 | (n)<<5 | (d))
#define ABS8(d, n) WORD $(0x4E60B800 | (n)<<5 | (d)) // of 8 numbers of 16 bits
#define NEGATIVE8(d, n) WORD $(0x4E60A800 | (n)<<5 | (d)) // CMLT 0
#define SRSHR2(d, n) WORD $(0x4F1E2400 | (n)<<5 | (d)) // 2 bits to the right, rounded

// RSHRN, with rounding, from 32 to 16 bits.
#define RSHRN11 0x0F158C00
#define RSHRN15 0x0F118C00
#define NARROW(op, q, d, n) WORD $(op | q | (n)<<5 | (d))

// Lanes of V0.
#define COS1 0
#define COS2 1
#define COS3 2
#define COS5 3
#define COS6 4
#define COS7 5

// EVEN and ODD make half of a result, in d, of V25 and V27, and of V20 to V23.
#define EVEN(q, op, d, i0, OP1, i1) \
	SMULL(q, 30, 25, 0, i0) \
	OP1(q, 30, 27, 0, i1)   \
	NARROW(op, q, d, 30)

#define ODD(q, op, d, i0, OP1, i1, OP2, i2, OP3, i3) \
	SMULL(q, 30, 20, 0, i0) \
	OP1(q, 30, 21, 0, i1)   \
	OP2(q, 30, 22, 0, i2)   \
	OP3(q, 30, 23, 0, i3)   \
	NARROW(op, q, d, 30)

#define HALF(q, op) \
	EVEN(q, op, 10, COS2, SMLAL, COS6) \
	EVEN(q, op, 14, COS6, SMLSL, COS2) \
	ODD(q, op, 9, COS1, SMLAL, COS3, SMLAL, COS5, SMLAL, COS7)  \
	ODD(q, op, 11, COS3, SMLSL, COS7, SMLSL, COS1, SMLSL, COS5) \
	ODD(q, op, 13, COS5, SMLSL, COS1, SMLAL, COS7, SMLAL, COS3) \
	ODD(q, op, 15, COS7, SMLSL, COS5, SMLAL, COS3, SMLSL, COS1)

// PASS makes results 0 to 7 in V8 to V15, of which 0 and 4 are not shifted, of t0 to t3 in V16 to V19 and d0 to d3 in V20 to V23.
#define PASS(op) \
	VADD V19.H8, V16.H8, V24.H8 \
	VSUB V19.H8, V16.H8, V25.H8 \
	VADD V18.H8, V17.H8, V26.H8 \
	VSUB V18.H8, V17.H8, V27.H8 \
	VADD V26.H8, V24.H8, V8.H8  \
	VSUB V26.H8, V24.H8, V12.H8 \
	HALF(0, op)                 \
	HALF(UPPER, op)

// QUANTIZE divides a column, in V, the n-th register. R6 to R8 are where its numbers stand.
#define QUANTIZE(n, V) \
	VLD1.P 16(R6), [V24.H8]       \
	VLD1.P 16(R7), [V25.H8]       \
	VLD1.P 16(R8), [V26.H8]       \
	ABS8(27, n)                   \
	VADD   V24.H8, V27.H8, V27.H8 \
	UMULL(0, 28, 27, 25)          \
	UMULL(UPPER, 29, 27, 25)      \
	VUZP2  V29.H8, V28.H8, V27.H8 \
	UMULL(0, 28, 27, 26)          \
	UMULL(UPPER, 29, 27, 26)      \
	VUZP2  V29.H8, V28.H8, V27.H8 \
	NEGATIVE8(24, n)              \
	VEOR   V24.B16, V27.B16, V27.B16 \
	VSUB   V24.H8, V27.H8, V.H8

// GATHER puts eight coefficients in OUT. R6 is where it says from where.
#define GATHER(OUT) \
	VLD1.P 16(R6), [V24.B16]                              \
	VTBL   V24.B16, [V8.B16, V9.B16, V10.B16, V11.B16], OUT.B16   \
	VSUB   V1.B16, V24.B16, V24.B16                       \
	VTBX   V24.B16, [V12.B16, V13.B16, V14.B16, V15.B16], OUT.B16

// NONZERO makes a bit, in OUT, for each of 16 coefficients that is not 0.
#define NONZERO(A, B, OUT) \
	VCMTST A.H8, A.H8, V28.H8      \
	VCMTST B.H8, B.H8, V29.H8      \
	VUZP1  V29.B16, V28.B16, OUT.B16 \
	VAND   V2.B16, OUT.B16, OUT.B16

// func transformNEON(blocks *block, masks *uint64, pix *byte, stride, count int, q *quantizer)
TEXT ·transformNEON(SB), NOSPLIT, $0-48
	MOVD blocks+0(FP), R0
	MOVD masks+8(FP), R1
	MOVD pix+16(FP), R2
	MOVD stride+24(FP), R3
	MOVD count+32(FP), R4
	MOVD q+40(FP), R5
	MOVD $·cosines(SB), R6
	VLD1 (R6), [V0.H8]
	VMOVI $64, V1.B16
	MOVD $0x8040201008040201, R6
	VMOV R6, V2.D[0]
	VMOV R6, V2.D[1]
	MOVD $(8*128), R6
	VDUP R6, V3.H8

next:
	MOVD R2, R6
	VLD1 (R6), [V8.B8]
	ADD  R3, R6
	VLD1 (R6), [V9.B8]
	ADD  R3, R6
	VLD1 (R6), [V10.B8]
	ADD  R3, R6
	VLD1 (R6), [V11.B8]
	ADD  R3, R6
	VLD1 (R6), [V12.B8]
	ADD  R3, R6
	VLD1 (R6), [V13.B8]
	ADD  R3, R6
	VLD1 (R6), [V14.B8]
	ADD  R3, R6
	VLD1 (R6), [V15.B8]
	UADDL(16, 8, 15)
	UADDL(17, 9, 14)
	UADDL(18, 10, 13)
	UADDL(19, 11, 12)
	USUBL(20, 8, 15)
	USUBL(21, 9, 14)
	USUBL(22, 10, 13)
	USUBL(23, 11, 12)
	PASS(RSHRN11)
	VSUB V3.H8, V8.H8, V8.H8
	VSHL $2, V8.H8, V8.H8
	VSHL $2, V12.H8, V12.H8

	// Rows to columns.
	VTRN1 V9.H8, V8.H8, V16.H8
	VTRN2 V9.H8, V8.H8, V17.H8
	VTRN1 V11.H8, V10.H8, V18.H8
	VTRN2 V11.H8, V10.H8, V19.H8
	VTRN1 V13.H8, V12.H8, V20.H8
	VTRN2 V13.H8, V12.H8, V21.H8
	VTRN1 V15.H8, V14.H8, V22.H8
	VTRN2 V15.H8, V14.H8, V23.H8
	VTRN1 V18.S4, V16.S4, V24.S4
	VTRN1 V19.S4, V17.S4, V25.S4
	VTRN2 V18.S4, V16.S4, V26.S4
	VTRN2 V19.S4, V17.S4, V27.S4
	VTRN1 V22.S4, V20.S4, V28.S4
	VTRN1 V23.S4, V21.S4, V29.S4
	VTRN2 V22.S4, V20.S4, V30.S4
	VTRN2 V23.S4, V21.S4, V31.S4
	VTRN1 V28.D2, V24.D2, V8.D2
	VTRN1 V29.D2, V25.D2, V9.D2
	VTRN1 V30.D2, V26.D2, V10.D2
	VTRN1 V31.D2, V27.D2, V11.D2
	VTRN2 V28.D2, V24.D2, V12.D2
	VTRN2 V29.D2, V25.D2, V13.D2
	VTRN2 V30.D2, V26.D2, V14.D2
	VTRN2 V31.D2, V27.D2, V15.D2
	VADD  V15.H8, V8.H8, V16.H8
	VADD  V14.H8, V9.H8, V17.H8
	VADD  V13.H8, V10.H8, V18.H8
	VADD  V12.H8, V11.H8, V19.H8
	VSUB  V15.H8, V8.H8, V20.H8
	VSUB  V14.H8, V9.H8, V21.H8
	VSUB  V13.H8, V10.H8, V22.H8
	VSUB  V12.H8, V11.H8, V23.H8
	PASS(RSHRN15)
	SRSHR2(8, 8)
	SRSHR2(12, 12)

	MOVD R5, R6
	ADD  $128, R5, R7
	ADD  $256, R5, R8
	QUANTIZE(8, V8)
	QUANTIZE(9, V9)
	QUANTIZE(10, V10)
	QUANTIZE(11, V11)
	QUANTIZE(12, V12)
	QUANTIZE(13, V13)
	QUANTIZE(14, V14)
	QUANTIZE(15, V15)

	MOVD $·gathers(SB), R6
	GATHER(V16)
	GATHER(V17)
	GATHER(V18)
	GATHER(V19)
	GATHER(V20)
	GATHER(V21)
	GATHER(V22)
	GATHER(V23)
	VST1.P [V16.H8, V17.H8, V18.H8, V19.H8], 64(R0)
	VST1.P [V20.H8, V21.H8, V22.H8, V23.H8], 64(R0)

	NONZERO(V16, V17, V24)
	NONZERO(V18, V19, V25)
	NONZERO(V20, V21, V26)
	NONZERO(V22, V23, V27)
	VADDP V25.B16, V24.B16, V24.B16
	VADDP V27.B16, V26.B16, V26.B16
	VADDP V26.B16, V24.B16, V24.B16
	VADDP V24.B16, V24.B16, V24.B16
	VMOV  V24.D[0], R6
	ORR   $1, R6
	MOVD.P R6, 8(R1)

	ADD  $8, R2
	SUBS $1, R4
	BNE  next
	RET
