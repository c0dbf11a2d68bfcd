package planar

// Split takes pixels apart: sample c of each pixel goes to planes[c]. A pixel is len(planes) bytes, row y of pixels starts at
// pix[y*stride]. All planes have one size, and pix has at least as many rows and pixels.
func Split(planes []Plane, pix []byte, stride int) {
	for c, p := range planes {
		for y := range p.Height {
			row, pixels := p.Row(y), pix[y*stride:][:p.Width*len(planes)]
			for x, at := 0, c; x < len(row); x, at = x+1, at+len(planes) {
				row[x] = pixels[at]
			}
		}
	}
}

// Join is Split undone.
func Join(pix []byte, stride int, planes []Plane) {
	for c, p := range planes {
		for y := range p.Height {
			row, pixels := p.Row(y), pix[y*stride:][:p.Width*len(planes)]
			for x, at := 0, c; x < len(row); x, at = x+1, at+len(planes) {
				pixels[at] = row[x]
			}
		}
	}
}

// Premultiply multiplies colour by alpha, in place, rounded to nearest. Resize wants colours so: else those of transparent samples,
// which nobody has seen, show at edges. Both planes have one size.
func Premultiply(colour, alpha Plane) {
	for y := range colour.Height {
		row, weights := colour.Row(y), alpha.Row(y)
		for x, a := range weights[:len(row)] {
			if a != 255 {
				v := uint32(row[x])*uint32(a) + 128
				row[x] = uint8((v + v>>8) >> 8) // v/255, exact in this range
			}
		}
	}
}

// Unpremultiply divides colour by alpha, in place, rounded to nearest. A colour that exceeds its alpha, as filters that overshoot
// leave some, becomes 255; without any alpha it becomes 0. Both planes have one size.
func Unpremultiply(colour, alpha Plane) {
	for y := range colour.Height {
		row, weights := colour.Row(y), alpha.Row(y)
		for x, a := range weights[:len(row)] {
			switch a {
			case 255:
			case 0:
				row[x] = 0
			default:
				row[x] = uint8(min(255, (uint32(row[x])*255+uint32(a)/2)/uint32(a)))
			}
		}
	}
}
