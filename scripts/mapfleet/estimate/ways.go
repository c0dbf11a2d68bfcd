package estimate

import (
	"fmt"
	"math"
	"time"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
)

// Tasks are many short invocations of one function.
type Tasks struct {
	Count     int           // at least 1
	Duration  time.Duration // of one
	Memory    int           // MB of the function
	BatchSize int           // of a Distributed Map; a worker does the tasks of its batch side by side
}

// Way is one manner of running Tasks.
type Way struct {
	Name string
	Time time.Duration // from the start to the end of the last task
	Peak int           // tasks, or batches of them, at work at a time
	Bill []job.CostLine
	USD  float64
	Note string // what speaks against it, or what the figures rest on
}

const (
	// invocationsASecond is what one loop over Lambda's Invoke was published to reach: 1,049 in 60 seconds.
	invocationsASecond = 1049.0 / 60
	// inlineConcurrency is how many iterations of an inline Map are at work at a time.
	// https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
	inlineConcurrency = 40
	// inlineItems is how many iterations fit into the 25,000 events of one history: each with one Task has
	// seven. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
	inlineItems = 25_000 / 7
	// taskOverhead is what Step Functions adds to one Task state.
	taskOverhead = 50 * time.Millisecond
	// invokerMemory is of a function that only invokes others, in MB.
	invokerMemory = 128
)

// Ways compares four ways to run the same tasks: one invoker in sequence, invokers of invokers, an inline
// Map, and a Distributed Map with batches. Lambda is billed as arm64.
func Ways(t Tasks, l Limits, p cost.Prices) ([]Way, error) {
	if t.Count < 1 || t.Duration <= 0 || t.Memory < 128 || t.BatchSize < 1 {
		return nil, fmt.Errorf("tasks: given %d of %v with %d MB in batches of %d; allowed 1 or more, longer than nothing, 128 MB or more, 1 or more",
			t.Count, t.Duration, t.Memory, t.BatchSize)
	}
	distributed, err := distributedMap(t, l, p)
	return []Way{sequence(t, p), fanOut(t, p), inlineMap(t, p), distributed}, err
}

func sequence(t Tasks, p cost.Prices) Way {
	invoking := seconds(float64(t.Count) / invocationsASecond)
	w := Way{
		Name: "one invoker in sequence",
		Time: invoking + t.Duration,
		Peak: min(t.Count, int(math.Ceil(t.Duration.Seconds()*invocationsASecond))),
		Note: "a function ends after 15 minutes: at most 15,700 tasks",
	}
	w.lambda("tasks", t.Count, t.Duration, t.Memory, p)
	w.lambda("invoker", 1, invoking, invokerMemory, p)
	return w
}

func fanOut(t Tasks, p cost.Prices) Way {
	invokers := int(math.Ceil(math.Sqrt(float64(t.Count))))
	each := seconds(float64(t.Count) / float64(invokers) / invocationsASecond)
	first := seconds(float64(invokers) / invocationsASecond)
	w := Way{
		Name: "invokers of invokers",
		Time: first + each + t.Duration,
		Peak: min(t.Count, int(math.Ceil(t.Duration.Seconds()*invocationsASecond*math.Min(float64(invokers), each.Seconds()*invocationsASecond)))),
		Note: fmt.Sprintf("%d invokers; nobody counts what was lost", invokers),
	}
	w.lambda("tasks", t.Count, t.Duration, t.Memory, p)
	w.lambda("invokers", invokers, each, invokerMemory, p)
	w.lambda("invoker of invokers", 1, first, invokerMemory, p)
	return w
}

func inlineMap(t Tasks, p cost.Prices) Way {
	waves := (t.Count + inlineConcurrency - 1) / inlineConcurrency
	w := Way{
		Name: "inline Map",
		Time: time.Duration(waves) * (t.Duration + taskOverhead),
		Peak: min(t.Count, inlineConcurrency),
	}
	if parts := (t.Count + inlineItems - 1) / inlineItems; parts > 1 {
		w.Note = fmt.Sprintf("needs %d executions one after the other: a history holds 25,000 events", parts)
	}
	w.lambda("tasks", t.Count, t.Duration, t.Memory, p)
	w.line("Step Functions, transitions", float64(t.Count), p.Transition)
	return w
}

func distributedMap(t Tasks, l Limits, p cost.Prices) (Way, error) {
	f, err := Simulate(Work{Items: t.Count, BatchSize: t.BatchSize, Batch: t.Duration, Overhead: t.Duration, Manifest: true}, l, 1)
	if err != nil {
		return Way{}, err
	}
	w := Way{
		Name: "Distributed Map",
		Time: f.Time, Peak: f.Peak,
		Note: fmt.Sprintf("batches of %d, side by side in one worker; set-up and results included", t.BatchSize),
	}
	w.lambda("batches", f.Invocations, t.Duration, t.Memory, p)
	w.line("Step Functions, transitions", float64(f.Invocations), p.Transition)
	w.line("Step Functions, EXPRESS children", float64(f.Invocations), p.ExpressRequest)
	const leastMemory = 64.0 / 1024 // GB
	charged := math.Ceil((t.Duration+l.Transient).Seconds()*10) / 10
	w.line("Step Functions, EXPRESS duration", float64(f.Invocations)*charged*leastMemory, p.ExpressDuration)
	return w, nil
}

func (w *Way) lambda(what string, invocations int, each time.Duration, memory int, p cost.Prices) {
	w.line("Lambda, "+what, float64(invocations)*each.Seconds()*float64(memory)/1024, p.LambdaARM64)
	w.line("Lambda, requests of "+what, float64(invocations), p.LambdaRequest)
}

func (w *Way) line(what string, quantity float64, p cost.Price) {
	usd := quantity * p.USD
	w.Bill = append(w.Bill, job.CostLine{What: what, Quantity: quantity, Unit: p.Unit, Price: p.USD, USD: usd})
	w.USD += usd
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
