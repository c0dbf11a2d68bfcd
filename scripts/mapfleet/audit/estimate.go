package audit

import "time"

// Requests counts calls of S3.
type Requests struct {
	List int64 `json:"list"`
	Head int64 `json:"head"`
	Get  int64 `json:"get"`
}

// What S3 asks for requests in us-east-1, in November 2026. https://aws.amazon.com/s3/pricing/
const (
	usdPerList = 0.005 / 1000
	usdPerLook = 0.0004 / 1000 // HEAD and GET
)

// USD is what the requests cost on AWS.
func (r Requests) USD() float64 {
	return float64(r.List)*usdPerList + float64(r.Head+r.Get)*usdPerLook
}

// How long requests take within a Region, as far as is believed; not measured on AWS.
const (
	listTime = 100 * time.Millisecond // of 1,000 keys
	lookTime = 20 * time.Millisecond
)

// Time is how long the requests take, so many about single objects at a time. Listings go page by page.
func (r Requests) Time(concurrency int) time.Duration {
	return time.Duration(r.List)*listTime + time.Duration((r.Head+r.Get)/int64(concurrency))*lookTime
}

// Estimate is what an audit is going to ask of S3, from now on.
type Estimate struct {
	Sources     int64 // known only from a manifest; else -1
	Destination int64 // objects in the destination; -1 if it is not listed
	Requests    Requests
}

// pageKeys is how many keys a listing returns at a time.
const pageKeys = 1000

// Expect estimates the requests of an audit of so many sources, with so many outputs each.
func Expect(sources int64, variants int, quick bool) Requests {
	outputs := sources * int64(variants)
	r := Requests{List: (sources + outputs) / pageKeys}
	if !quick {
		r.Head = outputs
	}
	return r
}

// announce tells what single requests are to come. Where a listing has still to say how many sources
// there are, what the destination holds is the best guess of what it should hold.
func (a *audit) announce(s selection) {
	if a.Announce == nil {
		return
	}
	e := Estimate{Sources: s.count, Destination: -1}
	if a.report.Destination != nil {
		e.Destination = a.report.Destination.Objects
	}
	variants := int64(len(a.input.Variants))
	sources := s.count
	if sources < 0 {
		sources = max(e.Destination, 0) / variants
		e.Requests.List = sources / pageKeys
	}
	if !a.Quick && !a.fresh {
		e.Requests.Head = sources * variants
	}
	a.Announce(e)
}
