package cost

// Assumptions are what every bill rests on and what it leaves out, in sentences for people.
func Assumptions() []string {
	return []string{
		"Worker time is worked out from rates that make bench measured on one x86-64 core in November 2026, doubled for a vCPU of Lambda and scaled by memory, and from published waits for S3: it has not been measured on AWS.",
		"Left out: retries, logs, traces, KMS, the storage of the outputs, data that leaves the Region, free tiers and discounts.",
	}
}
