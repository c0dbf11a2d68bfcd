package cost

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"mapfleet/functions/job"
)

// Load is the work of a run.
type Load struct {
	Items    int             // that go through batches
	Piles    Piles           // those of them that are fetched and written
	Classes  map[string]Pile // those of Piles in storage classes that have a price of their own
	Variants []job.Variant

	Heads     int // HEAD requests, to see what is current
	Lists     int // LIST requests
	BatchSize int // at least 1; no batch has more items than MostInBatch
	KeyBytes  int // of a key, on average; 0: assumedKey
	Workers   int // batches at a time, at least 1
	MapRuns   int

	Memory       int // of a worker, in MB
	Architecture job.Architecture

	atOnce float64 // pictures that a worker has in flight; 0: as package batch has it
}

// Bill is what a Load comes to.
type Bill struct {
	Lines   []job.CostLine
	USD     float64
	Batches int
	Batch   time.Duration // one of them, on average
	Work    time.Duration // of all batches, without what an invocation takes by itself
	Time    time.Duration // from start to end of the run
}

// Of works out the bill by prices. What it leaves out is in Assumptions.
func Of(l Load, p Prices) Bill {
	var b Bill
	most := min(l.BatchSize, MostInBatch(l.KeyBytes))
	b.Batches = (l.Items + most - 1) / most
	if b.Batches > 0 {
		b.Work = l.work()
		b.Batch = perRequest + b.Work/time.Duration(b.Batches)
	}
	waves := (b.Batches + l.Workers - 1) / l.Workers
	b.Time = aroundRun + max(time.Duration(waves)*b.Batch, l.least(b.Batches)) + time.Duration(l.Items)*clerkPerItem

	compute := p.LambdaARM64
	if l.Architecture == job.X86 {
		compute = p.LambdaX86
	}
	batches := float64(b.Batches)
	clerks := clerkBase + time.Duration(l.Items)*clerkPerItem
	express := math.Ceil(float64(b.Batch+aroundChild)/float64(expressStep)) * expressStep.Seconds()
	pictures := l.Piles.All().Items
	plain := pictures
	for class, pile := range l.Classes {
		if _, priced := p.Classes[class]; priced {
			plain -= pile.Items
		}
	}

	b.add("Lambda, workers", batches*b.Batch.Seconds()*float64(l.Memory)/1024, compute)
	b.add("Lambda, Prepare and Report", clerks.Seconds()*ClerkMemory/1024, compute)
	b.add("Lambda, requests", batches+2, p.LambdaRequest)
	b.add("Step Functions, transitions", aroundStates+float64(shardStates*l.MapRuns)+batches, p.Transition) // A51 of package asl
	b.add("Step Functions, EXPRESS children", batches, p.ExpressRequest)
	b.add("Step Functions, EXPRESS duration", batches*express*expressMemory, p.ExpressDuration)
	b.add("S3, GET", float64(plain), p.S3Get)
	for _, class := range slices.Sorted(maps.Keys(l.Classes)) {
		if price, priced := p.Classes[class]; priced {
			b.add("S3, GET from "+class, float64(l.Classes[class].Items), price.Get)
			b.add("S3, retrieval from "+class, float64(l.Classes[class].Bytes)/1e9, price.Retrieval)
		}
	}
	b.add("S3, HEAD", float64(l.Heads), p.S3Head)
	b.add("S3, PUT", float64(pictures*len(l.Variants)+aroundResults), p.S3Put)
	b.add("S3, LIST", float64(l.Lists), p.S3List)
	return b
}

// add appends a line, unless there is nothing on it.
func (b *Bill) add(what string, quantity float64, p Price) {
	if quantity == 0 {
		return
	}
	line := job.CostLine{What: what, Quantity: round(quantity), Unit: p.Unit, Price: p.USD, USD: round(quantity * p.USD)}
	b.Lines = append(b.Lines, line)
	b.USD = round(b.USD + line.USD)
}

// round keeps millionths.
func round(v float64) float64 { return math.Round(v*1e6) / 1e6 }

// work is the time of workers over all pictures, on a worker of this memory.
func (l Load) work() time.Duration {
	all, rendered := l.Piles.All(), 0.0
	for kind, pile := range l.Piles {
		rendered += l.rendering(pile, Kind(kind))
	}
	rendered *= slowdown / l.cpus()
	waited := float64(all.Items)*l.waits() + float64(l.Heads)*waitHead.Seconds()
	moved := float64(all.Bytes) / bytesASecond
	return time.Duration((rendered/1000 + waited/l.inFlight() + moved) * float64(time.Second))
}

// least is how long the batches of a run take with any number of workers, all on one prefix.
func (l Load) least(batches int) time.Duration {
	pictures := float64(l.Piles.All().Items)
	return max(
		time.Duration((l.Items+PageKeys-1)/PageKeys)*ListPage,
		time.Duration(max(
			float64(batches)/Starts,
			pictures/PrefixGets,
			pictures*float64(len(l.Variants))/PrefixPuts,
		)*float64(time.Second)))
}

// Picture is how long one picture of so many bytes takes: its share of a batch with many others, and
// what passes until it is done if a worker has nothing else to do, which no other processor helps with.
func (l Load) Picture(bytes int64, kind Kind) (share, alone time.Duration) {
	ms := slowdown * l.rendering(Pile{Items: 1, Bytes: bytes}, kind)
	waits, moved := l.waits(), float64(bytes)/bytesASecond
	share = time.Duration((ms/1000/l.cpus() + waits/l.inFlight() + moved) * float64(time.Second))
	alone = time.Duration((ms/1000/min(l.cpus(), 1) + waits + moved) * float64(time.Second))
	return share, alone
}

// waits is how many seconds the GET and the PUTs of a picture take.
func (l Load) waits() float64 {
	return (waitGet + time.Duration(len(l.Variants))*waitPut).Seconds()
}

func (l Load) cpus() float64 { return float64(l.Memory) / memoryOfCPU }

// inFlight is how many pictures a worker has under way.
func (l Load) inFlight() float64 {
	if l.atOnce > 0 {
		return l.atOnce
	}
	return inFlightPerCPU * math.Ceil(l.cpus())
}

// rendering is the milliseconds of one core for a pile: brought, decoded once, then an output for each
// variant.
func (l Load) rendering(pile Pile, kind Kind) float64 {
	if pile.Items == 0 {
		return 0
	}
	items, megabytes := float64(pile.Items), float64(pile.Bytes)/1e6
	ms := items*roadPerPicture + megabytes*(kind.perMegabyte()+roadPerMegabyte)
	for _, v := range l.Variants {
		ms += items * megapixels(v, megabytes/items*kind.pixelsPerByte()) * perMegapixel(v.Format, kind)
	}
	return ms
}

// megapixels is how large an output of a source of so many megapixels is, about and at most.
func megapixels(v job.Variant, source float64) float64 {
	width := cmp.Or(float64(v.Width), float64(v.Height)*4/3)
	height := cmp.Or(float64(v.Height), float64(v.Width)*3/4)
	box := width * height / 1e6
	if v.Upscale {
		return box
	}
	return min(box, source)
}
