package distributed

import (
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/queue"
)

// period is what metrics are added up over, in seconds.
const period = 300

// metric is a number that CloudWatch has.
type metric struct {
	namespace, name, statistic string
	dimensions                 map[string]string
}

// watched is a job that is looked at: what alarms and the dashboard speak of.
type watched struct {
	props   Props
	scope   constructs.Construct
	machine string // ARN

	uploads, lostUploads, undelivered *queue.Queue // nil where the job has none
}

// runs are executions of the machine. Children of its Distributed Maps are executions of MACHINE/LABEL, and
// are not among them, as far as is known.
// https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
func (w watched) runs(name string) metric {
	return metric{"AWS/States", name, "Sum", map[string]string{"StateMachineArn": w.machine}}
}

// worker is a metric of the worker, all its versions.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
func (w watched) worker(name, statistic string) metric {
	return metric{"AWS/Lambda", name, statistic, map[string]string{"FunctionName": *w.function().FunctionName()}}
}

func (w watched) function() awslambda.Function { return w.props.Functions[w.props.Worker] }

// work is a metric that the worker itself tells of, in its log.
func (w watched) work(name string) metric {
	return metric{"mapfleet", name, "Sum", map[string]string{"Job": w.props.Name}}
}

func ofQueue(q *queue.Queue, name string) metric {
	return metric{"AWS/SQS", name, "Maximum", map[string]string{"QueueName": q.Name}}
}

// query is the metric as alarms have it, under an id that expressions know it by.
func (m metric) query(id string, result bool) *awscloudwatch.CfnAlarm_MetricDataQueryProperty {
	var dimensions []any
	for _, name := range slices.Sorted(maps.Keys(m.dimensions)) {
		dimensions = append(dimensions, &awscloudwatch.CfnAlarm_DimensionProperty{Name: &name, Value: jsii.String(m.dimensions[name])})
	}
	return &awscloudwatch.CfnAlarm_MetricDataQueryProperty{
		Id: &id,
		MetricStat: &awscloudwatch.CfnAlarm_MetricStatProperty{
			Metric: &awscloudwatch.CfnAlarm_MetricProperty{Namespace: &m.namespace, MetricName: &m.name, Dimensions: dimensions},
			Period: jsii.Number(period), Stat: &m.statistic,
		},
		ReturnData: jsii.Bool(result),
	}
}

// The prices of us-east-1 in November 2026, US dollars.
// https://aws.amazon.com/lambda/pricing/
const (
	priceARM64   = 0.0000133334 // a GB-second
	priceX86     = 0.0000166667
	priceRequest = 0.20 / 1e6
)

// spending is an expression over d, the worker's milliseconds, and i, its invocations, both added up over a
// period: US dollars an hour. What S3 and Step Functions charge comes on top.
func (w watched) spending() string {
	price := priceARM64
	if *w.function().Architecture().Name() == "x86_64" {
		price = priceX86
	}
	gigabytes := *w.function().Node().DefaultChild().(awslambda.CfnFunction).MemorySize() / 1024
	return fmt.Sprintf("(FILL(d,0)*%.14f+FILL(i,0)*%.7f)*%d", gigabytes*price/1000, priceRequest, 3600/period)
}
