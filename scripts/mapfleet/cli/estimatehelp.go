package cli

const estimateHelp = `Work out what a run over pictures takes and costs, before anything runs: time, the bill line by
line, what bounds the run, and the fastest setting (memory, batch size, concurrency) among those that
cost at most 5 % more than the cheapest, with half of the account's concurrency left to others. With
--memory, or batchSize and maxConcurrency in --input, that setting is worked out too.

  --source    lists a bucket, page by page: 1,000 keys a request, $5 a million requests, about 100 ms
              each within the Region, so 3 h for 100 million objects. Credentials are those that the
              AWS command line would take; it needs s3:ListBucket, and reads no object
  --manifest  reads a list, from this machine or from S3: CSV, JSON or JSON Lines of keys, or the
              manifest.json of an S3 Inventory in CSV, which counts a hundred million objects in
              minutes. --source names the bucket and the prefix that the list may name; of an Inventory
              it is known. A file's Inventory may lie beside it, as "aws s3 cp" copies it
  --in        counts the files of a folder
  --items     takes equal pictures for given

What was counted is told: objects and bytes, sizes, storage classes, prefixes, what workers would ignore
and what would fail since it is archived. The simulation gives each object the time that its size takes,
where it stands: a batch with a few objects of 100 MB is the last to end. S3's request rates (5,500 GET and
3,500 PUT a second) are held for each folder of the keys; with --items there is one folder. What workers
are paid for while they wait for S3 is told beside the cost, and no more workers are recommended than it can
serve. "prefix", "manifest", "keys", "filter", "variants" and "maxItems" of --input count; without "variants"
it is one of 1024 pixels. Memory stays below 200 MB at any number of objects.

What cannot run as it is asked is warned of, as a dry run does: batches that outlast the five minutes of a child
execution, a batchSize whose input would be too large, more than the 100 million items of one run, a
maxCostUSD that is not enough.

A run of the deployed stack with {"dryRun":true} counts the same objects by the deployment's own settings,
and comes to the same bill. It knows whether the destination is empty: then no output is looked up, which
--fresh says here.

How long a picture takes comes from "make bench" on one core of x86-64 in November 2026, doubled for a
vCPU of Lambda and scaled by the memory of the worker; what S3 and Step Functions take comes from published
runs. No figure has been compared with a bill. Prices are of us-east-1, November 2026.`
