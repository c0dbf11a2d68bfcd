// Package pngplanes decodes PNG files row by row into planes, one for each channel.
//
// A line is the bytes of a row as the file has them, filtered: as differences from its neighbours. Unfiltered it is a row of pixels,
// which are samples of one or more channels, or indices of a palette. Colours are weighted if they are multiplied by their alpha.
package pngplanes
