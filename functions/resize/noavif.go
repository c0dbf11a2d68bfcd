//go:build !avif

package main

import "mapfleet/functions/resize/picture"

// avifEncoder is none: Prepare refuses runs that would need one.
func avifEncoder() picture.Encoder { return nil }
