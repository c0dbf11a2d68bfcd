package cli

import (
	"fmt"
	"strings"
	"time"

	"mapfleet/scripts/mapfleet/audit"
)

// forecast says what an audit of a million sources costs, before anything is asked.
func (r *auditCommand) forecast(variants int) {
	each := audit.Expect(1e6, variants, r.quick)
	fmt.Fprintf(r.stderr, "for every million sources: %s, about %s\n", requests(each, each.USD()), about(each.Time(r.concurrency)))
}

// announce says what is to come, where it is known.
func (r *auditCommand) announce(e audit.Estimate) {
	switch {
	case e.Sources >= 0:
		fmt.Fprintf(r.stderr, "%s sources to look at: ", count(e.Sources))
	case e.Destination >= 0:
		fmt.Fprintf(r.stderr, "the destination holds %s objects; if they are the outputs: ", count(e.Destination))
	default:
		return
	}
	fmt.Fprintf(r.stderr, "%s, about %s\n", requests(e.Requests, e.Requests.USD()), about(e.Requests.Time(r.concurrency)))
}

// requests names them, with their price on AWS, if it is one.
func requests(n audit.Requests, usd float64) string {
	text := fmt.Sprintf("%s LIST, %s HEAD, %s GET", count(n.List), count(n.Head), count(n.Get))
	if usd > 0 {
		text += fmt.Sprintf(", $%.2f", usd)
	}
	return text
}

// about rounds a time to what an estimate can say.
func about(d time.Duration) string {
	if d > time.Minute {
		return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	}
	return d.Round(time.Second).String()
}
