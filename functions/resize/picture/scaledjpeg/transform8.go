package scaledjpeg

// transform8Scalar makes 8×8 samples of the 8×8 coefficients in blk.
func transform8Scalar(pix []byte, stride int, blk []int16, f *factors) {
	var columns [64]int32
	for x := range 8 {
		var c [8]int32
		for y, row := range rows8 {
			c[y] = f.times(blk, row+2*x)
		}
		if c[1]|c[2]|c[3]|c[4]|c[5]|c[6]|c[7] == 0 {
			dc := limit(c[0] << 2)
			for y := range 8 {
				columns[8*y+x] = dc
			}
			continue
		}
		e0, e1, e2, e3 := even8(c[0], c[2], c[4], c[6], round1)
		o0, o1, o2, o3 := odd8(c[1], c[3], c[5], c[7])
		columns[x], columns[56+x] = limit((e0+o0)>>shift1), limit((e0-o0)>>shift1)
		columns[8+x], columns[48+x] = limit((e1+o1)>>shift1), limit((e1-o1)>>shift1)
		columns[16+x], columns[40+x] = limit((e2+o2)>>shift1), limit((e2-o2)>>shift1)
		columns[24+x], columns[32+x] = limit((e3+o3)>>shift1), limit((e3-o3)>>shift1)
	}
	for y := range 8 {
		c := (*[8]int32)(columns[8*y:])
		e0, e1, e2, e3 := even8(c[0], c[2], c[4], c[6], round2)
		o0, o1, o2, o3 := odd8(c[1], c[3], c[5], c[7])
		row := (*[8]byte)(pix[y*stride:])
		row[0], row[7] = clamp((e0+o0)>>shift2), clamp((e0-o0)>>shift2)
		row[1], row[6] = clamp((e1+o1)>>shift2), clamp((e1-o1)>>shift2)
		row[2], row[5] = clamp((e2+o2)>>shift2), clamp((e2-o2)>>shift2)
		row[3], row[4] = clamp((e3+o3)>>shift2), clamp((e3-o3)>>shift2)
	}
}

// even8 and odd8 are the parts of an 8-point transform (Loeffler, Ligtenberg and Moschytz, 1989): results 0 to 3
// are their sums, 7 to 4 their differences.
func even8(c0, c2, c4, c6, round int32) (e0, e1, e2, e3 int32) {
	z := (c2 + c6) * c0_541
	near := z + c2*c0_765
	far := z - c6*c1_847
	sum := (c0+c4)<<fraction + round
	difference := (c0-c4)<<fraction + round
	return sum + near, difference + far, difference - far, sum - near
}

func odd8(c1, c3, c5, c7 int32) (o0, o1, o2, o3 int32) {
	z1 := (c7 + c1) * -c0_899
	z2 := (c5 + c3) * -c2_562
	z5 := (c7 + c3 + c5 + c1) * c1_175
	z3 := (c7+c3)*-c1_961 + z5
	z4 := (c5+c1)*-c0_390 + z5
	return c1*c1_501 + z1 + z4, c3*c3_072 + z2 + z3, c5*c2_053 + z2 + z4, c7*c0_298 + z1 + z3
}
