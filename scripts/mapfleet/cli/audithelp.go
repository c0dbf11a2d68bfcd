package cli

const auditHelp = `Compare the destination with source and recipe: is there, of every source that the run input
selects and for every variant, the output that a run would make?

  missing    an output is not there; sources that have failed are missing too
  stale      an output was made from another state of its source, by another recipe, or by hand
  collision  an output's key belongs to another source, or to what mapfleet has not made
  orphaned   mapfleet has made an object, but its source is gone or no variant makes it
  foreign    mapfleet has not made an object in the destination; it is counted, and no difference
  gone       the input names a source that is not there
  denied     an object may not be read

What a run would ignore (folder placeholders, empty objects, own outputs, what is no picture) is not
missing. Whatever "overwrite" says, stale is what "overwrite":"stale" writes anew. Where a manifest
tells an ETag, that is the source's, as it is for a run.

An audit deletes nothing, and writes only what it is asked to:
  --manifest  the sources that are missing or stale, one item a line: a run takes it as "manifest"
  --orphans   the keys of orphans, one {"Key":…} a line. Where the input names a part of the source,
              orphans are searched for only with this flag: it takes a listing of all of the source

--quick compares the names in both listings. It sees what is missing, and no more: not what is stale
or orphaned, and what is no picture only by its name.

The folders are those of "mapfleet local resize". An output there that was changed in its place, with the
attributes that it had, is taken for current; S3 lets nobody do that. --stack, or --endpoint-url alone, takes
buckets and prefixes from the plan of the latest run, and the recipe too where the input names no variants.
With "retryFailuresOf" the recipe is that of the run that failed, as it is for a run.
Buckets are asked with the credentials that the AWS command line would take; --endpoint-url is for S3 by
another maker. It has been tried with the S3 of "mapfleet local", and not on AWS. It needs s3:ListBucket
on both buckets, s3:GetObject on their objects, and s3:PutObject for a manifest in the work bucket; of KMS
keys that encrypt them kms:Decrypt, and kms:GenerateDataKey for the manifest.

On AWS, for 100 million sources with one variant (HEAD $0.40 and LIST $5 a million, us-east-1,
November 2026; a HEAD believed to take 20 ms and a page of a listing 100 ms within the Region):

                      requests               price   time
  audit               100 M HEAD, 200 k LIST   $41   14 h; 7 h with --concurrency 512
  audit --quick       200 k LIST                $1   6 h

Each source that lacks an output takes a GET of its first bytes, and each object that no source
explains a HEAD. Memory stays below 200 MB at any number; listings are sorted on disk in $TMPDIR, 5 GB
for these (8 GB with --quick). "prefix" in the input makes an audit of a part.

Exit status: 0 if there is no difference, 1 if there is one or the audit could not be carried out (a
message on stderr says so), 2 for wrong usage.`
