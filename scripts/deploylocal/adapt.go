package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// adapt takes out of the templates of a cloud assembly what moto cannot do: on an update it does not know
// the parameter that says which version of the bootstrap stack there is, nor the rule about it.
func adapt(assembly string) error {
	templates, err := filepath.Glob(filepath.Join(assembly, "*.template.json"))
	if err != nil {
		return err
	}
	if len(templates) == 0 {
		return fmt.Errorf("no template in %s", assembly)
	}
	for _, path := range templates {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var template map[string]any
		if err := json.Unmarshal(data, &template); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		delete(template, "Rules")
		delete(template, "Parameters")
		if data, err = json.Marshal(template); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
