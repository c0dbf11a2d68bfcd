package baselinejpeg

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"sync"
	"testing"
)

func TestAppend(t *testing.T) {
	var e Encoder
	random := rand.New(rand.NewPCG(9, 10))
	for _, ratio := range ratios {
		for height := 1; height <= 40; height++ {
			for width := 1; width <= 40; width += 1 + random.IntN(7) {
				kind := random.IntN(24)
				m := sketch(random, kind, width, height, ratio)
				for i, worst := range check(t, encoded(t, &e, m, 100), m) {
					if worst > 1 {
						t.Errorf("%v %d x %d, kind %d: plane %d has a mean squared error of %.2f at quality 100, want 1 at most", ratio, width, height, kind, i, worst)
					}
				}
				check(t, encoded(t, &e, m, 1+random.IntN(99)), m)
			}
		}
	}
}

// Pictures of one level each keep it to within what quantisation of DC alone may change.
func TestAppend_evenPictures(t *testing.T) {
	var e Encoder
	for _, ratio := range ratios {
		for _, level := range []byte{0, 1, 127, 128, 254, 255} {
			m := blank(37, 21, ratio)
			for _, p := range planesOf(m) {
				for i := range p.Pix {
					p.Pix[i] = level
				}
			}
			data := encoded(t, &e, m, 95)
			for i, apart := range check(t, data, m) {
				if apart > 1 {
					t.Errorf("%v of %d: plane %d has a mean squared error of %.2f, want 1 at most", ratio, level, i, apart)
				}
			}
			if most := 360; len(data) > most {
				t.Errorf("%v of %d takes %d bytes, want %d at most", ratio, level, len(data), most)
			}
		}
	}
}

// The standard library quantises by the same tables, and has Huffman tables for all pictures.
func TestAppend_besideImageJPEG(t *testing.T) {
	var e Encoder
	m := smooth(200, 150, image.YCbCrSubsampleRatio420)
	for _, quality := range []int{1, 10, 50, 75, 85, 95, 100} {
		var theirs bytes.Buffer
		if err := jpeg.Encode(&theirs, m, &jpeg.Options{Quality: quality}); err != nil {
			t.Fatal(err)
		}
		ours := encoded(t, &e, m, quality)
		if len(ours) >= theirs.Len() {
			t.Errorf("quality %d: %d bytes, image/jpeg writes %d", quality, len(ours), theirs.Len())
		}
		want := check(t, theirs.Bytes(), m)
		for i, got := range check(t, ours, m) {
			if psnr(got) < psnr(want[i])-0.1 {
				t.Errorf("quality %d: plane %d has %.2f dB, image/jpeg's %.2f dB", quality, i, psnr(got), psnr(want[i]))
			}
		}
	}
}

// Bytes must not depend on the processor.
func TestAppend_sameEverywhere(t *testing.T) {
	var e Encoder
	hash := sha256.New()
	for _, ratio := range ratios {
		for _, quality := range []int{5, 50, 85, 100} {
			hash.Write(encoded(t, &e, smooth(333, 111, ratio), quality))
		}
	}
	const want = "7c2b163fe35ee6f15cd135ce33dc3de5958e24b727480f9dbd4a01baf464c60f"
	if got := fmt.Sprintf("%x", hash.Sum(nil)); got != want {
		t.Errorf("files of sketches hash to %s, want %s: if the encoder was meant to change, so must this", got, want)
	}
}

// A picture of more tokens than are kept has the same file.
func TestEncode_moreThanIsKept(t *testing.T) {
	for _, ratio := range ratios {
		m := smooth(300, 100, ratio)
		var work encoding
		if err := work.take(m); err != nil {
			t.Fatal(err)
		}
		whole := work.encode(nil, 85, mostTokens)
		for _, keep := range []int{0, 1000, 3000} {
			if data := work.encode(nil, 85, keep); !bytes.Equal(data, whole) {
				t.Errorf("%v: %d bytes with %d tokens kept, %d with all", ratio, len(data), keep, len(whole))
			}
		}
	}
}

