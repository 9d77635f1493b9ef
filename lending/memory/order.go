package memory

import (
	"cmp"
	"slices"
)

// blockSize is how many items a block of an order holds before it is cut in two.
const blockSize = 256

// order keeps items sorted in blocks. Each block knows the lowest weight in it, so that a walk
// passes over blocks that are too heavy without looking inside. Adding and dropping cost one
// search and a move within one block.
type order[T any] struct {
	compare func(a, b T) int
	weight  func(T) int32 // nil: everything weighs nothing
	blocks  []*block[T]
}

type block[T any] struct {
	items []T // never empty
	low   int32
}

// add puts an item in its place. The item must not be there yet.
func (o *order[T]) add(item T) {
	if len(o.blocks) == 0 {
		o.blocks = append(o.blocks, &block[T]{[]T{item}, o.weigh(item)})
		return
	}
	i := min(o.find(item), len(o.blocks)-1)
	b := o.blocks[i]
	j, _ := slices.BinarySearchFunc(b.items, item, o.compare)
	b.items = slices.Insert(b.items, j, item)
	b.low = min(b.low, o.weigh(item))
	if len(b.items) > blockSize {
		half := len(b.items) / 2
		tail := &block[T]{items: slices.Clone(b.items[half:])}
		clear(b.items[half:])
		b.items = b.items[:half]
		o.reweigh(b)
		o.reweigh(tail)
		o.blocks = slices.Insert(o.blocks, i+1, tail)
	}
}

// drop takes an item out, if it is there.
func (o *order[T]) drop(item T) {
	i := o.find(item)
	if i == len(o.blocks) {
		return
	}
	b := o.blocks[i]
	j, ok := slices.BinarySearchFunc(b.items, item, o.compare)
	if !ok {
		return
	}
	heavy := o.weigh(b.items[j]) > b.low
	b.items = slices.Delete(b.items, j, j+1)
	if len(b.items) == 0 {
		o.blocks = slices.Delete(o.blocks, i, i+1)
		return
	}
	if !heavy {
		o.reweigh(b)
	}
}

// walk yields the items that weigh no more than most, in order, until yield returns false. It
// starts with the first item for which before returns false; before must be true for a prefix of
// the order.
func (o *order[T]) walk(before func(T) bool, most int32, yield func(T) bool) {
	i, _ := slices.BinarySearchFunc(o.blocks, before, func(b *block[T], before func(T) bool) int {
		return side(before(b.items[len(b.items)-1]))
	})
	for ; i < len(o.blocks); i++ {
		b := o.blocks[i]
		if b.low > most {
			continue
		}
		j, _ := slices.BinarySearchFunc(b.items, before, func(item T, before func(T) bool) int {
			return side(before(item))
		})
		for _, item := range b.items[j:] {
			if o.weigh(item) <= most && !yield(item) {
				return
			}
		}
	}
}

// side tells a binary search on which side of the start an item lies.
func side(before bool) int {
	if before {
		return -1
	}
	return 1
}

// find returns the first block whose last item is not below the item.
func (o *order[T]) find(item T) int {
	i, _ := slices.BinarySearchFunc(o.blocks, item, func(b *block[T], item T) int {
		return o.compare(b.items[len(b.items)-1], item)
	})
	return i
}

func (o *order[T]) weigh(item T) int32 {
	if o.weight == nil {
		return 0
	}
	return o.weight(item)
}

func (o *order[T]) reweigh(b *block[T]) {
	if o.weight == nil {
		return
	}
	b.low = o.weigh(slices.MinFunc(b.items, func(x, y T) int {
		return cmp.Compare(o.weigh(x), o.weigh(y))
	}))
}
