// Package stack reaches a deployed mapfleet from outside. Its nouns: a Stack is a state machine with its
// buckets, on AWS or behind an endpoint that speaks like it; a Run is one execution of the machine, whose
// report lies in the work bucket; a Sight is what Watch sees of a run at a moment; a Fault is what went
// wrong, in words that say what to do next.
package stack
