// The loop filter works on 16 places along an edge at once: X0 to X3 have the four samples before it, X4 to X7 those behind.
// X13 has the threshold of the edge, X14 that of steps beside it, X15 that of sharp steps. AX is the stride, BX three of it.

// DISTANCE makes |a - b|.
#define DISTANCE(a, b, t, out) \
	VPSUBUSB b, a, t   \
	VPSUBUSB a, b, out \
	VPOR     t, out, out

// MASKS marks in X8 the places to be smoothed, and in X9 those without a sharp step.
#define MASKS \
	DISTANCE(X2, X3, X10, X9)          \
	DISTANCE(X5, X4, X10, X11)         \
	VPMAXUB  X11, X9, X9               \
	DISTANCE(X0, X1, X10, X8)          \
	VPMAXUB  X9, X8, X8                \
	DISTANCE(X1, X2, X10, X11)         \
	VPMAXUB  X11, X8, X8               \
	DISTANCE(X5, X6, X10, X11)         \
	VPMAXUB  X11, X8, X8               \
	DISTANCE(X6, X7, X10, X11)         \
	VPMAXUB  X11, X8, X8               \
	VPSUBUSB X14, X8, X8               \
	DISTANCE(X3, X4, X10, X11)         \
	VPADDUSB X11, X11, X11             \
	DISTANCE(X2, X5, X10, X12)         \
	VPAND    evens<>(SB), X12, X12     \
	VPSRLW   $1, X12, X12              \
	VPADDUSB X12, X11, X11             \
	VPSUBUSB X13, X11, X11             \
	VPOR     X11, X8, X8               \
	VPXOR    X12, X12, X12             \
	VPCMPEQB X12, X8, X8               \
	VPSUBUSB X15, X9, X9               \
	VPCMPEQB X12, X9, X9

#define SIGNS(a) VPXOR signs<>(SB), a, a

// EIGHTH makes v/8 + 16, rounded down, of bytes with signs.
#define EIGHTH(v) \
	VPXOR  signs<>(SB), v, v \
	VPSRLW $3, v, v          \
	VPAND  lows<>(SB), v, v

// SMOOTH4 smooths an edge between blocks.
#define SMOOTH4 \
	MASKS                            \
	SIGNS(X2)                        \
	SIGNS(X3)                        \
	SIGNS(X4)                        \
	SIGNS(X5)                        \
	VPSUBSB X5, X2, X10              \
	VPANDN  X10, X9, X10             \
	VPSUBSB X3, X4, X11              \
	VPADDSB X11, X10, X10            \
	VPADDSB X11, X10, X10            \
	VPADDSB X11, X10, X10            \
	VPAND   X8, X10, X10             \
	VPADDSB fours<>(SB), X10, X11    \
	VPADDSB threes<>(SB), X10, X10   \
	EIGHTH(X11)                      \
	EIGHTH(X10)                      \
	VPXOR   X12, X12, X12            \
	VPAVGB  X12, X11, X12            \
	VPSUBB  eights<>(SB), X12, X12   \
	VPAND   X9, X12, X12             \
	VPSUBB  sixteens<>(SB), X11, X11 \
	VPSUBB  sixteens<>(SB), X10, X10 \
	VPADDSB X12, X2, X2              \
	VPADDSB X10, X3, X3              \
	VPSUBSB X11, X4, X4              \
	VPSUBSB X12, X5, X5              \
	SIGNS(X2)                        \
	SIGNS(X3)                        \
	SIGNS(X4)                        \
	SIGNS(X5)

// BYTES128 makes 16 bytes of 16 words that are 128 times as large.
#define BYTES128(y, x) \
	VPSRAW       $7, y, y    \
	VEXTRACTI128 $1, y, X8   \
	VPACKSSWB    X8, x, x

// SMOOTH6 smooths an edge between macroblocks.
#define SMOOTH6 \
	MASKS                            \
	SIGNS(X1)                        \
	SIGNS(X2)                        \
	SIGNS(X3)                        \
	SIGNS(X4)                        \
	SIGNS(X5)                        \
	SIGNS(X6)                        \
	VPSUBSB X5, X2, X10              \
	VPSUBSB X3, X4, X11              \
	VPADDSB X11, X10, X10            \
	VPADDSB X11, X10, X10            \
	VPADDSB X11, X10, X10            \
	VPAND   X8, X10, X10             \
	VPANDN  X10, X9, X8              \
	VPAND   X9, X10, X10             \
	VPADDSB fours<>(SB), X8, X11     \
	VPADDSB threes<>(SB), X8, X8     \
	EIGHTH(X11)                      \
	EIGHTH(X8)                       \
	VPSUBB  sixteens<>(SB), X11, X11 \
	VPSUBB  sixteens<>(SB), X8, X8   \
	VPADDSB X8, X3, X3               \
	VPSUBSB X11, X4, X4              \
	VPMOVSXBW X10, Y10               \
	VPMULLW nines<>(SB), Y10, Y10    \
	VPADDW  halves<>(SB), Y10, Y11   \
	VPADDW  Y10, Y11, Y12            \
	VPADDW  Y10, Y12, Y10            \
	BYTES128(Y10, X10)               \
	BYTES128(Y11, X11)               \
	BYTES128(Y12, X12)               \
	VPADDSB X11, X1, X1              \
	VPADDSB X12, X2, X2              \
	VPADDSB X10, X3, X3              \
	VPSUBSB X10, X4, X4              \
	VPSUBSB X12, X5, X5              \
	VPSUBSB X11, X6, X6              \
	SIGNS(X1)                        \
	SIGNS(X2)                        \
	SIGNS(X3)                        \
	SIGNS(X4)                        \
	SIGNS(X5)                        \
	SIGNS(X6)

