package address

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
)

// TestPublicOnly goes through every way to write an address that is not public.
func TestPublicOnly(t *testing.T) {
	for addr, want := range map[string]string{
		// public, right beside what is not
		"1.1.1.1": "", "9.255.255.255": "", "11.0.0.0": "", "93.184.216.34": "", "100.63.255.255": "", "100.128.0.0": "", "126.255.255.255": "", "128.0.0.1": "",
		"168.63.129.15": "", "169.253.255.255": "", "169.255.0.0": "", "172.15.255.255": "", "172.32.0.0": "", "192.0.1.0": "", "192.167.255.255": "",
		"192.169.0.0": "", "198.17.255.255": "", "198.20.0.0": "", "223.255.255.255": "",
		"2000::1": "", "2600:1f18::1": "", "2001:4860:4860::8888": "", "2606:4700:4700::1111": "", "2003::1": "", "2a00::1": "", "3ffe::1": "",
		"64:ff9b::1.1.1.1": "", "::ffff:1.1.1.1": "",

		"169.254.169.254": metadata, "::ffff:169.254.169.254": metadata, "64:ff9b::a9fe:a9fe": metadata, "64:ff9b::169.254.169.254": metadata,
		"169.254.170.2": metadata, "169.254.170.23": metadata, "fd00:ec2::254": metadata, "fd00:ec2::23": metadata, "100.100.100.200": metadata, "168.63.129.16": metadata,
		"192.0.0.192": metadata,

		"0.0.0.0": "unspecified", "0.1.2.3": "unspecified", "::": "unspecified", "::ffff:0.0.0.0": "unspecified",
		"127.0.0.1": "loopback", "127.255.255.255": "loopback", "::1": "loopback", "::ffff:127.0.0.1": "loopback", "::ffff:7f00:1": "loopback", "64:ff9b::7f00:1": "loopback",
		"10.0.0.0": "private", "10.255.255.255": "private", "172.16.0.0": "private", "172.31.255.255": "private", "192.168.0.1": "private", "192.168.255.255": "private",
		"::ffff:10.1.2.3": "private", "64:ff9b::10.1.2.3": "private", "::ffff:192.168.0.1": "private",
		"169.254.0.1": "link-local", "169.254.100.1": "link-local", "fe80::1": "link-local", "fe80::1%eth0": "link-local", "febf::1": "link-local",
		"100.64.0.0": "carrier NAT", "100.127.255.255": "carrier NAT",
		"fc00::1": "unique local", "fdff:ffff::1": "unique local", "fd00::1%1": "unique local",
		"224.0.0.1": "multicast", "239.255.255.255": "multicast", "ff02::1": "multicast", "ff0e::1": "multicast",
		"255.255.255.255": "reserved", "240.0.0.1": "reserved", "192.0.0.1": "reserved",
		"192.0.2.1": "documentation", "198.51.100.1": "documentation", "203.0.113.1": "documentation", "2001:db8::1": "documentation", "3fff::1": "documentation",
		"198.18.0.1": "benchmark", "198.19.255.255": "benchmark", "192.88.99.1": "6to4 relay",
		"2002::1": "6to4", "2002:7f00:1::1": "6to4", "2002:a9fe:a9fe::": "6to4", "2002:101:101::1": "6to4",
		"2001::1": "Teredo", "2001:0:a00:1::1": "Teredo", "2001:10::1": "reserved", "2001:1ff::1": "reserved",
		"64:ff9b:1::1": "local NAT64", "64:ff9b:1::7f00:1": "local NAT64",
		"::127.0.0.1": "reserved", "::2": "reserved", "::10.0.0.1": "reserved", "100::1": "reserved", "5f00::1": "reserved", "4000::1": "reserved",
		"::ffff:0:127.0.0.1": "reserved", "64:ff9a::1": "reserved", "fec0::1": "site-local", "fbff::1": "reserved", "e000::1": "reserved",
	} {
		err := Guard{}.Control(t.Context(), "tcp", net.JoinHostPort(addr, "443"), nil)
		blocked, _ := errors.AsType[Blocked](err)
		if blocked.Kind != want || (err == nil) != (want == "") {
			t.Errorf("%s: %v, want it to be %q", addr, err, want)
		}
		if err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v does not say why", addr, err)
		}
	}
}

