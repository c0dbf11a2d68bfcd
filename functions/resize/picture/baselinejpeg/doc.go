// Package baselinejpeg writes planes (Y, Cb and Cr, or gray) as JPEG files of the baseline process.
//
// Blocks of 8×8 samples become coefficients, those become tokens: a Huffman symbol with the bits that follow it. Tokens
// are kept until the picture is counted out, so that it gets the Huffman tables that suit it best. Names follow the JPEG
// standard, https://www.w3.org/Graphics/JPEG/itu-t81.pdf, whose sections are cited as T.81 F.1.
package baselinejpeg
