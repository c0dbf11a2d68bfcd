// Package picture turns the bytes of one picture into the bytes of its variants.
//
// A variant is a recipe: a size, a fit, a format, a quality. The road is always the same: sniff (by content, never by name),
// read the header and refuse by pixel count, decode, fit, orient as EXIF says, encode. Colours keep their meaning (see Color), but
// for CMYK, which becomes RGB without colour management, and PNG's gAMA and cHRM, which are not heeded; of the other metadata
// only EXIF can be kept.
// All functions may be called by many goroutines, and the same bytes and variants always give the same bytes.
package picture
