#include "textflag.h"
#include "go_asm.h"
#include "transform_amd64.h"

// func transform8AVX2(pix *byte, stride int, blk *int16, f *factors)
TEXT ·transform8AVX2(SB), NOSPLIT, $0-32
	MOVQ pix+0(FP), DI
	MOVQ stride+8(FP), SI
	MOVQ blk+16(FP), DX
	MOVQ f+24(FP), CX
	CONSTANTS
	TRANSFORM8
	VZEROUPPER
	RET

// func transform4AVX2(pix *byte, stride int, blk *int16, f *factors)
TEXT ·transform4AVX2(SB), NOSPLIT, $0-32
	MOVQ pix+0(FP), DI
	MOVQ stride+8(FP), SI
	MOVQ blk+16(FP), DX
	MOVQ f+24(FP), CX
	CONSTANTS
	TRANSFORM4
	RET

// func transform3AVX2(pix *byte, stride int, blk *int16, f *factors)
TEXT ·transform3AVX2(SB), NOSPLIT, $0-32
	MOVQ pix+0(FP), DI
	MOVQ stride+8(FP), SI
	MOVQ blk+16(FP), DX
	MOVQ f+24(FP), CX
	CONSTANTS
	TRANSFORM3
	RET


// func paintAVX2(slots *slot, count, phase int)
TEXT ·paintAVX2(SB), NOSPLIT, $8-24 // a frame, so that BP is kept
	MOVQ slots+0(FP), BP
	MOVQ count+8(FP), R8
	MOVQ phase+16(FP), R9
	ANDQ $1, R9
	NEGQ R9
	ANDQ $const_blockBytes, R9
	CONSTANTS

next:
	MOVQ slot_blk(BP), DX
	ADDQ R9, DX
	PAINT

painted:
	ADDQ $slot__size, BP
	DECQ R8
	JNE  next
	VZEROUPPER
	RET
