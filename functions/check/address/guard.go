// Package address knows which IP addresses a check may ask. A Guard refuses at the moment of connecting,
// when the address is known for good: names that lead inside, redirects, and names that lead elsewhere at
// the second lookup all come past it.
package address

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
)

// Blocked says that an address may not be asked, and why.
type Blocked struct {
	Address netip.AddrPort
	Kind    string // of address, such as "private"
}

func (e Blocked) Error() string {
	article := "a"
	if e.Kind == unspecified {
		article = "an"
	}
	return fmt.Sprintf("%s is %s %s address, which this deployment does not allow", e.Address.Addr(), article, e.Kind)
}

// Guard decides which addresses may be asked. The zero value allows the public Internet only.
type Guard struct {
	// Allowed are networks that may be asked although they are not public. Instance metadata stays
	// refused: it hands out the function's own credentials.
	Allowed []netip.Prefix
	// Never are refused whatever Allowed says: the Runtime API, by which anybody could answer in the
	// function's name.
	Never []netip.AddrPort
}

// ParseNetworks reads networks as CIDR prefixes with commas between them, such as
// "10.20.0.0/16, fd12:3456::/48"; nothing gives none. The error names every one that is wrong.
func ParseNetworks(text string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	var wrong []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		network, err := netip.ParsePrefix(word)
		if err != nil || network != network.Masked() || network.Addr().Is4In6() {
			wrong = append(wrong, word)
			continue
		}
		networks = append(networks, network)
	}
	if wrong != nil {
		return nil, fmt.Errorf("%q: not a network such as 10.20.0.0/16 or fd12:3456::/48, with no bits set behind its prefix", wrong)
	}
	return networks, nil
}

// Control is net.Dialer's ControlContext: it lets a connection to address pass, or returns Blocked.
func (g Guard) Control(_ context.Context, _, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("connect to %q: not an IP address and port", address)
	}
	return g.Check(to)
}

// Check returns nil if the address may be asked, else Blocked.
func (g Guard) Check(to netip.AddrPort) error {
	addr := to.Addr().WithZone("").Unmap()
	kind := kindOf(addr)
	switch {
	case slices.Contains(g.Never, netip.AddrPortFrom(addr, to.Port())):
		return Blocked{to, "forbidden"}
	case kind == "", kind != metadata && g.allows(addr):
		return nil
	}
	return Blocked{to, kind}
}

// Own says whether a URL's host, with a port or without, is by its own words in a network that Allowed names:
// an address of it, or localhost where that may be asked. What a name leads to is not looked up.
func (g Guard) Own(host string) bool {
	u := url.URL{Host: host}
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") { // https://www.rfc-editor.org/rfc/rfc6761#section-6.3
		return g.allows(netip.AddrFrom4([4]byte{127, 0, 0, 1})) || g.allows(netip.IPv6Loopback())
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && g.allows(addr.WithZone("").Unmap())
}

func (g Guard) allows(addr netip.Addr) bool {
	return slices.ContainsFunc(g.Allowed, func(network netip.Prefix) bool { return network.Contains(addr) })
}
