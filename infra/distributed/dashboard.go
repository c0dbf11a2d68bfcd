package distributed

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"
)

// graph is one picture on the dashboard.
type graph struct {
	title       string
	metrics     map[string]metric
	hidden      bool              // show the expressions only
	expressions map[string]string // label → expression over metrics by their keys
	stacked     bool
	unit        string // beside the axis
	tells       Tells  // of workers that tell of one of these; 0: of all
}

// The widgets' places are in a grid of 24 columns.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
const (
	across = 3
	width  = 24 / across
	height = 6
)

// dashboard makes the page that answers three questions, a row each, and returns its name.
func (w watched) dashboard() string {
	region := *awscdk.Stack_Of(w.scope).Region()
	var widgets []any
	y := 0
	for _, row := range w.rows() {
		widgets = append(widgets, map[string]any{
			"type": "text", "x": 0, "y": y, "width": 24, "height": 1, "properties": map[string]any{"markdown": "## " + row.question},
		})
		y++
		graphs := slices.DeleteFunc(row.graphs, func(g graph) bool { return g.tells != 0 && g.tells&w.props.Tells == 0 })
		for i, g := range graphs {
			widgets = append(widgets, map[string]any{
				"type": "metric", "x": i % across * width, "y": y + i/across*height, "width": width, "height": height,
				"properties": g.properties(region),
			})
		}
		y += (len(graphs) + across - 1) / across * height
	}
	body, _ := json.Marshal(map[string]any{"widgets": widgets}) // maps of strings and numbers always encode
	awscloudwatch.NewCfnDashboard(w.scope, jsii.String("Dashboard"), &awscloudwatch.CfnDashboardProps{
		DashboardName: &w.props.Name, DashboardBody: jsii.String(string(body)),
	})
	return w.props.Name
}

type row struct {
	question string
	graphs   []graph
}

func (w watched) rows() []row {
	perPicture := map[string]metric{"n": w.work("Pictures")}
	stages := map[string]string{}
	for _, stage := range []string{"Fetch", "Decode", "Resize", "Encode", "Put"} {
		id := "ms" + stage
		perPicture[id] = w.work(stage + "Milliseconds")
		stages[stage] = id + "/n"
	}
	healthy := []graph{
		{title: "Runs", metrics: map[string]metric{
			"started": w.runs("ExecutionsStarted"), "succeeded": w.runs("ExecutionsSucceeded"),
			"failed": w.runs("ExecutionsFailed"), "timedOut": w.runs("ExecutionsTimedOut"), "aborted": w.runs("ExecutionsAborted"),
		}},
		{title: "Items that failed, by code", tells: TellsPictures | TellsRequests, hidden: true, stacked: true, expressions: map[string]string{
			"": fmt.Sprintf(`SEARCH('{mapfleet,Code,Job} MetricName="Failed" Job="%s"', 'Sum', %d)`, w.props.Name, period),
		}},
		{title: "Worker: invocations that failed", metrics: map[string]metric{
			"errors": w.worker("Errors", "Sum"), "throttles": w.worker("Throttles", "Sum"),
		}},
	}
	if queues := w.queues(); len(queues) > 0 {
		healthy = append(healthy, graph{title: "Messages that wait", metrics: queues})
	}
	return []row{
		{"Is it healthy?", healthy},
		{"How fast is it?", append(w.requests(), []graph{
			{title: "Items a second", tells: TellsPictures, metrics: map[string]metric{"n": w.work("Pictures"), "f": w.work("Failed")}, hidden: true,
				expressions: map[string]string{"done": "n/PERIOD(n)", "failed": "f/PERIOD(f)"}},
			{title: "Milliseconds an item, by stage", tells: TellsPictures, metrics: perPicture, hidden: true, expressions: stages, stacked: true, unit: "ms"},
			{title: "Batches: how long, of the worker's timeout", metrics: map[string]metric{
				"median": w.worker("Duration", "p50"), "p99": w.worker("Duration", "p99"), "longest": w.worker("Duration", "Maximum"),
			}, unit: "ms"},
			{title: "Workers at a time", metrics: map[string]metric{"concurrent": w.worker("ConcurrentExecutions", "Maximum")}},
		}...)},
		{"What does it cost?", []graph{
			{title: "Worker: US dollars an hour", metrics: map[string]metric{"d": w.worker("Duration", "Sum"), "i": w.worker("Invocations", "Sum")},
				hidden: true, expressions: map[string]string{"USD an hour": w.spending()}, unit: "USD"},
			{title: "Worker: invocations", metrics: map[string]metric{"invocations": w.worker("Invocations", "Sum")}},
			{title: "Bytes", tells: TellsPictures, metrics: map[string]metric{"read": w.work("BytesIn"), "written": w.work("BytesOut")}},
			{title: "Bytes of answers", tells: TellsRequests, metrics: map[string]metric{"read": w.work("BytesIn")}},
		}},
	}
}

func (w watched) queues() map[string]metric {
	queues := map[string]metric{}
	if w.uploads != nil {
		queues["uploads"] = ofQueue(w.uploads, "ApproximateNumberOfMessagesVisible")
		queues["lostUploads"] = ofQueue(w.lostUploads, "ApproximateNumberOfMessagesVisible")
	}
	if w.undelivered != nil {
		queues["undelivered"] = ofQueue(w.undelivered, "ApproximateNumberOfMessagesVisible")
	}
	return queues
}

func (g graph) properties(region string) map[string]any {
	var metrics []any
	for _, label := range keys(g.expressions) {
		metrics = append(metrics, []any{map[string]any{"expression": g.expressions[label], "label": label}})
	}
	for _, id := range keys(g.metrics) {
		m := g.metrics[id]
		line := []any{m.namespace, m.name}
		for _, name := range keys(m.dimensions) {
			line = append(line, name, m.dimensions[name])
		}
		metrics = append(metrics, append(line, map[string]any{"id": id, "label": id, "stat": m.statistic, "visible": !g.hidden}))
	}
	return map[string]any{
		"title": g.title, "region": region, "view": "timeSeries", "stacked": g.stacked, "period": period, "metrics": metrics,
		"yAxis": map[string]any{"left": map[string]any{"min": 0, "label": g.unit, "showUnits": g.unit == ""}},
	}
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
