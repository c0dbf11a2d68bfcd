package scaledjpeg

import "sync"

// table is a Huffman table with the lookups that its uses need, made when first used.
// Many goroutines may use one.
type table struct {
	code
	differences func() *[1 << differenceBits]difference
	pairs       func() *pairTable
	skips       func() *[1 << skipBits]skip
	refinements func() *[1 << refinementBits]refinement
}

// tableCache keeps tables by the bytes that define them: most files have the standard's own (T.81 annex K).
// Its zero value is ready; many goroutines may use one.
type tableCache struct {
	mu     sync.Mutex
	tables map[string]*table
}

// cachedTables bounds the memory of a cache, to at most about a megabyte.
const cachedTables = 32

// read returns the table that p begins with and how many bytes define it.
func (c *tableCache) read(p []byte) (*table, int, error) {
	length := longestCode
	if len(p) < length {
		return nil, 0, errShort
	}
	for _, count := range p[:longestCode] {
		length += int(count)
	}
	if length > len(p) {
		return nil, 0, errShort
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if t, ok := c.tables[string(p[:length])]; ok {
		return t, length, nil
	}
	t := new(table)
	if err := t.readCode(p[:length]); err != nil {
		return nil, 0, err
	}
	t.differences = sync.OnceValue(t.code.differences)
	t.pairs = sync.OnceValue(t.code.pairs)
	t.skips = sync.OnceValue(t.code.skips)
	t.refinements = sync.OnceValue(t.code.refinements)
	c.add(string(p[:length]), t)
	return t, length, nil
}

func (c *tableCache) add(key string, t *table) {
	if c.tables == nil {
		c.tables = make(map[string]*table)
	}
	if len(c.tables) >= cachedTables {
		for some := range c.tables {
			delete(c.tables, some)
			break
		}
	}
	c.tables[key] = t
}
