// Package audit compares a destination with its source and recipe. A source that a run input selects
// wants one output for each variant; each is current, missing, stale or a collision, by the rules of the
// worker. What lies in the destination and is wanted by no source is orphaned if mapfleet made it, else
// foreign. An audit reads: it deletes nothing, and writes no more than it is asked to.
package audit
