// Package job holds the words that every part of mapfleet speaks: what a person may ask for (Input),
// what a deployment allows (Deployment), what Prepare makes of both (Plan, with its Job and Shards),
// what the state machine hands a worker (Item, Batch), what comes back (Result, Failure), and what a
// run amounts to (Summary). It knows their JSON and their validation, and nothing of AWS or of images.
package job
