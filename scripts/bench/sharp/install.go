// Package sharp gets the Node.js library that the benchmarks compare with.
package sharp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Version of sharp that is compared with: pinned, so that figures can be compared too.
const Version = "0.35.5"

// Install puts sharp into a cache folder, if it is not there yet, and script beside it under name. It
// returns the script's path, for node.
func Install(ctx context.Context, name string, script []byte) (string, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return "", errors.New("needs Node.js: there is no node in PATH")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "mapfleet", "sharp-"+Version)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "sharp")); err != nil {
		install := exec.CommandContext(ctx, "npm", "install", "--no-save", "--prefix", dir, "sharp@"+Version)
		if said, err := install.CombinedOutput(); err != nil {
			return "", fmt.Errorf("npm install sharp: %w\n%s", err, said)
		}
	}
	path := filepath.Join(dir, name)
	return path, os.WriteFile(path, script, 0o644)
}
