package server_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"

	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/server"
)

// built are the bootstraps of the functions, built once for all tests.
var built map[string]string

func TestMain(m *testing.M) { os.Exit(withFunctions(m.Run)) }

func withFunctions(run func() int) int {
	dir, err := os.MkdirTemp("", "mapfleet-server-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	args := []string{"build", "-tags", "lambda.norpc,nodynamic", "-ldflags", "-s -w", "-o", dir + string(filepath.Separator)}
	built = map[string]string{}
	for _, name := range []string{"prepare", "resize", "report", "trigger", "checkplan", "check", "checkreport"} {
		args = append(args, "mapfleet/functions/"+name)
		built[name] = filepath.Join(dir, name)
	}
	command := exec.Command("go", args...)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the functions: %v\n%s", err, out)
		return 1
	}
	return run()
}

// album makes a folder of n small photographs, no two alike.
func album(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		photo(t, filepath.Join(dir, fmt.Sprintf("%05d.jpg", i)), i)
	}
	return dir
}

func photo(t *testing.T, path string, seed int) {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 24, 16))
	for p := range img.Pix {
		img.Pix[p] = uint8(p*(seed%7+1) + seed*5)
	}
	img.SetGray(seed%24, seed/24%16, color.Gray{uint8(seed >> 3)})
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(jpeg.Encode(file, img, nil), file.Close()); err != nil {
		t.Fatal(err)
	}
}

// clients are those of one server.
type clients struct {
	*server.Server
	s3      *s3.Client
	sfn     *sfn.Client
	machine *string
	folder  string // of the state
}

func config(in, out string) server.Config {
	return server.Config{
		Engine: engine.Config{Source: in, Destination: out, State: filepath.Join(out, ".mapfleet"), Functions: maps.Clone(built), Concurrency: 2},
		Say:    func(string, ...any) {},
	}
}

// start starts a server that its caller closes.
func start(t *testing.T, c server.Config) clients {
	t.Helper()
	c.Say = t.Logf
	s, err := server.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return connect(s, c.Engine.State)
}

func connect(s *server.Server, state string) clients {
	settings := aws.Config{
		Region: s.Region, BaseEndpoint: &s.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(s.AccessKey, s.SecretKey, ""),
	}
	return clients{s, s3.NewFromConfig(settings, func(o *s3.Options) { o.UsePathStyle = true }), sfn.NewFromConfig(settings), &s.Machines[0].ARN, state}
}

// serve starts a server that is closed at the end of the test.
func serve(t *testing.T, c server.Config) clients {
	t.Helper()
	s := start(t, c)
	t.Cleanup(func() {
		if _, err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// begin starts an execution and returns its ARN.
func (c clients) begin(t *testing.T, name, input string) *string {
	t.Helper()
	out, err := c.sfn.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: c.machine, Name: &name, Input: &input})
	if err != nil {
		t.Fatal(err)
	}
	return out.ExecutionArn
}

// end waits until an execution has ended.
func (c clients) end(t *testing.T, arn *string) *sfn.DescribeExecutionOutput {
	t.Helper()
	var x *sfn.DescribeExecutionOutput
	eventually(t, *arn+" ends", func() bool {
		var err error
		if x, err = c.sfn.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: arn}); err != nil {
			t.Fatal(err)
		}
		return x.Status != types.ExecutionStatusRunning
	})
	return x
}

// eventually waits until ok, for at most a minute.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

func code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return fmt.Sprint(err)
}

const w8 = `{"variants":[{"name":"w8","width":8}],"batchSize":10}`

func hashOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}
