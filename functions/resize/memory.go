package main

import (
	"fmt"
	"strconv"
)

// What a worker leaves of its function's memory to all else: idleBytes to the process as it starts, and a
// quarter of the rest to garbage, fragments, connections, and to pictures that take more than they are
// thought to.
const (
	idleBytes = 64 << 20
	leastMB   = 128 // of a Lambda function
)

// memory returns how many bytes pictures may take of a function's memory, which Lambda tells in MB.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func memory(megabytes string) (int64, error) {
	mb, err := strconv.ParseInt(megabytes, 10, 32)
	if err != nil || mb < leastMB {
		return 0, fmt.Errorf("AWS_LAMBDA_FUNCTION_MEMORY_SIZE is %q, must be a whole number of MB from %d", megabytes, leastMB)
	}
	return (mb<<20 - idleBytes) / 4 * 3, nil
}
