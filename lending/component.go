package lending

import (
	"fmt"
	"strings"
)

// Component is what a payment is for.
type Component uint8

// Components of a debt.
const (
	Interest  Component = iota + 1 // 利息
	Principal                      // 本金
	Penalty                        // penalty interest (罚息)
	Fees                           // charges: late fees, damages, account management ... (费用)
	Costs                          // of collection and enforcement (实现债权的费用)
)

const components = 6 // array size: index 0 is unused

var componentNames = [...]string{"", "interest", "principal", "penalty", "fees", "costs"}

// String returns the component's name.
func (c Component) String() string { return nameOf(componentNames[:], c, "component") }

// IsValid reports whether c is one of the components above.
func (c Component) IsValid() bool { return c >= Interest && c <= Costs }

// charged reports whether a debt of the component is made of charges.
func (c Component) charged() bool { return c == Fees || c == Costs }

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
	for i := Interest; i <= Costs; i++ {
		if c[i] != 0 {
			parts = append(parts, fmt.Sprintf("%s %d", i, c[i]))
		}
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

// add adds to a component; one that does not exist is ignored.
func (c *Components) add(which Component, minor int64) {
	if int(which) < len(c) {
		c[which] += minor
	}
}
