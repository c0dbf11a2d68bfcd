// The transforms of transform.go. R11 to R14 are where CONSTANTS points them.

#define CONSTANTS \
	LEAQ ·sums8(SB), R11    \
	LEAQ ·rounds(SB), R12   \
	LEAQ ·shuffles(SB), R13 \
	LEAQ ·even(SB), R14

// PART8 makes results i and 7-i of a pass, in UP and DOWN, of the pairs of coefficients in Y0 to Y3.
#define PART8(i, ROUND, SHIFT, UP, DOWN) \
	VPMADDWD (128*i)(R11), Y0, Y4    \
	VPMADDWD (128*i+32)(R11), Y1, Y5 \
	VPMADDWD (128*i+64)(R11), Y2, Y6 \
	VPMADDWD (128*i+96)(R11), Y3, Y7 \
	VPADDD   Y5, Y4, Y4              \
	VPADDD   Y7, Y6, Y6              \
	VPADDD   ROUND, Y4, Y4           \
	VPADDD   Y6, Y4, UP              \
	VPSUBD   Y6, Y4, DOWN            \
	VPSRAD   SHIFT, UP, UP           \
	VPSRAD   SHIFT, DOWN, DOWN

#define PASS8(ROUND, SHIFT) \
	PART8(0, ROUND, SHIFT, Y8, Y15)  \
	PART8(1, ROUND, SHIFT, Y9, Y14)  \
	PART8(2, ROUND, SHIFT, Y10, Y13) \
	PART8(3, ROUND, SHIFT, Y11, Y12)

// ODD8 turns UP, an even part, and the odd one of the pairs in Y2 and Y3, to a result and, in DOWN, its mirror.
#define ODD8(i, UP, DOWN) \
	VPMADDWD (128*i+64)(R11), Y2, Y4 \
	VPMADDWD (128*i+96)(R11), Y3, Y5 \
	VPADDD   Y5, Y4, Y4              \
	VPSUBD   Y4, UP, DOWN            \
	VPADDD   Y4, UP, UP              \
	VPSRAD   $11, UP, UP             \
	VPSRAD   $11, DOWN, DOWN

// TRANSFORM8 makes 8 rows of 8 samples, at DI and SI apart, of the coefficients at DX and their factors at CX. The rows
// of these lie in pairs 0 and 4, 2 and 6, 1 and 3, 5 and 7; columns 0 to 3 are in the lower lanes. Between the passes
// columns become pairs, rows 0 to 3 in the lower lanes. It spoils BX and CX.
#define TRANSFORM8 \
	VMOVDQU  (DX), Y0               \
	VMOVDQU  32(DX), Y1             \
	VMOVDQU  64(DX), Y2             \
	VMOVDQU  96(DX), Y3             \
	VPMULLW  (CX), Y0, Y0           \
	VPMULLW  32(CX), Y1, Y1         \
	VPMULLW  64(CX), Y2, Y2         \
	VPMULLW  96(CX), Y3, Y3         \
	VPMADDWD (R14), Y0, Y4          \
	VPMADDWD 32(R14), Y0, Y5        \
	VPMADDWD 64(R14), Y1, Y6        \
	VPMADDWD 96(R14), Y1, Y7        \
	VPADDD   (R12), Y4, Y4          \
	VPADDD   (R12), Y5, Y5          \
	VPADDD   Y6, Y4, Y8             \
	VPADDD   Y7, Y5, Y9             \
	VPSUBD   Y7, Y5, Y10            \
	VPSUBD   Y6, Y4, Y11            \
	ODD8(0, Y8, Y15)                \
	ODD8(1, Y9, Y14)                \
	ODD8(2, Y10, Y13)               \
	ODD8(3, Y11, Y12)               \
	VPACKSSDW   Y9, Y8, Y8          \
	VPACKSSDW   Y11, Y10, Y10       \
	VPACKSSDW   Y13, Y12, Y12       \
	VPACKSSDW   Y15, Y14, Y14       \
	VPERM2I128  $0x20, Y12, Y8, Y4  \
	VPERM2I128  $0x20, Y14, Y10, Y5 \
	VPERM2I128  $0x31, Y12, Y8, Y6  \
	VPERM2I128  $0x31, Y14, Y10, Y7 \
	VMOVDQU     (R13), Y8           \
	VPSHUFB     Y8, Y4, Y4          \
	VPSHUFB     Y8, Y5, Y5          \
	VPSHUFB     Y8, Y6, Y6          \
	VPSHUFB     Y8, Y7, Y7          \
	VPUNPCKLQDQ Y5, Y4, Y0          \
	VPUNPCKHQDQ Y5, Y4, Y2          \
	VPUNPCKLQDQ Y7, Y6, Y1          \
	VPUNPCKHQDQ Y7, Y6, Y3          \
	PASS8(32(R12), $18)             \
	VPACKSSDW    Y9, Y8, Y8         \
	VPACKSSDW    Y11, Y10, Y10      \
	VPACKSSDW    Y13, Y12, Y12      \
	VPACKSSDW    Y15, Y14, Y14      \
	VPACKUSWB    Y10, Y8, Y8        \
	VPACKUSWB    Y14, Y12, Y12      \
	VMOVDQU      32(R13), Y0        \
	VPSHUFB      Y0, Y8, Y8         \
	VPSHUFB      Y0, Y12, Y12       \
	VPUNPCKLDQ   Y12, Y8, Y0        \
	VPUNPCKHDQ   Y12, Y8, Y1        \
	VEXTRACTI128 $1, Y0, X2         \
	VEXTRACTI128 $1, Y1, X3         \
	LEAQ         (SI)(SI*2), CX     \
	LEAQ         (DI)(SI*4), BX     \
	VMOVQ        X0, (DI)           \
	VMOVHPS      X0, (DI)(SI*1)     \
	VMOVQ        X1, (DI)(SI*2)     \
	VMOVHPS      X1, (DI)(CX*1)     \
	VMOVQ        X2, (BX)           \
	VMOVHPS      X2, (BX)(SI*1)     \
	VMOVQ        X3, (BX)(SI*2)     \
	VMOVHPS      X3, (BX)(CX*1)

