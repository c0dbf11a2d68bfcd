package account

import (
	"time"

	"mapfleet/functions/job"
	"mapfleet/functions/report/look"
)

// summary draws up the account of the run, but for its message and its files' places.
func (b *book) summary(plan job.Plan, ended Ended, now time.Time) job.Summary {
	b.compare(plan, ended)
	b.closeNotes()
	s := job.Summary{
		Run: ended.Run, Execution: plan.Execution,
		Started: plan.Started, Finished: now,
		Listed: b.tally.Listed, Written: b.tally.Written, Current: b.tally.Current, Ignored: b.tally.Ignored, Failed: b.tally.Failed,
		NotStarted: b.notStarted,
		Outputs:    b.tally.Outputs, BytesIn: b.tally.BytesIn, BytesOut: b.tally.BytesOut,
		Batches: b.batches, MapRuns: b.mapRuns,
		Milliseconds: some(b.tally.Milliseconds), IgnoredBy: some(b.tally.IgnoredBy), FailedBy: some(b.tally.FailedBy),
		ToleratedFailurePercentage: plan.Limits.ToleratedFailurePercentage,
		Balanced:                   len(b.notes) == 0,
	}
	if !plan.Started.IsZero() {
		s.Seconds = max(now.Sub(plan.Started), 0).Round(time.Millisecond).Seconds()
	}
	if s.Listed > 0 {
		s.FailedPercentage = 100 * float64(s.Failed) / float64(s.Listed)
	}
	s.WithinTolerance = s.FailedPercentage <= s.ToleratedFailurePercentage
	switch {
	case ended.Status != "":
		s.Status = ended.Status
	case s.WithinTolerance && s.Balanced:
		s.Status = "SUCCEEDED"
	default:
		s.Status = "FAILED"
	}
	return s
}

// compare holds what was counted against what was planned. Only manifests tell how many items there
// are; a listing is counted as it is read.
func (b *book) compare(plan job.Plan, ended Ended) {
	if len(plan.Shards) == 1 && plan.Shards[0].Kind == job.ShardListing && b.tally.Listed+b.notStarted == job.MaxMapRunItems && plan.Limits.MaxItems == job.MaxMapRunItems {
		b.note("The listing has as many pictures as one Map Run reads, %s: others may be left. Split it by shardBy.", look.Count(job.MaxMapRunItems))
	}
	if b.notStarted > 0 && ended.Status == "" {
		b.note("%s never started, in a run that is said to be done.", items(b.notStarted))
	}
	planned := 0
	for _, shard := range plan.Shards {
		if shard.Kind != job.ShardManifest || shard.Items == 0 {
			return
		}
		planned += shard.Items
	}
	if len(plan.Shards) == 0 {
		return
	}
	counted := b.tally.Listed + b.notStarted
	if counted < planned && ended.Status != "" && ended.Status != "SUCCEEDED" && !ended.judged() {
		b.notStarted += planned - counted // the run ended before the Map Run had read them
		return
	}
	if counted != planned {
		b.note("The manifest holds %s, but the batches account for %s.", items(planned), look.Count(counted))
	}
}

// some returns counts, or an empty map: JSON readers need not care for null.
func some[N any](counts map[string]N) map[string]N {
	if counts == nil {
		return map[string]N{}
	}
	return counts
}
