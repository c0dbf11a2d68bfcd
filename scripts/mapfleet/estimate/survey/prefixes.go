package survey

import "slices"

// maxPrefixes bounds how many prefixes are told apart.
const maxPrefixes = 4096

// prefixes counts the fetched objects by the prefixes of their keys: by their folders, until there are too
// many of those, and then by a first part of the folders' names, which is what a prefix is to S3.
type prefixes struct {
	most   int // bytes of a prefix
	ids    map[string]uint16
	names  []string
	counts []int
}

func newPrefixes() prefixes { return prefixes{most: 1 << 20, ids: map[string]uint16{}} }

// add counts a key and returns the number of its prefix. Where prefixes were put together, moved says which
// number each has become.
func (p *prefixes) add(key string) (id uint16, moved []uint16) {
	name := p.of(key)
	id, known := p.ids[name]
	if !known {
		if len(p.names) == maxPrefixes {
			moved = p.fold()
			name = p.of(key)
			id, known = p.ids[name]
		}
		if !known {
			id = uint16(len(p.names))
			name = string([]byte(name)) // not the whole key
			p.ids[name] = id
			p.names, p.counts = append(p.names, name), append(p.counts, 0)
		}
	}
	p.counts[id]++
	return id, moved
}

// of is the prefix of a key: its folder, or as much of it as is told apart.
func (p *prefixes) of(key string) string {
	end := len(key)
	for end > 0 && key[end-1] != '/' {
		end--
	}
	return key[:min(end, p.most)]
}

// fold tells fewer bytes apart, until half of the numbers are free.
func (p *prefixes) fold() (moved []uint16) {
	for longest := 0; ; longest = 0 {
		for _, name := range p.names {
			longest = max(longest, min(len(name), p.most))
		}
		p.most = longest - 1
		parts := map[string]bool{}
		for _, name := range p.names {
			parts[name[:min(len(name), p.most)]] = true
		}
		if len(parts) <= maxPrefixes/2 {
			break
		}
	}
	names, counts := p.names, p.counts
	p.ids, p.names, p.counts = map[string]uint16{}, nil, nil
	moved = make([]uint16, len(names))
	for i, name := range names {
		name = name[:min(len(name), p.most)]
		id, known := p.ids[name]
		if !known {
			id = uint16(len(p.names))
			p.ids[name] = id
			p.names, p.counts = append(p.names, name), append(p.counts, 0)
		}
		p.counts[id] += counts[i]
		moved[i] = id
	}
	return moved
}

// Prefix is a part of a bucket.
type Prefix struct {
	Name  string `json:"prefix"`
	Items int    `json:"items"` // that are fetched from it
}

// Prefixes returns how many there are, and the n with the most objects.
func (s *Survey) Prefixes(n int) (all int, largest []Prefix) {
	for i, name := range s.prefixes.names {
		largest = append(largest, Prefix{name, s.prefixes.counts[i]})
	}
	slices.SortStableFunc(largest, func(a, b Prefix) int { return b.Items - a.Items })
	return len(largest), largest[:min(n, len(largest))]
}

// PrefixName is the name of the prefix of a number that Order tells.
func (s *Survey) PrefixName(id uint16) string { return s.prefixes.names[id] }
