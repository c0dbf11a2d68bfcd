package main

import (
	"encoding/json"
	"maps"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/cost"
	"mapfleet/infra/config"
)

// alarms returns the alarms of a template by name, without the job's.
func (s template) alarms() map[string]map[string]any {
	found := map[string]map[string]any{}
	for _, alarm := range s.all("AWS::CloudWatch::Alarm") {
		name := alarm.Properties["AlarmName"].(string)
		found[name[strings.LastIndex(name, "-")+1:]] = alarm.Properties
	}
	return found
}

// TestReadmeNamesTheAlarms compares the table in README.md with the template, both ways.
func TestReadmeNamesTheAlarms(t *testing.T) {
	data, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "| alarm | ")
	section, _, _ = strings.Cut(section, "\n\n")
	var documented []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Za-z]+)`").FindAllStringSubmatch(section, -1) {
		documented = append(documented, row[1])
	}
	slices.Sort(documented)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(synth(t, everything()).alarms())), documented); diff != "" {
		t.Errorf("alarms (-template +README):\n%s", diff)
	}
}

// TestTheBillKnowsTheClerks: an estimate takes Prepare and Report for as large as they are.
func TestTheBillKnowsTheClerks(t *testing.T) {
	s := synth(t, config.Default())
	for _, name := range []string{"Prepare", "Report"} {
		if got := s.only(t, "AWS::Lambda::Function", name).Properties["MemorySize"]; got != float64(cost.ClerkMemory) {
			t.Errorf("%s has %v MB, the bill has %d", name, got, cost.ClerkMemory)
		}
	}
}

func TestAlarms(t *testing.T) {
	s := synth(t, everything())
	for name, alarm := range s.alarms() {
		if actions := texts(alarm["AlarmActions"]); len(actions) != 1 || !strings.HasPrefix(actions[0], "${WorkflowTopic") {
			t.Errorf("%s tells %v", name, actions)
		}
		if alarm["TreatMissingData"] != "notBreaching" || alarm["AlarmDescription"] == "" {
			t.Errorf("%s: %v", name, alarm)
		}
	}
	if mail := s.only(t, "AWS::SNS::Subscription", "Workflow").Properties; mail["Endpoint"] != "team@example.com" || mail["Protocol"] != "email" {
		t.Errorf("mail %v", mail)
	}

	c := config.Default()
	c.AlarmThrottles, c.AlarmDurationPercent, c.AlarmSpendPerHour = 7, 80, 2.5
	alarms := synth(t, c).alarms()
	for name, want := range map[string]float64{"FailedRuns": 0, "Throttles": 7, "SlowBatches": 48_000, "Spending": 2.5, "Undelivered": 0} {
		if got := alarms[name]["Threshold"]; got != want {
			t.Errorf("%s rises above %v, want %v", name, got, want)
		}
	}
	if len(alarms) != 5 {
		t.Errorf("%d alarms without uploads, want 5: %v", len(alarms), slices.Sorted(maps.Keys(alarms)))
	}
}

// TestSpendingIsByThePrices reckons one hour of ten workers by the alarm's expression, and by the prices that
// a run is estimated by.
func TestSpendingIsByThePrices(t *testing.T) {
	number := regexp.MustCompile(`[0-9.]*[0-9]`)
	prices := cost.USEast1()
	for _, test := range []struct {
		architecture config.Architecture
		price        float64
	}{{config.ARM64, prices.LambdaARM64.USD}, {config.X86, prices.LambdaX86.USD}} {
		c := config.Default()
		c.Architecture, c.Memory = test.architecture, 2048
		var expression string
		for _, query := range synth(t, c).alarms()["Spending"]["Metrics"].([]any) {
			if e, ok := query.(map[string]any)["Expression"].(string); ok {
				expression = e
			}
		}
		// (FILL(d,0)*A+FILL(i,0)*B)*12
		factors := number.FindAllString(strings.NewReplacer("FILL(d,0)", "", "FILL(i,0)", "").Replace(expression), -1)
		if len(factors) != 3 {
			t.Fatalf("expression %s: factors %v", expression, factors)
		}
		var perMillisecond, perRequest, periods float64
		for i, target := range []*float64{&perMillisecond, &perRequest, &periods} {
			if err := json.Unmarshal([]byte(factors[i]), target); err != nil {
				t.Fatal(err)
			}
		}
		const milliseconds, requests = 10 * 300_000, 50 // ten workers for five minutes
		got := (milliseconds*perMillisecond + requests*perRequest) * periods
		want := 10*3600*2*test.price + 600*prices.LambdaRequest.USD
		if math.Abs(got-want) > want/1000 {
			t.Errorf("%s: ten workers of 2 GB cost %.5f an hour by %s, and %.5f by the prices", test.architecture, got, expression, want)
		}
	}
}

func TestDashboardShowsWhatTheWorkerTells(t *testing.T) {
	s := synth(t, everything())
	dashboard := s.only(t, "AWS::CloudWatch::Dashboard", "Workflow").Properties
	var body struct {
		Widgets []struct {
			Type       string
			X, Y       int
			Width      int
			Properties struct {
				Markdown string
				Metrics  [][]any
			}
		}
	}
	if err := json.Unmarshal([]byte(text(dashboard["DashboardBody"])), &body); err != nil {
		t.Fatal(err)
	}
	told, questions := map[string]bool{}, []string{}
	for _, w := range body.Widgets {
		if w.Type == "text" {
			questions = append(questions, strings.TrimPrefix(w.Properties.Markdown, "## "))
		}
		if w.X+w.Width > 24 {
			t.Errorf("a widget at %d, %d is wider than the page", w.X, w.Y)
		}
		for _, line := range w.Properties.Metrics {
			switch first := line[0].(type) {
			case string:
				if first == "mapfleet" {
					told[line[1].(string)] = true
					if line[2] != "Job" || line[3] != "photos-resize" {
						t.Errorf("dimensions of %v", line)
					}
				}
			case map[string]any:
				if expression := first["expression"].(string); strings.Contains(expression, "SEARCH") {
					told["Failed by Code"] = strings.Contains(expression, `{mapfleet,Code,Job} MetricName="Failed" Job="photos-resize"`)
				}
			}
		}
	}
	want := map[string]bool{"Failed by Code": true}
	for _, name := range []string{
		"Pictures", "Failed", "BytesIn", "BytesOut",
		"FetchMilliseconds", "DecodeMilliseconds", "ResizeMilliseconds", "EncodeMilliseconds", "PutMilliseconds",
	} {
		want[name] = true
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("metrics of the worker (-want +shown):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Is it healthy?", "How fast is it?", "What does it cost?"}, questions); diff != "" {
		t.Errorf("questions (-want +got):\n%s", diff)
	}
}
