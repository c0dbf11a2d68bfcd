package storage

import (
	"net"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
)

// Other is a service at the address of S3.
type Other interface {
	http.Handler
	// Takes says whether a request with this X-Amz-Target, which S3 knows nothing of, is for it.
	Takes(target string) bool
}

// front lets requests through that name this machine as their host: a page in a browser, whose name an
// attacker made to lead here, sends that name. Then other has the first choice.
func front(other Other) fiber.Handler {
	var answer fiber.Handler
	if other != nil {
		answer = adaptor.HTTPHandler(other)
	}
	return func(c fiber.Ctx) error {
		if !loopback(string(c.Request().Host())) {
			return c.Status(http.StatusForbidden).SendString("this server answers to 127.0.0.1 and localhost only")
		}
		if target := c.Get("X-Amz-Target"); target != "" && other != nil && other.Takes(target) {
			return answer(c)
		}
		return c.Next()
	}
}

// loopback says whether a Host header names this machine.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
