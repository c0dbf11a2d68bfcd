// Instructions that the assembler has no name for, on vectors by their numbers. Without a letter they are on 16 bytes, H on 8 words.
#define UABD(m, n, d) WORD $(0x6E207400 | (m)<<16 | (n)<<5 | (d))   // d = |n - m|
#define UQADD(m, n, d) WORD $(0x6E200C00 | (m)<<16 | (n)<<5 | (d))  // d = n + m, no more than fits
#define SQADD(m, n, d) WORD $(0x4E200C00 | (m)<<16 | (n)<<5 | (d))  // with signs
#define SQSUB(m, n, d) WORD $(0x4E202C00 | (m)<<16 | (n)<<5 | (d))  // d = n - m
#define CMHS(m, n, d) WORD $(0x6E203C00 | (m)<<16 | (n)<<5 | (d))   // d = all ones where n ≥ m
#define BIC(m, n, d) WORD $(0x4E601C00 | (m)<<16 | (n)<<5 | (d))    // d = n &^ m
#define UHADD(m, n, d) WORD $(0x6E200400 | (m)<<16 | (n)<<5 | (d))  // d = (n + m) / 2, rounded down
#define URHADD(m, n, d) WORD $(0x6E201400 | (m)<<16 | (n)<<5 | (d)) // rounded up
#define SSHR3(n, d) WORD $(0x4F0D0400 | (n)<<5 | (d))               // d = n >> 3, with signs
#define SRSHR1(n, d) WORD $(0x4F0F2400 | (n)<<5 | (d))              // d = (n + 1) >> 1, with signs

#define SXTL(n, d) WORD $(0x0F08A400 | (n)<<5 | (d))                 // words of the lower 8 bytes, with signs
#define SXTL2(n, d) WORD $(0x4F08A400 | (n)<<5 | (d))                // and of the upper ones
#define SQSHRN7(n, d) WORD $(0x0F099400 | (n)<<5 | (d))              // lower bytes of n >> 7
#define SQSHRN72(n, d) WORD $(0x4F099400 | (n)<<5 | (d))             // upper bytes
#define SQXTUN(n, d) WORD $(0x2E212800 | (n)<<5 | (d))               // lower bytes of words, 0 to 255
#define SQXTUN2(n, d) WORD $(0x6E212800 | (n)<<5 | (d))              // upper bytes
#define SQADDH(m, n, d) WORD $(0x4E600C00 | (m)<<16 | (n)<<5 | (d))
#define MULH(m, n, d) WORD $(0x4E609C00 | (m)<<16 | (n)<<5 | (d))
#define SQDMULHH(m, n, d) WORD $(0x4E60B400 | (m)<<16 | (n)<<5 | (d))  // d = 2 n m >> 16
#define SQRDMULHH(m, n, d) WORD $(0x6E60B400 | (m)<<16 | (n)<<5 | (d)) // rounded
#define SSRA1H(n, d) WORD $(0x4F1F1400 | (n)<<5 | (d))                 // d += n >> 1
#define SSHR3H(n, d) WORD $(0x4F1D0400 | (n)<<5 | (d))
#define URSHR3H(n, d) WORD $(0x6F1D2400 | (n)<<5 | (d))                // d = (n + 4) >> 3
