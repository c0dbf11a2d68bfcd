package job

import "testing"

func TestNamedAsPicture(t *testing.T) {
	for key, want := range map[string]bool{
		"in/a.jpg": true, "in/A.JPEG": true, "a.png": true, "a.gif": true, "a.webp": true, "a.bmp": true, "a.tif": true, "a.tiff": true,
		"in/noextension": true, "in.2026/noextension": true,
		"in/notes.txt": false, "in/a.jpg.xml": false, "in/a.mp4": false, "in/a.json": false,
	} {
		if got := NamedAsPicture(key); got != want {
			t.Errorf("NamedAsPicture(%q) = %v, want %v", key, got, want)
		}
	}
}
