package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mapfleet/functions/job"
)

// listedBy returns the keys that a shard's Map Run reads.
func listedBy(store *fakeS3, shard job.Shard) (keys []string) {
	if shard.Kind == job.ShardManifest {
		for line := range strings.Lines(store.objects[shard.Bucket+"/"+shard.Key]) {
			key, _, _ := strings.Cut(strings.TrimPrefix(line, `{"Key":"`), `"`)
			keys = append(keys, key)
		}
		return keys
	}
	for at := range store.objects {
		if key, ok := strings.CutPrefix(at, shard.Bucket+"/"); ok && strings.HasPrefix(key, shard.Prefix) {
			keys = append(keys, key)
		}
	}
	return keys
}

// TestSplitListing: whatever the delimiter, every object of the listing is in one shard, and in one only.
func TestSplitListing(t *testing.T) {
	objects := []string{"in/", "in/a.jpg", "in/z.jpg", "in/2025/1.jpg", "in/2025/11/2.jpg", "in/2026/", "in/2026/3.jpg", "in/2026-x/4.jpg", "in/é/5.jpg", "in//6.jpg", "other/7.jpg"}
	for _, c := range []struct {
		delimiter, prefix string
		shards            string
	}{
		{"/", "in/", "in// in/2025/ in/2026-x/ in/2026/ in/é/ +3"},
		{"/", "in/2025/", "in/2025/11/ +1"},
		{"/", "in/2", "in/2025/ in/2026-x/ in/2026/"},
		{"/", "in/é/", "+1"},
		{"-", "in/", "in/2026- +9"},
		{".jpg", "in/", "in//6.jpg in/2025/1.jpg in/2025/11/2.jpg in/2026-x/4.jpg in/2026/3.jpg in/a.jpg in/z.jpg in/é/5.jpg +2"},
		{"202", "in/", "in/202 +5"},
		{"/", "in/none", ""},
	} {
		for _, page := range []int{1, 2, 1000} {
			t.Run(fmt.Sprintf("%s by %q, pages of %d", c.prefix, c.delimiter, page), func(t *testing.T) {
				p, store := planner()
				store.page = page
				for _, key := range objects {
					store.objects["photos/"+key] = "x"
				}
				got, err := p.Plan(t.Context(), start(fmt.Sprintf(`{"prefix":%q,"shardBy":%q}`, c.prefix, c.delimiter)))
				if err != nil {
					t.Fatal(err)
				}
				var shards, keys []string
				for _, shard := range got.Shards {
					name := shard.Prefix
					if shard.Kind == job.ShardManifest {
						name = fmt.Sprintf("+%d", shard.Items)
					}
					shards = append(shards, name)
					keys = append(keys, listedBy(store, shard)...)
				}
				if s := strings.Join(shards, " "); s != c.shards {
					t.Errorf("shards %s, want %s", s, c.shards)
				}
				var want []string
				for _, key := range objects {
					if strings.HasPrefix(key, c.prefix) {
						want = append(want, key)
					}
				}
				slices.Sort(keys)
				slices.Sort(want)
				if !slices.Equal(keys, want) {
					t.Errorf("the shards hold %q, the listing %q", keys, want)
				}
				if runs := got.Limits.MapRuns * got.Limits.MaxConcurrency; runs > 50 || runs < 40 {
					t.Errorf("%d Map Runs of %d batches at a time share 50", got.Limits.MapRuns, got.Limits.MaxConcurrency)
				}
			})
		}
	}
}

func TestSplitIntoTooManyShards(t *testing.T) {
	const allowed = "at most 200 parts of 65536 bytes in all"
	for _, c := range []struct {
		name        string
		parts, wide int
		beside      bool
		refused     string
	}{
		{"as many as there may be", 200, 1, false, ""},
		{"one less, and objects beside them", 199, 1, true, ""},
		{"one more", 201, 1, false, `shardBy: given "/", which makes 201 parts or more of s3://photos/in/; allowed: ` + allowed},
		{"as many, and objects beside them", 200, 1, true, `which makes 201 parts or more`},
		{"far more", 5000, 1, false, "which makes 201 parts or more"},
		{"few with long names", 80, 900, false, "; allowed: " + allowed},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, store := planner()
			for i := range c.parts {
				store.objects[fmt.Sprintf("photos/in/%0*d/x.jpg", c.wide+4, i)] = "x"
			}
			if c.beside {
				store.objects["photos/in/zz.jpg"] = "x"
			}
			before := len(store.objects)
			got, err := p.Plan(t.Context(), start(`{"shardBy":"/"}`))
			if c.refused == "" {
				if err != nil || len(got.Shards) != 200 {
					t.Errorf("%d shards, %v, want 200", len(got.Shards), err)
				}
				return
			}
			if invalid, _ := err.(job.InvalidInput); len(invalid.Problems) != 1 || !strings.Contains(err.Error(), c.refused) {
				t.Errorf("%T %v, want an InvalidInput that says %q", err, err, c.refused)
			}
			if len(store.objects) != before {
				t.Error("something was written")
			}
		})
	}
}
