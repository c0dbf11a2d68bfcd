#include "textflag.h"
#include "go_asm.h"
#include "neon_arm64.h"
#include "smooth_arm64.h"

// func smoothLumaVector(pix *byte, stride int, t *thresholds, edges uint)
TEXT ·smoothLumaVector(SB), NOSPLIT, $0-32
	MOVD pix+0(FP), R0
	MOVD stride+8(FP), R1
	MOVD t+16(FP), R2
	MOVD edges+24(FP), R3
	THRESHOLDS
	SUB  $4, R0, R6
	ADD  R1<<3, R6, R7
	TST  $const_leftEdge, R3
	BEQ  inside
	LOADCOLUMNS
	SMOOTH6
	STORECOLUMNS

inside:
	TST  $const_innerEdges, R3
	BEQ  across
	VSUB V30.B16, V24.B16, V24.B16
	MOVD $3, R5

column:
	ADD  $4, R6, R6
	ADD  $4, R7, R7
	LOADCOLUMNS
	SMOOTH4
	STORECOLUMNS
	SUBS $1, R5, R5
	BNE  column
	VADD V30.B16, V24.B16, V24.B16

across:
	TST  $const_topEdge, R3
	BEQ  below
	SUB  R1<<2, R0, R10
	LOADLINE(V0)
	LOADLINE(V1)
	LOADLINE(V2)
	LOADLINE(V3)
	LOADLINE(V4)
	LOADLINE(V5)
	LOADLINE(V6)
	LOADLINE(V7)
	SMOOTH6
	SUB  R1<<2, R0, R10
	ADD  R1, R10, R10
	STORELINE(V1)
	STORELINE(V2)
	STORELINE(V3)
	STORELINE(V4)
	STORELINE(V5)
	STORELINE(V6)

below:
	TST  $const_innerEdges, R3
	BEQ  done
	VSUB V30.B16, V24.B16, V24.B16
	MOVD $3, R5

row:
	MOVD R0, R10
	LOADLINE(V0)
	LOADLINE(V1)
	LOADLINE(V2)
	LOADLINE(V3)
	LOADLINE(V4)
	LOADLINE(V5)
	LOADLINE(V6)
	LOADLINE(V7)
	SMOOTH4
	ADD  R1<<1, R0, R10
	STORELINE(V2)
	STORELINE(V3)
	STORELINE(V4)
	STORELINE(V5)
	ADD  R1<<2, R0, R0
	SUBS $1, R5, R5
	BNE  row

done:
	RET

// func smoothChromaVector(cb, cr *byte, stride int, t *thresholds, edges uint)
TEXT ·smoothChromaVector(SB), NOSPLIT, $0-40
	MOVD cb+0(FP), R0
	MOVD cr+8(FP), R4
	MOVD stride+16(FP), R1
	MOVD t+24(FP), R2
	MOVD edges+32(FP), R3
	THRESHOLDS
	SUB  $4, R0, R6
	SUB  $4, R4, R7
	TST  $const_leftEdge, R3
	BEQ  inside
	LOADCOLUMNS
	SMOOTH6
	STORECOLUMNS

inside:
	TST  $const_innerEdges, R3
	BEQ  across
	VSUB V30.B16, V24.B16, V24.B16
	ADD  $4, R6, R6
	ADD  $4, R7, R7
	LOADCOLUMNS
	SMOOTH4
	STORECOLUMNS
	VADD V30.B16, V24.B16, V24.B16

across:
	TST  $const_topEdge, R3
	BEQ  below
	SUB  R1<<2, R0, R6
	SUB  R1<<2, R4, R7
	EIGHTROWS(LOADROW)
	SMOOTH6
	EIGHTROWS(STOREROW)

below:
	TST  $const_innerEdges, R3
	BEQ  done
	VSUB V30.B16, V24.B16, V24.B16
	MOVD R0, R6
	MOVD R4, R7
	EIGHTROWS(LOADROW)
	SMOOTH4
	EIGHTROWS(STOREROW)

done:
	RET
