package avif

// alike are qualities of WebP, and the library's of about the same luma PSNR, the mean over photographs of 256 and 1024 pixels.
var alike = [...]struct{ quality, library int }{
	{0, 8}, {10, 22}, {30, 37}, {50, 46}, {80, 61}, {90, 78}, {95, 88}, {100, 100},
}

// libraryQuality is between the two that are nearest, rounded.
func libraryQuality(quality int) int {
	for i, to := range alike[1:] {
		if from := alike[i]; quality <= to.quality {
			width := to.quality - from.quality
			return from.library + ((quality-from.quality)*(to.library-from.library)+width/2)/width
		}
	}
	return 100
}
