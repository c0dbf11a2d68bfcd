package picture

import (
	"math"
	"sync"
)

// linearSteps is how finely linear light is cut before it becomes an sRGB sample: five steps for the darkest sample.
const linearSteps = 1 << 14

// srgbCurve is sRGB's curve (IEC 61966-2-1), srgbSamples its inverse: the samples of i / linearSteps.
var (
	srgbCurve   = sync.OnceValue(func() *curve { c := curveOf(srgbLinear); return &c })
	srgbSamples = sync.OnceValue(func() *[linearSteps + 1]uint8 {
		var samples [linearSteps + 1]uint8
		for i := range samples {
			samples[i] = uint8(255*srgbEncoded(float64(i)/linearSteps) + 0.5)
		}
		return &samples
	})
)

func srgbLinear(x float64) float64 {
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

func srgbEncoded(y float64) float64 {
	if y <= 0.0031308 {
		return y * 12.92
	}
	return 1.055*math.Pow(y, 1/2.4) - 0.055
}
