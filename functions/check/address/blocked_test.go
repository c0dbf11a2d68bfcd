package address

import (
	"net/netip"
	"strings"
	"testing"
)

func TestBlocked_says_what_kind_of_address_it_is(t *testing.T) {
	for ip, want := range map[string]string{
		"0.0.0.0": "0.0.0.0 is an unspecified address", "10.0.0.1": "10.0.0.1 is a private address", "fc00::1": "fc00::1 is a unique local address",
	} {
		address := netip.MustParseAddr(ip)
		err := Blocked{netip.AddrPortFrom(address, 80), kindOf(address)}
		if !strings.HasPrefix(err.Error(), want+", ") {
			t.Errorf("Blocked of %s: %v, want %q", ip, err, want)
		}
	}
}
