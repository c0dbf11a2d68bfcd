package asl

import "strings"

const resourcePut = "arn:aws:states:::s3:putObject"

// resultWriter is the ResultWriter field (A27).
type resultWriter struct {
	exports        bool // to the object store; else it shapes the state's output
	bucket, prefix expression
	transformation string // NONE, COMPACT or FLATTEN
	lines          bool   // JSON Lines
}

// destination is where the result files of one Map Run go.
type destination struct{ bucket, prefix string }

func (w *resultWriter) destinationFor(c *contextObject, input any) (d destination, err error) {
	if !w.exports {
		return d, nil
	}
	if c.execution.Objects == nil {
		return d, failure(errorResultWriter, "state %q: the execution has no Objects", c.state)
	}
	if d.bucket, err = text(w.bucket, input, c, "ResultWriter.Parameters.Bucket"); err != nil {
		return d, err
	}
	if w.prefix != nil {
		d.prefix, err = text(w.prefix, input, c, "ResultWriter.Parameters.Prefix")
	}
	if d.prefix = strings.TrimSuffix(d.prefix, "/"); d.prefix != "" {
		d.prefix += "/"
	}
	return d, err
}

func (p *parser) resultWriter(f *fields) *resultWriter {
	w := &resultWriter{}
	writer, ok := f.object("ResultWriter")
	if !ok {
		return w
	}
	writer.allow("Resource", "Parameters", "WriterConfig")
	w.exports = writer.has("Resource") || writer.has("Parameters")
	if !w.exports && !writer.has("WriterConfig") {
		p.problem(writer.place, "needs Resource and Parameters, or WriterConfig")
	}
	if w.exports {
		if resource := writer.required("Resource"); resource != "" && resource != resourcePut {
			p.problem(writer.at("Resource"), "resource %q is not supported", resource)
		}
		if parameters, ok := writer.object("Parameters"); ok {
			parameters.allowTemplate([]string{"Bucket", "Prefix"}, []string{"Bucket"})
			w.bucket, w.prefix = parameters.templateField("Bucket"), parameters.templateField("Prefix")
		}
	}
	config := &fields{p: p, place: writer.at("WriterConfig")}
	if writer.has("WriterConfig") {
		config, _ = writer.object("WriterConfig")
	}
	config.allow("Transformation", "OutputType")
	w.transformation = config.oneOf("Transformation", "NONE", "COMPACT", "FLATTEN")
	if w.lines = config.oneOf("OutputType", "JSON", "JSONL") == "JSONL"; w.lines && !w.exports {
		p.problem(config.at("OutputType"), "JSONL needs Resource and Parameters: a state's output is JSON")
	}
	return w
}
