#include "textflag.h"

// ROUND: Y14 = 1 << (shift-1) in each lane, X13 = shift. Y15 = 0.
#define ROUND(shift) \
	MOVQ shift, R8           \
	VMOVQ R8, X13            \
	MOVL $1, R9              \
	LEAQ -1(R8), CX          \
	SHLL CX, R9              \
	VMOVD R9, X14            \
	VPBROADCASTD X14, Y14    \
	VPXOR Y15, Y15, Y15

// TAPS adds to A, B, C, D the products of the coefficient pair Y8 with 32 samples of one row at Y9 and of the next at Y10.
#define TAPS(A, B, C, D) \
	VPUNPCKLBW Y10, Y9, Y11  \
	VPUNPCKHBW Y10, Y9, Y12  \
	VPUNPCKLBW Y15, Y11, Y9  \
	VPUNPCKHBW Y15, Y11, Y10 \
	VPUNPCKLBW Y15, Y12, Y11 \
	VPUNPCKHBW Y15, Y12, Y12 \
	VPMADDWD Y8, Y9, Y9      \
	VPMADDWD Y8, Y10, Y10    \
	VPMADDWD Y8, Y11, Y11    \
	VPMADDWD Y8, Y12, Y12    \
	VPADDD Y9, A, A          \
	VPADDD Y10, B, B         \
	VPADDD Y11, C, C         \
	VPADDD Y12, D, D

// STORE writes 32 sums; unpacking by halves of a vector has left A and B with samples 0-7 and 16-23, C and D with the others.
#define STORE(A, B, C, D, offset) \
	VPSRAD X13, A, A           \
	VPSRAD X13, B, B           \
	VPSRAD X13, C, C           \
	VPSRAD X13, D, D           \
	VPACKSSDW B, A, A          \
	VPACKSSDW D, C, C          \
	VPERM2I128 $0x20, C, A, B  \
	VPERM2I128 $0x31, C, A, D  \
	VMOVDQU B, offset(AX)(R8*2) \
	VMOVDQU D, (offset+32)(AX)(R8*2)

// NEXT makes R12 the way from this tap's row to the next one's, or 0 if it is the last: its coefficient there is 0.
#define NEXT \
	MOVQ CX, R12             \
	CMPQ R10, $2             \
	CMOVQLT R13, R12         \
	VPBROADCASTD (R11), Y8

// func columnsVector(row *int16, width int, pix *byte, stride int, coefs *int16, taps int, shift uint)
TEXT ·columnsVector(SB), NOSPLIT, $0-56
	ROUND(shift+48(FP))
	MOVQ row+0(FP), AX
	MOVQ width+8(FP), DX
	MOVQ pix+16(FP), BX
	MOVQ stride+24(FP), CX
	MOVQ coefs+32(FP), SI
	MOVQ taps+40(FP), DI
	XORQ R8, R8              // column
	XORQ R13, R13

columns64:
	LEAQ 64(R8), R9
	CMPQ R9, DX
	JGT  columns32
	VMOVDQA Y14, Y0
	VMOVDQA Y14, Y1
	VMOVDQA Y14, Y2
	VMOVDQA Y14, Y3
	VMOVDQA Y14, Y4
	VMOVDQA Y14, Y5
	VMOVDQA Y14, Y6
	VMOVDQA Y14, Y7
	LEAQ (BX)(R8*1), R9
	MOVQ DI, R10
	MOVQ SI, R11

taps64:
	NEXT
	VMOVDQU (R9), Y9
	VMOVDQU (R9)(R12*1), Y10
	TAPS(Y0, Y1, Y2, Y3)
	VMOVDQU 32(R9), Y9
	VMOVDQU 32(R9)(R12*1), Y10
	TAPS(Y4, Y5, Y6, Y7)
	LEAQ (R9)(CX*2), R9
	ADDQ $4, R11
	SUBQ $2, R10
	JGT  taps64
	STORE(Y0, Y1, Y2, Y3, 0)
	STORE(Y4, Y5, Y6, Y7, 64)
	ADDQ $64, R8
	JMP  columns64

columns32:
	CMPQ R8, DX
	JGE  done
	LEAQ -32(DX), R9
	CMPQ R8, R9
	CMOVQGT R9, R8           // fewer than 32 are left: go back
	VMOVDQA Y14, Y0
	VMOVDQA Y14, Y1
	VMOVDQA Y14, Y2
	VMOVDQA Y14, Y3
	LEAQ (BX)(R8*1), R9
	MOVQ DI, R10
	MOVQ SI, R11

taps32:
	NEXT
	VMOVDQU (R9), Y9
	VMOVDQU (R9)(R12*1), Y10
	TAPS(Y0, Y1, Y2, Y3)
	LEAQ (R9)(CX*2), R9
	ADDQ $4, R11
	SUBQ $2, R10
	JGT  taps32
	STORE(Y0, Y1, Y2, Y3, 0)
	ADDQ $32, R8
	JMP  columns32

done:
	VZEROUPPER
	RET
