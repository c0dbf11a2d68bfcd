package batch

// The metadata that marks an output, for those who look at a destination from outside.
const (
	MarkSource = markSource // SourceMark of the source's key
	MarkETag   = markETag   // the source's ETag, without quotes
	MarkRecipe = markRecipe // job.Variant.Recipe; only an output has it
)

// SourceMark returns the value of MarkSource in an output of the source of this key.
func SourceMark(key string) string { return sourceMark(key) }
