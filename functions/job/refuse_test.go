package job

import (
	"fmt"
	"strings"
	"testing"
)

// TestParseInputRefuses holds one wrong thing a row: it must be the only problem, at its exact place,
// in words that tell what was given and what is allowed.
func TestParseInputRefuses(t *testing.T) {
	const (
		object    = "a JSON object, {} at the least"
		oneSource = "at most one of prefix, manifest, keys and retryFailuresOf; given are "
		manifests = "s3://BUCKET/KEY with a key that ends in .csv, .json or .jsonl (.gz may follow), in one of the buckets photos, work, lists"
		prefixed  = `starts with the deployment's prefix "in/"`
		keyList   = "a list of 1 to 1000 keys; use a manifest for more"
		goodKey   = `1 to 1024 bytes that start with the deployment's prefix "in/"`
		runs      = "the name of an earlier run: 1 to 80 letters, digits, - and _"
		modes     = `"stale", "always", "never"`
		fits      = `"inside", "cover", "fill", "pad", "outside"`
		formats   = `"same", "jpeg", "png", "gif", "webp", "avif"`
		variants  = "a list of 1 to 20 variants"
		names     = "1 to 32 of a-z, 0-9, - and _, starting with a letter or digit"
		side      = "a whole number from 1 to 16384"
		quality   = `a whole number from 1 to 100, or "high"`
		lossless  = "no quality beside format "
		filters   = `"lanczos3", "catmullrom", "linear", "box"`
		colour    = "a colour such as #ffffff"
		box       = "both width and height beside cover, fill and pad"
		words     = "text with {prefix}, {dir}, {stem}, {ext}, {variant}, {width} and {height}, and no other braces"
		stem      = "a template with {stem} in it, so that every picture has its own key"
		relative  = "a relative key without a leading slash, //, or . and .. folders"
		unique    = "a name that no other variant has"
		moment    = "a time such as 2026-11-02T15:04:05Z, or a date such as 2026-11-02 (UTC)"
		endings   = `a list of endings such as ".jpg"`
		batch     = "a whole number from 1 to 1000"
		workers   = "a whole number from 1 to 500"
		percent   = "a number from 0 to 100"
		items     = "a whole number from 1 to 100000000"
		delimiter = `a delimiter of 1 to 32 bytes, such as "/"`
		dollars   = "a number of US dollars above 0, up to 1000000"
	)
	long := strings.Repeat("x", 200)
	variant := func(members string) string { return `{"variants":[{"name":"ok","width":10},{` + members + `}]}` }
	filter := func(members string) string { return `{"filter":{` + members + `}}` }

	for _, c := range []struct{ name, input, field, given, allowed string }{
		{"no bytes", ``, "the run input", "nothing", object},
		{"no JSON", `{"prefix":`, "the run input", `{"prefix":`, "unexpected end of JSON input at byte 10"},
		{"words", `resize it`, "the run input", "resize it", object},
		{"two objects", `{} {}`, "the run input", "{} {}", "at byte 4"},
		{"a list", `[]`, "the run input", "[]", object},
		{"null", `null`, "the run input", "null", object},
		{"a string", `"{}"`, "the run input", `"{}"`, object},
		{"a number", `7`, "the run input", "7", object},

		{"an unknown field", `{"bucket":"mine"}`, "bucket", `"mine"`, "no such field; the fields are Comment, batchSize, comment, dryRun, filter, keys, "},
		{"a field in another case", `{"BatchSize":7}`, "BatchSize", "7", "no such field"},
		{"an unknown field with null", `{"dryrun":null}`, "dryrun", "null", "no such field"},
		{"an unknown field with a name beyond all measure", `{"` + long + `":1}`, long[:80] + "…", "1", "no such field"},
		{"an unknown field of a filter", filter(`"sufixes":[]`), "filter.sufixes", "[]", "the fields are maxBytes, minBytes, modifiedAfter, modifiedBefore, suffixes"},
		{"an unknown field of a variant", variant(`"name":"s","width":1,"widht":2`), "variants[1].widht", "2", "the fields are background, colour, filter, fine, fit, format, "},

		{"prefix and keys", `{"prefix":"in/","keys":["in/a"]}`, "keys", `["in/a"]`, oneSource + "prefix and keys"},
		{"manifest and an earlier run", `{"manifest":"s3://work/a.jsonl","retryFailuresOf":"r"}`, "retryFailuresOf", `"r"`, oneSource + "manifest and retryFailuresOf"},
		{"three sources", `{"prefix":"in/","manifest":"s3://work/a.jsonl","keys":["in/a"]}`, "manifest", `"s3://work/a.jsonl"`, oneSource + "prefix and manifest and keys"},

		{"a prefix elsewhere", `{"prefix":"out/"}`, "prefix", `"out/"`, prefixed},
		{"a prefix above", `{"prefix":""}`, "prefix", `""`, prefixed},
		{"a prefix that is a number", `{"prefix":1}`, "prefix", "1", prefixed},
		{"a manifest elsewhere", `{"manifest":"s3://thumbs/a.jsonl"}`, "manifest", `"s3://thumbs/a.jsonl"`, manifests},
		{"a manifest of another kind", `{"manifest":"s3://work/a.xlsx"}`, "manifest", `"s3://work/a.xlsx"`, manifests},
		{"a manifest without an ending", `{"manifest":"s3://work/list"}`, "manifest", `"s3://work/list"`, manifests},
		{"a manifest packed otherwise", `{"manifest":"s3://work/a.csv.zst"}`, "manifest", `"s3://work/a.csv.zst"`, manifests},
		{"an inventory in Parquet", `{"manifest":"s3://work/data/1.parquet"}`, "manifest", `"s3://work/data/1.parquet"`, manifests},
		{"the checksum of an inventory", `{"manifest":"s3://work/manifest.checksum"}`, "manifest", `"s3://work/manifest.checksum"`, manifests},
		{"a manifest packed twice", `{"manifest":"s3://work/a.csv.gz.gz"}`, "manifest", `"s3://work/a.csv.gz.gz"`, manifests},
		{"a manifest by ARN", `{"manifest":"arn:aws:s3:::work/a.csv"}`, "manifest", `"arn:aws:s3:::work/a.csv"`, manifests},
		{"a manifest without a key", `{"manifest":"s3://work/"}`, "manifest", `"s3://work/"`, manifests},
		{"a manifest by https", `{"manifest":"https://work/a.jsonl"}`, "manifest", `"https://work/a.jsonl"`, manifests},
		{"a manifest that is a list", `{"manifest":["s3://work/a.jsonl"]}`, "manifest", `["s3://work/a.jsonl"]`, manifests},
		{"an empty manifest", `{"manifest":""}`, "manifest", `""`, manifests},
		{"no keys", `{"keys":[]}`, "keys", "0 keys", keyList},
		{"keys in a string", `{"keys":"in/a,in/b"}`, "keys", `"in/a,in/b"`, keyList},
		{"keys that are numbers", `{"keys":[1,2]}`, "keys", "[1,2]", keyList},
		{"a key elsewhere", `{"keys":["in/a","b"]}`, "keys[1]", `"b"`, goodKey},
		{"an empty key", `{"keys":["","in/a"]}`, "keys[0]", `""`, goodKey},
		{"a key with NUL", `{"keys":["in/a\u0000"]}`, "keys[0]", `"in/a\x00"`, "a key without NUL"},
		{"a key beyond S3's length", `{"keys":["in/` + strings.Repeat("x", 1022) + `"]}`, "keys[0]", `"in/xxx`, goodKey},
		{"an earlier run by ARN", `{"retryFailuresOf":"arn:aws:states:r"}`, "retryFailuresOf", `"arn:aws:states:r"`, runs},
		{"an earlier run without a name", `{"retryFailuresOf":""}`, "retryFailuresOf", `""`, runs},
		{"an earlier run that is true", `{"retryFailuresOf":true}`, "retryFailuresOf", "true", runs},

		{"a filter that is a list", `{"filter":[".jpg"]}`, "filter", `[".jpg"]`, object},
		{"a filter that is a string", `{"filter":".jpg"}`, "filter", `".jpg"`, object},
		{"suffixes in a string", filter(`"suffixes":".jpg"`), "filter.suffixes", `".jpg"`, endings},
		{"suffixes that are numbers", filter(`"suffixes":[1]`), "filter.suffixes", "[1]", endings},
		{"an empty suffix", filter(`"suffixes":[".jpg",""]`), "filter.suffixes", `[".jpg",""]`, "no empty ending"},
		{"a null among suffixes", filter(`"suffixes":[null]`), "filter.suffixes", "[null]", "no empty ending"},
		{"suffixes that no batch could carry", filter(`"suffixes":["` + strings.Repeat("x", 5000) + `"]`), "filter.suffixes", `["xxx`, "at most 4096 bytes of JSON"},
		{"bytes below nothing", filter(`"minBytes":-1`), "filter.minBytes", "-1", "a whole number from 0 up"},
		{"half a byte", filter(`"minBytes":0.5`), "filter.minBytes", "0.5", "a whole number from 0 up"},
		{"bytes in a string", filter(`"maxBytes":"5MB"`), "filter.maxBytes", `"5MB"`, "a whole number from 1 up"},
		{"no bytes at most", filter(`"maxBytes":0`), "filter.maxBytes", "0", "a whole number from 1 up"},
		{"more bytes than can be counted", filter(`"maxBytes":9223372036854775808`), "filter.maxBytes", "9223372036854775808", "a whole number from 1 up"},
		{"most below least", filter(`"minBytes":10,"maxBytes":9`), "filter.maxBytes", "9", "no less than minBytes, 10"},
		{"a date in another order", filter(`"modifiedAfter":"02.11.2026"`), "filter.modifiedAfter", `"02.11.2026"`, moment},
		{"a date that is not in the calendar", filter(`"modifiedAfter":"2026-02-30"`), "filter.modifiedAfter", `"2026-02-30"`, moment},
		{"a time without a zone", filter(`"modifiedBefore":"2026-11-02T15:04:05"`), "filter.modifiedBefore", `"2026-11-02T15:04:05"`, moment},
		{"an epoch", filter(`"modifiedBefore":1789180622`), "filter.modifiedBefore", "1789180622", moment},
		{"before and not after", filter(`"modifiedAfter":"2026-11-02","modifiedBefore":"2026-11-02"`), "filter.modifiedBefore", `"2026-11-02"`, "a time after modifiedAfter"},

		{"variants that are an object", `{"variants":{"name":"s"}}`, "variants", `{"name":"s"}`, variants},
		{"no variants", `{"variants":[]}`, "variants", "[]", variants},
		{"too many variants", `{"variants":[` + strings.Repeat("{},", 20) + `{}]}`, "variants", "[{},{},", variants},
		{"a variant that is a string", `{"variants":["w64"]}`, "variants[0]", `"w64"`, object},
		{"a variant that is null", `{"variants":[null]}`, "variants[0]", "null", object},
		{"a variant without a name", variant(`"width":10`), "variants[1].name", "nothing", names},
		{"a name in upper case", variant(`"name":"Small","width":10`), "variants[1].name", `"Small"`, names},
		{"a name that is a path", variant(`"name":"../a","width":10`), "variants[1].name", `"../a"`, names},
		{"a name too long", variant(`"name":"` + long[:33] + `","width":10`), "variants[1].name", long[:33], names},
		{"a name that is a number", variant(`"name":5,"width":10`), "variants[1].name", "5", names},
		{"a name twice", variant(`"name":"ok","width":20`), "variants[1].name", `"ok"`, unique},
		{"no side", variant(`"name":"s"`), "variants[1].width", "nothing", "width, height or both"},
		{"a width of nothing", variant(`"name":"s","width":0`), "variants[1].width", "0", side},
		{"a width beyond the limit", variant(`"name":"s","width":16385`), "variants[1].width", "16385", side},
		{"a width that is a float", variant(`"name":"s","width":64.0`), "variants[1].width", "64.0", side},
		{"a width in powers of ten", variant(`"name":"s","width":1e2`), "variants[1].width", "1e2", side},
		{"a width in a string", variant(`"name":"s","width":"64px"`), "variants[1].width", `"64px"`, side},
		{"a height below nothing", variant(`"name":"s","height":-5`), "variants[1].height", "-5", side},
		{"a huge height", variant(`"name":"s","height":99999999999999999999`), "variants[1].height", "99999999999999999999", side},
		{"cover without height", variant(`"name":"s","width":10,"fit":"cover"`), "variants[1].fit", `"cover"`, box},
		{"fill without width", variant(`"name":"s","height":10,"fit":"fill"`), "variants[1].fit", `"fill"`, box},
		{"pad without a box", variant(`"name":"s","fit":"pad"`), "variants[1].fit", `"pad"`, box},
		{"an unknown fit", variant(`"name":"s","width":10,"fit":"contain"`), "variants[1].fit", `"contain"`, fits},
		{"upscale in a string", variant(`"name":"s","width":10,"upscale":"yes"`), "variants[1].upscale", `"yes"`, "true or false"},
		{"a format that cannot be written", variant(`"name":"s","width":10,"format":"heic"`), "variants[1].format", `"heic"`, formats},
		{"a format that the deployment does not have", variant(`"name":"s","width":10,"format":"avif"`), "variants[1].format", `"avif"`, "avif only where the deployment has its option avif set to true"},
		{"a format that is a number", variant(`"name":"s","width":10,"format":1`), "variants[1].format", "1", formats},
		{"a quality of nothing", variant(`"name":"s","width":10,"quality":0`), "variants[1].quality", "0", quality},
		{"a quality above all", variant(`"name":"s","width":10,"quality":101`), "variants[1].quality", "101", quality},
		{"a quality that is a float", variant(`"name":"s","width":10,"quality":80.5`), "variants[1].quality", "80.5", quality},
		{"quality beside png", variant(`"name":"s","width":10,"format":"png","quality":80`), "variants[1].quality", "80", lossless + "png"},
		{"quality beside gif", variant(`"name":"s","width":10,"format":"gif","quality":80`), "variants[1].quality", "80", lossless + "gif"},
		{"an unknown filter", variant(`"name":"s","width":10,"filter":"mitchell"`), "variants[1].filter", `"mitchell"`, filters},
		{"a filter that is a number", variant(`"name":"s","width":10,"filter":3`), "variants[1].filter", "3", filters},
		{"a filter without a name", variant(`"name":"s","width":10,"filter":""`), "variants[1].filter", `""`, filters},
		{"a colour by name", variant(`"name":"s","width":10,"background":"white"`), "variants[1].background", `"white"`, colour},
		{"a short colour", variant(`"name":"s","width":10,"background":"#fff"`), "variants[1].background", `"#fff"`, colour},
		{"a colour with alpha", variant(`"name":"s","width":10,"background":"#ffffff80"`), "variants[1].background", `"#ffffff80"`, colour},
		{"a colour that is a number", variant(`"name":"s","width":10,"background":16777215`), "variants[1].background", "16777215", colour},
		{"a template without stem", variant(`"name":"s","width":10,"key":"{variant}/x{ext}"`), "variants[1].key", `"{variant}/x{ext}"`, stem},
		{"an empty template", variant(`"name":"s","width":10,"key":""`), "variants[1].key", `""`, stem},
		{"an unknown word", variant(`"name":"s","width":10,"key":"{name}/{stem}"`), "variants[1].key", `"{name}/{stem}"`, words},
		{"an open brace", variant(`"name":"s","width":10,"key":"{stem"`), "variants[1].key", `"{stem"`, words},
		{"a closing brace alone", variant(`"name":"s","width":10,"key":"}{stem}"`), "variants[1].key", `"}{stem}"`, words},
		{"braces in braces", variant(`"name":"s","width":10,"key":"{{stem}}"`), "variants[1].key", `"{{stem}}"`, words},
		{"an absolute template", variant(`"name":"s","width":10,"key":"/{stem}"`), "variants[1].key", `"/{stem}"`, relative},
		{"a template with an empty folder", variant(`"name":"s","width":10,"key":"a//{stem}"`), "variants[1].key", `"a//{stem}"`, relative},
		{"a template that climbs", variant(`"name":"s","width":10,"key":"../{stem}"`), "variants[1].key", `"../{stem}"`, relative},
		{"a template that is a number", variant(`"name":"s","width":10,"key":5`), "variants[1].key", "5", "a template"},
		{"templates that collide", variant(`"name":"s","width":20,"key":"{dir}{stem}{ext}"`), "variants[1].key", `"{dir}{stem}{ext}"`, `the key of variant "ok" ("{variant}/{dir}{stem}{ext}"): put {variant} into both`},
		{"a recipe that no batch could carry", variant(`"name":"s","width":20,"key":"s/{stem}` + strings.Repeat("x", 17000) + `"`), "variants", "bytes", "at most 16384 bytes of JSON, defaults filled in"},

		{"an unknown overwrite", `{"overwrite":"yes"}`, "overwrite", `"yes"`, modes},
		{"overwrite that is true", `{"overwrite":true}`, "overwrite", "true", modes},
		{"a batch of none", `{"batchSize":0}`, "batchSize", "0", batch},
		{"a batch beyond the ceiling", `{"batchSize":1001}`, "batchSize", "1001", batch},
		{"a batch in a string", `{"batchSize":"100"}`, "batchSize", `"100"`, batch},
		{"a batch that is a float", `{"batchSize":10.5}`, "batchSize", "10.5", batch},
		{"a batch that is huge", `{"batchSize":1e400}`, "batchSize", "1e400", batch},
		{"no workers", `{"maxConcurrency":0}`, "maxConcurrency", "0", workers},
		{"workers beyond the ceiling", `{"maxConcurrency":501}`, "maxConcurrency", "501", workers},
		{"workers in a list", `{"maxConcurrency":[5]}`, "maxConcurrency", "[5]", workers},
		{"a tolerance below nothing", `{"toleratedFailurePercentage":-0.1}`, "toleratedFailurePercentage", "-0.1", percent},
		{"a tolerance above all", `{"toleratedFailurePercentage":100.1}`, "toleratedFailurePercentage", "100.1", percent},
		{"a tolerance with a sign", `{"toleratedFailurePercentage":"5%"}`, "toleratedFailurePercentage", `"5%"`, percent},
		{"a tolerance that is huge", `{"toleratedFailurePercentage":1e999}`, "toleratedFailurePercentage", "1e999", percent},
		{"no items", `{"maxItems":0}`, "maxItems", "0", items},
		{"items below nothing", `{"maxItems":-1}`, "maxItems", "-1", items},
		{"more items than a Map Run reads", `{"maxItems":100000001}`, "maxItems", "100000001", items},
		{"items in a string", `{"maxItems":"1000"}`, "maxItems", `"1000"`, items},
		{"half an item", `{"maxItems":1.5}`, "maxItems", "1.5", items},
		{"an empty delimiter", `{"shardBy":""}`, "shardBy", `""`, delimiter},
		{"a delimiter that is true", `{"shardBy":true}`, "shardBy", "true", delimiter},
		{"a delimiter that is a path", `{"shardBy":"` + long[:33] + `"}`, "shardBy", long[:33], delimiter},
		{"shards of a manifest", `{"manifest":"s3://work/a.csv","shardBy":"/"}`, "shardBy", `"/"`, "shardBy only of a listing"},
		{"shards of keys", `{"keys":["in/a"],"shardBy":"/"}`, "shardBy", `"/"`, "shardBy only of a listing"},
		{"shards of failures", `{"retryFailuresOf":"r","shardBy":"/"}`, "shardBy", `"/"`, "shardBy only of a listing"},
		{"shards of so many items", `{"maxItems":5,"shardBy":"/"}`, "shardBy", `"/"`, "shardBy or maxItems, not both"},
		{"a run for nothing", `{"maxCostUSD":0}`, "maxCostUSD", "0", dollars},
		{"a run that pays", `{"maxCostUSD":-5}`, "maxCostUSD", "-5", dollars},
		{"a run for a fortune", `{"maxCostUSD":1000001}`, "maxCostUSD", "1000001", dollars},
		{"a cost with its sign", `{"maxCostUSD":"$5"}`, "maxCostUSD", `"$5"`, dollars},
		{"a cost without end", `{"maxCostUSD":1e999}`, "maxCostUSD", "1e999", dollars},
		{"a dry run in words", `{"dryRun":"yes"}`, "dryRun", `"yes"`, "true or false"},
		{"a dry run by number", `{"dryRun":1}`, "dryRun", "1", "true or false"},
		{"dryRun in another case", `{"dryrun":true}`, "dryrun", "true", "no such field; the fields are Comment, batchSize, comment, dryRun,"},

		{"a comment that is a number", `{"comment":1}`, "comment", "1", "a string of at most 4096 bytes"},
		{"a comment that is a book", `{"Comment":"` + strings.Repeat("x", 4097) + `"}`, "Comment", `"xxx`, "a string of at most 4096 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseInput([]byte(c.input), deployment())
			invalid, ok := err.(InvalidInput)
			if !ok {
				t.Fatalf("ParseInput(%.200s): %T %v, want a bare InvalidInput", c.input, err, err)
			}
			if len(invalid.Problems) != 1 || invalid.Problems[0].Field != c.field {
				t.Fatalf("ParseInput(%.200s) has problems\n%v\nwant one, at %q", c.input, err, c.field)
			}
			p := invalid.Problems[0]
			if !strings.Contains(p.Given, c.given) || !strings.Contains(p.Allowed, c.allowed) {
				t.Errorf("ParseInput(%.200s) = %q, want it to hold %q and %q", c.input, err, c.given, c.allowed)
			}
			if want := fmt.Sprintf("%s: given %s; allowed: %s", p.Field, p.Given, p.Allowed); err.Error() != want {
				t.Errorf("message = %q, want %q", err, want)
			}
			if len(p.Given) > 100 {
				t.Errorf("what was given is repeated at a length of %d bytes", len(p.Given))
			}
		})
	}
}

