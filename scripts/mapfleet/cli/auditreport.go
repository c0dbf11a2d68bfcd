package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"mapfleet/scripts/mapfleet/audit"
)

// auditReport is what an audit prints; with --json it is the one object.
type auditReport struct {
	audit.Report
	Manifest string  `json:"manifest,omitzero"` // where it is
	Orphans  string  `json:"orphans,omitzero"`  // file of their keys
	USD      float64 `json:"usd,omitzero"`      // of the requests, on AWS
	Seconds  float64 `json:"seconds"`
}

func (r *auditCommand) print(a auditReport, place auditPlace) error {
	if r.json {
		return json.NewEncoder(r.stdout).Encode(a)
	}
	out := bufio.NewWriter(r.stdout)
	a.writeCounts(out)
	for _, kind := range []audit.Kind{audit.Missing, audit.Stale, audit.Collision, audit.Gone, audit.Denied, audit.Orphaned} {
		a.writeFirst(out, kind)
	}
	for _, key := range a.Unexplained {
		fmt.Fprintf(out, "  %-12s %s\n", "unexplained", strconv.Quote(key))
	}
	for _, line := range r.next(a, place) {
		fmt.Fprintf(out, "  next         %s\n", line)
	}
	return out.Flush()
}

func (a auditReport) writeCounts(out io.Writer) {
	verdict := "clean"
	if !a.Clean {
		verdict = plural(a.Differences(), "difference")
	}
	if a.Quick {
		verdict += ", by listings alone"
	}
	fmt.Fprintf(out, "%s, in %.1f s\n", verdict, a.Seconds)
	s, o := a.Sources, a.Report.Outputs
	var more string
	if s.Gone+s.Denied > 0 {
		more = fmt.Sprintf(", %s gone, %s denied", count(s.Gone), count(s.Denied))
	}
	fmt.Fprintf(out, "  sources      %s: %s current, %s to run again, %s colliding, %s ignored%s%s\n",
		count(s.Listed), count(s.Current), count(s.Again), count(s.Colliding), count(s.Ignored), by(s.IgnoredBy), more)
	fmt.Fprintf(out, "  outputs      %s: %s current, %s missing, %s stale, %s collisions\n",
		count(o.Current+o.Missing+o.Stale+o.Collisions), count(o.Current), count(o.Missing), count(o.Stale), count(o.Collisions))
	switch d := a.Destination; {
	case d == nil:
		fmt.Fprintf(out, "  destination  not searched for orphans\n")
	case d.Outsiders == nil:
		fmt.Fprintf(out, "  destination  %s objects: %s that no source explains, orphaned or foreign\n", count(d.Objects), count(d.Unexplained))
	default:
		fmt.Fprintf(out, "  destination  %s objects: %s orphaned, %s foreign\n", count(d.Objects), count(d.Orphaned), count(d.Foreign))
	}
	fmt.Fprintf(out, "  requests     %s\n", requests(a.Requests, a.USD))
}

// writeFirst names the first findings of a kind.
func (a auditReport) writeFirst(out io.Writer, kind audit.Kind) {
	for _, f := range a.First[kind] {
		line := strconv.Quote(f.Source)
		switch {
		case f.Source == "":
			line = strconv.Quote(f.Output)
		case f.Output != "":
			line += fmt.Sprintf(" (%s): %s", f.Variant, strconv.Quote(f.Output))
		case f.Variant != "":
			line += fmt.Sprintf(" (%s)", f.Variant)
		}
		if f.Reason != "" {
			line += ": " + f.Reason
		}
		fmt.Fprintf(out, "  %-12s %s\n", kind, line)
	}
	if more := a.total(kind) - int64(len(a.First[kind])); more > 0 {
		where := map[audit.Kind]string{audit.Missing: a.Manifest, audit.Stale: a.Manifest, audit.Orphaned: a.Orphans}[kind]
		if where != "" {
			where = ", in " + where
		}
		fmt.Fprintf(out, "  %-12s … and %s more%s\n", kind, count(more), where)
	}
}

func (a auditReport) total(kind audit.Kind) int64 {
	var outside audit.Outsiders
	if a.Destination != nil && a.Destination.Outsiders != nil {
		outside = *a.Destination.Outsiders
	}
	return map[audit.Kind]int64{
		audit.Missing: a.Report.Outputs.Missing, audit.Stale: a.Report.Outputs.Stale, audit.Collision: a.Report.Outputs.Collisions,
		audit.Gone: a.Sources.Gone, audit.Denied: a.Sources.Denied + outside.Denied, audit.Orphaned: outside.Orphaned,
	}[kind]
}

// plural names so many of something.
func plural(n int64, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return count(n) + " " + noun
}
