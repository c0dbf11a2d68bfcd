package fault

import (
	"context"
	"errors"
	"testing"

	"mapfleet/functions/job"
)

func TestAtEdge_leaves_no_type_of_this_package(t *testing.T) {
	other := errors.New("of no service")
	for _, c := range []struct{ err, want error }{
		{nil, nil},
		{NoBucket{"there is no bucket work"}, job.DestinationMissing{Message: "there is no bucket work"}},
		{Gone{"there is no such object"}, job.Unavailable{Message: "there is no such object"}},
		{Changed{"it changed"}, job.Unavailable{Message: "it changed"}},
		{Archived{"it is archived"}, job.Unavailable{Message: "it is archived"}},
		{job.Throttled{Message: "slow down"}, job.Throttled{Message: "slow down"}},
		{job.AccessDenied{Message: "denied"}, job.AccessDenied{Message: "denied"}},
		{context.DeadlineExceeded, context.DeadlineExceeded},
		{other, other},
	} {
		if got := AtEdge(c.err); got != c.want {
			t.Errorf("AtEdge(%#v) = %#v, want %#v", c.err, got, c.want)
		}
	}
}
