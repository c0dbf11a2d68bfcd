package estimate

import (
	"fmt"
	"time"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/functions/report/look"
)

// longestChild is how long a child execution, which is EXPRESS, may take.
// https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
const longestChild = 5 * time.Minute

// Warnings say, in sentences, why load cannot run under s as it was asked, which Of does whatever comes of it. They
// are those of a dry run, where it has them. split says that parts of the listing have a Map Run each.
func (s Setting) Warnings(load cost.Load, split bool) []string {
	var list []string
	if load.BatchSize > s.BatchSize {
		list = append(list, fmt.Sprintf("A batch would hold about %s items instead of %s: its input is bounded in bytes, and full with so many keys.",
			look.Count(s.BatchSize), look.Count(load.BatchSize)))
	}
	switch {
	case s.Bill.Batch > cost.LongestBatch:
		list = append(list, fmt.Sprintf("A batch would take about %v, and a child execution ends after 5 minutes: ask for a smaller batchSize.", s.Bill.Batch.Round(time.Second)))
	case s.Forecast.Longest > longestChild:
		list = append(list, fmt.Sprintf("The longest batch would take about %v, and a child execution ends after 5 minutes: ask for a smaller batchSize.", s.Forecast.Longest.Round(time.Second)))
	}
	if load.Items > job.MaxMapRunItems && !split {
		list = append(list, fmt.Sprintf("One run takes the first %s of these %s items: ask for shardBy, which gives each part of a listing a Map Run of its own, or split the list.",
			look.Count(job.MaxMapRunItems), look.Count(load.Items)))
	}
	return list
}
