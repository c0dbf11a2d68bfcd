// Package photos gives the benchmarks their pictures: JPEGs of 500x375 and of 12 megapixels.
package photos

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/disintegration/imaging"
)

// Read returns the JPEGs in dir/small and dir/large. Where there are no such folders, pictures of their
// kind are made of the JPEGs in dir: cuts of 500x375, and enlargements to 4000x3000 with the noise that
// a sensor would add.
func Read(dir string) (small, large [][]byte, err error) {
	if small, err = jpegs(filepath.Join(dir, "small")); err != nil {
		return nil, nil, err
	}
	if large, err = jpegs(filepath.Join(dir, "large")); err != nil {
		return nil, nil, err
	}
	if small == nil || large == nil {
		return substitutes(dir)
	}
	return small, large, nil
}

// jpegs reads the files *.jpg of a folder; none if there is no such folder.
func jpegs(dir string) ([][]byte, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.jpg"))
	if err != nil {
		return nil, err
	}
	var files [][]byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, data)
	}
	return files, nil
}

func substitutes(photos string) (small, large [][]byte, err error) {
	files, err := jpegs(photos)
	if err != nil {
		return nil, nil, err
	}
	if files == nil {
		return nil, nil, fmt.Errorf("no *.jpg in %s", photos)
	}
	for _, data := range files {
		img, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			return nil, nil, err
		}
		s, err := encode(imaging.Fill(img, 500, 375, imaging.Center, imaging.Lanczos), 90)
		if err != nil {
			return nil, nil, err
		}
		l, err := encode(noisy(imaging.Fill(img, 4000, 3000, imaging.Center, imaging.Lanczos)), 92)
		if err != nil {
			return nil, nil, err
		}
		small, large = append(small, s), append(large, l)
	}
	return small, large, nil
}

// noisy adds the same noise at every run.
func noisy(img *image.NRGBA) image.Image {
	random := rand.New(rand.NewPCG(1, 2))
	out := image.NewRGBA(img.Bounds())
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			c := img.NRGBAAt(x, y)
			n := random.NormFloat64() * 3
			out.SetRGBA(x, y, color.RGBA{clamp(c.R, n), clamp(c.G, n), clamp(c.B, n), 255})
		}
	}
	return out
}

func clamp(v uint8, n float64) uint8 { return uint8(min(max(float64(v)+n, 0), 255)) }

func encode(img image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}
