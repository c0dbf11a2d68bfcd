// Package planar resizes, turns, crops and pads planes of 8-bit samples.
//
// A plane is one channel of a picture: Y, Cb, Cr, gray, or a colour channel already multiplied by alpha. A window is the part of a
// source plane, in fractions of a sample, that becomes the whole of a destination. A filter says how samples are weighed. Pixels are
// planes of one size interleaved: the samples of each side by side.
// All functions may be called by many goroutines, and the same arguments give the same bytes on every processor.
package planar
