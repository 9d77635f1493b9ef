package lending

// codebook gives the names that a queue's filters use a bit each, so that a set is one word. A name
// that no filter uses any longer gives its bit back.
type codebook struct {
	names [maxNames]string
	uses  [maxNames]int32
}

// Words of a codebook: bits 0 to 59 are names.
const (
	nameless int64 = 1 << 60   // something is named, but by no filter
	nothing  int64 = 1 << 61   // nothing is named
	anything int64 = 1<<62 - 1 // takes all
)

// wordOf returns the word of one name.
func wordOf[T ~string](b *codebook, name T) int64 {
	for i := range b.names {
		if b.uses[i] > 0 && b.names[i] == string(name) {
			return 1 << i
		}
	}
	return nameless
}

// wordOfAll returns the word of what a loan names.
func wordOfAll[T ~string](b *codebook, set []T) int64 {
	if len(set) == 0 {
		return nothing
	}
	word := int64(0)
	for _, name := range set {
		word |= wordOf(b, name)
	}
	return word
}

// fits reports whether the book has a bit for every name of the set.
func fits[T ~string](b *codebook, set []T) bool {
	free := 0
	for i := range b.uses {
		if b.uses[i] == 0 {
			free++
		}
	}
	for _, name := range set {
		if wordOf(b, name) == nameless {
			free--
		}
	}
	return free >= 0
}

// enter notes a set that [fits].
func enter[T ~string](b *codebook, set []T) {
	for _, name := range set {
		bit := wordOf(b, name)
		for i := 0; bit == nameless; i++ {
			if b.uses[i] == 0 {
				b.names[i], bit = string(name), 1<<i
			}
		}
		b.count(bit, 1)
	}
}

// takes returns the word of what a filter names and was entered: anything for the empty set.
func takes[T ~string](b *codebook, set []T) int64 {
	if len(set) == 0 {
		return anything
	}
	return wordOfAll(b, set)
}

// leave forgets a set that was entered.
func leave[T ~string](b *codebook, set []T) {
	for _, name := range set {
		b.count(wordOf(b, name), -1)
	}
}

func (b *codebook) count(bit int64, by int32) {
	for i := range b.uses {
		if bit == 1<<i {
			b.uses[i] += by
		}
	}
}

// used returns how many names filters use, each as often as it is used.
func (b *codebook) used() (n int) {
	for _, uses := range b.uses {
		n += int(uses)
	}
	return n
}
