#include "textflag.h"
#include "go_asm.h"
#include "smooth_amd64.h"

#define ALL16(name, v) \
DATA name<>+0(SB)/8, v \
DATA name<>+8(SB)/8, v \
GLOBL name<>(SB), RODATA|NOPTR, $16

ALL16(evens, $0xfefefefefefefefe)
ALL16(signs, $0x8080808080808080)
ALL16(lows, $0x1f1f1f1f1f1f1f1f)
ALL16(threes, $0x0303030303030303)
ALL16(fours, $0x0404040404040404)
ALL16(eights, $0x0808080808080808)
ALL16(sixteens, $0x1010101010101010)

#define ALL32(name, v) \
DATA name<>+0(SB)/8, v \
DATA name<>+8(SB)/8, v \
DATA name<>+16(SB)/8, v \
DATA name<>+24(SB)/8, v \
GLOBL name<>(SB), RODATA|NOPTR, $32

ALL32(nines, $0x0009000900090009)
ALL32(halves, $0x003f003f003f003f)

// THRESHOLDS reads them; that of the edge is for macroblocks.
#define THRESHOLDS \
	VPBROADCASTB thresholds_edge(SI), X13     \
	VPADDB       fours<>(SB), X13, X13        \
	VPBROADCASTB thresholds_interior(SI), X14 \
	VPBROADCASTB thresholds_high(SI), X15

// func smoothLumaVector(pix *byte, stride int, t *thresholds, edges uint)
TEXT ·smoothLumaVector(SB), NOSPLIT, $0-32
	MOVQ pix+0(FP), DI
	MOVQ stride+8(FP), AX
	MOVQ t+16(FP), SI
	MOVQ edges+24(FP), DX
	LEAQ (AX)(AX*2), BX
	THRESHOLDS
	LEAQ -4(DI), R8
	LEAQ (R8)(AX*4), R10
	LEAQ (R8)(AX*8), R9
	LEAQ (R10)(AX*8), R11
	TESTQ $const_leftEdge, DX
	JZ    inside
	LOADCOLUMNS
	SMOOTH6
	STORECOLUMNS

inside:
	TESTQ $const_innerEdges, DX
	JZ    across
	VPSUBB fours<>(SB), X13, X13
	MOVQ  $3, CX

column:
	ADDQ $4, R8
	ADDQ $4, R9
	ADDQ $4, R10
	ADDQ $4, R11
	LOADCOLUMNS
	SMOOTH4
	STOREFOUR
	DECQ CX
	JNZ  column
	VPADDB fours<>(SB), X13, X13

across:
	TESTQ $const_topEdge, DX
	JZ    below
	LEAQ  (AX*4), R8
	NEGQ  R8
	ADDQ  DI, R8
	VMOVDQU (R8), X0
	VMOVDQU (R8)(AX*1), X1
	VMOVDQU (R8)(AX*2), X2
	VMOVDQU (R8)(BX*1), X3
	VMOVDQU (DI), X4
	VMOVDQU (DI)(AX*1), X5
	VMOVDQU (DI)(AX*2), X6
	VMOVDQU (DI)(BX*1), X7
	SMOOTH6
	VMOVDQU X1, (R8)(AX*1)
	VMOVDQU X2, (R8)(AX*2)
	VMOVDQU X3, (R8)(BX*1)
	VMOVDQU X4, (DI)
	VMOVDQU X5, (DI)(AX*1)
	VMOVDQU X6, (DI)(AX*2)

below:
	TESTQ $const_innerEdges, DX
	JZ    done
	VPSUBB fours<>(SB), X13, X13
	MOVQ  $3, CX

