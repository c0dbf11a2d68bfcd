package cost

import (
	"cmp"
	"time"

	"mapfleet/functions/job"
)

// perMegabyte is how long a megabyte of a source takes to decode, in milliseconds of one core. The rates fit rows of
// the README's table (CPU time on x86-64 with AVX2, medians of interleaved rounds of `make bench`, November
// 2026), to which a test holds them: baseline JPEGs of 500x375 (0.044 MB) to 256 pixels, of 4000x3000 (2.8 MB) to
// 256 and to 1024 pixels, and lossy WebPs of 4000x3000 (1 MB). Progressive JPEGs cannot be told by a listing: to
// 256 pixels they take a third, to 1024 three times as long.
func (k Kind) perMegabyte() float64 {
	switch k {
	case JPEG: // scans, tables, as much of the transform as a small output needs
		return 3.5
	case WebP: // all of it, and it has three times the pixels
		return 80
	}
	return 8 // PNG takes 5; GIF and TIFF are not measured
}

// What the road of a picture takes beside, in milliseconds of one core: SDK, S3, TLS, interpreter and report,
// as `make bench` measures it against the local S3, whose own work is in it: 1.5 ms a picture of 0.044 MB,
// and 4 ms one of 2.8 MB (November 2026).
const (
	roadPerPicture  = 1.5
	roadPerMegabyte = 0.9
)

// perMegapixel is what an output costs to scale and encode.
func perMegapixel(format job.Format, source Kind) float64 {
	switch {
	case format == job.FormatWebP, format == job.FormatSame && source == WebP:
		return 97
	case format == job.FormatAVIF: // of 1024 pixels; of 256 it is 370 to 600. A worker's first takes 1.2 s more, which is left out
		return 300
	case format == job.FormatJPEG, format == job.FormatSame && source == JPEG:
		return 9.6
	default: // PNG measured, GIF assumed alike
		return 110
	}
}

// pixelsPerByte is about how many pixels a byte of a photograph's file holds: 12 MP in 2.8 MB of a JPEG, in 1 MB
// of a WebP.
func (k Kind) pixelsPerByte() float64 {
	if k == WebP {
		return 12
	}
	return 4
}

// What a Lambda adds. A vCPU is taken for half of the core that was measured: neither Graviton nor a
// hyperthread of a shared machine has been. The waits are those that a run of 8,088 small pictures
// published for batches of 100 and of 10 (2.3 and 0.43 seconds each) leaves for S3, and for an invocation,
// if its worker had four pictures in flight. Rendering, waiting and moving are added up, although they
// happen side by side: a batch takes less.
const (
	slowdown     = 2.0
	perRequest   = 200 * time.Millisecond // invoked, and maybe started anew
	waitGet      = 30 * time.Millisecond
	waitHead     = 15 * time.Millisecond
	waitPut      = 45 * time.Millisecond
	bytesASecond = 75e6 // a function's network
	// inFlightPerCPU pictures are under way for each processor: as package batch has it, and a test looks.
	inFlightPerCPU = 32
	memoryOfCPU    = 1769 // MB with one vCPU. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
)

// What the rest of a run adds: the published run took six seconds more than its batches.
const (
	aroundRun     = 6 * time.Second
	clerkBase     = 4 * time.Second        // both of them
	clerkPerItem  = 10 * time.Microsecond  // both of them, of a manifest and its results
	expressMemory = 64.0 / 1024            // GB, the least that is charged (A51 of package asl)
	expressStep   = 100 * time.Millisecond // durations are rounded up to it (A51)
	aroundChild   = 100 * time.Millisecond // beside its Lambda
	aroundResults = 30                     // objects: plan, report, previews, result files
	aroundStates  = 6                      // transitions outside the shards: Prepare, Planned, EachShard, Report, Judge, Done
	shardStates   = 2                      // ListingOrManifest and the Map
)

// ClerkMemory is that of Prepare and of Report, in MB.
const ClerkMemory = 1769

// LongestBatch is what a batch may take before its child execution, which ends after five minutes, is at
// risk.
const LongestBatch = 4 * time.Minute

// What a batch's input may hold: resize.asl.json bounds it, and an item is so long beside its key.
const (
	batchBytes = 98_304 // MaxInputBytesPerBatch
	jobBytes   = 1_500  // of the job in it, about
	itemBytes  = 130    // Etag, Size, LastModified, StorageClass, and the members' names
	assumedKey = 50
)

// MostInBatch is how many items a batch holds at most, where keys have so many bytes on average; 0 is 50.
func MostInBatch(keyBytes int) int {
	return max(1, (batchBytes-jobBytes)/(itemBytes+cmp.Or(keyBytes, assumedKey)))
}

// What bounds a run however many workers it has. Those of S3 are documented for one prefix, and a bucket that
// was idle has not been split into several yet; the others are fitted to the published run.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
const (
	PrefixGets = 5500                   // a second
	PrefixPuts = 3500                   // a second
	ListPage   = 100 * time.Millisecond // for PageKeys keys, one page after the other
	PageKeys   = 1000
	Starts     = 600 // of child executions, a second
)
