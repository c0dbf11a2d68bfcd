// Package inflate decompresses zlib streams (RFC 1950, 1951) that lie in memory.
//
// A piece is a part of the stream: files like PNG cut it in many. A code is a run of bits that stands for a symbol, and a symbol is a
// literal byte, a length of bytes to repeat, or the end of a block. Where codes are short one look into a table gives three literals.
package inflate
