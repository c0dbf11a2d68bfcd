#include "textflag.h"
#include "go_asm.h"

DATA fourWords<>+0(SB)/8, $0x0004000400040004
DATA fourWords<>+8(SB)/8, $0x0004000400040004
DATA fourWords<>+16(SB)/8, $0x0004000400040004
DATA fourWords<>+24(SB)/8, $0x0004000400040004
GLOBL fourWords<>(SB), RODATA|NOPTR, $32

// func addVector(to *byte, residues *int16, height int)
TEXT ·addVector(SB), NOSPLIT, $0-24
	MOVQ to+0(FP), DI
	MOVQ residues+8(FP), SI
	MOVQ height+16(FP), CX

line:
	VPMOVZXBW    (DI), Y0
	VPADDSW      (SI), Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPACKUSWB    X1, X0, X0
	VMOVDQU      X0, (DI)
	ADDQ         $const_workStride, DI
	ADDQ         $32, SI
	DECQ         CX
	JNZ          line
	VZEROUPPER
	RET

// PASS transforms Y0 to Y3. Y14 has the cosine less 1, Y15 the sine less 1.
#define PASS \
	VPADDW  Y2, Y0, Y4    \
	VPSUBW  Y2, Y0, Y5    \
	VPMULHW Y15, Y1, Y6   \
	VPADDW  Y1, Y6, Y6    \
	VPMULHW Y14, Y3, Y7   \
	VPADDW  Y3, Y7, Y7    \
	VPSUBW  Y7, Y6, Y6    \
	VPMULHW Y14, Y1, Y8   \
	VPADDW  Y1, Y8, Y8    \
	VPMULHW Y15, Y3, Y9   \
	VPADDW  Y3, Y9, Y9    \
	VPADDW  Y9, Y8, Y8    \
	VPADDW  Y8, Y4, Y0    \
	VPADDW  Y6, Y5, Y1    \
	VPSUBW  Y6, Y5, Y2    \
	VPSUBW  Y8, Y4, Y3

// TURN transposes four blocks side by side.
#define TURN \
	VPUNPCKLWD  Y1, Y0, Y4  \
	VPUNPCKHWD  Y1, Y0, Y5  \
	VPUNPCKLWD  Y3, Y2, Y6  \
	VPUNPCKHWD  Y3, Y2, Y7  \
	VPUNPCKLDQ  Y6, Y4, Y8  \
	VPUNPCKHDQ  Y6, Y4, Y9  \
	VPUNPCKLDQ  Y7, Y5, Y10 \
	VPUNPCKHDQ  Y7, Y5, Y11 \
	VPUNPCKLQDQ Y10, Y8, Y0 \
	VPUNPCKHQDQ Y10, Y8, Y1 \
	VPUNPCKLQDQ Y11, Y9, Y2 \
	VPUNPCKHQDQ Y11, Y9, Y3

// func transformVector(c *int16, found uint)
TEXT ·transformVector(SB), NOSPLIT, $0-16
	MOVQ c+0(FP), DI
	MOVQ found+8(FP), AX
	MOVL $(const_cosine-65536), BX
	VMOVD BX, X14
	VPBROADCASTW X14, Y14
	MOVL $(const_sine-65536), BX
	VMOVD BX, X15
	VPBROADCASTW X15, Y15

band:
	TESTQ $1, AX
	JZ    next
	VMOVDQU (DI), Y0
	VMOVDQU 32(DI), Y1
	VMOVDQU 64(DI), Y2
	VMOVDQU 96(DI), Y3
	PASS
	TURN
	VPADDW fourWords<>(SB), Y0, Y0
	PASS
	VPSRAW $3, Y0, Y0
	VPSRAW $3, Y1, Y1
	VPSRAW $3, Y2, Y2
	VPSRAW $3, Y3, Y3
	TURN
	VMOVDQU Y0, (DI)
	VMOVDQU Y1, 32(DI)
	VMOVDQU Y2, 64(DI)
	VMOVDQU Y3, 96(DI)

next:
	ADDQ $(2*const_bandCoefficients), DI
	SHRQ $1, AX
	JNZ  band
	VZEROUPPER
	RET

// func stretchVector(samples *byte, vectors int, middle, stretch, less int)
TEXT ·stretchVector(SB), NOSPLIT, $0-40
	MOVQ samples+0(FP), DI
	MOVQ vectors+8(FP), CX
	MOVQ middle+16(FP), AX
	VMOVD AX, X13
	VPBROADCASTW X13, Y13
	MOVQ stretch+24(FP), AX
	VMOVD AX, X14
	VPBROADCASTW X14, Y14
	MOVQ less+32(FP), AX
	VMOVD AX, X15
	VPBROADCASTW X15, Y15

vector:
	VPMOVZXBW (DI), Y0
	VPMOVZXBW 16(DI), Y1
	VPSUBW    Y13, Y0, Y2
	VPSUBW    Y13, Y1, Y3
	VPMULHRSW Y14, Y2, Y2
	VPMULHRSW Y14, Y3, Y3
	VPSUBW    Y15, Y0, Y0
	VPSUBW    Y15, Y1, Y1
	VPADDW    Y2, Y0, Y0
	VPADDW    Y3, Y1, Y1
	VPACKUSWB Y1, Y0, Y0
	VPERMQ    $0xd8, Y0, Y0
	VMOVDQU   Y0, (DI)
	ADDQ      $32, DI
	DECQ      CX
	JNZ       vector
	VZEROUPPER
	RET
