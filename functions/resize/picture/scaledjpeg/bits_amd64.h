// The stream of bits, as type bits has it, is in these registers:
//	R8  window: the coming bits, from the top
//	R9  count of those taken from the stream; only its low 6 bits mean it
//	R10 where the first byte not taken lies

// REFILL makes count at least 56. It spoils DX.
#define REFILL \
	MOVQ   (R10), DX  \
	BSWAPQ DX         \
	SHRXQ  R9, DX, DX \
	ORQ    DX, R8     \
	MOVQ   R9, DX     \
	NOTQ   DX         \
	SHRQ   $3, DX     \
	ANDQ   $7, DX     \
	ADDQ   DX, R10    \
	ORQ    $56, R9

// DROP takes as many bits away as the low 6 bits of N say.
#define DROP(N) \
	SHLXQ N, R8, R8 \
	SUBQ  N, R9

// SYMBOL reads one, into DX, with the code at BX. It goes to long if it is of more than 11 bits, and spoils AX.
#define SYMBOL(long) \
	MOVQ    R8, DX                   \
	SHRQ    $53, DX                  \
	MOVWLZX code_short(BX)(DX*2), AX \
	TESTL   AX, AX                   \
	JEQ     long                     \
	MOVBLZX AL, DX                   \
	SHRL    $8, AX                   \
	DROP(AX)

// LONG reads what SYMBOL does not, in BX the code, or goes to bad. loop and found are labels of its own. It spoils AX
// and T.
#define LONG(loop, found, bad, T) \
	MOVQ R8, DX                        \
	SHRQ $48, DX                       \
	MOVQ $12, AX                       \
loop:                                  \
	CMPL DX, code_below(BX)(AX*4)      \
	JCS  found                         \
	INCQ AX                            \
	CMPQ AX, $16                       \
	JLS  loop                          \
	JMP  bad                           \
found:                                 \
	MOVQ    $16, T                     \
	SUBQ    AX, T                      \
	SHRXQ   T, DX, DX                  \
	ADDL    code_first(BX)(AX*4), DX   \
	ANDL    $255, DX                   \
	MOVBLZX code_symbols(BX)(DX*1), DX \
	DROP(AX)
