package planar

// pair lays columns' coefficients out for kernels that take two taps at once: after an odd one there is a zero.
func (k *kernel) pair(fixed []int32) {
	pitch := k.pitch + k.pitch&1
	k.coefs = make([]int16, len(k.taps)*pitch)
	for i := range k.taps {
		for t, c := range fixed[i*k.pitch : (i+1)*k.pitch] {
			k.coefs[i*pitch+t] = int16(c)
		}
	}
	k.pitch = pitch
}

// pack lays rows' coefficients out for kernels that make 8 outputs together: for each 8 taps of these, 8 coefficients of output 0,
// of 4, 1, 5, 2, 6, 3 and 7. Outputs beyond the last have zeros.
func (k *kernel) pack(fixed []int32) {
	longest := 0
	for _, n := range k.taps {
		longest = max(longest, n)
	}
	k.chunks = (longest + acrossLanes - 1) / acrossLanes
	groups := (len(k.taps) + acrossLanes - 1) / acrossLanes
	k.coefs = make([]int16, groups*k.chunks*acrossLanes*acrossLanes)
	k.starts = make([]int32, groups*acrossLanes)
	for i, n := range k.taps {
		k.starts[i] = int32(k.first[i] - k.low)
		coefs := fixed[i*k.pitch:][:n]
		for t := 0; t < n; t += acrossLanes {
			out := k.coefs[packed(k.chunks, i, t):]
			for j, c := range coefs[t:min(t+acrossLanes, n)] {
				out[j] = int16(c)
			}
		}
	}
	k.pitch = k.chunks * acrossLanes
}

// packed is where pack puts a coefficient.
func packed(chunks, output, tap int) int {
	group, lane := output/acrossLanes, output%acrossLanes
	place := lane%4*2 + lane/4
	return ((group*chunks+tap/acrossLanes)*acrossLanes+place)*acrossLanes + tap%acrossLanes
}
