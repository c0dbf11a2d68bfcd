#include "textflag.h"
#include "go_asm.h"
#include "bits_amd64.h"
#include "transform_amd64.h"

// Registers while blocks are read, beside those of the stream. AX, BX, DX and DI are scratch.
//	R11 pairs, or skips
//	R12 places
//	R13 the block's coefficients
//	SI  index of the coefficient to come
//	CX  index of the last that is read
//	R15 all pairs, or'ed, which tells whether a value is not 0
//	R14 what a window is shifted by for an index: 53, or 52 for skips
//	BP  slot

// PAIR reads up to two coefficients, of 11 bits.
#define PAIR \
	SHRXQ   R14, R8, DX                      \
	MOVBLZX pairTable_lengths(R11)(DX*1), BX \
	MOVL    (R11)(DX*4), AX                  \
	MOVBLZX AH, DI                           \
	ADDQ    SI, DI                           \
	CMPQ    DI, $63                          \
	JAE     single                           \
	DROP(BX)                                 \
	ORL     AX, R15                          \
	MOVBLZX (R12)(DI*1), DI                  \
	MOVBLSX AL, DX                           \
	MOVW    DX, (R13)(DI*2)                  \
	SHRL    $16, AX                          \
	MOVBLZX AH, BX                           \
	MOVL    BX, DI                           \
	ANDL    $127, DI                         \
	ADDQ    SI, DI                           \
	MOVBLZX (R12)(DI*1), DI                  \
	MOVBLSX AL, DX                           \
	MOVW    DX, (R13)(DI*2)                  \
	LEAQ    1(SI)(BX*1), SI                  \
	CMPQ    SI, CX                           \
	JHI     beyond

// SKIP passes over as many coefficients as 12 bits begin.
#define SKIP \
	SHRXQ   R14, R8, DX     \
	MOVWLZX (R11)(DX*2), AX \
	MOVBLZX AH, DI          \
	ADDQ    SI, DI          \
	CMPQ    DI, $63         \
	JHI     ending          \
	DROP(AX)                \
	MOVQ DI, SI

// MAGNITUDE reads a value of SIZE bits, at least 1, into BX. It spoils DX and SIZE.
#define MAGNITUDE(SIZE) \
	MOVL  $64, DX        \
	SUBL  SIZE, DX       \
	SHRXQ DX, R8, BX     \
	SUBQ  SIZE, R9       \
	SHLXQ SIZE, R8, SIZE \
	XCHGQ SIZE, R8       \
	NOTQ  SIZE           \
	SARQ  $63, SIZE      \
	SHRXQ DX, SIZE, SIZE \
	SUBL  SIZE, BX

// func readBlocksBMI2(b *bits, data *byte, slots *slot, count, phase int) int
TEXT ·readBlocksBMI2(SB), NOSPLIT, $40-48
	MOVQ b+0(FP), AX
	MOVQ bits_window(AX), R8
	MOVQ bits_count(AX), R9
	MOVQ bits_next(AX), R10
	ADDQ data+8(FP), R10
	MOVQ slots+16(FP), BP
	MOVQ phase+32(FP), AX
	ANDQ $1, AX
	NEGQ AX
	ANDQ $const_blockBytes, AX
	MOVQ AX, half-40(SP) // offset of the block to read, of two

next:
	REFILL
	MOVQ    slot_differences(BP), DI
	MOVQ    R8, DX
	SHRQ    $53, DX
	MOVWLSX (DI)(DX*2), R15 // the DC coefficient's difference
	CMPQ    phase+32(FP), $0
	JEQ     painted
	MOVQ    slot_blk(BP), DX
	ADDQ    $const_blockBytes, DX
	SUBQ    half-40(SP), DX
	CONSTANTS
	PAINT

painted:
	MOVL  R15, DI
	VPXOR X0, X0, X0
	MOVQ  slot_component(BP), BX
	MOVQ  slot_pairs(BP), R11
	MOVQ  slot_blk(BP), R13
	ADDQ  half-40(SP), R13
	MOVQ  R8, window-8(SP) // where the block begins
	MOVQ  R9, count-16(SP)
	MOVQ  R10, next-24(SP)
	LEAQ  component_places(BX), R12
	MOVQ  component_last(BX), CX
	MOVL  component_prediction(BX), AX
	MOVL  AX, prediction-32(SP)
	MOVL  $53, R14
	MOVL  $1, SI
	XORL  R15, R15
	TESTL DI, DI
	JEQ   difference
	DROP(DI)
	SARL  $6, DI
	ADDL  DI, AX

dc:
	MOVL AX, DX
	SUBL component_leastDC(BX), DX
	CMPL DX, component_spanDC(BX)
	JHI  bail
	MOVL AX, component_prediction(BX)
	CMPQ CX, $63
	JNE  fewer
	VMOVDQU Y0, (R13)
	VMOVDQU Y0, 32(R13)
	VMOVDQU Y0, 64(R13)
	VMOVDQU Y0, 96(R13)
	MOVW AX, (R13)

