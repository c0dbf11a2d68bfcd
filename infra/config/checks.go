package config

import (
	"net/netip"
	"path"
	"regexp"
	"strings"
)

// everyMinute is the schedule of a file of checks for which none is given.
const everyMinute = "rate(1 minute)"

// MaxChecksConnections is the most that ChecksConnections may be: a Lambda may have 1,024 files open.
const MaxChecksConnections = 250

var (
	// checksFile is a key of checks, in the work bucket or, with its bucket, in another.
	checksFile = regexp.MustCompile(`^(checks/|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/)([^/*?$\\"\x00-\x1f\x7f][^*?$\\"\x00-\x1f\x7f]{0,511})$`)
	// checksFormat is what the key of checks ends in, and results what that of results does.
	checksFormat = regexp.MustCompile(`(?i)[^/]\.(csv|json|jsonl|ndjson)(\.gz)?$`)
	results      = regexp.MustCompile(`(?i)\.results\.(csv|jsonl)$`)
)

// FileOfChecks returns the bucket and the key of ChecksFile. The bucket is empty for the work bucket, and
// the key for no file.
func (c Config) FileOfChecks() (bucket, key string) {
	if rest, ok := strings.CutPrefix(c.ChecksFile, "s3://"); ok {
		bucket, key, _ = strings.Cut(rest, "/")
		return bucket, key
	}
	return "", c.ChecksFile
}

// StemOfChecks returns the key of ChecksFile without what tells its format: that of its results begins
// with it.
func (c Config) StemOfChecks() string {
	_, key := c.FileOfChecks()
	if strings.EqualFold(path.Ext(key), ".gz") {
		key = key[:len(key)-len(".gz")]
	}
	return strings.TrimSuffix(key, path.Ext(key))
}

// checks checks the second job.
func (v *validator) checks(c Config) {
	if !c.Checks {
		const allowed = "none without checks"
		for _, key := range []struct{ name, given string }{
			{"checksFile", c.ChecksFile}, {"checksKey", c.ChecksKey}, {"checksSchedule", c.ChecksSchedule}, {"checksAllowedNetworks", c.ChecksAllowedNetworks},
		} {
			if key.given != "" {
				v.refuse(key.name, key.given, allowed)
			}
		}
		if c.ChecksConnections != 0 {
			v.refuse("checksConnections", c.ChecksConnections, allowed)
		}
		return
	}
	v.checksFile(c)
	v.checksKey(c)
	if given := c.ChecksSchedule; given != "" {
		if why := expression(given); why != "" {
			v.refuse("checksSchedule", given, `rate(1 minute), cron(…) as in schedule, or "" for none (`+why+")")
		} else if c.ChecksFile == "" {
			v.refuse("checksSchedule", given, "none without a checksFile")
		}
	}
	for network := range strings.SplitSeq(c.ChecksAllowedNetworks, ",") {
		if network = strings.TrimSpace(network); network == "" {
			continue
		}
		n, err := netip.ParsePrefix(network)
		if err != nil || n != n.Masked() || n.Addr().Is4In6() {
			v.refuse("checksAllowedNetworks", network, "networks such as 10.20.0.0/16 or fd12:3456::/48, with no bits set behind their prefix")
		}
	}
	v.within("checksConnections", c.ChecksConnections, 0, MaxChecksConnections)
	v.within("checksReportDays", c.ChecksReportDays, 1, 3650)
}

// checksKey checks that there is a bucket which the key is of, and that none says otherwise.
func (v *validator) checksKey(c Config) {
	v.key("checksKey", c.ChecksKey)
	if c.ChecksKey == "" {
		return
	}
	switch bucket, _ := c.FileOfChecks(); bucket {
	case "":
		v.refuse("checksKey", c.ChecksKey, "none unless checksFile is in another bucket than the work bucket, whose key is workKey")
	case c.SourceBucket, c.DestinationBucket, c.ManifestBucket:
		v.refuse("checksKey", c.ChecksKey, "none for a bucket that has a key of its own: sourceKey, destinationKey or manifestKey")
	}
}

func (v *validator) checksFile(c Config) {
	given := c.ChecksFile
	if given == "" {
		return
	}
	if !checksFile.MatchString(given) || !checksFormat.MatchString(given) || results.MatchString(given) {
		v.refuse("checksFile", given, `checks/KEY of the work bucket or s3://BUCKET/KEY, a key without * ? $ \ " that ends in .csv, .json or .jsonl (.gz may follow) and not in .results.csv or .results.jsonl`)
		return
	}
	if bucket, key := c.FileOfChecks(); bucket != "" && unnameable(key) {
		v.refuse("checksFile", given, "in another bucket a key with "+nameable)
	}
	// The results lie beside the file: a run over pictures would take both for pictures.
	if bucket, key := c.FileOfChecks(); bucket != "" && bucket == c.SourceBucket && strings.HasPrefix(key, c.SourcePrefix) {
		v.refuse("checksFile", given, "a key that does not start with sourcePrefix, in the bucket of pictures")
	}
}
