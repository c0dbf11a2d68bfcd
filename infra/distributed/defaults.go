package distributed

import (
	"cmp"
	"maps"
	"slices"
)

// withDefaults fills in what a few lines leave out. They are those of a deployment that configures nothing.
func (p Props) withDefaults() Props {
	p.LogDays = cmp.Or(p.LogDays, 30)
	if p.Worker == "" && len(p.Functions) == 1 {
		p.Worker = slices.Collect(maps.Keys(p.Functions))[0]
	}
	p.Alarms.Throttles = cmp.Or(p.Alarms.Throttles, 100)
	p.Alarms.SpendPerHour = cmp.Or(p.Alarms.SpendPerHour, 10)
	if p.Schedule != nil {
		schedule := *p.Schedule
		schedule.Timezone = cmp.Or(schedule.Timezone, "UTC")
		schedule.Input = cmp.Or(schedule.Input, "{}")
		p.Schedule = &schedule
	}
	return p
}
