package picture

import (
	"image"
	"testing"

	"mapfleet/functions/resize/picture/scaledjpeg"
)

// A JPEG is decoded once, no smaller than the largest variant, and no smaller than twice that where one asks for Fine.
func TestScaleOfDecoding(t *testing.T) {
	source := encoded(t, JPEG, noise(160, 120))
	header, err := scaledjpeg.ReadHeader(source)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		variants []Variant
		want     int // eighths
	}{
		{[]Variant{{Width: 20}}, 1},
		{[]Variant{{Width: 21}}, 2},
		{[]Variant{{Width: 60}}, 3},
		{[]Variant{{Width: 80}}, 4},
		{[]Variant{{Width: 81}}, 8},
		{[]Variant{{Width: 400}}, 8},
		{[]Variant{{Width: 20, Detail: Fine}}, 2},
		{[]Variant{{Width: 28, Detail: Fine}}, 3},
		{[]Variant{{Width: 40, Detail: Fine}}, 4},
		{[]Variant{{Width: 41, Detail: Fine}}, 8},
		{[]Variant{{Width: 20}, {Width: 50}, {Width: 9}}, 3},
		{[]Variant{{Width: 20, Detail: Fine}, {Width: 50}}, 3},
		{[]Variant{{Width: 20, Height: 80, Fit: Fill}}, 8}, // one side shrinks less
		{[]Variant{{Width: 20, Height: 40, Fit: Cover}}, 3},
	}
	for _, test := range tests {
		plans := make([]plan, len(test.variants))
		for i, v := range test.variants {
			plans[i] = newPlan(image.Pt(160, 120), v)
		}
		if got, ok := smallest(header, needed(plans, test.variants)); !ok || got != test.want {
			t.Errorf("%+v are decoded at %d/8 (%t), want %d/8", test.variants, got, ok, test.want)
		}
	}
}
