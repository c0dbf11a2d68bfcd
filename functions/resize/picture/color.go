package picture

// Color says what becomes of colours that are not sRGB: those of a source with an ICC profile of other primaries or curves.
//
// Either way colours keep their meaning as far as the package can see to it. A profile of sRGB itself says nothing that readers
// do not assume anyway, and is left out. GIF holds no profile, AVIF is given none, and a gray one does not fit an output in colour:
// there samples are converted to sRGB under KeepProfile too. What cannot be converted (profiles with lookup tables, of Lab, of CMYK)
// is copied where the output's samples are of the profile's kind, else dropped.
type Color string

const (
	// KeepProfile leaves samples as they are and copies the profile. The default.
	KeepProfile Color = "keep"
	// SRGB converts samples to sRGB, by relative colorimetry, and writes no profile. Colours beyond sRGB become its nearest by
	// channel. Profiles made of three primaries and curves, or of one gray curve, can be converted.
	SRGB Color = "srgb"
)
