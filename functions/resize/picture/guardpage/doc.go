// Package guardpage has memory for tests of assembly: it starts or ends at a page that must not be touched.
package guardpage
