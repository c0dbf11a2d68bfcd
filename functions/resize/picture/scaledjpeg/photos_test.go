package scaledjpeg

import (
	"bytes"
	"errors"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
)

// photos returns the JPEG files below the folder that MAPFLEET_PHOTOS names.
func photos(t testing.TB, pattern string) map[string][]byte {
	t.Helper()
	folder := os.Getenv("MAPFLEET_PHOTOS")
	if folder == "" {
		t.Skip("MAPFLEET_PHOTOS names no folder")
	}
	names, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string][]byte)
	for _, name := range names {
		if files[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestDecode_photos(t *testing.T) {
	var d Decoder
	for name, data := range photos(t, "*/*.jpg") {
		h, err := ReadHeader(data)
		if err != nil {
			t.Fatalf("ReadHeader(%s): %v", name, err)
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if err != nil || h.Width != config.Width || h.Height != config.Height {
			t.Errorf("ReadHeader(%s) = %d×%d, want %d×%d (%v)", name, h.Width, h.Height, config.Width, config.Height, err)
		}
		for _, scale := range scales {
			want := Supported(h, scale)
			m, err := d.Decode(data, scale)
			if !errors.Is(err, want) {
				t.Errorf("Decode(%s) at %d/8: %v, want %v", name, scale, err, want)
			}
			m.Release()
		}
		if Supported(h, 8) == nil {
			compareWithImageJPEG(t, &d, name, data, 2)
		}
	}
}
