#include "textflag.h"
#include "go_asm.h"

DATA ones<>+0(SB)/8, $0x0101010101010101
DATA ones<>+8(SB)/8, $0x0101010101010101
GLOBL ones<>(SB), RODATA|NOPTR, $16

DATA fourWords<>+0(SB)/8, $0x0004000400040004
DATA fourWords<>+8(SB)/8, $0x0004000400040004
DATA fourWords<>+16(SB)/8, $0x0004000400040004
DATA fourWords<>+24(SB)/8, $0x0004000400040004
GLOBL fourWords<>(SB), RODATA|NOPTR, $32

// The last column of the block to the left becomes the first five bytes of the edge.
DATA leftBytes<>+0(SB)/8, $0x80808003070b0f0f
DATA leftBytes<>+8(SB)/8, $0x8080808080808080
GLOBL leftBytes<>(SB), RODATA|NOPTR, $16

// The corner and the row above become its other bytes.
DATA aboveBytes<>+0(SB)/8, $0x0201008080808080
DATA aboveBytes<>+8(SB)/8, $0x8008080706050403
GLOBL aboveBytes<>(SB), RODATA|NOPTR, $16

// The samples that the mean is of.
DATA meanBytes<>+0(SB)/8, $0xffff00ffffffff00
DATA meanBytes<>+8(SB)/8, $0x000000000000ffff
GLOBL meanBytes<>(SB), RODATA|NOPTR, $16

// Column, row and corner for all samples of a block.
DATA columns<>+0(SB)/8, $0x0303030304040404
DATA columns<>+8(SB)/8, $0x0101010102020202
GLOBL columns<>(SB), RODATA|NOPTR, $16
DATA rows<>+0(SB)/8, $0x0908070609080706
DATA rows<>+8(SB)/8, $0x0908070609080706
GLOBL rows<>(SB), RODATA|NOPTR, $16
DATA corners<>+0(SB)/8, $0x0505050505050505
DATA corners<>+8(SB)/8, $0x0505050505050505
GLOBL corners<>(SB), RODATA|NOPTR, $16

// func subblocksVector(luma *byte, modes *uint8, residues *int16, table *byte)
TEXT ·subblocksVector(SB), NOSPLIT, $0-32
	MOVQ luma+0(FP), DI
	MOVQ modes+8(FP), BX
	MOVQ residues+16(FP), SI
	MOVQ table+24(FP), R8
	MOVQ $4, CX

row:
	VMOVD   -4(DI), X0
	VPINSRD $1, (const_workStride-4)(DI), X0, X0
	VPINSRD $2, (2*const_workStride-4)(DI), X0, X0
	VPINSRD $3, (3*const_workStride-4)(DI), X0, X0
	MOVQ    $4, DX

block:
	VPSHUFB leftBytes<>(SB), X0, X0
	VMOVDQU -(const_workStride+1)(DI), X1
	VPSHUFB aboveBytes<>(SB), X1, X1
	VPOR    X1, X0, X0 // the edge
	MOVBLZX (BX), AX
	CMPL    AX, $const_byGradient
	JEQ     gradient
	JLT     mean
	VPSRLDQ $1, X0, X1
	VPSRLDQ $2, X0, X2
	VPXOR   X2, X0, X3
	VPAND   ones<>(SB), X3, X3
	VPAVGB  X2, X0, X2
	VPSUBB  X3, X2, X2 // rounded down
	VPAVGB  X1, X2, X2 // of three
	VPAVGB  X1, X0, X1 // of two
	SHLL    $5, AX
	VPSHUFB (R8)(AX*1), X2, X2
	VPSHUFB 16(R8)(AX*1), X1, X1
	VPOR    X1, X2, X0

add:
	VMOVQ      (SI), X1
	VMOVHPS    32(SI), X1, X1
	VMOVQ      64(SI), X2
	VMOVHPS    96(SI), X2, X2
	VPXOR      X4, X4, X4
	VPUNPCKHBW X4, X0, X3
	VPMOVZXBW  X0, X0
	VPADDSW    X1, X0, X0
	VPADDSW    X2, X3, X3
	VPACKUSWB  X3, X0, X0
	VMOVD      X0, (DI)
	VPEXTRD    $1, X0, const_workStride(DI)
	VPEXTRD    $2, X0, (2*const_workStride)(DI)
	VPEXTRD    $3, X0, (3*const_workStride)(DI)
	INCQ       BX
	ADDQ       $4, DI
	ADDQ       $8, SI
	DECQ       DX
	JNZ        block
	ADDQ       $(4*const_workStride-16), DI
	ADDQ       $(2*const_bandCoefficients-32), SI
	DECQ       CX
	JNZ        row
	VZEROUPPER
	RET

mean:
	VPXOR   X4, X4, X4
	VPAND   meanBytes<>(SB), X0, X0
	VPSADBW X4, X0, X0
	VPSRLDQ $8, X0, X1
	VPADDW  X1, X0, X0
	VPADDW  fourWords<>(SB), X0, X0
	VPSRLW  $3, X0, X0
	VPSHUFB X4, X0, X0
	JMP     add

gradient:
	VPSHUFB   columns<>(SB), X0, X1
	VPSHUFB   rows<>(SB), X0, X2
	VPSHUFB   corners<>(SB), X0, X3
	VPMOVZXBW X1, Y1
	VPMOVZXBW X2, Y2
	VPMOVZXBW X3, Y3
	VPADDW    Y2, Y1, Y1
	VPSUBW    Y3, Y1, Y1
	VEXTRACTI128 $1, Y1, X2
	VPACKUSWB X2, X1, X0
	JMP       add

// func gradientVector(to, left, right *byte, height int)
TEXT ·gradientVector(SB), NOSPLIT, $0-32
	MOVQ to+0(FP), DI
	MOVQ left+8(FP), SI
	MOVQ right+16(FP), BX
	MOVQ height+24(FP), CX
	VPMOVZXBW    -const_workStride(DI), Y0
	VPBROADCASTB -const_workStride(SI), X1
	VPBROADCASTB -const_workStride(BX), X2
	VPUNPCKLQDQ  X2, X1, X1
	VPMOVZXBW    X1, Y1
	VPSUBW       Y1, Y0, Y0

sample:
	VPBROADCASTB (SI), X1
	VPBROADCASTB (BX), X2
	VPUNPCKLQDQ  X2, X1, X1
	VPMOVZXBW    X1, Y1
	VPADDW       Y1, Y0, Y1
	VEXTRACTI128 $1, Y1, X2
	VPACKUSWB    X2, X1, X1
	VMOVDQU      X1, (DI)
	ADDQ         $const_workStride, DI
	ADDQ         $const_workStride, SI
	ADDQ         $const_workStride, BX
	DECQ         CX
	JNZ          sample
	VZEROUPPER
	RET