func TestAppend_refuses(t *testing.T) {
	odd := image.NewYCbCr(image.Rect(0, 0, 8, 8), image.YCbCrSubsampleRatio420)
	short := image.NewGray(image.Rect(0, 0, 8, 8))
	short.Pix = short.Pix[:63]
	narrow := image.NewGray(image.Rect(0, 0, 8, 8))
	narrow.Stride = 7
	flat := image.NewYCbCr(image.Rect(0, 0, 9, 9), image.YCbCrSubsampleRatio420)
	flat.Cr = flat.Cr[:24]
	cases := map[string]struct {
		m       image.Image
		quality int
		want    string
	}{
		"no pixels":     {image.NewGray(image.Rect(0, 0, 0, 5)), 80, "a jpeg of 0 x 5: sides are 1 to 65535"},
		"too wide":      {image.NewGray(image.Rect(0, 0, 65536, 1)), 80, "a jpeg of 65536 x 1: sides are 1 to 65535"},
		"RGBA":          {image.NewRGBA(image.Rect(0, 0, 4, 4)), 80, "a jpeg of *image.RGBA: gray or planes are wanted"},
		"4:1:0":         {image.NewYCbCr(image.Rect(0, 0, 4, 4), image.YCbCrSubsampleRatio410), 80, "a jpeg of YCbCrSubsampleRatio410 from (0,0): 4:4:4, 4:4:0, 4:2:2 or 4:2:0 from (0,0) is wanted"},
		"a part":        {odd.SubImage(image.Rect(1, 0, 8, 8)), 80, "a jpeg of YCbCrSubsampleRatio420 from (1,0): 4:4:4, 4:4:0, 4:2:2 or 4:2:0 from (0,0) is wanted"},
		"short":         {short, 80, "a jpeg of plane 0 with fewer samples than 8 x 8"},
		"narrow":        {narrow, 80, "a jpeg of plane 0 with fewer samples than 8 x 8"},
		"short chroma":  {flat, 80, "a jpeg of plane 2 with fewer samples than 5 x 5"},
		"quality 0":     {short, 0, "a jpeg of quality 0: 1 to 100 is wanted"},
		"quality above": {short, 101, "a jpeg of quality 101: 1 to 100 is wanted"},
	}
	for name, c := range cases {
		var e Encoder
		if out, err := e.Append(nil, c.m, c.quality); err == nil || err.Error() != c.want || out != nil {
			t.Errorf("%s: Append gives %d bytes and %v, want the error %s", name, len(out), err, c.want)
		}
	}
}

func TestAppend_reusesMemory(t *testing.T) {
	var e Encoder
	m := smooth(300, 200, image.YCbCrSubsampleRatio420)
	to := make([]byte, 0, 1<<20)
	allocations := testing.AllocsPerRun(50, func() {
		if _, err := e.Append(to, m, 85); err != nil {
			t.Fatal(err)
		}
	})
	if allocations > 4 { // a collection may empty the pool; the race detector does so now and then
		t.Errorf("Append allocates %v times a picture, want none", allocations)
	}
}

// Pictures of other sizes, samplings and qualities, encoded at once by one encoder, do not show through each other.
func TestAppend_concurrently(t *testing.T) {
	var e Encoder
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			m, quality := smooth(40+30*i, 200-20*i, ratios[i%len(ratios)]), 10+10*i
			var alone Encoder
			want, err := alone.Append(nil, m, quality)
			if err != nil {
				t.Error(err)
				return
			}
			for range 30 {
				if got, err := e.Append(nil, m, quality); err != nil || !bytes.Equal(got, want) {
					t.Errorf("picture %d: %d bytes and %v, alone %d bytes", i, len(got), err, len(want))
				}
			}
		})
	}
	wg.Wait()
}
