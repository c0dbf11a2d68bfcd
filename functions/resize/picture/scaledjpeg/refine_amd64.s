#include "textflag.h"
#include "go_asm.h"
#include "bits_amd64.h"

// Registers while blocks are refined, beside those of the stream. AX, BX, CX and DX are scratch.
//	R11 refinements
//	R12 places
//	R13 the block's coefficients
//	SI  which coefficients to come are 0
//	DI  which are not
//	R14 corrections so far, the last one lowest
//	R15 how many
//	BP  which coefficients have appeared

// ADDRESS has in AX where coefficient AX lies; one that lies nowhere, at BX.
#define ADDRESS \
	MOVBLZX (R12)(AX*1), AX    \
	CMPL    AX, $const_nowhere \
	LEAQ    (R13)(AX*2), AX    \
	CMOVQEQ BX, AX

// GATHER takes CX bits, at most 24, to the corrections. It spoils AX and DX.
#define GATHER \
	MOVQ  R8, AX       \
	SHRQ  $1, AX       \
	MOVQ  CX, DX       \
	NOTQ  DX           \
	SHRXQ DX, AX, AX   \
	SHLXQ CX, R14, R14 \
	ORQ   AX, R14      \
	ADDQ  CX, R15      \
	DROP(CX)

// func refineBMI2(r *refining) verdict
TEXT ·refineBMI2(SB), NOSPLIT, $120-16
	MOVQ r+0(FP), BX
	MOVQ (refining_bits+bits_window)(BX), R8
	MOVQ (refining_bits+bits_count)(BX), R9
	MOVQ (refining_bits+bits_next)(BX), R10
	ADDQ refining_data(BX), R10
	MOVQ refining_table(BX), R11
	MOVQ refining_places(BX), R12
	MOVQ refining_blk(BX), R13
	MOVQ refining_apart(BX), AX
	MOVQ AX, apart-8(SP)
	MOVQ refining_mask(BX), AX
	MOVQ AX, mask-16(SP)
	MOVQ refining_upTo(BX), AX
	MOVQ AX, upTo-24(SP)
	MOVQ refining_run(BX), AX
	MOVQ AX, run-32(SP)
	MOVQ refining_nonzero(BX), AX
	MOVQ AX, nonzero-40(SP)
	MOVQ refining_blocks(BX), AX
	MOVQ AX, blocks-48(SP)
	MOVQ refining_limit(BX), AX
	MOVQ AX, limit-56(SP)
	MOVQ refining_code(BX), AX
	MOVQ AX, code-64(SP)
	MOVQ refining_delta(BX), AX
	MOVQ $0, values-120(SP) // by the flags of a refinement
	MOVQ AX, values-112(SP)
	MOVQ $0, values-104(SP)
	NEGQ AX
	MOVQ AX, values-96(SP)

block:
	CMPQ R10, limit-56(SP)
	JHI  past
	MOVQ nonzero-40(SP), AX
	MOVQ mask-16(SP), SI
	MOVQ (AX), DI
	ANDQ SI, DI
	XORL R14, R14
	XORL R15, R15
	XORL BP, BP
	CMPQ run-32(SP), $0
	JNE  running
	XORQ DI, SI

symbol:
	REFILL
	MOVQ  R8, DX
	SHRQ  $53, DX
	MOVL  (R11)(DX*4), BX
	TESTL BX, BX
	JEQ   long
	DROP(BX)
	MOVL  BX, CX
	SHRL  $16, CX
	JNE   ends
	MOVBLZX BH, CX

appear: // after CX zeros, as the flags in BX say
	MOVL  $1, AX
	SHLXQ CX, AX, AX
	PDEPQ SI, AX, DX
	TESTQ DX, DX
	JEQ   badRun
	BTL   $6, BX
	SBBQ  AX, AX
	ANDQ  DX, AX
	ORQ   AX, BP
	SHRL  $6, BX
	ANDL  $3, BX
	MOVQ  values-120(SP)(BX*8), CX
	TZCNTQ DX, AX
	LEAQ  nowhere-72(SP), BX
	ADDRESS
	ADDW  CX, (AX)
	LEAQ  -1(DX), CX
	ORQ   CX, DX // all up to it
	ANDNQ SI, DX, SI
	ANDQ  DI, CX // those not 0 that it passes by
	ANDNQ DI, DX, DI
	POPCNTQ CX, CX
	CMPQ  CX, $24
	JHI   many

