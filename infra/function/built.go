package function

import (
	"debug/elf"
	"errors"
	"fmt"
	"path/filepath"
)

// Built is an error that names every function whose binary is not at root/NAME/bootstrap, or is not
// built for architecture, which is arm64 or x86_64: Lambda would find that out at the first invocation.
func Built(root, architecture string, names ...string) error {
	var errs []error
	for _, name := range names {
		if err := builtFor(filepath.Join(root, name, "bootstrap"), architecture); err != nil {
			errs = append(errs, fmt.Errorf("find the binary of function %s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

func builtFor(path, architecture string) error {
	machine, goarch := elf.EM_AARCH64, "arm64"
	if architecture == "x86_64" {
		machine, goarch = elf.EM_X86_64, "amd64"
	}
	hint := "make build GOARCH_LAMBDA=" + goarch + " makes it"
	file, err := elf.Open(path)
	if err != nil {
		return fmt.Errorf("%w; %s", err, hint)
	}
	defer file.Close()
	if file.Machine != machine {
		return fmt.Errorf("%s is built for %v, but the architecture is %s; %s", path, file.Machine, architecture, hint)
	}
	return nil
}
