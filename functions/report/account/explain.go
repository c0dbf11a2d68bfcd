package account

// explanation says in plain words what a code means, and what to do about it.
type explanation struct{ Means, Do string }

var explanations = map[string]explanation{
	// Failures of one picture.
	"UnknownFormat":          {"The file is not a picture, as far as its bytes tell, whatever its name says.", "Open one. If it was never a picture, narrow the run by prefix or filter.suffixes."},
	"UnsupportedFormat":      {"A picture, but of a kind that cannot be read here.", "Convert it to JPEG or PNG at its source."},
	"TooManyPixels":          {"The picture, or the output asked for, has more pixels than a worker may hold in memory.", "Reduce the original, or deploy workers with more memory and a higher limit."},
	"TooManyFrames":          {"The animation has more frames than are kept.", "Reduce it, or ask for another output format, which takes the first frame."},
	"TooManyAnimationPixels": {"The animation has more pixels in all its frames than a worker has time for.", "Reduce it, or ask for another output format, which takes the first frame."},
	"TooManyScans":           {"The progressive JPEG goes over its pixels more often than any camera's or program's does.", "Save the original again."},
	"TooMuchMemory":          {"Decoding the picture would take more memory than a worker has for it.", "Reduce the original, or deploy workers with more memory."},
	"TooManyBytes":           {"The file is larger than a worker may read.", "Reduce the original, or deploy workers with a higher limit."},
	"TooLarge":               {"The file is larger than a worker may fetch.", "Reduce the original, or deploy workers with a higher limit."},
	"DecodeFailed":           {"The file is truncated or corrupt.", "Upload the original again, then run the failures again."},
	"EncodeFailed":           {"The picture was read, but its output could not be written in the format asked for.", "Try another output format or size."},
	"InvalidVariant":         {"The recipe contradicts itself for this picture.", "Correct the variants, then run the failures again."},
	"Archived":               {"The object is in an archive storage class and must be restored before it can be read.", "Restore it, then run the failures again."},
	"Gone":                   {"The object was listed, but was no longer there when its turn came.", "Nothing, if it was deleted on purpose."},
	"KeyCollision":           {"Under the output's key there is already that of another source, or an object that mapfleet did not make; it was left alone.", "Put {dir} and {ext} into the variant's key template, or rename one of the sources. What mapfleet did not make is replaced by \"overwrite\":\"always\"."},
	"KeyNotAllowed":          {"The output's key would be longer than S3 allows, or not allowed at all.", "Shorten the variant's key template or the destination prefix, or rename the picture."},
	"Refused":                {"S3 will not read this object, or write its output, however often it is asked; the message says why.", "See the message: a source encrypted with a key of its owner's must be stored otherwise, a folder in the output's place removed."},
	"Crashed":                {"Twice, the worker's process ended, or never came to an end, with this picture alone in hand.", "Please report it with the picture; or deploy the worker with more memory, and run the failures again."},
	"Panic":                  {"The work on this picture hit a mistake in mapfleet itself.", "Please report it with the picture; the message and the worker's logs tell where."},

	// Failures of a whole batch.
	"BatchFailed":                     {"Every picture of a batch failed, and no single reason stands out.", "Look at one of the examples by hand."},
	"States.Timeout":                  {"The batch took longer than a child execution may.", "Run the failures again with a smaller batchSize."},
	"States.TaskFailed":               {"The worker failed without a reason that could be read.", "Look at the worker's logs around this time."},
	"States.DataLimitExceeded":        {"The batch's input or result was too large to be passed on.", "Run the failures again with a smaller batchSize."},
	"Runtime.ExitError":               {"The worker's process ended in the middle of a batch, most often for lack of memory.", "Run the failures again with a smaller batchSize, or deploy workers with more memory."},
	"Runtime.OutOfMemory":             {"The worker ran out of memory.", "Run the failures again with a smaller batchSize, or deploy workers with more memory."},
	"Sandbox.Timedout":                {"The worker reached its time limit.", "Run the failures again with a smaller batchSize."},
	"Lambda.Unknown":                  {"The worker ended without a word, most often by its time limit or for lack of memory.", "Run the failures again with a smaller batchSize, or deploy workers with more memory."},
	"Lambda.TooManyRequestsException": {"The account has no room for more Lambda functions at a time.", "Run the failures again with a lower maxConcurrency, or ask for a higher quota."},
	"Throttled":                       {"S3 asked to slow down for longer than the retries last.", "Run the failures again, with a lower maxConcurrency."},
	"Unavailable":                     {"S3 could not be reached, or answered with an error of its own.", "Run the failures again."},
	"AccessDenied":                    {"The worker may not read the source or write the destination.", "Correct the bucket policies or the worker's role; the message names the call."},
	"SourceMissing":                   {"The source bucket is not there.", "Correct the deployment's source."},
	"DestinationMissing":              {"The destination bucket is not there.", "Correct the deployment's destination."},
	"DestinationFull":                 {"The storage behind the destination has no room left.", "Make room, then run the failures again."},
	otherCodes:                        {"Reasons beyond the first fifty kinds.", "See failures.jsonl."},

	// Items that were ignored.
	"Empty":      {"An object of no bytes, or a folder that a console made.", ""},
	"Filtered":   {"The run's filter does not let it through.", ""},
	"OwnOutput":  {"Made by mapfleet itself, and never a source: outputs of outputs would have no end. Another size is made by a run over the pictures that it was made from.", ""},
	"NotAnImage": {"Neither its name nor its content is a picture's.", ""},
}

// explain returns the explanation of a code, or one that fits any.
func explain(code string) explanation {
	if e, ok := explanations[code]; ok {
		return e
	}
	return explanation{"The worker gave this reason; the example's message says more.", "If the message does not help, look at the worker's logs around this time."}
}