// PASS4 makes the results of a pass, in X4 to X7, of the pairs of coefficients in X0 and X1.
#define PASS4(ROUND, SHIFT) \
	VPMADDWD  (R11), X0, X2   \
	VPMADDWD  32(R11), X1, X3 \
	VPMADDWD  64(R11), X0, X8 \
	VPMADDWD  96(R11), X1, X9 \
	VPADDD    ROUND, X2, X2   \
	VPADDD    ROUND, X8, X8   \
	VPADDD    X3, X2, X4      \
	VPADDD    X9, X8, X5      \
	VPSUBD    X9, X8, X6      \
	VPSUBD    X3, X2, X7      \
	VPSRAD    SHIFT, X4, X4   \
	VPSRAD    SHIFT, X5, X5   \
	VPSRAD    SHIFT, X6, X6   \
	VPSRAD    SHIFT, X7, X7   \
	VPACKSSDW X5, X4, X4      \
	VPACKSSDW X7, X6, X6

// COLUMNS4 makes 4 columns of 4 samples, in X4, of the 4 rows of 4 coefficients at DX and their factors at CX. The rows
// lie in pairs 0 and 2, 1 and 3. R11 points to the sums.
#define COLUMNS4 \
	VMOVDQU (DX), X0          \
	VMOVDQU 16(DX), X1        \
	VPMULLW (CX), X0, X0      \
	VPMULLW 16(CX), X1, X1    \
	PASS4((R12), $11)         \
	VPSHUFB     (R13), X4, X4 \
	VPSHUFB     (R13), X6, X6 \
	VPUNPCKLQDQ X6, X4, X0    \
	VPUNPCKHQDQ X6, X4, X1    \
	PASS4(32(R12), $18)       \
	VPACKUSWB X6, X4, X4

// TRANSFORM4 and TRANSFORM3 make 4 rows of 4 samples, and 3 of 3, as TRANSFORM8 does. They spoil CX and R11.
#define TRANSFORM4 \
	LEAQ ·sums4(SB), R11       \
	COLUMNS4                   \
	VPSHUFB 32(R13), X4, X4    \
	LEAQ    (SI)(SI*2), CX     \
	VMOVD   X4, (DI)           \
	VPEXTRD $1, X4, (DI)(SI*1) \
	VPEXTRD $2, X4, (DI)(SI*2) \
	VPEXTRD $3, X4, (DI)(CX*1)

#define TRANSFORM3 \
	LEAQ ·sums3(SB), R11         \
	COLUMNS4                     \
	VPSHUFB 64(R13), X4, X4      \
	VPEXTRW $0, X4, (DI)         \
	VPEXTRB $2, X4, 2(DI)        \
	VPEXTRW $2, X4, (DI)(SI*1)   \
	VPEXTRB $6, X4, 2(DI)(SI*1)  \
	VPEXTRW $4, X4, (DI)(SI*2)   \
	VPEXTRB $10, X4, 2(DI)(SI*2)

