package cli

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/functions/resize/batch"
	"mapfleet/scripts/mapfleet/estimate/survey"
)

// countedObjects is what was counted.
type countedObjects struct {
	From         string                 `json:"from"`
	Seconds      float64                `json:"seconds"` // that the counting took
	Lists        int                    `json:"listRequests"`
	Items        int                    `json:"items"`
	Bytes        int64                  `json:"bytes"`   // of those whose size is known
	ToWrite      int                    `json:"toWrite"` // at most
	BytesToRead  int64                  `json:"bytesToRead"`
	JPEG         int                    `json:"jpeg"` // of ToWrite, by their names
	WebP         int                    `json:"webp"` // likewise
	UnknownSizes int                    `json:"unknownSizes,omitzero"`
	NotNamed     int                    `json:"notNamedAsPictures,omitzero"` // of ToWrite
	TooLarge     int                    `json:"tooLarge,omitzero"`           // of ToWrite
	IgnoredBy    map[string]int         `json:"ignoredBy,omitempty"`
	FailedBy     map[string]int         `json:"failedBy,omitempty"`
	LeftOut      map[string]int         `json:"leftOut,omitempty"`
	Median       int64                  `json:"medianBytes"`
	NearlyAll    int64                  `json:"bytes99"` // 99 % are smaller
	Largest      largestObject          `json:"largest"`
	Sizes        []survey.SizeBand      `json:"sizes"`
	Classes      map[string]countedPile `json:"storageClasses,omitempty"` // but STANDARD
	Prefixes     int                    `json:"prefixes"`
	MostIn       []survey.Prefix        `json:"largestPrefixes"`
}

type largestObject struct {
	Key   string `json:"key"`
	Bytes int64  `json:"bytes"`
}

type countedPile struct {
	Items int   `json:"items"`
	Bytes int64 `json:"bytes"`
}

// prefixesShown is how many prefixes are told of.
const prefixesShown = 3

func newCounted(s *survey.Survey, from string, took time.Duration) *countedObjects {
	c := &countedObjects{
		From: from, Seconds: float64(took.Milliseconds()) / 1e3, Lists: s.Lists, Items: s.Items, Bytes: s.Bytes,
		ToWrite: s.Fetched(), BytesToRead: s.Piles.All().Bytes, JPEG: s.Piles[cost.JPEG].Items, WebP: s.Piles[cost.WebP].Items,
		UnknownSizes: s.UnknownSizes, NotNamed: s.NotNamed, TooLarge: s.TooLarge,
		IgnoredBy: s.IgnoredBy, FailedBy: s.FailedBy, LeftOut: s.LeftOut,
		Median: s.Quantile(0.5), NearlyAll: s.Quantile(0.99), Largest: largestObject(s.Largest), Sizes: s.Bands(), Classes: map[string]countedPile{},
	}
	for name, pile := range s.Classes {
		c.Classes[name] = countedPile(pile)
	}
	c.Prefixes, c.MostIn = s.Prefixes(prefixesShown)
	return c
}

// assumptions are what the figures rest on.
func (r *estimateResize) assumptions(in job.Input) []string {
	var list []string
	if s := r.survey; s != nil {
		list = append(list, "Everything that is fetched is counted as if it had to be written: what is current already, and what is no picture, only the workers find out.")
		if s.UnknownSizes > 0 {
			list = append(list, fmt.Sprintf("%s objects of unknown size are taken for %s each, a JPEG of 12 megapixels.", count(s.UnknownSizes), size(survey.AssumedBytes)))
		}
		if s.TooLarge > 0 {
			list = append(list, fmt.Sprintf("%s objects are larger than %d MB, which a worker refuses unless it is set up otherwise.", count(s.TooLarge), batch.DefaultMaxSourceBytes>>20))
		}
	}
	if r.survey == nil {
		list = append(list, fmt.Sprintf("All are taken to lie in one folder, of which S3 serves %s GETs and %s PUTs a second; --source, --manifest and --in know the folders.",
			count(cost.PrefixGets), count(cost.PrefixPuts)))
	}
	if in.ShardBy != "" {
		list = append(list, "One Map Run is simulated; shardBy lists parts side by side.")
	}
	return append(append(list, cost.Assumptions()...),
		"Rates of starts, listings and set-up are fitted to one published run over 8,088 pictures; other runs may differ.")
}

