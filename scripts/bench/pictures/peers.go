package main

import (
	"bytes"
	"context"
	"image/jpeg"
	"syscall"
	"time"

	"github.com/disintegration/imaging"

	"mapfleet/functions/resize/picture"
)

// peer makes JPEGs smaller. spent is the CPU time of the whole process that does it.
type peer interface {
	name() string
	resize(ctx context.Context, files [][]byte, box int) (made [][]byte, spent time.Duration, err error)
}

// fleetPeer is mapfleet's picture package, by its usual decode or its fine one.
type fleetPeer struct{ detail picture.Detail }

func (p fleetPeer) name() string {
	if p.detail == picture.Fine {
		return "mapfleet, fine"
	}
	return "mapfleet"
}

func (p fleetPeer) resize(ctx context.Context, files [][]byte, box int) ([][]byte, time.Duration, error) {
	variants := []picture.Variant{{Width: box, Height: box, Fit: picture.Inside, Format: picture.JPEG, Quality: quality, Detail: p.detail}}
	return timed(files, func(data []byte) ([]byte, error) {
		result, err := picture.Render(ctx, data, variants, picture.Limits{})
		if err != nil {
			return nil, err
		}
		return result.Outputs[0].Bytes, result.Outputs[0].Err
	})
}

// imagingPeer is what most Go programs do.
type imagingPeer struct{}

func (imagingPeer) name() string { return "stdlib + imaging" }

func (imagingPeer) resize(_ context.Context, files [][]byte, box int) ([][]byte, time.Duration, error) {
	return timed(files, func(data []byte) ([]byte, error) {
		img, err := decode(data)
		if err != nil {
			return nil, err
		}
		var out bytes.Buffer
		err = jpeg.Encode(&out, imaging.Fit(img, box, box, imaging.Lanczos), &jpeg.Options{Quality: quality})
		return out.Bytes(), err
	})
}

func timed(files [][]byte, one func([]byte) ([]byte, error)) ([][]byte, time.Duration, error) {
	made := make([][]byte, len(files))
	before := cpuTime()
	for i, data := range files {
		var err error
		if made[i], err = one(data); err != nil {
			return nil, 0, err
		}
	}
	return made, cpuTime() - before, nil
}

// cpuTime is the user and system time of this process so far.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // cannot fail: the arguments are right
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
