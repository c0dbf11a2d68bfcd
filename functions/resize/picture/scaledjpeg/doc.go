// Package scaledjpeg decodes JPEG files straight to their planes (Y, Cb and Cr, or what there is) at N/8 of their size.
//
// A scaled picture is not a shrunk one: every block of 8×8 coefficients gives N×N samples by an N-point inverse
// transform of its lowest N×N coefficients, and the others are passed over by their lengths alone. Names follow
// the JPEG standard, https://www.w3.org/Graphics/JPEG/itu-t81.pdf, whose sections are cited as T.81 F.2.
package scaledjpeg
