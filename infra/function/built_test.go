package function

import (
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// header returns the first 64 bytes of a program for machine: a whole ELF file, without a program.
func header(machine elf.Machine) []byte {
	data := make([]byte, 64)
	copy(data, elf.ELFMAG)
	data[elf.EI_CLASS], data[elf.EI_DATA], data[elf.EI_VERSION] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)
	binary.LittleEndian.PutUint16(data[16:], uint16(elf.ET_EXEC))
	binary.LittleEndian.PutUint16(data[18:], uint16(machine))
	binary.LittleEndian.PutUint32(data[20:], uint32(elf.EV_CURRENT))
	return data
}

func TestBuilt(t *testing.T) {
	root := t.TempDir()
	for name, data := range map[string][]byte{"arm": header(elf.EM_AARCH64), "intel": header(elf.EM_X86_64), "script": []byte(strings.Repeat("#!/bin/sh\n", 10))} {
		if err := os.MkdirAll(filepath.Join(root, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name, "bootstrap"), data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name, architecture, function string
		wants                        []string // empty: no error
	}{
		{"built for arm64", "arm64", "arm", nil},
		{"built for x86_64", "x86_64", "intel", nil},
		{"built for the other", "arm64", "intel", []string{"function intel", "EM_X86_64, but the architecture is arm64", "make build GOARCH_LAMBDA=arm64"}},
		{"built for the default, wanted for x86_64", "x86_64", "arm", []string{"EM_AARCH64, but", "make build GOARCH_LAMBDA=amd64"}},
		{"not built", "arm64", "none", []string{"function none", "no such file", "make build"}},
		{"no Linux program", "arm64", "script", []string{"function script", "bad magic number", "make build"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := Built(root, test.architecture, test.function)
			if err == nil && test.wants != nil {
				t.Error("Built gave no error")
			}
			for _, want := range test.wants {
				if err != nil && !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, want in it: %s", err, want)
				}
			}
			if err != nil && test.wants == nil {
				t.Errorf("Built: %v", err)
			}
		})
	}
	if err := Built(root, "arm64", "none", "intel"); err == nil || !strings.Contains(err.Error(), "none") || !strings.Contains(err.Error(), "intel") {
		t.Errorf("Built of two that are wrong = %v, want both", err)
	}
}
