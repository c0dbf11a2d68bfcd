package account

import "mapfleet/functions/report/mapruns"

// S3 is the part of S3 that a Reporter uses. *s3.Client is one.
type S3 = mapruns.S3

// store is what a Reporter reads and writes.
type store struct{ mapruns.Store }