func TestAllowedNetworks(t *testing.T) {
	networks, err := ParseNetworks(" 10.20.0.0/16, fd12:3456::/48,127.0.0.1/32,,0.0.0.0/0, ::/0")
	if err != nil || len(networks) != 5 {
		t.Fatalf("ParseNetworks = %v, %v", networks, err)
	}
	some := Guard{Allowed: networks[:3], Never: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:9001")}}
	all := Guard{Allowed: networks}
	for addr, want := range map[string][2]bool{
		"10.20.1.1:80": {true, true}, "[::ffff:10.20.1.1]:80": {true, true}, "10.21.0.0:80": {false, true}, "[fd12:3456::1]:443": {true, true}, "[fd12:3457::1]:443": {false, true},
		"127.0.0.1:9000": {true, true}, "127.0.0.1:9001": {false, true}, "[::ffff:127.0.0.1]:9001": {false, true}, "127.0.0.2:9001": {false, true},
		"169.254.169.254:80": {false, false}, "[fd00:ec2::254]:80": {false, false}, "[::ffff:169.254.169.254]:80": {false, false}, "8.8.8.8:80": {true, true},
		"[64:ff9b::10.20.1.1]:80": {false, true},
	} {
		to := netip.MustParseAddrPort(addr)
		if got := [2]bool{some.Check(to) == nil, all.Check(to) == nil}; got != want {
			t.Errorf("%s: allowed %v by some networks and %v by all, want %v", addr, got[0], got[1], want)
		}
	}
}

func TestParseNetworks(t *testing.T) {
	for _, nothing := range []string{"", " ", ",", " , "} {
		if networks, err := ParseNetworks(nothing); err != nil || networks != nil {
			t.Errorf("ParseNetworks(%q) = %v, %v, want none", nothing, networks, err)
		}
	}
	_, err := ParseNetworks("10.0.0.1/8,10.0.0.0/8,localhost,10.0.0.1,::ffff:10.0.0.0/104,10.0.0.0/33")
	if err == nil {
		t.Fatal("ParseNetworks takes what is none")
	}
	for _, wrong := range []string{`"10.0.0.1/8"`, `"localhost"`, `"10.0.0.1"`, `"::ffff:10.0.0.0/104"`, `"10.0.0.0/33"`} {
		if !strings.Contains(err.Error(), wrong) {
			t.Errorf("%v does not name %s", err, wrong)
		}
	}
	if strings.Contains(err.Error(), `"10.0.0.0/8"`) {
		t.Errorf("%v names what is right", err)
	}
}

func TestOwn(t *testing.T) {
	guard := Guard{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("fd12:3456::/48")}}
	for host, want := range map[string]bool{
		"127.0.0.1": true, "127.0.0.1:8080": true, "[::ffff:127.0.0.1]:80": true, "[fd12:3456::1]": true, "[fd12:3456::1]:443": true,
		"localhost": true, "LocalHost.:80": true, "shop.localhost:8080": true,
		"128.0.0.1": false, "[::1]:80": false, "notlocalhost": false, "localhost.example": false, "127.0.0.1.example": false, "example.com": false, "": false,
	} {
		if got := guard.Own(host); got != want {
			t.Errorf("Own(%q) = %v, want %v", host, got, want)
		}
		if (Guard{}).Own(host) {
			t.Errorf("Own(%q) where nothing is allowed", host)
		}
	}
}

func TestOnlyAddressesPass(t *testing.T) {
	for _, address := range []string{"example.com:80", "1.1.1.1", "", "[::1%]:80"} {
		if err := (Guard{}).Control(t.Context(), "tcp", address, nil); err == nil {
			t.Errorf("Control(%q) lets it pass", address)
		}
	}
}
