package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// sharp is pinned, so that figures can be compared.
const (
	sharpVersion = "0.35.5"
	sharpName    = "sharp"
)

//go:embed sharp.cjs
var sharpScript []byte

// sharpPeer is a Node.js process that runs sharp on one thread. It speaks JSON, one line a call.
type sharpPeer struct {
	version string
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// startSharp installs sharp into a cache folder if need be, and starts the process.
func startSharp(ctx context.Context) (*sharpPeer, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return nil, errors.New("needs Node.js: there is no node in PATH")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cache, "mapfleet", "sharp-"+sharpVersion)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "sharp")); err != nil {
		install := exec.CommandContext(ctx, "npm", "install", "--no-save", "--prefix", dir, "sharp@"+sharpVersion)
		if said, err := install.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("npm install sharp: %w\n%s", err, said)
		}
	}
	script := filepath.Join(dir, "sharp.cjs")
	if err := os.WriteFile(script, sharpScript, 0o644); err != nil {
		return nil, err
	}
	p := &sharpPeer{command: exec.CommandContext(ctx, "node", script)}
	p.command.Env = append(os.Environ(), "UV_THREADPOOL_SIZE=1", "VIPS_CONCURRENCY=1")
	p.command.Stderr = os.Stderr
	if p.in, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReaderSize(out, 1<<20)
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	var hello struct{ Version string }
	if err := p.read(&hello); err != nil {
		return nil, fmt.Errorf("start sharp: %w", err)
	}
	p.version = hello.Version
	return p, nil
}

func (p *sharpPeer) stop() {
	_ = p.in.Close()
	_ = p.command.Wait()
}

func (p *sharpPeer) read(v any) error {
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return err
	}
	return json.Unmarshal(line, v)
}

func (p *sharpPeer) name() string { return sharpName }

func (p *sharpPeer) resize(_ context.Context, files [][]byte, box int) ([][]byte, time.Duration, error) {
	request := struct {
		Box, Quality int
		Files        []string
	}{box, quality, make([]string, len(files))}
	for i, data := range files {
		request.Files[i] = base64.StdEncoding.EncodeToString(data)
	}
	line, err := json.Marshal(request)
	if err != nil {
		return nil, 0, err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return nil, 0, err
	}
	var answer struct {
		Microseconds int64
		Made         []string
		Error        string
	}
	if err := p.read(&answer); err != nil {
		return nil, 0, err
	}
	if answer.Error != "" {
		return nil, 0, errors.New(answer.Error)
	}
	made := make([][]byte, len(answer.Made))
	for i, text := range answer.Made {
		if made[i], err = base64.StdEncoding.DecodeString(text); err != nil {
			return nil, 0, err
		}
	}
	return made, time.Duration(answer.Microseconds) * time.Microsecond, nil
}
