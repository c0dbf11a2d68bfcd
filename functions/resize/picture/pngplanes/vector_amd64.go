package pngplanes

import "golang.org/x/sys/cpu"

var haveVectors = cpu.X86.HasAVX2

// everyThird marks bytes 1, 4, 7 … in its first half and 2, 5, 8 … in its second.
//
//lint:ignore U1000 read by the assembly
var everyThird = [2 * lanes]byte{
	0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0,
	0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0,
}

// thirds puts samples in order once those of a channel are together: each three bytes after the last, modulo 16.
//
//lint:ignore U1000 read by the assembly
var thirds = [3 * lanes]byte{
	0, 3, 6, 9, 12, 15, 2, 5, 8, 11, 14, 1, 4, 7, 10, 13,
	1, 4, 7, 10, 13, 0, 3, 6, 9, 12, 15, 2, 5, 8, 11, 14,
	2, 5, 8, 11, 14, 1, 4, 7, 10, 13, 0, 3, 6, 9, 12, 15,
}

// quarters puts the channels of four pixels together.
//
//lint:ignore U1000 read by the assembly
var quarters = [lanes]byte{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15}
