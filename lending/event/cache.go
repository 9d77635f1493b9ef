package event

import (
	"container/list"
	"sync"
)

// cache keeps folded states between attempts, least recently used out first. A state has one
// owner at a time: take removes it, give puts it back.
type cache struct {
	mu    sync.Mutex
	limit int
	order *list.List // of *held, newest in front
	at    map[Stream]*list.Element
}

func newCache(limit int) *cache {
	return &cache{limit: limit, order: list.New(), at: map[Stream]*list.Element{}}
}

func (c *cache) take(s Stream) *held {
	c.mu.Lock()
	defer c.mu.Unlock()
	el := c.at[s]
	if el == nil {
		return nil
	}
	delete(c.at, s)
	return c.order.Remove(el).(*held)
}

func (c *cache) give(h *held) {
	if c.limit <= 0 || h.state == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if el := c.at[h.stream]; el != nil {
		if el.Value.(*held).slice.Head >= h.slice.Head {
			return
		}
		c.order.Remove(el)
	}
	c.at[h.stream] = c.order.PushFront(h)
	for c.order.Len() > c.limit {
		old := c.order.Remove(c.order.Back()).(*held)
		delete(c.at, old.stream)
	}
}
