package asl

// packer makes children of items.
type packer struct {
	run      *mapRun
	items    int
	children int
}

// add takes an item and returns the child that is full with it, unless that has ended already.
func (p *packer) add(item any) (*child, error) {
	r := p.run
	value, err := selected(r.selector, r.input, r.context, &mapItem{p.items, item})
	if err != nil {
		return nil, err // A35
	}
	p.items++
	if r.batch != nil {
		return p.named(r.batch.add(value))
	}
	return p.named(&child{input: value, items: 1, bytes: size(value), limit: maxPayload})
}

func (p *packer) flush() (*child, error) {
	if p.run.batch == nil {
		return nil, nil
	}
	return p.named(p.run.batch.flush())
}

func (p *packer) named(k *child) (*child, error) {
	if k == nil {
		return nil, nil
	}
	k.index = p.children
	p.children++
	if ended, err := p.run.hasEnded(k); ended || err != nil {
		return nil, err
	}
	p.run.name(k)
	return k, nil
}
