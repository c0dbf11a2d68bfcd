//go:build avif

package main

import (
	"mapfleet/functions/resize/picture"
	"mapfleet/functions/resize/picture/avif"
)

// avifEncoder is in the worker of deployments that ask for it: others start without its weight.
func avifEncoder() picture.Encoder { return avif.Encoder{} }
