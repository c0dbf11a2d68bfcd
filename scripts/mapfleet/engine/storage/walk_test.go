package storage

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var treeKeys = []string{
	"a-b.jpg", "a.jpg", "a/b.jpg", "a/b/c.jpg", "a/é.jpg", "a0.jpg", "b/deep/er/x.jpg", "b/y.jpg", "c d+e%20.jpg", "z.jpg",
}

func tree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, key := range treeKeys {
		path := filepath.Join(dir, filepath.FromSlash(key))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(key), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func nothing(string) bool { return false }

func keys(t *testing.T, root, prefix, after string) []string {
	t.Helper()
	w, err := newWalk(root, prefix, after, nothing)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for {
		f, ok, err := w.next()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return found
		}
		found = append(found, f.key)
	}
}

func TestWalk_goes_in_the_order_of_keys(t *testing.T) {
	got := keys(t, tree(t), "", "")
	want := slices.Sorted(slices.Values(treeKeys))
	if !slices.Equal(got, want) {
		t.Errorf("walk gives %q, want %q", got, want)
	}
}

func TestWalk_starts_behind_any_key(t *testing.T) {
	dir := tree(t)
	sorted := slices.Sorted(slices.Values(treeKeys))
	for _, after := range append(sorted, "a", "a/", "a/b", "a/b/", "a/zz", "b/deep", "b/deep/er/", "m", "zz", "0") {
		var want []string
		for _, key := range sorted {
			if key > after {
				want = append(want, key)
			}
		}
		if got := keys(t, dir, "", after); !slices.Equal(got, want) {
			t.Errorf("behind %q: %q, want %q", after, got, want)
		}
	}
}

func TestWalk_prefix_is_a_plain_string(t *testing.T) {
	dir := tree(t)
	for _, prefix := range []string{"a", "a/", "a/b", "a/b/", "b/deep/er/x", "none", "z.jpg"} {
		var want []string
		for _, key := range slices.Sorted(slices.Values(treeKeys)) {
			if strings.HasPrefix(key, prefix) {
				want = append(want, key)
			}
		}
		if got := keys(t, dir, prefix, ""); !slices.Equal(got, want) {
			t.Errorf("under %q: %q, want %q", prefix, got, want)
		}
	}
}

func TestWalk_links(t *testing.T) {
	dir := tree(t)
	for name, target := range map[string]string{"link.jpg": "a.jpg", "folder": "a", "broken.jpg": "none"} {
		if err := os.Symlink(filepath.Join(dir, target), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	got := keys(t, dir, "", "")
	if want := slices.Sorted(slices.Values(append([]string{"link.jpg"}, treeKeys...))); !slices.Equal(got, want) {
		t.Errorf("walk gives %q, want %q: links to files count, others do not", got, want)
	}
}

func TestWalk_a_name_that_cannot_be_a_key_is_an_error(t *testing.T) {
	dir := tree(t)
	if err := os.WriteFile(filepath.Join(dir, "b", "\xff.jpg"), nil, 0o644); err != nil {
		t.Skipf("this file system takes no such name: %v", err)
	}
	w, err := newWalk(dir, "", "", nothing)
	for ok := true; err == nil && ok; {
		_, ok, err = w.next()
	}
	if err == nil || !strings.Contains(err.Error(), `b/\xff.jpg`) {
		t.Errorf("error %v, want one that names the file", err)
	}
}

func TestFolder_pages_are_the_whole(t *testing.T) {
	f := newFolder(tree(t), nothing, modifiedETag)
	want := slices.Sorted(slices.Values(treeKeys))
	for limit := 1; limit <= len(want)+1; limit++ {
		var got []string
		for next, more := "", true; more; more = next != "" {
			p, err := f.list(context.Background(), listing{next: next, limit: limit})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range p.objects {
				got = append(got, *o.Key)
			}
			if next = p.next; next != "" && len(p.objects) != limit {
				t.Fatalf("a page of %d in the middle, want %d", len(p.objects), limit)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d give %q, want %q", limit, got, want)
		}
	}
}
