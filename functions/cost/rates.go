package cost

import (
	"time"

	"mapfleet/functions/job"
)

// How fast a picture is rendered, in milliseconds of one core. They fit three rows of the README's table
// (CPU time on x86-64 with AVX2, medians of interleaved rounds, November 2026): baseline JPEGs of
// 500x375 (0.07 MB) to 256 pixels, 0.92 ms, and of 4000x3000 (2.8 MB) to 256 and to 1024 pixels, 11.1
// and 24.9 ms. The others come from the rows for PNG and from single measurements of the encoders.
const (
	perPicture     = 0.3
	perMegabyte    = 3.8 // of a JPEG; scans, tables, as much of the transform as a small output needs
	perMegabyteAny = 8.0 // of any other format: PNG measured, the standard library's formats assumed alike
)

// perMegapixel is what an output costs to scale and encode.
func perMegapixel(format job.Format, jpeg bool) float64 {
	switch {
	case format == job.FormatWebP:
		return 97
	case format == job.FormatJPEG, format == job.FormatSame && jpeg:
		return 19
	default: // PNG measured, GIF assumed alike
		return 110
	}
}

// pixelsPerByte is about how many pixels a byte of a photograph's file holds: 12 MP in 2.8 MB.
const pixelsPerByte = 4.0

// What a Lambda adds. A vCPU is taken for half of the core that was measured: neither Graviton nor a
// hyperthread of a shared machine has been. The waits are those that a run of 8,088 small pictures
// published for batches of 100 and of 10 (2.3 and 0.43 seconds each) leaves for S3, and for an invocation.
const (
	slowdown     = 2.0
	perRequest   = 200 * time.Millisecond // invoked, and maybe started anew
	waitGet      = 30 * time.Millisecond
	waitHead     = 15 * time.Millisecond
	waitPut      = 45 * time.Millisecond
	bytesASecond = 75e6 // a function's network
	memoryOfCPU  = 1769 // MB with one vCPU. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
)

// What the rest of a run adds: the published run took six seconds more than its batches.
const (
	aroundRun     = 6 * time.Second
	clerkMemory   = 1769                   // MB of Prepare and of Report
	clerkBase     = 4 * time.Second        // both of them
	clerkPerItem  = 10 * time.Microsecond  // both of them, of a manifest and its results
	expressMemory = 64.0 / 1024            // GB, the least that is charged (A51 of package asl)
	expressStep   = 100 * time.Millisecond // durations are rounded up to it (A51)
	aroundChild   = 100 * time.Millisecond // beside its Lambda
	aroundResults = 30                     // objects: plan, report, previews, result files
	aroundStates  = 6                      // transitions outside the shards: Prepare, Planned, EachShard, Report, Judge, Done
	shardStates   = 2                      // ListingOrManifest and the Map
)

// LongestBatch is what a batch may take before its child execution, which ends after five minutes, is at
// risk.
const LongestBatch = 4 * time.Minute
