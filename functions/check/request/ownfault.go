package request

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"syscall"

	"mapfleet/functions/job"
)

// ownFault returns job.Unavailable where an attempt failed for want of this process's own means, which
// says nothing of whom it asked.
func ownFault(err error) error {
	port := false
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Addr != nil && errors.Is(err, syscall.EADDRNOTAVAIL) {
		to, bad := netip.ParseAddrPort(e.Addr.String())
		port = bad == nil && to.Addr().Unmap().Is4() // without IPv6 every such address is not available
	}
	lookup, ok := errors.AsType[*net.DNSError](err)
	files := ok && strings.HasSuffix(lookup.Err, syscall.EMFILE.Error()) // net keeps no more of it
	if port || files || errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ENOBUFS) || errors.Is(err, syscall.ENOMEM) {
		return job.Unavailable{Message: "open a connection: " + reason(err)}
	}
	return nil
}
