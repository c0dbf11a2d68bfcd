package planar

import (
	"math"
	"sync"
)

// lanczosSteps is how many entries there are from one whole number to the next. Between two a line is off by less than 1e-6.
const lanczosSteps = 1024

// lanczos is a table of sinc(x)·sinc(x/3) for x from 0 to 3. Pictures come in many sizes: with sines, weights would cost more than
// the resize.
type lanczos [3*lanczosSteps + 2]float64

var lanczosTable = sync.OnceValue(func() *lanczos {
	table := new(lanczos)
	for i := range 3 * lanczosSteps {
		if i%lanczosSteps != 0 { // 0 there, not merely near it
			x := float64(i) / lanczosSteps
			table[i] = sinc(x) * sinc(x/3)
		}
	}
	table[0] = 1
	return table
})

func (table *lanczos) at(x float64) float64 {
	x = math.Abs(x) * lanczosSteps
	i := int(min(x, 3*lanczosSteps))
	return table[i] + (x-float64(i))*(table[i+1]-table[i])
}

func sinc(x float64) float64 {
	return math.Sin(math.Pi*x) / (math.Pi * x)
}
