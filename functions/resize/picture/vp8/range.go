package vp8

// VP8 knows the studio range only: luma from 16 to 235, chroma 112 to either side of 128 (RFC 6386, section 9.2, by ITU-R BT.601).
// Planes have all of a byte, as those of JPEG have, with the same matrix.

// How much longer a step is, less 1, in 1/32768: 36/219 and 31/224. Results are those of real numbers, rounded.
const (
	lumaStretch   = 5387
	chromaStretch = 4535
)

func stretchLumaScalar(samples []byte) {
	for i, s := range samples {
		samples[i] = clamp(int(s) - 4 + ((int(s)-89)*lumaStretch+1<<14)>>15) // 89 becomes 85
	}
}

func stretchChromaScalar(samples []byte) {
	for i, s := range samples {
		samples[i] = clamp(int(s) + ((int(s)-128)*chromaStretch+1<<14)>>15)
	}
}