// PAIR interleaves two rows of 8 bytes.
#define PAIR(a, b, out) \
	VMOVQ      a, out \
	VMOVQ      b, X8  \
	VPUNPCKLBW X8, out, out

// LOADCOLUMNS takes 8 columns of 16 rows: the first four from R8 on, the others from R10, R9 and R11 on.
#define LOADCOLUMNS \
	PAIR((R8), (R8)(AX*1), X0)         \
	PAIR((R8)(AX*2), (R8)(BX*1), X1)   \
	PAIR((R10), (R10)(AX*1), X2)       \
	PAIR((R10)(AX*2), (R10)(BX*1), X3) \
	PAIR((R9), (R9)(AX*1), X4)         \
	PAIR((R9)(AX*2), (R9)(BX*1), X5)   \
	PAIR((R11), (R11)(AX*1), X6)       \
	PAIR((R11)(AX*2), (R11)(BX*1), X7) \
	VPUNPCKLWD  X1, X0, X8   \
	VPUNPCKHWD  X1, X0, X9   \
	VPUNPCKLWD  X3, X2, X10  \
	VPUNPCKHWD  X3, X2, X11  \
	VPUNPCKLWD  X5, X4, X12  \
	VPUNPCKHWD  X5, X4, X0   \
	VPUNPCKLWD  X7, X6, X1   \
	VPUNPCKHWD  X7, X6, X2   \
	VPUNPCKLDQ  X10, X8, X3  \
	VPUNPCKHDQ  X10, X8, X4  \
	VPUNPCKLDQ  X11, X9, X5  \
	VPUNPCKHDQ  X11, X9, X6  \
	VPUNPCKLDQ  X1, X12, X7  \
	VPUNPCKHDQ  X1, X12, X8  \
	VPUNPCKLDQ  X2, X0, X9   \
	VPUNPCKHDQ  X2, X0, X10  \
	VPUNPCKLQDQ X7, X3, X0   \
	VPUNPCKHQDQ X7, X3, X1   \
	VPUNPCKLQDQ X8, X4, X2   \
	VPUNPCKHQDQ X8, X4, X3   \
	VPUNPCKLQDQ X9, X5, X4   \
	VPUNPCKHQDQ X9, X5, X5   \
	VPUNPCKHQDQ X10, X6, X7  \
	VPUNPCKLQDQ X10, X6, X6

// STORECOLUMNS undoes LOADCOLUMNS.
#define STORECOLUMNS \
	VPUNPCKLBW X1, X0, X8   \
	VPUNPCKHBW X1, X0, X9   \
	VPUNPCKLBW X3, X2, X10  \
	VPUNPCKHBW X3, X2, X11  \
	VPUNPCKLBW X5, X4, X12  \
	VPUNPCKHBW X5, X4, X0   \
	VPUNPCKLBW X7, X6, X1   \
	VPUNPCKHBW X7, X6, X2   \
	VPUNPCKLWD X10, X8, X3  \
	VPUNPCKHWD X10, X8, X4  \
	VPUNPCKLWD X1, X12, X5  \
	VPUNPCKHWD X1, X12, X6  \
	VPUNPCKLWD X11, X9, X7  \
	VPUNPCKHWD X11, X9, X8  \
	VPUNPCKLWD X2, X0, X9   \
	VPUNPCKHWD X2, X0, X10  \
	VPUNPCKLDQ X5, X3, X0   \
	VPUNPCKHDQ X5, X3, X1   \
	VPUNPCKLDQ X6, X4, X2   \
	VPUNPCKHDQ X6, X4, X3   \
	VPUNPCKLDQ X9, X7, X4   \
	VPUNPCKHDQ X9, X7, X5   \
	VPUNPCKLDQ X10, X8, X6  \
	VPUNPCKHDQ X10, X8, X7  \
	VMOVQ   X0, (R8)        \
	VMOVHPS X0, (R8)(AX*1)  \
	VMOVQ   X1, (R8)(AX*2)  \
	VMOVHPS X1, (R8)(BX*1)  \
	VMOVQ   X2, (R10)       \
	VMOVHPS X2, (R10)(AX*1) \
	VMOVQ   X3, (R10)(AX*2) \
	VMOVHPS X3, (R10)(BX*1) \
	VMOVQ   X4, (R9)        \
	VMOVHPS X4, (R9)(AX*1)  \
	VMOVQ   X5, (R9)(AX*2)  \
	VMOVHPS X5, (R9)(BX*1)  \
	VMOVQ   X6, (R11)       \
	VMOVHPS X6, (R11)(AX*1) \
	VMOVQ   X7, (R11)(AX*2) \
	VMOVHPS X7, (R11)(BX*1)

// FOURROWS stores 4 bytes of 4 rows.
#define FOURROWS(x, at) \
	VMOVD   x, 2(at)            \
	VPEXTRD $1, x, 2(at)(AX*1)  \
	VPEXTRD $2, x, 2(at)(AX*2)  \
	VPEXTRD $3, x, 2(at)(BX*1)

// STOREFOUR stores the four columns in the middle.
#define STOREFOUR \
	VPUNPCKLBW X3, X2, X8   \
	VPUNPCKHBW X3, X2, X9   \
	VPUNPCKLBW X5, X4, X10  \
	VPUNPCKHBW X5, X4, X11  \
	VPUNPCKLWD X10, X8, X0  \
	VPUNPCKHWD X10, X8, X1  \
	VPUNPCKLWD X11, X9, X2  \
	VPUNPCKHWD X11, X9, X3  \
	FOURROWS(X0, R8)        \
	FOURROWS(X1, R10)       \
	FOURROWS(X2, R9)        \
	FOURROWS(X3, R11)
