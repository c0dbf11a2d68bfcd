// Package mapruns reads what Map Runs leave in the work bucket: a manifest for each, and the result files
// that it names, in which there is a record for every child execution.
package mapruns
