// The loop filter works on 16 places along an edge at once: V0 to V3 have the four samples before it, V4 to V7 those behind.
// V24 has the threshold of the edge, V25 that of steps beside it, V26 that of sharp steps, V27 to V31 are constants.

// THRESHOLDS reads them from R2; that of the edge is for macroblocks.
#define THRESHOLDS \
	MOVBU thresholds_edge(R2), R8     \
	ADD   $4, R8, R8                  \
	VDUP  R8, V24.B16                 \
	MOVBU thresholds_interior(R2), R8 \
	VDUP  R8, V25.B16                 \
	MOVBU thresholds_high(R2), R8     \
	VDUP  R8, V26.B16                 \
	MOVD  $9, R8                      \
	VDUP  R8, V27.H8                  \
	MOVD  $63, R8                     \
	VDUP  R8, V28.H8                  \
	VMOVI $3, V29.B16                 \
	VMOVI $4, V30.B16                 \
	VMOVI $128, V31.B16

// MASKS marks in V8 the places to be smoothed, and in V9 those without a sharp step.
#define MASKS \
	UABD(2, 3, 9)                  \
	UABD(5, 4, 11)                 \
	VUMAX V11.B16, V9.B16, V9.B16  \
	UABD(0, 1, 8)                  \
	VUMAX V9.B16, V8.B16, V8.B16   \
	UABD(1, 2, 11)                 \
	VUMAX V11.B16, V8.B16, V8.B16  \
	UABD(5, 6, 11)                 \
	VUMAX V11.B16, V8.B16, V8.B16  \
	UABD(6, 7, 11)                 \
	VUMAX V11.B16, V8.B16, V8.B16  \
	CMHS(8, 25, 8)                 \
	UABD(3, 4, 11)                 \
	UQADD(11, 11, 11)              \
	UABD(2, 5, 12)                 \
	VUSHR $1, V12.B16, V12.B16     \
	UQADD(12, 11, 11)              \
	CMHS(11, 24, 11)               \
	VAND  V11.B16, V8.B16, V8.B16  \
	CMHS(9, 26, 9)

#define SIGNS(v) VEOR V31.B16, v.B16, v.B16

// SMOOTH4 smooths an edge between blocks.
#define SMOOTH4 \
	MASKS                            \
	SIGNS(V2)                        \
	SIGNS(V3)                        \
	SIGNS(V4)                        \
	SIGNS(V5)                        \
	SQSUB(5, 2, 10)                  \
	BIC(9, 10, 10)                   \
	SQSUB(3, 4, 11)                  \
	SQADD(11, 10, 10)                \
	SQADD(11, 10, 10)                \
	SQADD(11, 10, 10)                \
	VAND V8.B16, V10.B16, V10.B16    \
	SQADD(30, 10, 11)                \
	SQADD(29, 10, 10)                \
	SSHR3(11, 11)                    \
	SSHR3(10, 10)                    \
	SRSHR1(11, 12)                   \
	VAND V9.B16, V12.B16, V12.B16    \
	SQADD(12, 2, 2)                  \
	SQADD(10, 3, 3)                  \
	SQSUB(11, 4, 4)                  \
	SQSUB(12, 5, 5)                  \
	SIGNS(V2)                        \
	SIGNS(V3)                        \
	SIGNS(V4)                        \
	SIGNS(V5)

