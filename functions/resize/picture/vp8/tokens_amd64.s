#include "textflag.h"
#include "go_asm.h"
#include "tokens_amd64.h"

// func readBlocksBMI2(p *partition, table *odds, factors *[2]int32, left, above *uint8, to *int16, first, columns, rows int) (found uint, peak int32)
TEXT ·readBlocksBMI2(SB), NOSPLIT, $32-84
	MOVQ p+0(FP), AX
	MOVQ (partition_bits+bits_window)(AX), R8
	MOVQ (partition_bits+bits_count)(AX), R9
	MOVQ (partition_bits+bits_next)(AX), SI
	MOVL (partition_bits+bits_span)(AX), R10
	INCL R10
	MOVQ partition_data(AX), CX
	MOVQ (partition_data+8)(AX), R11
	LEAQ -8(CX)(R11*1), R11
	ADDQ CX, SI
	MOVQ factors+16(FP), R14
	MOVQ to+40(FP), DI
	MOVQ $0, found+72(FP)
	MOVL $0, peak+80(FP)
	MOVQ first+48(FP), AX
	SHLQ $6, AX
	ADDQ AX, table+8(FP)
	MOVQ $0, row-8(SP)

row:
	MOVQ $0, column-16(SP)

block:
	MOVQ    first+48(FP), R15
	MOVQ    table+8(FP), R12
	MOVQ    left+24(FP), AX
	MOVBLZX (AX), AX
	MOVQ    above+32(FP), CX
	ADDQ    column-16(SP), CX
	MOVBLZX (CX), CX
	ADDL    CX, AX
	SHLQ    $4, AX
	LEAQ    (R12)(AX*1), BX
	XORL    DX, DX
	REFILL
	ODDS(0)
	READ(none)

token:
	REFILL
	ODDS(1)
	READ(noValue)
	ADDQ $const_oddsBytes, R12
	ODDS(2)
	READ(one)
	ODDS(3)
	READ(small)
	ODDS(6)
	READ(medium)
	REFILL
	ODDS(8)
	READ(lower)
	MOVBLZX 10(BX), R13
	MOVL $2, BX
	READ(even)
	JMP odd

lower:
	ZERO
	MOVBLZX 9(BX), R13
	XORL BX, BX
	READ(even)

odd:
	INCL BX
	JMP  large

even:
	ZERO

large:
	// BX is the category, its bits make DX
	XORL DX, DX
	MOVL BX, AX
	SHLL $4, AX
	LEAQ ·largeOdds(SB), CX
	ADDQ CX, AX
	MOVQ AX, odds-24(SP)

bit:
	REFILL
	MOVQ    odds-24(SP), AX
	MOVBLZX (AX), R13
	TESTL   R13, R13
	JZ      bits
	INCQ    odds-24(SP)
	ADDL    DX, DX
	READ(zeroBit)
	INCL    DX
	JMP     bit

zeroBit:
	ZERO
	JMP bit

bits:
	MOVL BX, CX
	MOVL $8, AX
	SHLL CX, AX
	LEAL 3(AX)(DX*1), DX
	JMP  manyDone

medium:
	ZERO
	REFILL
	ODDS(7)
	READ(five)
	MOVL $165, R13
	MOVL $7, DX
	READ(noTwo)
	ADDL $2, DX
	JMP  last

noTwo:
	ZERO

last:
	MOVL $145, R13
	READ(noOne)
	INCL DX
	JMP  manyDone

five:
	ZERO
	MOVL $159, R13
	MOVL $5, DX
	READ(noOne)
	INCL DX
	JMP  manyDone

noOne:
	ZERO
	JMP manyDone

small:
	ZERO
	MOVL $2, DX
	ODDS(4)
	READ(two)
	MOVL $3, DX
	ODDS(5)
	READ(two)
	INCL DX

	// it is 4
	LEAQ 32(R12), BX
	JMP  value

two:
	ZERO
	LEAQ 32(R12), BX
	JMP  value

manyDone:
	REFILL
	LEAQ 32(R12), BX
	JMP  value

one:
	ZERO
	MOVL $1, DX
	LEAQ 16(R12), BX

value:
	XORL    AX, AX
	TESTL   R15, R15
	SETNE   AX
	IMULL   (R14)(AX*4), DX
	ORL     DX, peak+80(FP)
	NORMAL
	SHRL    $24, R10
	LEAL    1(R10), AX
	SHRL    $1, AX   // the part of 0
	SUBL    AX, R10  // and of 1
	MOVQ    AX, CX
	SHLQ    $56, CX
	CMPQ    R8, CX
	SBBQ    R13, R13 // all bits if it is 0
	CMOVQCS AX, R10
	NOTQ    R13
	ANDQ    R13, CX
	SUBQ    CX, R8
	XORL    R13, DX
	SUBL    R13, DX
	LEAQ    ·places(SB), AX
	MOVBLZX (AX)(R15*1), AX
	MOVW    DX, (DI)(AX*2)
	INCQ    R15
	CMPQ    R15, $16
	JEQ     some
	ODDS(0)
	READ(end)
	JMP     token

noValue:
	ZERO
	ADDQ $const_oddsBytes, R12
	MOVQ R12, BX
	INCQ R15
	CMPQ R15, $16
	JNE  token
	JMP  some

end:
	ZERO

some:
	MOVL $1, DX
	MOVQ row-8(SP), CX
	MOVL $1, AX
	SHLL CX, AX
	ORQ  AX, found+72(FP)
	JMP  next

none:
	ZERO
	XORL DX, DX

next:
	MOVQ left+24(FP), AX
	MOVB DX, (AX)
	MOVQ above+32(FP), CX
	MOVQ column-16(SP), AX
	MOVB DX, (CX)(AX*1)
	ADDQ $8, DI
	INCQ AX
	MOVQ AX, column-16(SP)
	CMPQ AX, columns+56(FP)
	JNE  block
	SHLQ $3, AX
	SUBQ AX, DI
	ADDQ $(2*const_bandCoefficients), DI
	INCQ left+24(FP)
	MOVQ row-8(SP), AX
	INCQ AX
	MOVQ AX, row-8(SP)
	CMPQ AX, rows+64(FP)
	JNE  row
	MOVQ p+0(FP), AX
	SUBQ partition_data(AX), SI
	MOVQ R8, (partition_bits+bits_window)(AX)
	MOVQ R9, (partition_bits+bits_count)(AX)
	MOVQ SI, (partition_bits+bits_next)(AX)
	DECL R10
	MOVL R10, (partition_bits+bits_span)(AX)
	RET

// refillSlowly is bits.refillSlowly.
TEXT refillSlowly<>(SB), NOSPLIT|NOFRAME, $0
again:
	CMPQ    R9, $56
	JGE     full
	LEAQ    7(R11), AX // the last byte
	CMPQ    SI, AX
	JGT     beyond
	MOVBLZX (SI), AX
	MOVL    $56, CX
	SUBQ    R9, CX
	SHLXQ   CX, AX, AX
	ORQ     AX, R8

beyond:
	INCQ SI
	ADDQ $8, R9
	JMP  again

full:
	RET
