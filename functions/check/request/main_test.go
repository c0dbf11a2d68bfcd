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
// memory from the batches after it.
func TestMain(m *testing.M) {
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
