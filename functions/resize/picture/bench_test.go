package picture

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkRender makes a 256-pixel JPEG of made-up pictures. If MAPFLEET_PHOTOS names a folder it is of small/*.jpg and
// large/*.jpg in it instead, one picture an iteration in turn.
func BenchmarkRender(b *testing.B) {
	sizes := []struct {
		name          string
		width, height int
	}{{"small", 500, 375}, {"large", 4000, 3000}}
	for _, size := range sizes {
		b.Run(size.name, func(b *testing.B) {
			sources := photographs(b, size.name)
			if len(sources) == 0 {
				sources = [][]byte{encoded(b, JPEG, noise(size.width, size.height))}
			}
			variants := []Variant{{Width: 256, Height: 256}}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				result, err := Render(b.Context(), sources[i%len(sources)], variants, Limits{})
				if err != nil || result.Outputs[0].Err != nil {
					b.Fatal(err, result.Outputs)
				}
			}
		})
	}
}

func photographs(b *testing.B, kind string) (files [][]byte) {
	root := os.Getenv("MAPFLEET_PHOTOS")
	if root == "" {
		return nil
	}
	names, err := filepath.Glob(filepath.Join(root, kind, "*.jpg"))
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}
