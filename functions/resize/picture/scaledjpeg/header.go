package scaledjpeg

// Header is what a file says of itself before its first scan.
type Header struct {
	Width, Height   int
	Components      int
	Precision       int // bits a sample
	Progressive     bool
	Color           Color
	Sampling        [4]Sampling // of the first Components
	RestartInterval int         // in MCUs; 0: none

	process byte // marker of the frame
}

// Sampling is a component's relative resolution, each factor 1 to 4.
type Sampling struct{ Horizontal, Vertical int }

// Color is what the components mean.
type Color uint8

// The colours of files with one, three and four components. A file says which by its JFIF and Adobe segments
// and by its component identifiers; they are weighed as libjpeg does. Of CMYK most files hold the inverse.
const (
	Gray Color = iota + 1
	YCbCr
	RGB
	CMYK
	YCCK
)

// ReadHeader reads data up to the first scan. Any JPEG file has a header, also one that Decode does not support.
// It allocates nothing.
func ReadHeader(data []byte) (Header, error) {
	var f frame
	if !hasStart(data) {
		return Header{}, FormatError("no start of image")
	}
	for at := 2; ; {
		s, err := nextSegment(data, at)
		if err != nil {
			return Header{}, err
		}
		if err := f.read(s); err != nil {
			return Header{}, err
		}
		if s.marker == markerSOS || s.marker == markerEOI {
			return f.header()
		}
		at = s.end
	}
}
