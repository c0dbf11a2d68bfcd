// Package manifest reads lists of objects as people and AWS write them: CSV, JSON, JSON Lines, and the
// files of an S3 Inventory, gzipped or not. A Reader yields one Entry after the other in memory that does
// not depend on the length of the list. What is wrong with a line is a Bad, which names its place, what
// stands there and what is allowed; all other errors are those of reading.
package manifest
