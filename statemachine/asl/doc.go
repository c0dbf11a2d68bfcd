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
//     are strings of JSON. [documented, there] COMPACT keeps the output alone and FLATTEN its elements; failures are never
//     transformed. Without ResultWriter COMPACT holds; with one that has no WriterConfig, NONE.
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
