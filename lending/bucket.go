package lending

import "github.com/loanweave/loanweave/lending/event"

// Age says where a debt stands on the day of a payment.
type Age uint8

// Ages.
const (
	AgePastDue   Age = iota + 1 // due on an earlier day (逾期)
	AgeDue                      // due on the day (当期)
	AgeInAdvance                // due on a later day (提前)
)

var ageNames = [...]string{"", "past-due", "due", "in-advance"}

// String returns the age's name; that of the zero value is empty.
func (a Age) String() string { return nameOf(ageNames[:], a, "age") }

// Bucket is a place in a [Waterfall]: what a payment takes up there.
type Bucket struct {
	Age       Age // zero for whatever age no other bucket names
	Component Component
	Fee       Code // of Fees and Costs; empty for all that no other bucket names
}

func (b *Bucket) code(c *event.Codec) {
	event.Enum(c, &b.Age)
	event.Enum(c, &b.Component)
	event.Text(c, &b.Fee)
}

// fit tells how closely the bucket names a debt of its component: zero if it does not, the more the
// closer.
func (b *Bucket) fit(d *Debt) int {
	fit := 1
	if b.Age != 0 {
		if fit++; b.Age != d.aged() {
			return 0
		}
	}
	if b.Fee != "" {
		if fit += 2; b.Fee != d.Fee {
			return 0
		}
	}
	return fit
}

// AdvanceRule says which of the instalments that are not due yet a payment takes up first.
type AdvanceRule uint8

// Rules for payments in advance.
const (
	NextInstalment AdvanceRule = iota // the soonest first
	LastInstalment                    // from the last back
	NextThenLast                      // the soonest, then from the last back
	EvenlySpread                      // all alike; what does not divide goes to the last
)

var advanceNames = [...]string{"next-instalment", "last-instalment", "next-then-last", "evenly-spread"}

// String returns the rule's name.
func (r AdvanceRule) String() string { return nameOf(advanceNames[:], r, "advance rule") }
