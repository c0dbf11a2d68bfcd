package functions

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestFind_in_a_folder(t *testing.T) {
	dir := t.TempDir()
	for _, name := range Names {
		if _, err := Find(t.Context(), dir, os.Stderr); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: error %v, want one that names it", name, err)
		}
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "bootstrap"), []byte("#!"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	found, err := Find(t.Context(), dir, os.Stderr)
	if err != nil || found["resize"] != filepath.Join(dir, "resize", "bootstrap") {
		t.Errorf("Find = %v, %v", found, err)
	}
	if err := os.Chmod(found["report"], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(t.Context(), dir, os.Stderr); err == nil || !strings.Contains(err.Error(), "not executable") {
		t.Errorf("a file that is not executable: error %v", err)
	}
}

func TestFind_outside_the_module_without_a_folder(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := Find(t.Context(), "", os.Stderr); err == nil || !strings.Contains(err.Error(), "--functions") {
		t.Errorf("error %v, want one that tells of --functions", err)
	}
}

// maxZip is what a function may weigh when it is deployed, in bytes.
const maxZip = 12 << 20

// TestLambda builds the functions as they are deployed.
func TestLambda(t *testing.T) {
	root, err := module(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command("make", "-s", "lambda")
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("make lambda: %v\n%s", err, out)
	}
	for _, name := range append([]string{"resizeavif"}, Names...) {
		path := filepath.Join(root, "bin", "lambda", name, "bootstrap")
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		binary, err := elf.NewFile(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if binary.Machine != elf.EM_AARCH64 {
			t.Errorf("%s is for %v, want arm64", path, binary.Machine)
		}
		if needed, _ := binary.ImportedLibraries(); len(needed) > 0 {
			t.Errorf("%s needs the libraries %v, want none", path, needed)
		}
		var zipped bytes.Buffer
		w := zip.NewWriter(&zipped)
		f, err := w.Create("bootstrap")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.1f MB zipped", name, float64(zipped.Len())/1e6)
		if zipped.Len() > maxZip {
			t.Errorf("%s is %d bytes zipped, want at most %d", name, zipped.Len(), maxZip)
		}
	}
}

// TestDist runs the folder that is made to be copied, from outside of any module: its worker writes AVIF, too.
func TestDist(t *testing.T) {
	root, err := module(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command("make", "-s", "dist")
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("make dist: %v\n%s", err, out)
	}
	dir := t.TempDir()
	link := filepath.Join(dir, "mapfleet")
	if err := os.Symlink(filepath.Join(root, "bin", "dist", "mapfleet"), link); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(link, "local", "resize", "--in", filepath.Join(root, "scripts", "photos"), "--out", filepath.Join(dir, "out"), "--json",
		"--input", `{"variants":[{"name":"s","width":64,"format":"avif"}]}`)
	run.Dir = dir
	out, err := run.Output()
	if err != nil || !bytes.Contains(out, []byte(`"status":"SUCCEEDED"`)) {
		t.Errorf("%s: %v\n%s", run, err, out)
	}
	file, err := os.ReadFile(filepath.Join(dir, "out", "s", "moon.png.avif"))
	if err != nil || !bytes.HasPrefix(file, []byte("\x00\x00\x00\x20ftypavif")) {
		t.Errorf("the AVIF of moon.png: %v, begins with %.16q", err, file)
	}
}
