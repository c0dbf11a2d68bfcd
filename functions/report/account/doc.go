// Package account closes the books of a run. Its nouns: a record is what one child execution left in a
// Map Run's result files; the book adds records up, in constant memory; the ledger holds the failures,
// one a line; the timeline and the samples are what the report draws; a note is a reason why the books
// do not balance. A Reporter turns all of them into summary.json, failures.jsonl and report.html.
package account
