package cost

import (
	"path"
	"strings"
)

// Kind is what decoding a source costs by, as far as its name tells.
type Kind uint8

// The kinds.
const (
	JPEG Kind = iota
	WebP      // taken for lossy
	Other
	kinds
)

// KindOf is the kind of an object by its key.
func KindOf(key string) Kind {
	switch strings.ToLower(path.Ext(key)) {
	case ".jpg", ".jpeg", ".jpe", ".jfif":
		return JPEG
	case ".webp":
		return WebP
	}
	return Other
}

// Pile is a number of objects and their bytes.
type Pile struct {
	Items int
	Bytes int64
}

// Piles are objects by their kinds.
type Piles [kinds]Pile

// Add counts an object.
func (p *Piles) Add(kind Kind, bytes int64) {
	p[kind].Items++
	p[kind].Bytes += bytes
}

// All is all of them together.
func (p Piles) All() (all Pile) {
	for _, pile := range p {
		all.Items += pile.Items
		all.Bytes += pile.Bytes
	}
	return all
}
