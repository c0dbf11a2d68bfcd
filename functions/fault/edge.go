package fault

import "mapfleet/functions/job"

// AtEdge returns err, which Of named for the work bucket or another that is written to, as it may leave a
// function: NoBucket is job.DestinationMissing; Gone, Changed and Archived, which the caller did not expect
// there, are job.Unavailable. All else is returned as it is, and nil for nil.
func AtEdge(err error) error {
	switch err := err.(type) {
	case NoBucket:
		return job.DestinationMissing{Message: err.Message}
	case Gone, Changed, Archived:
		return job.Unavailable{Message: err.Error()}
	default:
		return err
	}
}
