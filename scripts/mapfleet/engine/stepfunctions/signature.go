package stepfunctions

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	stampForm  = "20060102T150405Z"
	clockSkew  = 15 * time.Minute
	noSession  = "The security token included in the request is invalid."
	mismatched = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method."
)

// verify checks that a request is signed with the keys: other users of this machine can reach its port.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func verify(r *http.Request, body []byte, accessKey, secretKey string, now time.Time) error {
	form := regexp.MustCompile(`^` + algorithm + ` Credential=([^/,]+)/(\d{8})/([^/,]+)/([^/,]+)/aws4_request, *SignedHeaders=([a-z0-9;-]+), *Signature=([0-9a-f]{64})$`)
	parts := form.FindStringSubmatch(r.Header.Get("Authorization"))
	if parts == nil {
		return refuse("MissingAuthenticationTokenException", "Missing Authentication Token: sign with the credentials that mapfleet serve printed")
	}
	key, day, region, service, signed, signature := parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]
	if key != accessKey {
		return refuse("UnrecognizedClientException", noSession)
	}
	stamp := r.Header.Get("X-Amz-Date")
	at, err := time.Parse(stampForm, stamp)
	if err != nil || !strings.HasPrefix(stamp, day) || service != "states" || !strings.Contains(";"+signed+";", ";host;") || !strings.Contains(";"+signed+";", ";x-amz-date;") {
		return refuse("InvalidSignatureException", mismatched)
	}
	if now.Sub(at).Abs() > clockSkew {
		return refuse("InvalidSignatureException", "Signature expired: %s is not within %v of %s", stamp, clockSkew, now.UTC().Format(stampForm))
	}
	scope := day + "/" + region + "/" + service + "/aws4_request"
	text := strings.Join([]string{algorithm, stamp, scope, hash([]byte(canonical(r, signed, body)))}, "\n")
	sum := []byte("AWS4" + secretKey)
	for _, part := range []string{day, region, service, "aws4_request", text} {
		sum = keyed(sum, part)
	}
	if !hmac.Equal([]byte(hex.EncodeToString(sum)), []byte(signature)) {
		return refuse("InvalidSignatureException", mismatched)
	}
	return nil
}

// canonical is the request as it is signed.
func canonical(r *http.Request, signed string, body []byte) string {
	var b strings.Builder
	path := r.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	b.WriteString(r.Method + "\n" + path + "\n" + r.URL.RawQuery + "\n")
	for name := range strings.SplitSeq(signed, ";") {
		b.WriteString(name + ":" + header(r, name, body) + "\n")
	}
	b.WriteString("\n" + signed + "\n" + hash(body))
	return b.String()
}

func header(r *http.Request, name string, body []byte) string {
	switch name {
	case "host":
		return r.Host
	case "content-length":
		return strconv.Itoa(len(body))
	}
	values := r.Header.Values(name)
	trimmed := make([]string, len(values))
	for i, v := range values {
		trimmed[i] = strings.Join(strings.Fields(v), " ")
	}
	return strings.Join(trimmed, ",")
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func keyed(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