gather:
	GATHER
	MOVQ SI, AX
	ORQ  DI, AX
	JNE  symbol

finish:
	MOVQ  nonzero-40(SP), AX
	MOVQ  (AX), CX
	MOVQ  mask-16(SP), SI
	ANDQ  CX, SI
	ORQ   BP, CX
	MOVQ  CX, (AX)
	ANDQ  upTo-24(SP), SI
	JEQ   next
	NEGQ  R15
	SHLXQ R15, R14, R14 // the first one is highest
	LEAQ  nowhere-72(SP), BX
	MOVQ  values-112(SP), CX

correct:
	TZCNTQ  SI, AX
	ADDRESS
	MOVWLSX (AX), DX
	MOVQ    R14, DI
	SARQ    $63, DI
	ANDL    CX, DI
	MOVL    DX, R15
	SARL    $31, R15
	XORL    R15, DI
	SUBL    R15, DI
	ADDL    DI, DX
	MOVW    DX, (AX)
	ADDQ    R14, R14
	BLSRQ   SI, SI
	JNE     correct

next:
	ADDQ apart-8(SP), R13
	ADDQ $8, nonzero-40(SP)
	DECQ blocks-48(SP)
	JNE  block
	MOVQ $const_onlyDC, CX

end:
	MOVQ r+0(FP), BX
	ANDQ $63, R9
	SUBQ refining_data(BX), R10
	MOVQ R8, (refining_bits+bits_window)(BX)
	MOVQ R9, (refining_bits+bits_count)(BX)
	MOVQ R10, (refining_bits+bits_next)(BX)
	MOVQ run-32(SP), AX
	MOVQ AX, refining_run(BX)
	MOVQ CX, ret+8(FP)
	RET

running:
	DECQ  run-32(SP)
	TESTQ DI, DI
	JEQ   next
	REFILL
	JMP   rest

ends: // as CX blocks do from here on
	DECQ CX
	MOVQ CX, run-32(SP)

rest:
	POPCNTQ DI, CX
	XORL SI, SI
	XORL DI, DI
	CMPQ CX, $24
	JLS  gather

many: // more than there may be in the window
	MOVQ CX, left-80(SP)
	MOVQ $24, CX
	GATHER
	REFILL
	MOVQ left-80(SP), CX
	SUBQ $24, CX
	CMPQ CX, $24
	JHI  many
	JMP  gather

long:
	MOVQ code-64(SP), BX
	SYMBOL(long16)

sized:
	MOVL DX, CX
	SHRL $4, CX
	ANDL $15, DX
	JEQ  none
	CMPL DX, $1
	JNE  badSymbol
	MOVQ R8, BX
	NOTQ BX
	SHRQ $63, BX
	SHLL $7, BX
	ORL  $64, BX
	SHLQ $1, R8
	DECQ R9
	JMP  appear

none:
	XORL BX, BX
	CMPL CX, $15
	JEQ  appear
	MOVQ R8, AX
	SHRQ $1, AX
	MOVQ CX, DX
	NOTQ DX
	SHRXQ DX, AX, AX
	BTSQ CX, AX
	DROP(CX)
	MOVQ AX, CX
	JMP  ends

long16:
	LONG(long17, long18, badCode, CX)
	JMP sized

badCode:
	MOVQ $const_badCode, CX
	JMP  end

badSymbol:
	MOVQ $const_badSymbol, CX
	JMP  end

badRun:
	MOVQ $const_badRun, CX
	JMP  end

past:
	MOVQ $const_pastEnd, CX
	JMP  end
