// Package release builds the command and its functions for the benchmarks, in a folder as a release has
// them, so that no measured run builds any.
package release

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"mapfleet/scripts/mapfleet/functions"
)

// Build compiles the command to dir/mapfleet, whose path it returns, and each function to
// dir/functions/NAME/bootstrap; instead of those in others, by their names, the packages named there. It is
// to be called in the module's own folder. The error holds what the compiler says.
func Build(ctx context.Context, dir string, others map[string]string) (command string, err error) {
	command = filepath.Join(dir, "mapfleet")
	outputs := map[string]string{"./scripts/mapfleet": command}
	for _, name := range functions.Names {
		source, other := others[name]
		if !other {
			source = "./functions/" + name
		}
		outputs[source] = filepath.Join(dir, "functions", name, "bootstrap")
	}
	for source, output := range outputs {
		build := exec.CommandContext(ctx, "go", "build", "-tags", "lambda.norpc,nodynamic", "-o", output, source)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return "", fmt.Errorf("build %s: %w\n%s", source, err, out)
		}
	}
	return command, nil
}
