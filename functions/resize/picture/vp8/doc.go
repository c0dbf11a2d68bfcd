// Package vp8 decodes key frames of VP8 (RFC 6386), which are the pixels of lossy WebP files, into planes of Y, Cb and Cr at 4:2:0.
//
// A macroblock is 16×16 samples of Y and 8×8 of each other plane; a block is 4×4 samples. Each is predicted from samples above and to
// the left, and its residue, the coefficients of blocks, is added. Then the loop filter smooths the edges of blocks. A frame comes in
// partitions: the first has the modes of prediction, the others tokens, which are coefficients, of every second, fourth or eighth row.
package vp8
