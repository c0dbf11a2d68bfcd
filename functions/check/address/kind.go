package address

import "net/netip"

// metadata is the kind of the addresses at which clouds hand out credentials.
const metadata = "metadata"

// unspecified is the kind of the addresses that are nobody's.
const unspecified = "unspecified"

// network is a range of one kind.
type network struct {
	prefix netip.Prefix
	kind   string
}

// kindOf returns what kind of address addr is, "" for a public one. addr has no zone and is no IPv4
// address written as IPv6.
func kindOf(addr netip.Addr) string {
	if inner, ok := behindNAT64(addr); ok {
		addr = inner
	}
	for _, n := range &specialNetworks {
		if n.prefix.Contains(addr) {
			return n.kind
		}
	}
	if addr.Is6() && !globalUnicast.Contains(addr) || !addr.IsValid() {
		return "reserved"
	}
	return ""
}

var (
	// globalUnicast is all that has been given out of IPv6.
	// https://www.iana.org/assignments/ipv6-address-space/ipv6-address-space.xhtml
	globalUnicast = netip.MustParsePrefix("2000::/3")
	// nat64 leads to the IPv4 address in its last four bytes, where a network translates.
	// https://www.rfc-editor.org/rfc/rfc6052
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

func behindNAT64(addr netip.Addr) (inner netip.Addr, ok bool) {
	if !nat64.Contains(addr) {
		return addr, false
	}
	bytes := addr.As16()
	return netip.AddrFrom4([4]byte(bytes[12:])), true
}

// specialNetworks lists what is not public, the narrower before the wider, after
// https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml and
// https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry.xhtml
var specialNetworks = [...]network{
	{netip.MustParsePrefix("169.254.169.254/32"), metadata}, // EC2, and most other clouds
	{netip.MustParsePrefix("169.254.170.0/24"), metadata},   // ECS: 169.254.170.2 and .23
	{netip.MustParsePrefix("fd00:ec2::/32"), metadata},      // EC2: ::254; ECS and EKS: ::23
	{netip.MustParsePrefix("100.100.100.200/32"), metadata}, // Alibaba Cloud
	{netip.MustParsePrefix("168.63.129.16/32"), metadata},   // Azure, which looks public
	{netip.MustParsePrefix("192.0.0.192/32"), metadata},     // Oracle Cloud

	{netip.MustParsePrefix("0.0.0.0/8"), unspecified},
	{netip.MustParsePrefix("10.0.0.0/8"), "private"},
	{netip.MustParsePrefix("100.64.0.0/10"), "carrier NAT"},
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local"},
	{netip.MustParsePrefix("172.16.0.0/12"), "private"},
	{netip.MustParsePrefix("192.0.0.0/24"), "reserved"},
	{netip.MustParsePrefix("192.0.2.0/24"), "documentation"},
	{netip.MustParsePrefix("192.88.99.0/24"), "6to4 relay"},
	{netip.MustParsePrefix("192.168.0.0/16"), "private"},
	{netip.MustParsePrefix("198.18.0.0/15"), "benchmark"},
	{netip.MustParsePrefix("198.51.100.0/24"), "documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved"}, // and broadcast

	{netip.MustParsePrefix("::/128"), unspecified},
	{netip.MustParsePrefix("::1/128"), "loopback"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "local NAT64"}, // leads to whatever its network wants
	{netip.MustParsePrefix("2001::/32"), "Teredo"},           // a tunnel to an IPv4 address
	{netip.MustParsePrefix("2001::/23"), "reserved"},
	{netip.MustParsePrefix("2001:db8::/32"), "documentation"},
	{netip.MustParsePrefix("2002::/16"), "6to4"}, // a tunnel to an IPv4 address
	{netip.MustParsePrefix("3fff::/20"), "documentation"},
	{netip.MustParsePrefix("fc00::/7"), "unique local"},
	{netip.MustParsePrefix("fe80::/10"), "link-local"},
	{netip.MustParsePrefix("fec0::/10"), "site-local"},
	{netip.MustParsePrefix("ff00::/8"), "multicast"},
}
