package merge

import "mapfleet/functions/job/checks"

// meanings say in plain words what a code means.
var meanings = map[checks.Code]string{
	checks.WrongStatus:         "The answer has another status than the line expects.",
	checks.BodyTooLarge:        "The body is larger than the line's maxBody.",
	checks.TextMissing:         "The body does not hold the text that the line expects.",
	checks.TooSlow:             "The answer came, but later than the line's maxLatency.",
	checks.HeadersTooLarge:     "The answer has more headers than are read.",
	checks.Malformed:           "What came back is no HTTP.",
	checks.Timeout:             "There was no whole answer within the line's timeout.",
	checks.DNSFailed:           "The host's name leads to no address.",
	checks.Refused:             "Nobody listens on the port.",
	checks.Unreachable:         "There is no way to the address.",
	checks.Reset:               "The connection broke off before the answer was whole.",
	checks.TLSExpired:          "The certificate is no longer valid, or not yet.",
	checks.TLSWrongHost:        "The certificate is another host's.",
	checks.TLSUnknownAuthority: "The certificate is by nobody who is trusted.",
	checks.TLSFailed:           "There was no agreement on TLS.",
	checks.RedirectLoop:        "The redirects lead back to where they began.",
	checks.TooManyRedirects:    "There are more redirects than are followed.",
	checks.BadRedirect:         "A redirect leads to no HTTP address.",
	checks.Blocked:             "The address is private, or one that may not be asked from here.",
	checks.HostSilent:          "It was not asked: so many requests to its host in a row had no answer in time.",
	checks.NoTime:              "It was not asked: the requests before it took all the time of their batch. Take smaller batches.",
	checks.BadLine:             "The line holds no check; see its message.",
	checks.Panic:               "The work on the line hit a mistake in mapfleet itself. Please report it.",
	checks.Failed:              "The request failed; the message says how.",
}