// SMOOTH6 smooths an edge between macroblocks.
#define SMOOTH6 \
	MASKS                            \
	SIGNS(V1)                        \
	SIGNS(V2)                        \
	SIGNS(V3)                        \
	SIGNS(V4)                        \
	SIGNS(V5)                        \
	SIGNS(V6)                        \
	SQSUB(5, 2, 10)                  \
	SQSUB(3, 4, 11)                  \
	SQADD(11, 10, 10)                \
	SQADD(11, 10, 10)                \
	SQADD(11, 10, 10)                \
	VAND V8.B16, V10.B16, V10.B16    \
	BIC(9, 10, 8)                    \
	VAND V9.B16, V10.B16, V10.B16    \
	SQADD(30, 8, 11)                 \
	SQADD(29, 8, 8)                  \
	SSHR3(11, 11)                    \
	SSHR3(8, 8)                      \
	SQADD(8, 3, 3)                   \
	SQSUB(11, 4, 4)                  \
	SXTL(10, 16)                     \
	SXTL2(10, 17)                    \
	MULH(27, 16, 16)                 \
	MULH(27, 17, 17)                 \
	VADD V28.H8, V16.H8, V18.H8      \
	VADD V28.H8, V17.H8, V19.H8      \
	SQSHRN7(18, 11)                  \
	SQSHRN72(19, 11)                 \
	VADD V16.H8, V18.H8, V18.H8      \
	VADD V17.H8, V19.H8, V19.H8      \
	SQSHRN7(18, 12)                  \
	SQSHRN72(19, 12)                 \
	VADD V16.H8, V18.H8, V18.H8      \
	VADD V17.H8, V19.H8, V19.H8      \
	SQSHRN7(18, 10)                  \
	SQSHRN72(19, 10)                 \
	SQADD(11, 1, 1)                  \
	SQADD(12, 2, 2)                  \
	SQADD(10, 3, 3)                  \
	SQSUB(10, 4, 4)                  \
	SQSUB(12, 5, 5)                  \
	SQSUB(11, 6, 6)                  \
	SIGNS(V1)                        \
	SIGNS(V2)                        \
	SIGNS(V3)                        \
	SIGNS(V4)                        \
	SIGNS(V5)                        \
	SIGNS(V6)

// TURN transposes 8×8 bytes in the lower halves of V0 to V7, and as many in the upper ones.
#define TURN \
	VTRN1 V1.B16, V0.B16, V16.B16 \
	VTRN2 V1.B16, V0.B16, V17.B16 \
	VTRN1 V3.B16, V2.B16, V18.B16 \
	VTRN2 V3.B16, V2.B16, V19.B16 \
	VTRN1 V5.B16, V4.B16, V20.B16 \
	VTRN2 V5.B16, V4.B16, V21.B16 \
	VTRN1 V7.B16, V6.B16, V22.B16 \
	VTRN2 V7.B16, V6.B16, V23.B16 \
	VTRN1 V18.H8, V16.H8, V8.H8   \
	VTRN2 V18.H8, V16.H8, V10.H8  \
	VTRN1 V19.H8, V17.H8, V9.H8   \
	VTRN2 V19.H8, V17.H8, V11.H8  \
	VTRN1 V22.H8, V20.H8, V12.H8  \
	VTRN2 V22.H8, V20.H8, V14.H8  \
	VTRN1 V23.H8, V21.H8, V13.H8  \
	VTRN2 V23.H8, V21.H8, V15.H8  \
	VTRN1 V12.S4, V8.S4, V0.S4    \
	VTRN2 V12.S4, V8.S4, V4.S4    \
	VTRN1 V13.S4, V9.S4, V1.S4    \
	VTRN2 V13.S4, V9.S4, V5.S4    \
	VTRN1 V14.S4, V10.S4, V2.S4   \
	VTRN2 V14.S4, V10.S4, V6.S4   \
	VTRN1 V15.S4, V11.S4, V3.S4   \
	VTRN2 V15.S4, V11.S4, V7.S4

// LOADROW takes 8 bytes from R10 on, and 8 from R11 on, and goes to the next rows.
#define LOADROW(v) \
	VLD1 (R10), v.D[0] \
	VLD1 (R11), v.D[1] \
	ADD  R1, R10, R10  \
	ADD  R1, R11, R11

#define STOREROW(v) \
	VST1 v.D[0], (R10) \
	VST1 v.D[1], (R11) \
	ADD  R1, R10, R10  \
	ADD  R1, R11, R11

#define EIGHTROWS(op) \
	MOVD R6, R10 \
	MOVD R7, R11 \
	op(V0)       \
	op(V1)       \
	op(V2)       \
	op(V3)       \
	op(V4)       \
	op(V5)       \
	op(V6)       \
	op(V7)

// LOADCOLUMNS takes 8 columns of 16 rows, from R6 and R7 on; STORECOLUMNS undoes it.
#define LOADCOLUMNS \
	EIGHTROWS(LOADROW) \
	TURN

#define STORECOLUMNS \
	TURN \
	EIGHTROWS(STOREROW)

#define LOADLINE(v) \
	VLD1 (R10), [v.B16] \
	ADD  R1, R10, R10

#define STORELINE(v) \
	VST1 [v.B16], (R10) \
	ADD  R1, R10, R10
