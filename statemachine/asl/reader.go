package asl

const (
	resourceList = "arn:aws:states:::s3:listObjectsV2"
	resourceGet  = "arn:aws:states:::s3:getObject"
	maxItems     = 100_000_000
)

// itemReader is the ItemReader field (A20, A21).
type itemReader struct {
	resource string
	input    string // JSONL or JSON, of getObject
	bucket   expression
	name     expression // Prefix or Key; nil: the whole bucket
	most     amount
}

// sourceFor returns where the items of one Map Run come from.
func (d *distributedMap) sourceFor(c *contextObject, input any) (source, error) {
	if d.reader == nil {
		items, err := itemsIn(d.itemsPath, input, c)
		return sliceSource(items), err
	}
	r := d.reader
	if c.execution.Objects == nil {
		return nil, failure(errorItemReader, "state %q: the execution has no Objects", c.state)
	}
	bucket, err := text(r.bucket, input, c, "ItemReader.Parameters.Bucket")
	if err != nil {
		return nil, err
	}
	name := ""
	if r.name != nil {
		if name, err = text(r.name, input, c, "ItemReader.Parameters"); err != nil {
			return nil, err
		}
	}
	most, err := r.most.in(input, c, maxItems)
	if err != nil {
		return nil, err
	}
	from := objectSource(c.execution.Objects, bucket, name, r.input)
	if r.resource == resourceList {
		from = listSource(c.execution.Objects, bucket, name)
	}
	return atMost(from, int(most)), nil
}

func (p *parser) itemReader(f *fields) *itemReader {
	r := &itemReader{}
	reader, ok := f.object("ItemReader")
	if !ok {
		return r
	}
	reader.allow("Resource", "ReaderConfig", "Parameters")
	r.resource = reader.required("Resource")
	name := map[string]string{resourceList: "Prefix", resourceGet: "Key"}[r.resource]
	if name == "" && r.resource != "" {
		p.problem(reader.at("Resource"), "resource %q is not supported", r.resource)
	}
	if parameters, ok := reader.object("Parameters"); ok && name != "" {
		required := []string{"Bucket", "Key"}
		if r.resource == resourceList {
			required = required[:1]
		}
		parameters.allowTemplate([]string{"Bucket", name}, required)
		r.bucket, r.name = parameters.templateField("Bucket"), parameters.templateField(name)
	}
	config := &fields{p: p, place: reader.at("ReaderConfig")}
	if reader.has("ReaderConfig") {
		config, _ = reader.object("ReaderConfig")
	}
	r.most = config.amount("MaxItems", 1, maxItems, true)
	if r.resource == resourceList {
		config.allow("MaxItems", "MaxItemsPath")
		return r
	}
	config.allow("InputType", "MaxItems", "MaxItemsPath")
	if r.input = config.required("InputType"); r.input != "" {
		config.oneOf("InputType", "JSONL", "JSON")
	}
	return r
}

// templateField is one member of a payload template, given as name or name.$; nil if it is absent.
func (f *fields) templateField(name string) expression {
	if f.has(name + ".$") {
		return f.p.expressionField(f.values[name+".$"], f.at(name+".$"))
	}
	text, ok := f.text(name)
	if !ok {
		return nil
	}
	return constant{text}
}
