// Package checks holds the words of the second job, one HTTP request per line of a file: a Check is what
// a line asks for, an Item that line on its way to a worker, a Finding what came of it, a Batch and its
// Result what the state machine carries, a Tally and its Histograms what many findings add up to, and a
// Summary what a run amounts to. It knows their JSON and their validation, and makes no request itself.
package checks
