package baselinejpeg

// token is a Huffman symbol and the bits behind it. Its lowest 10 bits are the class and the symbol, a run of zeros and a
// category (T.81 F.1.2); the bits follow, of which the category says how many there are.
type token = uint32

// Classes tell the four Huffman tables apart. A component's AC is acClass behind its DC.
const (
	luma    token = 0
	chroma  token = 0x200
	acClass token = 0x100

	classes = 4
	symbols = 256 // of a class, as far as a byte can tell

	symbolBits = 10
	symbolMask = 1<<symbolBits - 1

	endOfBlock token = 0x00
	zeroRun    token = 0xf0 // 16 zeros

	mostCategory = 11 // of a DC difference; that of AC is 10
	categoryMask = 15
)

// mostTokensOfBlock: one of DC, 63 of AC.
const mostTokensOfBlock = 64

// histogram counts tokens by class and symbol.
type histogram = [classes * symbols]uint64

// amplitudes are the tokens of coefficients and differences from -2048 on, without class and run.
var amplitudes = categorize()

func categorize() (table [4096]token) {
	for i := range table {
		v := i - len(table)/2
		category, magnitude := token(0), max(v, -v)
		for magnitude>>category != 0 {
			category++
		}
		if v < 0 {
			v += 1<<category - 1
		}
		table[i] = min(category, mostCategory) | token(v)<<symbolBits
	}
	return table
}

func amplitude(v int32) token {
	return amplitudes[uint32(v+int32(len(amplitudes)/2))%uint32(len(amplitudes))]
}
