package telemetry

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"mapfleet/functions/job"
)

// Namespace is that of all metrics.
const Namespace = "mapfleet"

// Metrics writes metrics of one job.
type Metrics struct {
	W   io.Writer        // where the log goes
	Job string           // the dimension Job: the name of the state machine; empty: nothing is written
	Now func() time.Time // nil is time.Now
}

// Unit is how CloudWatch shows a metric.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
type Unit string

// The units.
const (
	Count        Unit = "Count"
	Bytes        Unit = "Bytes"
	Milliseconds Unit = "Milliseconds"
)

// Metric is one value.
type Metric struct {
	Name  string
	Unit  Unit
	Value int64
}

// Round tells of one round of a batch: Pictures (all but the ignored), Failed, BytesIn, BytesOut, and the
// time of each stage (FetchMilliseconds ...), with the dimension Job; and Failed by code, with the
// dimensions Job and Code. A round of nothing tells nothing. Each line is one write.
func (m Metrics) Round(t job.Tally) error {
	if m.Job == "" || t.Listed == 0 {
		return nil
	}
	values := []Metric{
		{"Pictures", Count, int64(t.Written + t.Current + t.Failed)}, {"Failed", Count, int64(t.Failed)},
		{"BytesIn", Bytes, t.BytesIn}, {"BytesOut", Bytes, t.BytesOut},
	}
	for _, stage := range slices.Sorted(maps.Keys(t.Milliseconds)) {
		values = append(values, Metric{strings.ToUpper(stage[:1]) + stage[1:] + "Milliseconds", Milliseconds, t.Milliseconds[stage]})
	}
	return m.Tell(values, t.FailedBy)
}

// Tell writes values with the dimension Job, and how many Failed by each code with the dimensions Job and
// Code. Each line is one write.
func (m Metrics) Tell(values []Metric, failedBy map[string]int) error {
	if m.Job == "" {
		return nil
	}
	if err := m.write(map[string]string{"Job": m.Job}, values...); err != nil {
		return err
	}
	for _, code := range slices.Sorted(maps.Keys(failedBy)) {
		if err := m.write(map[string]string{"Job": m.Job, "Code": code}, Metric{"Failed", Count, int64(failedBy[code])}); err != nil {
			return err
		}
	}
	return nil
}

// write writes one line in the embedded metric format.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
func (m Metrics) write(dimensions map[string]string, metrics ...Metric) error {
	now := time.Now
	if m.Now != nil {
		now = m.Now
	}
	type definition struct {
		Name string
		Unit Unit
	}
	type directive struct {
		Namespace  string
		Dimensions [][]string
		Metrics    []definition
	}
	d := directive{Namespace: Namespace, Dimensions: [][]string{slices.Sorted(maps.Keys(dimensions))}}
	line := map[string]any{}
	for name, value := range dimensions {
		line[name] = value
	}
	for _, metric := range metrics {
		d.Metrics = append(d.Metrics, definition{metric.Name, metric.Unit})
		line[metric.Name] = metric.Value
	}
	line["_aws"] = struct {
		Timestamp         int64 // milliseconds
		CloudWatchMetrics []directive
	}{now().UnixMilli(), []directive{d}}
	data, err := json.Marshal(line)
	if err != nil {
		return err
	}
	_, err = m.W.Write(append(data, '\n'))
	return err
}
