package inflate

import "golang.org/x/sys/cpu"

var haveVectors = cpu.X86.HasAVX2

// adlerWeights are how often the bytes of a vector count.
//
//lint:ignore U1000 read by the assembly
var adlerWeights = [adlerVector]byte{
	32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
}