row:
	MOVQ DI, R8
	LEAQ (DI)(AX*4), DI
	VMOVDQU (R8), X0
	VMOVDQU (R8)(AX*1), X1
	VMOVDQU (R8)(AX*2), X2
	VMOVDQU (R8)(BX*1), X3
	VMOVDQU (DI), X4
	VMOVDQU (DI)(AX*1), X5
	VMOVDQU (DI)(AX*2), X6
	VMOVDQU (DI)(BX*1), X7
	SMOOTH4
	VMOVDQU X2, (R8)(AX*2)
	VMOVDQU X3, (R8)(BX*1)
	VMOVDQU X4, (DI)
	VMOVDQU X5, (DI)(AX*1)
	DECQ CX
	JNZ  row

done:
	VZEROUPPER
	RET

#define LOADBOTH(cb, cr, x) \
	VMOVQ   cb, x \
	VMOVHPS cr, x, x

#define STOREBOTH(x, cb, cr) \
	VMOVQ   x, cb \
	VMOVHPS x, cr

// LOADROWS takes four rows before an edge from R8 and R9 on, and four behind from DI and R12 on.
#define LOADROWS \
	LOADBOTH((R8), (R9), X0)                \
	LOADBOTH((R8)(AX*1), (R9)(AX*1), X1)    \
	LOADBOTH((R8)(AX*2), (R9)(AX*2), X2)    \
	LOADBOTH((R8)(BX*1), (R9)(BX*1), X3)    \
	LOADBOTH((DI), (R12), X4)               \
	LOADBOTH((DI)(AX*1), (R12)(AX*1), X5)   \
	LOADBOTH((DI)(AX*2), (R12)(AX*2), X6)   \
	LOADBOTH((DI)(BX*1), (R12)(BX*1), X7)

// func smoothChromaVector(cb, cr *byte, stride int, t *thresholds, edges uint)
TEXT ·smoothChromaVector(SB), NOSPLIT, $0-40
	MOVQ cb+0(FP), DI
	MOVQ cr+8(FP), R12
	MOVQ stride+16(FP), AX
	MOVQ t+24(FP), SI
	MOVQ edges+32(FP), DX
	LEAQ (AX)(AX*2), BX
	THRESHOLDS
	LEAQ -4(DI), R8
	LEAQ -4(R12), R9
	LEAQ (R8)(AX*4), R10
	LEAQ (R9)(AX*4), R11
	TESTQ $const_leftEdge, DX
	JZ    inside
	LOADCOLUMNS
	SMOOTH6
	STORECOLUMNS

inside:
	TESTQ $const_innerEdges, DX
	JZ    across
	VPSUBB fours<>(SB), X13, X13
	ADDQ $4, R8
	ADDQ $4, R9
	ADDQ $4, R10
	ADDQ $4, R11
	LOADCOLUMNS
	SMOOTH4
	STOREFOUR
	VPADDB fours<>(SB), X13, X13

across:
	TESTQ $const_topEdge, DX
	JZ    below
	LEAQ  (AX*4), R8
	NEGQ  R8
	LEAQ  (R12)(R8*1), R9
	ADDQ  DI, R8
	LOADROWS
	SMOOTH6
	STOREBOTH(X1, (R8)(AX*1), (R9)(AX*1))
	STOREBOTH(X2, (R8)(AX*2), (R9)(AX*2))
	STOREBOTH(X3, (R8)(BX*1), (R9)(BX*1))
	STOREBOTH(X4, (DI), (R12))
	STOREBOTH(X5, (DI)(AX*1), (R12)(AX*1))
	STOREBOTH(X6, (DI)(AX*2), (R12)(AX*2))

below:
	TESTQ $const_innerEdges, DX
	JZ    done
	VPSUBB fours<>(SB), X13, X13
	MOVQ DI, R8
	MOVQ R12, R9
	LEAQ (DI)(AX*4), DI
	LEAQ (R12)(AX*4), R12
	LOADROWS
	SMOOTH4
	STOREBOTH(X2, (R8)(AX*2), (R9)(AX*2))
	STOREBOTH(X3, (R8)(BX*1), (R9)(BX*1))
	STOREBOTH(X4, (DI), (R12))
	STOREBOTH(X5, (DI)(AX*1), (R12)(AX*1))

done:
	VZEROUPPER
	RET
