// Package storage is S3 on one machine: versitygw's S3 API on a loopback address, over ordinary
// folders. A folder of photographs becomes the source bucket as it stands: nothing is ever written into
// it, and an object's ETag follows from its file's size and modification time, so that touching a file
// makes its outputs stale; what was put with a file through an S3 like this one is its metadata still.
// Buckets that are written keep their metadata in extended attributes, set
// before a file appears under its name: an object is there whole, with its metadata, or not at all.
package storage
