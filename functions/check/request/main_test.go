package request

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain holds that no attempt of any test leaves a goroutine behind: a hanging server must not take
// memory from the batches after it. In the environment of all of them is a proxy that nobody listens at, since
// net/http reads it once in a process: see TestNoProxy.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"HTTP_PROXY": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1", "NO_PROXY": "", "no_proxy": ""} {
		if err := os.Setenv(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	code := m.Run()
	left := goroutines()
	for until := time.Now().Add(5 * time.Second); len(left) > 0 && time.Now().Before(until); left = goroutines() {
		runtime.Gosched()
	}
	for _, stack := range left {
		fmt.Fprintf(os.Stderr, "left behind:\n%s\n\n", stack)
		code = 1
	}
	os.Exit(code)
}

// goroutines returns the stacks of those that work on connections of a client.
func goroutines() (stacks []string) {
	buffer := make([]byte, 1<<20)
	for stack := range strings.SplitSeq(string(buffer[:runtime.Stack(buffer, true)]), "\n\n") {
		if strings.Contains(stack, "check/request.(*") || strings.Contains(stack, "http.(*persistConn)") || strings.Contains(stack, "http2clientConn") ||
			strings.Contains(stack, "http2ClientConn") || strings.Contains(stack, "dialConnFor") || strings.Contains(stack, "net.(*Resolver)") {
			stacks = append(stacks, stack)
		}
	}
	return stacks
}
