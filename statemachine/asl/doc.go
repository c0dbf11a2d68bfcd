// Package asl parses and runs the part of the Amazon States Language (JSONPath) that mapfleet's files
// use, and refuses the rest by name. A Machine is a parsed file, an Execution one run of it; a Map Run
// is the run of a DISTRIBUTED Map, which reads items, gathers them into batches, and starts a child
// execution for each. Services are injected as Tasks and Objects; an Event tells of every step.
package asl

// What this package believes of AWS, numbered. [documented]: AWS's pages or the language's
// specification say so, and were read for this project. [recalled]: remembered from the page that is linked
// or from public reports, not read again. [measured]: others saw it on AWS and told. [unverified]:
// nobody here knows; what is said is what this package does.
//
// SPEC is https://states-language.net/spec.html, DG is https://docs.aws.amazon.com/step-functions/latest/dg.
//
//   - A01 [recalled, SPEC#payload-template] Members of Parameters, ResultSelector, ItemSelector and
//     BatchInput whose name ends in .$ are evaluated, also inside arrays; the rest stays as it is.
//   - A02 [recalled, SPEC#ref-paths] A reference path names one place. Paths that name many
//     (wildcards, slices, filters) exist on AWS for InputPath and the like; they are refused here.
//   - A03 [recalled, SPEC#input-and-output-processing] ResultPath changes the state's raw input, the
//     one before InputPath, and makes missing objects. [unverified] It takes null for a missing one.
//   - A04 [recalled, DG/input-output-contextobject.html] $$ leads to Execution, State, StateMachine
//     and, in an ItemSelector, Map.Item. [recalled] Inline iterations see Map.Item in all their states.
//     [unverified] Children of a Map Run do not.
//   - A05 [documented, DG/service-quotas.html] 262,144 bytes of UTF-8 JSON for input and output of a
//     state and for the result of a task: States.DataLimitExceeded.
//   - A06 [recalled, DG/intrinsic-functions.html] Intrinsic functions nest at most 10 deep; arguments
//     are strings in apostrophes, numbers, null, paths and calls; MathAdd rounds to whole numbers and
//     takes those of 32 bits. [unverified] Format refuses arrays and objects.
//   - A07 [recalled, SPEC#timeouts] Seconds reach 99,999,999.
//   - A08 [recalled, DG/concepts-input-output-filtering.html] The order is InputPath, Parameters, the
//     work, ResultSelector, ResultPath, OutputPath; null for a path means {} or, for ResultPath, that
//     the result is dropped. [unverified] TimeoutSecondsPath reads what InputPath left.
//   - A09 [recalled, SPEC#state-type-table] Which fields each type of state may have. HeartbeatSeconds
//     is refused: none of the resources sends heartbeats. So are Parallel, JSONata, Assign, Iterator.
//   - A10 [documented, DG/concepts-error-handling.html] The reserved error names. Those of Parallel,
//     JSONata and HTTP tasks cannot occur here and are refused.
//   - A11 [recalled, https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors]
//     Faults of Lambda itself are named Lambda. and the exception.
//   - A12 [documented, DG/concepts-error-handling.html] States.ALL does not match
//     States.DataLimitExceeded and States.Runtime. [recalled] States.TaskFailed matches all but States.Timeout;
//     States.Runtime is never retried. [unverified] A Retry or Catch that names
//     States.DataLimitExceeded itself does match it; States.TaskFailed does not.
//   - A13 [recalled, DG/concepts-error-handling.html] A .$ field whose path leads nowhere is
//     States.ParameterPathFailure. [recalled] Elsewhere it is States.Runtime; some saw that here too.
//   - A14 [recalled, SPEC#retrying-after-error] IntervalSeconds 1, MaxAttempts 3, BackoffRate 2.0 unless
//     given; each retrier counts its own attempts. [recalled, DG/concepts-error-handling.html]
//     MaxDelaySeconds caps the wait; FULL jitter picks a wait between 0 and it.
//   - A15 [recalled, DG/connect-lambda.html, DG/connect-sns.html] Parameters of lambda:invoke and
//     sns:publish. TargetArn and PhoneNumber are refused.
//   - A16 [recalled, DG/state-fail.html] ErrorPath and CausePath take a path or an intrinsic function.
//   - A17 [recalled] A Choice whose Variable leads nowhere fails with States.Runtime, unless IsPresent asks.
//   - A18 [recalled, DG/state-map-inline.html] An inline Map runs 40 iterations at once, more or less;
//     its results are in the order of its items. [unverified] It fails with the error of the iteration
//     that failed first, and the others are stopped.
//   - A19 [documented, DG/state-map-distributed.html] Label: at most 40 characters. [recalled] Some are
//     forbidden; it is unique in the machine; AWS makes one up if it is absent, here it is the name of the state.
//   - A20 [measured] s3:listObjectsV2 gives {"Etag" with quotes,"Key","LastModified" as a number that may
//     have a fraction,"Size","StorageClass"} and follows continuation: 1,006 objects gave 1,006 items.
//   - A21 [documented, DG/input-output-itemreader.html] s3:getObject reads JSONL and JSON (and more, refused
//     here), also gzipped; MaxItems reaches 100,000,000. [unverified] Blank lines are no items.
//   - A22 [documented, DG/input-output-itembatcher.html] Children get {"BatchInput":…,"Items":[…]}; without
//     BatchInput only Items. [recalled] MaxInputBytesPerBatch counts the whole input, at most 262,144.
//   - A23 [documented, DG/choosing-workflow-type.html] EXPRESS executions end after 5 minutes, TIMED_OUT.
//   - A24 [unverified] An item too large for a batch of its own fails its child with
//     States.DataLimitExceeded, and counts as one failed item.
//   - A25 [recalled, DG/state-map-distributed.html] A child execution is an execution of its own, with its
//     own input, name and context object. [unverified] $$.StateMachine of a child names MACHINE/LABEL.
//   - A26 [recalled, DG/concepts-examine-map-run.html, DG/input-output-resultwriter.html] Map Runs are named
//     mapRun:MACHINE/LABEL:uuid, STANDARD children execution:MACHINE/LABEL:uuid, their machine
//     stateMachine:MACHINE/LABEL. [unverified] EXPRESS children are express:MACHINE/LABEL:uuid:uuid, the
//     first being the Map Run's.
//   - A27 [documented, DG/input-output-resultwriter.html] PREFIX/uuid/manifest.json and STATUS_n.json beside
//     it, at most 5 GB each; the state's output names the manifest. [unverified] Successes as JSON
//     Lines are in .jsonl, failures always in a .json array; a slash that ends Prefix is not doubled.
//   - A28 [recalled, DG/input-output-resultwriter.html] The record of an execution, in which Input and Output
//     are strings of JSON. [documented, there] COMPACT keeps the output alone and FLATTEN its elements;
//     failures are never transformed. Without ResultWriter COMPACT holds; with one that has no WriterConfig,
//     NONE.
//     [unverified] RedriveStatus of a failed child is REDRIVABLE_BY_MAP_RUN.
//   - A29 [recalled, DG/input-output-resultwriter.html] FAILED holds what failed, timed out or was
//     aborted; PENDING what was not started. [unverified] What had not been read when the run ended is
//     in no file.
//   - A30 [documented, DG/state-map-distributed.html] MaxConcurrency 0 or absent means 10,000. [measured]
//     DescribeMapRun shows 2147483647 then.
//   - A31 [measured] DescribeMapRun has ten counters each for items and executions;
//     resultsWritten counts failures too. [unverified] Without a ResultWriter it stays 0.
//   - A32 [documented, DG/state-map-distributed.html] ToleratedFailureCount and -Percentage count failed and
//     timed-out items, a whole batch if its child failed; either one exceeded fails the run with
//     States.ExceedToleratedFailureThreshold; without any no failure is tolerated.
//   - A33 [unverified] How AWS takes the percentage while items are still being read. Here it is taken of
//     the items read so far, at least 1,000, and once the listing has ended of their true number.
//   - A34 [unverified] A listing without objects gives an empty result, and succeeds.
//   - A35 [unverified] A failing path in ItemSelector fails the Map Run, not one child.
//   - A36 [documented, DG/redrive-executions.html] An execution that FAILED, TIMED_OUT or was ABORTED can be
//     redriven within 14 days of its end, while its history has fewer than 24,999 events. It keeps ARN,
//     definition and input, goes on with the states that were entered and not exited, and counts
//     TimeoutSeconds and retries from 0. [documented, DG/input-output-contextobject.html]
//     $$.Execution.RedriveTime is there once it was redriven. [unverified] RedriveCount is 0 before.
//   - A37 [documented, DG/redrive-executions.html] A redrive schedules a Task anew, evaluates a Choice
//     anew, lets a Wait pass whose timestamp is over, enters a Fail again, which fails again, and runs
//     the iterations of an inline Map that failed or were aborted. An error that was caught is not redriven.
//     [unverified] It enters the state again ($$.State.EnteredTime, history), a Wait waits all its
//     Seconds again, and iterations that never began run too.
//   - A38 [documented, DG/redrive-executions.html, DG/redrive-map-run.html] A Map that failed with
//     States.DataLimitExceeded starts over, successes included; a Map Run also if it failed with States.Runtime.
//   - A39 [documented, DG/redrive-map-run.html] A redriven Map Run keeps its ARN and runs the children that
//     had not succeeded, under their ARNs: EXPRESS ones from their first state, STANDARD ones from the one
//     that failed. It goes over the same items if children had been started, else over what the
//     bucket holds now. More than 1,000 redrives of it are States.Runtime. [unverified] Children that were
//     aborted or never started run too. A listing that was cut short goes on behind its last page. In
//     a STANDARD child an inline Map starts over here: AWS would keep its iterations.
//   - A40 [documented, DG/redrive-map-run.html, API_MapRunItemCounts.html] What waits to be redriven is counted
//     in pendingRedrive, which is 0 again when the Map Run ends. [unverified] It is in no other counter
//     meanwhile, and back in its old one if it was not run; successes stay counted, and the
//     tolerance is of all items.
//   - A41 [unverified] A redriven Map Run writes the result files of all its children anew, into the same folder.
//   - A50 [documented, DG/input-output-itemreader.html] MaxItems and MaxItemsPath end the reading of a listing
//     and of a file after so many items, at most 100,000,000. [recalled, SPEC#map-state] MaxConcurrencyPath
//     stands for MaxConcurrency in an inline Map too.
//   - A51 [documented, DG/concepts-transitions.html, read in translation] Each child execution that a
//     Distributed Map starts is charged as one state transition, an iteration of an inline Map as none.
//     [documented, https://aws.amazon.com/step-functions/pricing/] EXPRESS durations are rounded up to
//     100 ms, their memory to 64 MB. [unverified] 64 MB are enough for a batch.
//   - A52 [documented, https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html]
//     The manifest.json of an S3 Inventory: sourceBucket, destinationBucket as ARN, fileFormat, fileSchema,
//     files with key, size and MD5checksum. [measured,
//     https://github.com/cloud-custodian/cloud-custodian/issues/1997] Keys in its CSVs are URL-encoded,
//     spaces as +. [recalled] The checksum is that of the gzipped file, in hexadecimal.
//   - A53 [documented, https://docs.aws.amazon.com/AmazonS3/latest/dev/batch-ops-basics.html] The CSV of S3
//     Batch Operations holds bucket, key and maybe version, URL-encoded. [unverified] Spaces as in A52.
//   - A54 [recalled, https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html] With a delimiter, a
//     key that has one behind the prefix is in one common prefix, which ends with it, and not among the objects.
//   - A55 [recalled, https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html] An upload has up to
//     10,000 parts, all but the last of 5 MiB and more; where it was begun with a checksum algorithm, it
//     is completed with the checksums of its parts. [unverified] It needs s3:PutObject only, and
//     s3:AbortMultipartUpload to be taken back.
//   - A60 [measured, https://github.com/floci-io/floci/issues/3314] The name of a function's error is the
//     errorType of Lambda's answer: Runtime.ExitError where the process exits or is killed in the middle of
//     an event, Sandbox.Timedout at the function's time limit. [documented,
//     DG/bp-lambda-serviceexception.html] It is Lambda.Unknown where the answer has none, as for
//     memory and time that ran out. [recalled] Some runtimes call the former Runtime.OutOfMemory.
//   - A61 [recalled, SPEC#errors] A retrier that takes an error and has no attempts left, or none at all, ends
//     the retries, though a later one would take it too; then Catch is looked at. [recalled,
//     SPEC#fallback-states] Its ResultPath puts {"Error","Cause"} into the state's raw input.
//   - A62 [unverified] A function that panics is reported by the type of the panic's value, as it says itself,
//     although its process exits right after the answer.
//   - A70 [recalled, https://docs.aws.amazon.com/sns/latest/api/API_Publish.html] A message's Subject has up to 100
//     ASCII characters, and begins with a letter, a digit or a punctuation mark.
//   - A71 [recalled, https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html] DeleteObject
//     heeds If-Match, and answers 412 where the object has another ETag. [unverified] It needs s3:DeleteObject
//     only, beside the s3:GetObject that told the ETag.
//   - A72 [recalled, https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html]
//     DescribeExecution is eventually consistent: it may not know yet of an execution that began, or ended, a
//     moment ago. Who may not call it gets an AccessDeniedException. [unverified] The moment is below a minute.
//   - A80 [recalled, https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html]
//     StartExecution with the name and the input of an execution that is RUNNING answers as the first time;
//     another input, or one that has ended, is ExecutionAlreadyExists. A name is free again after 90 days;
//     here it never is.
//   - A81 [unverified] StopExecution of an execution that has ended changes nothing and tells its stopDate.
//   - A82 [unverified] ListExecutions of a Map Run with EXPRESS children is StateMachineTypeNotSupported.
//     ListMapRuns tells the machine of the children, MACHINE/LABEL, as stateMachineArn.
//   - A83 [recalled, https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html] Of a batch
//     from a queue, messages named in batchItemFailures come again; all do where the function fails, or
//     answers what is not JSON or names a message that was not in the batch. An empty list, or none, is success.
//   - A84 [recalled, https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html] The event of an object
//     that was made: bucket, key, size, etag without quotes, sequencer, and the call as reason: PutObject,
//     CopyObject, CompleteMultipartUpload, POST Object.
//   - A85 [recalled, https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateMapRun.html]
//     maxConcurrency and both tolerances of a Map Run can be changed while it runs; there is no event of it in
//     the history. [unverified] Of one that has ended it is a ValidationException; children above a lower
//     maxConcurrency go on; what has failed already is judged by the new tolerance at once.
//   - A90 [recalled, https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html] A Task
//     has TaskStateEntered, TaskScheduled, TaskStarted, TaskSucceeded (or TaskFailed, TaskTimedOut) and
//     TaskStateExited in the history, and from TaskScheduled on all again for a retry; a Map has MapStateEntered,
//     MapStateStarted, iterations or a Map Run, MapStateSucceeded (or MapStateFailed) and MapStateExited.
//     [unverified] MapStateStarted tells a length of 0 where an ItemReader reads, and is not told again by a
//     redrive; what is stopped has TaskStateAborted, MapStateAborted or WaitStateAborted as its last event; a result
//     that is too large is a TaskFailed; without includeExecutionData, parameters are left empty.