pairs:
	PAIR
	PAIR
	PAIR
	PAIR

again:
	REFILL
	PAIR
	PAIR
	PAIR
	PAIR
	PAIR
	JMP again

fewer:
	VMOVDQU Y0, (R13)
	MOVW    AX, (R13)
	TESTQ   CX, CX
	JNE     pairs
	JMP     skip

difference: // that no lookup has
	MOVQ  component_dc(BX), BX
	ADDQ  $table_code, BX
	SYMBOL(difference16)

sized:
	CMPL  DX, $11
	JHI   bail
	TESTL DX, DX
	JEQ   bail
	MOVL  DX, DI
	MAGNITUDE(DI)
	MOVL  prediction-32(SP), AX
	ADDL  BX, AX
	REFILL
	MOVQ  slot_component(BP), BX
	JMP   dc

difference16:
	LONG(difference17, difference18, bail, DI)
	JMP sized

single:
	MOVBLZX AH, DI
	CMPL    DI, $const_pairNone
	JNE     symbol
	MOVL    AX, DI
	SHRL    $16, DI // run
	ANDL    $255, AX // size
	JEQ     symbol
	REFILL
	DROP(BX)

value: // of AX bits after DI zeros
	ADDQ    DI, SI
	CMPQ    SI, $63
	JHI     bail
	MAGNITUDE(AX)
	MOVQ    slot_component(BP), AX
	MOVWLZX component_divisors(AX)(SI*2), AX
	IMULL   BX, AX
	ADDL    $0x8000, AX
	CMPL    AX, $0x10000
	JCC     bail
	MOVBLZX (R12)(SI*1), DI
	MOVW    BX, (R13)(DI*2)
	ORL     $1, R15
	INCQ    SI
	CMPQ    SI, CX
	JLS     again
	JMP     beyond

symbol:
	REFILL
	MOVQ slot_component(BP), BX
	MOVQ component_ac(BX), BX
	ADDQ $table_code, BX
	SYMBOL(symbol16)

known:
	TESTL DX, DX
	JEQ   done
	MOVL  DX, AX
	ANDL  $15, AX // size
	SHRL  $4, DX  // run
	CMPL  AX, $10
	JHI   bail
	MOVL  DX, DI
	TESTL AX, AX
	JNE   value
	ADDQ  DX, SI
	CMPQ  SI, $63
	JHI   bail

zeros:
	CMPL DX, $15
	JNE  bail
	INCQ SI
	CMPQ SI, CX
	JLS  again
	JMP  beyond

symbol16:
	LONG(symbol17, symbol18, bail, DI)
	JMP known

beyond:
	CMPQ SI, $64
	JCS  skip
	JEQ  done
	CMPQ SI, $128
	JCS  bail

done:
	XORL  DX, DX
	TESTL $0x00FF00FF, R15
	SETNE DL
	MOVQ  DX, slot_found(BP)
	ADDQ  $slot__size, BP
	DECQ  count+24(FP)
	JNE   next
	JMP   end

skip:
	MOVQ slot_skips(BP), R11
	MOVL $52, R14

skipping:
	REFILL
	SKIP
	SKIP
	JMP skipping

ending:
	TESTB $const_endsBlock, AL
	JEQ   last
	CMPQ  DI, $(63 + const_skipEnd)
	JHI   last
	DROP(AX)
	JMP   done

last:
	MOVQ  slot_component(BP), BX
	MOVQ  component_ac(BX), BX
	ADDQ  $table_code, BX
	SYMBOL(last16)

over:
	TESTL DX, DX
	JEQ   done
	MOVL  DX, AX
	ANDL  $15, AX
	SHRL  $4, DX
	CMPL  AX, $10
	JHI   bail
	TESTL AX, AX
	JNE   sizes
	CMPL  DX, $15
	JNE   bail

sizes:
	DROP(AX)
	LEAQ 1(SI)(DX*1), SI
	CMPQ SI, $64
	JCS  skipping
	JEQ  done
	JMP  bail

last16:
	LONG(last17, last18, bail, DI)
	JMP over

bail:
	MOVQ window-8(SP), R8
	MOVQ count-16(SP), R9
	MOVQ next-24(SP), R10
	MOVL prediction-32(SP), AX
	MOVQ slot_component(BP), BX
	MOVL AX, component_prediction(BX)

end:
	VZEROUPPER
	ANDQ $63, R9
	SUBQ data+8(FP), R10
	MOVQ b+0(FP), AX
	MOVQ R8, bits_window(AX)
	MOVQ R9, bits_count(AX)
	MOVQ R10, bits_next(AX)
	MOVQ count+24(FP), AX
	MOVQ AX, ret+40(FP)
	RET
