// Package telemetry is what functions tell of their work beside its result: log lines as JSON, each with
// the request and the run that it belongs to, and metrics in CloudWatch's embedded metric format, which
// are log lines too and need no call and no permission.
package telemetry
