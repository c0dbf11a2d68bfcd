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
	"time"

	"mapfleet/scripts/bench/sharp"
)

const sharpName = "sharp"

//go:embed sharp.cjs
var sharpScript []byte

// sharpPeer is a Node.js process that runs sharp on one thread. It speaks JSON, one line a call.
type sharpPeer struct {
	version string
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// startSharp starts the process; sharp is installed first if need be.
func startSharp(ctx context.Context) (*sharpPeer, error) {
	script, err := sharp.Install(ctx, "sharp.cjs", sharpScript)
	if err != nil {
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
