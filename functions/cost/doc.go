// Package cost works out what a run costs on AWS, and how long it takes. Its nouns: a Price is what a
// unit of a service costs, all of them dated and in one file; a rate is how fast work is done, measured
// or assumed, in another; a Load is the work of a run; a Bill is what it comes to, line by line.
package cost
