package lending

import (
	"fmt"
	"slices"
	"strings"
)

// Component is what a payment is for.
type Component uint8

// Components of a debt.
const (
	Interest  Component = iota + 1 // 利息
	Principal                      // 本金
	Penalty                        // penalty interest (罚息)
	LateFees                       // 滞纳金
)

const components = 5 // array size: index 0 is unused

var componentNames = [...]string{"", "interest", "principal", "penalty", "late-fees"}

// String returns the component's name.
func (c Component) String() string { return nameOf(componentNames[:], c, "component") }

// Components holds one figure for each component, in minor units, indexed by Component.
type Components [components]int64

// Total returns the sum of all figures.
func (c Components) Total() (sum int64) {
	for _, v := range c {
		sum += v
	}
	return sum
}

// String lists the figures that are not zero: "interest 120, principal 300".
func (c Components) String() string {
	var parts []string
	for i := Interest; i <= LateFees; i++ {
		if c[i] != 0 {
			parts = append(parts, fmt.Sprintf("%s %d", i, c[i]))
		}
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

// Waterfall is the order in which a payment is taken up (清偿顺序).
type Waterfall struct {
	// Order lists every component once, the first to be paid in front.
	Order []Component
	// Across takes the first component of all instalments before the second of any. Otherwise
	// each instalment is paid in full before the next.
	Across bool
}

// CivilCode561 is the order of China's Civil Code, article 561: costs, then interest, then
// principal; costs are the late fees here, and penalty interest goes before ordinary interest.
func CivilCode561() Waterfall {
	return Waterfall{Order: []Component{LateFees, Penalty, Interest, Principal}}
}

// Owing is what is unpaid of one instalment.
type Owing struct {
	Instalment int
	Components
}

// Allocation is a part of a payment.
type Allocation struct {
	Instalment int
	Component  Component
	Minor      int64
}

// Check reports whether the order names every component exactly once.
func (w Waterfall) Check() error {
	seen := Components{}
	for _, c := range w.Order {
		if c < Interest || c > LateFees || seen[c] != 0 {
			return &Error{ErrTerms, "waterfall", "names " + c.String() + " wrongly or twice"}
		}
		seen[c] = 1
	}
	if len(w.Order) != components-1 {
		return &Error{ErrTerms, "waterfall", "does not name every component"}
	}
	return nil
}

// Allocate takes a payment up by what is owing, given in the order in which instalments are to be
// paid, and returns the parts and what is left over. Parts plus rest are the payment exactly; no
// part is above what was owing. Figures below zero count as zero. What the order does not name is
// never paid: ask [Waterfall.Check] first.
func (w Waterfall) Allocate(owing []Owing, minor int64) (parts []Allocation, rest int64) {
	take := func(o Owing, c Component) {
		if int(c) >= components {
			return
		}
		if n := min(minor, o.Components[c]); n > 0 {
			minor -= n
			parts = append(parts, Allocation{o.Instalment, c, n})
		}
	}
	if w.Across {
		for _, c := range w.Order {
			for _, o := range owing {
				take(o, c)
			}
		}
		return parts, minor
	}
	for _, o := range owing {
		for _, c := range w.Order {
			take(o, c)
		}
	}
	return parts, minor
}

func (w Waterfall) clone() Waterfall { return Waterfall{slices.Clone(w.Order), w.Across} }