func TestParseInputReportsAllProblemsAtOnce(t *testing.T) {
	const input = `{"prefix":"x","keys":["y"],"filter":{"minBytes":-1,"what":1},"batchSize":0,"toleratedFailurePercentage":101,"colour":"red",
		"variants":[{"name":"A","width":0,"fit":"cover","format":"png","quality":1,"background":"red","key":"x"}]}`
	_, err := ParseInput([]byte(input), deployment())
	invalid, _ := err.(InvalidInput)
	var fields []string
	for _, p := range invalid.Problems {
		fields = append(fields, p.Field)
	}
	const want = "keys prefix keys[0] filter.minBytes filter.what variants[0].width variants[0].name variants[0].fit variants[0].quality " +
		"variants[0].background variants[0].key batchSize toleratedFailurePercentage colour"
	if got := strings.Join(fields, " "); got != want {
		t.Errorf("problems at\n%s, want\n%s", got, want)
	}
	if got := strings.Count(err.Error(), "\n") + 1; got != len(fields) {
		t.Errorf("the message has %d lines, want %d", got, len(fields))
	}
}

func TestInvalidInputCountsWhatItHasNoRoomFor(t *testing.T) {
	_, err := ParseInput([]byte(`{"keys":["a"`+strings.Repeat(`,"somewhere/else.jpg"`, MaxKeys-1)+`]}`), deployment())
	invalid, _ := err.(InvalidInput)
	if len(invalid.Problems) != MaxKeys {
		t.Fatalf("%d problems, want %d", len(invalid.Problems), MaxKeys)
	}
	message := err.Error()
	lines := strings.Split(message, "\n")
	if want := fmt.Sprintf("and %d more", MaxKeys-len(lines)+1); len(message) > maxCauseBytes+50 || lines[len(lines)-1] != want {
		t.Errorf("the message has %d bytes and ends with %q, want at most %d and %q", len(message), lines[len(lines)-1], maxCauseBytes, want)
	}
}