func (e resizeEstimate) writeText(w io.Writer) error {
	out := bufio.NewWriter(w)
	if e.Counted != nil {
		e.Counted.writeText(out)
	} else {
		fmt.Fprintf(out, "%s pictures, %s\n", count(e.Items), size(e.Bytes))
	}
	warn := func() {
		for _, w := range e.Warnings {
			fmt.Fprintf(out, "  warning  %s\n", w)
		}
	}
	if e.Asked != nil {
		e.Asked.writeText(out, "as asked", e.Prices)
		warn()
	}
	e.Recommended.writeText(out, "recommended", e.Prices)
	if e.Asked == nil {
		warn()
	}
	for _, a := range e.Assumptions {
		fmt.Fprintf(out, "  note     %s\n", a)
	}
	return out.Flush()
}

func (c *countedObjects) writeText(out io.Writer) {
	fmt.Fprintf(out, "%s in %s, %s (counted in %.1f s", counted(c.Items, "object", "objects"), c.From, size(c.Bytes), c.Seconds)
	if c.Lists > 0 && strings.HasPrefix(c.From, "s3://") {
		fmt.Fprintf(out, "; %s", counted(c.Lists, "page of a listing", "pages of a listing"))
	}
	fmt.Fprintln(out, ")")
	fmt.Fprintf(out, "  to write %s at most, %s to read: %s JPEG, %s WebP, %s of other formats", count(c.ToWrite), size(c.BytesToRead), count(c.JPEG), count(c.WebP), count(c.ToWrite-c.JPEG-c.WebP))
	if c.NotNamed > 0 {
		fmt.Fprintf(out, ", of which %s are no pictures by their names", count(c.NotNamed))
	}
	fmt.Fprintf(out, "\n  others   %s ignored%s, %s failed%s", count(total(c.IgnoredBy)), by(c.IgnoredBy), count(total(c.FailedBy)), by(c.FailedBy))
	if n := total(c.LeftOut); n > 0 {
		fmt.Fprintf(out, ", %s are no items%s", counted(n, "line", "lines"), by(c.LeftOut))
	}
	fmt.Fprintf(out, "\n  sizes    half below %s, 99 %% below %s, the largest %s: %s\n", size(c.Median), size(c.NearlyAll), size(c.Largest.Bytes), c.Largest.Key)
	for _, band := range c.Sizes {
		if band.Items == 0 {
			continue
		}
		name := "above 100 MB"
		if band.Upto > 0 {
			name = "below " + size(band.Upto)
		}
		fmt.Fprintf(out, "           %-14s %12s, %s\n", name, count(band.Items), size(band.Bytes))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Classes)) {
		fmt.Fprintf(out, "  class    %-14s %12s, %s\n", name, count(c.Classes[name].Items), size(c.Classes[name].Bytes))
	}
	fmt.Fprintf(out, "  prefixes %s; most in %s\n", count(c.Prefixes), strings.Join(prefixList(c.MostIn), ", "))
}

func prefixList(prefixes []survey.Prefix) (list []string) {
	for _, p := range prefixes {
		list = append(list, fmt.Sprintf("%s (%s)", prefixName(p.Name), count(p.Items)))
	}
	return list
}

func prefixName(name string) string {
	if name == "" {
		return "the top"
	}
	return name
}

// leastQueueing is the part of a cost from which on it is told that workers are paid for waiting.
const leastQueueing = 0.01

// dollars writes a sum in cents, and one below a cent as it is.
func dollars(usd float64) string {
	if usd > 0 && usd < 0.01 {
		return amount(usd)
	}
	return fmt.Sprintf("%.2f", usd)
}

func (s settingEstimate) writeText(out io.Writer, title, prices string) {
	fmt.Fprintf(out, "%s: %s MB, batchSize %d, maxConcurrency %d\n", title, count(s.Memory), s.BatchSize, s.MaxConcurrency)
	fmt.Fprintf(out, "  time     %s: %s of %.1f s, the longest %.1f s, %s at a time at most, bound by %s\n",
		roundTime(secondsOf(s.Seconds)), counted(s.Batches, "batch", "batches"), s.BatchSeconds, s.LongestSeconds, count(s.Peak), s.Bottleneck)
	for _, p := range s.Prefixes {
		fmt.Fprintf(out, "  requests %.0f GET and %.0f PUT a second for %s\n", p.Gets, p.Puts, prefixName(p.Prefix))
	}
	if s.QueueingUSD >= leastQueueing*s.USD {
		fmt.Fprintf(out, "  waiting  workers would wait for S3, and be paid for it: about $%s more than the cost below; fewer are as fast\n", dollars(s.QueueingUSD))
	}
	fmt.Fprintf(out, "  cost     $%s (%s)\n", dollars(s.USD), prices)
	for _, line := range s.Lines {
		fmt.Fprintf(out, "           %-33s %20s x $%-12s = $%s\n", line.What, amount(line.Quantity)+" "+short(line.Unit), amount(line.Price), amount(line.USD))
	}
}