// TRANSFORM2 makes 2 rows of 2 samples, as transform2 does.
#define TRANSFORM2 \
	VMOVQ      (DX), X0              \
	VMOVQ      (CX), X1              \
	VPMULLW    X1, X0, X0            \
	VPMADDWD   ·sums2(SB), X0, X1    \
	VPMADDWD   ·sums2+16(SB), X0, X2 \
	VPUNPCKLDQ X2, X1, X1            \
	VPSHUFD    $0x50, X1, X0         \
	VPSHUFD    $0xFA, X1, X1         \
	VPSIGND    ·sums2+32(SB), X1, X1 \
	VPADDD     X1, X0, X0            \
	VPADDD     ·sums2+48(SB), X0, X0 \
	VPSRAD     $3, X0, X0            \
	VPACKSSDW  X0, X0, X0            \
	VPACKUSWB  X0, X0, X0            \
	VPEXTRW    $0, X0, (DI)          \
	VPEXTRW    $1, X0, (DI)(SI*1)

// PAINT makes the samples of the block at DX as paintScalar does, and moves its slot, at BP, on. It goes to painted. It
// spoils AX, BX, CX, SI, DI and R11.
#define PAINT \
	MOVQ slot_component(BP), AX                 \
	MOVQ slot_at(BP), BX                        \
	MOVQ (component_plane+Plane_Pix)(AX), DI    \
	MOVQ (component_plane+Plane_Stride)(AX), SI \
	LEAQ component_factors(AX), CX              \
	ADDQ BX, DI                                 \
	ADDQ slot_step(BP), BX                      \
	MOVQ BX, slot_at(BP)                        \
	MOVQ component_points(AX), AX               \
	CMPQ slot_found(BP), $0                     \
	JEQ  flat                                   \
	CMPQ AX, $8                                 \
	JNE  scaled                                 \
	LEAQ ·sums8(SB), R11                        \
	TRANSFORM8                                  \
	JMP painted                                 \
scaled:                                         \
	CMPQ AX, $3                                 \
	JEQ  three                                  \
	JCS  two                                    \
	TRANSFORM4                                  \
	JMP painted                                 \
three:                                          \
	TRANSFORM3                                  \
	JMP painted                                 \
two:                                            \
	TRANSFORM2                                  \
	JMP painted                                 \
flat:                                           \
	MOVWLSX (DX), BX                            \
	MOVWLZX (CX), CX                            \
	IMULL   CX, BX                              \
	ADDL    $(4+1024), BX                       \
	SARL    $3, BX                              \
	CMPL    BX, $255                            \
	JLS     within                              \
	NOTL    BX                                  \
	SARL    $31, BX                             \
	MOVBLZX BL, BX                              \
within:                                         \
	CMPQ  AX, $1                                \
	JEQ   one                                   \
	MOVQ  $0x0101010101010101, CX               \
	IMULQ CX, BX                                \
	LEAQ  (SI)(SI*2), CX                        \
	CMPQ  AX, $8                                \
	JNE   few                                   \
	LEAQ  (DI)(SI*4), AX                        \
	MOVQ  BX, (DI)                              \
	MOVQ  BX, (DI)(SI*1)                        \
	MOVQ  BX, (DI)(SI*2)                        \
	MOVQ  BX, (DI)(CX*1)                        \
	MOVQ  BX, (AX)                              \
	MOVQ  BX, (AX)(SI*1)                        \
	MOVQ  BX, (AX)(SI*2)                        \
	MOVQ  BX, (AX)(CX*1)                        \
	JMP   painted                               \
one:                                            \
	MOVB BL, (DI)                               \
	JMP  painted                                \
few:                                            \
	CMPQ AX, $3                                 \
	JEQ  triple                                 \
	JCS  double                                 \
	MOVL BX, (DI)                               \
	MOVL BX, (DI)(SI*1)                         \
	MOVL BX, (DI)(SI*2)                         \
	MOVL BX, (DI)(CX*1)                         \
	JMP  painted                                \
triple:                                         \
	MOVW BX, (DI)                               \
	MOVB BL, 2(DI)                              \
	MOVW BX, (DI)(SI*1)                         \
	MOVB BL, 2(DI)(SI*1)                        \
	MOVW BX, (DI)(SI*2)                         \
	MOVB BL, 2(DI)(SI*2)                        \
	JMP  painted                                \
double:                                         \
	MOVW BX, (DI)                               \
	MOVW BX, (DI)(SI*1)                         \
	JMP  painted
