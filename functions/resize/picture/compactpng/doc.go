// Package compactpng writes PNG files, in about half the time of image/png and with as many bytes: a hundredth more for small
// photographs, a few hundredths less for drawings.
//
// A row of pixels becomes a line: differences from neighbours, by one of five filters, behind the filter's number. The lines are
// compressed as one stream. Names follow the standard, https://www.w3.org/TR/png-3/.
package compactpng
