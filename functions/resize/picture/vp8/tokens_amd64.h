// The arithmetic decoder lives in R8, its window, R9, its count, R10, its range, SI, the next byte's
// address, and R11, the last address from which 8 bytes may be read. R15 is a coefficient's index, R12 what the table has for it, BX the
// odds in use, R14 the factors, DI the block.

// REFILL is bits.refill.
#define REFILL \
	CMPQ   SI, R11 \
	JLE    3(PC)   \
	CALL   refillSlowly<>(SB) \
	JMP    10(PC)  \
	MOVQ   (SI), AX \
	BSWAPQ AX      \
	SHRXQ  R9, AX, AX \
	ORQ    AX, R8  \
	MOVL   $63, CX \
	SUBQ   R9, CX  \
	SHRQ   $3, CX  \
	ADDQ   CX, SI  \
	ORQ    $56, R9

// NORMAL shifts out what the last decision left: the range then begins with the highest of 32 bits.
#define NORMAL \
	LZCNTL R10, CX      \
	SHLXL  CX, R10, R10 \
	ANDL   $7, CX       \
	SHLXQ  CX, R8, R8   \
	SUBQ   CX, R9

// READ is bits.read of the odds in R13: it goes on if the bit is 1, else to zero, where ZERO must follow. The part of 0 is
// ((range-1) * odds >> 8) + 1, which is (range * odds + 256 - odds) >> 8: that waits for the range less long.
#define READ(zero) \
	NORMAL         \
	MOVL  $256, AX \
	SUBL  R13, AX  \
	SHLQ  $24, AX  \
	IMULQ R10, R13 \
	SHRL  $24, R10 \
	ADDQ  AX, R13  \
	SHRQ  $32, R13 \
	MOVQ  R13, AX  \
	SHLQ  $56, AX  \
	CMPQ  R8, AX   \
	JCS   zero     \
	SUBQ  AX, R8   \
	SUBL  R13, R10

#define ZERO MOVL R13, R10

// ODDS takes those at an index.
#define ODDS(i) MOVBLZX i(BX), R13
